// Evaluated in a page when it is asked for its elements; changes nothing in it but scroll positions.
(() => {
  const NATIVE = "a[href],area[href],button,input,select,textarea,summary";
  const ROLE =
    /^(button|link|tab|switch|option|radio|checkbox|combobox|slider|spinbutton|treeitem|menuitem(checkbox|radio)?)$/;
  // Headings and cells of a table are controls only where they show it.
  const CELL = /^(columnheader|rowheader|gridcell)$/;
  const FIELD = "input:not([type=button],[type=submit],[type=reset],[type=checkbox],[type=radio],[type=image],[type=range]),textarea,select";

  const MOST = 60;
  const CONSENT = ":not(html,body):is([id*=consent i],[class*=consent i],[id*=cookie i],[class*=cookie i])";

  const above = (node) => node.assignedSlot || node.parentElement || node.getRootNode().host;
  const chain = (element) => {
    const found = [];
    for (let node = element; node; node = above(node)) found.push(node);
    return found;
  };
  const pointer = (element) => getComputedStyle(element).cursor == "pointer";
  const isAria = (element) => {
    const role = element.getAttribute("role");
    return ROLE.test(role) || (CELL.test(role) && pointer(element));
  };

  // The control that a click on `element` is for: what kind of one, and which element.
  const control = (element) => {
    const path = chain(element);
    for (const node of path) {
      if (node.matches(NATIVE)) return ["native", node];
      if (node.localName == "label" && node.control) return ["native", node];
      if (isAria(node)) return ["aria", node];
    }
    if (pointer(element)) {
      const end = path.findIndex((node) => !pointer(node));
      return ["pointer", path[end < 0 ? path.length - 1 : end - 1]];
    }
    // What its maker wrote as a link is no plain text, even where it leads nowhere.
    const link = path.find((node) => node.localName == "a");
    return link ? ["pointer", link] : ["plain", element];
  };

  const step = (element) => {
    const parts = [];
    const root = element.getRootNode();
    for (let node = element; node && node != root; node = node.parentElement) {
      const place = [...(node.parentElement || root).children].indexOf(node) + 1;
      parts.unshift(`${node.localName.replace(/[^\w-]/g, "\\$&")}:nth-child(${place})`);
    }
    return parts.join(">");
  };
  // One CSS path a shadow root, outermost first.
  const path = (element) => {
    const root = element.getRootNode();
    return [...(root.host ? path(root.host) : []), step(element)];
  };
  const find = (steps) =>
    steps.reduce(
      (root, one, number) => (number ? root?.shadowRoot : root)?.querySelector(one),
      document,
    );

  const deepest = (x, y) => {
    let element = document.elementFromPoint(x, y);
    while (element?.shadowRoot) {
      const inner = element.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner == element) break;
      element = inner;
    }
    return element;
  };

  // Where a click falls on `element` and on nothing that covers it.
  const point = (element) => {
    const { x, y, width, height } = element.getClientRects()[0] || {};
    if (!(width > 3 && height > 3)) return null;
    for (const [right, down] of [[0.5, 0.5], [0.2, 0.5], [0.8, 0.5], [0.5, 0.2], [0.5, 0.8], [0.05, 0.5]]) {
      const [left, top] = [Math.round(x + width * right), Math.round(y + height * down)];
      if (left < 1 || top < 1 || left >= innerWidth || top >= innerHeight) continue;
      const hit = deepest(left, top);
      if (hit && chain(hit).includes(element) && control(hit)[1] == control(element)[1]) return [left, top];
    }
    return null;
  };

  const text = (element) => (element.innerText || element.getAttribute("aria-label") || "").trim().replace(/\s+/g, " ").slice(0, 60);
  // Chosen already: the open tab, the present page, the option that is on.
  const CHOSEN =
    "[type=radio]:checked,[aria-selected=true],[aria-current]:not([aria-current=false]),[role=radio][aria-checked=true],[role=menuitemradio][aria-checked=true]";
  const chosen = (path, node) =>
    path.slice(0, path.indexOf(node) + 2).some((one) => one.matches(CHOSEN)) ||
    (node.control?.type == "radio" && node.control.checked) ||
    /(^|[\s_-])(active|selected|current)($|[\s_-])/.test(node.getAttribute("class"));
  const off = (node) => node.matches(":disabled,[aria-disabled=true]");

  const tell = (element) => {
    const [kind, node] = control(element);
    return {
      path: path(element),
      kind,
      tag: node.localName,
      role: node.getAttribute("role"),
      text: text(element),
      look: [kind, node.localName, node.getAttribute("role"), node.type || "", String(node.getAttribute("class")).replace(/[\d_-]+/g, "")].join(" "),
      disabled: chain(element).some(off),
      chosen: chosen(chain(element), node),
      consent: chain(element).some((node) => node.matches(CONSENT)),
      field: node.matches(FIELD) || node.isContentEditable,
      signature: [node.localName, node.getAttribute("role"), text(element)].join("|"),
    };
  };

  const every = (root, work) => {
    for (const element of root.querySelectorAll("*")) {
      work(element);
      if (element.shadowRoot) every(element.shadowRoot, work);
    }
  };

  const visible = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 3 && height > 3 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };

  const SKIPPED = "iframe,object,embed,script,style,noscript,svg *,option,head,head *";

  window.__corpus = {
    // All that looks as if it could be clicked, and plain text and pictures.
    candidates() {
      const seen = new Map();
      const plain = [];
      every(document, (element) => {
        if (element.matches(SKIPPED) || !visible(element)) return;
        const [kind, node] = control(element);
        if (kind == "plain") {
          const words = [...element.childNodes].some((one) => one.nodeType == 3 && one.data.trim().length > 2);
          if (words || element.localName == "img") plain.push(element);
        } else if (!seen.has(node) && visible(node)) seen.set(node, node);
        else if (!seen.has(node) && !visible(node)) seen.set(node, element);
      });
      const usable = (element) => {
        element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
        return point(element);
      };
      return [...[...seen.values()].slice(0, MOST), ...plain.slice(0, MOST)].filter(usable).map(tell);
    },

    // The element's place on the screen after it was scrolled into view, or null.
    locate(steps) {
      const element = find(steps);
      if (!element) return null;
      element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
      const at = point(element);
      const [, node] = control(element);
      const { x, y, width, height } = node.getBoundingClientRect();
      return at && { ...tell(element), at, box: [x, y, width, height] };
    },

    // What is in focus, and what plays: a visitor would see it, a picture does not always show it.
    state(steps) {
      const element = find(steps);
      let active = document.activeElement;
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
      const mine = !active || active == document.body || (element && chain(element).includes(active)) || (element?.contains(active) ?? false) || control(element || document.body)[1] == active;
      return {
        focus: mine ? "" : path(active).join(">>>"),
        scroll: [Math.round(scrollX), Math.round(scrollY)].join(),
        media: [...document.querySelectorAll("video,audio")].map((one) => +one.paused).join(""),
        selected: String(getSelection()).length,
        title: document.title,
      };
    },

    blur() {
      let active = document.activeElement;
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
      active?.blur();
    },
  };
})();
