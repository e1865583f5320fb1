// Put before a page's own scripts: its listeners to a person's input come late, or never.
// A delay of Infinity cuts the page off from its visitor, and leaves it as it looks.
(delay) => {
  const INPUT = /^(click|dblclick|auxclick|mousedown|mouseup|pointerdown|pointerup|touchstart|touchend|keydown|keyup|keypress|focus|focusin|blur|focusout|input|change|submit|mouseenter|mouseover|mousemove|pointerenter|pointerover|toggle)$/;
  const LATE = /^(click|mousedown|mouseup|pointerdown|pointerup|touchstart|touchend)$/;
  const heard = delay == Infinity ? INPUT : LATE;
  // Detectors measure as ever. What calls is theirs when nothing but them is on the stack: some
  // put wrappers of their own around the page's calls.
  const detector = () => {
    const callers = new Error().stack.split("\n").slice(3).filter((line) => !/<anonymous>/.test(line));
    return callers.length > 0 && callers.every((line) => /:\/\/[^/]+\/(rivals|js)\//.test(line));
  };

  const late = (work, owner) =>
    function (event) {
      if (delay == Infinity) return;
      const kept = {
        currentTarget: event.currentTarget,
        target: event.target,
        composedPath: ((path) => () => path)(event.composedPath()),
        eventPhase: event.eventPhase,
      };
      const told = new Proxy(event, {
        get: (from, name) => {
          if (name in kept) return kept[name];
          const value = Reflect.get(from, name, from);
          return typeof value == "function" ? value.bind(from) : value;
        },
        set: (from, name, value) => Reflect.set(from, name, value, from),
      });
      setTimeout(() => {
        if (typeof work == "function") work.call(owner ?? this, told);
        else work?.handleEvent?.(told);
      }, delay);
    };

  const changed = new WeakMap();
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  EventTarget.prototype.addEventListener = function (type, work, options) {
    if (!heard.test(type) || !work || detector()) return addEventListener.call(this, type, work, options);
    if (!changed.has(work)) changed.set(work, late(work));
    return addEventListener.call(this, type, changed.get(work), options);
  };
  EventTarget.prototype.removeEventListener = function (type, work, options) {
    removeEventListener.call(this, type, work, options);
    if (changed.has(work)) removeEventListener.call(this, type, changed.get(work), options);
  };

  for (const proto of [HTMLElement.prototype, Document.prototype, SVGElement.prototype])
    for (const name of Object.getOwnPropertyNames(proto).filter((one) => /^on/.test(one) && heard.test(one.slice(2)))) {
      const { set, get } = Object.getOwnPropertyDescriptor(proto, name);
      Object.defineProperty(proto, name, {
        configurable: true,
        get,
        set(work) {
          set.call(this, typeof work == "function" ? late(work, this) : work);
        },
      });
    }
};
