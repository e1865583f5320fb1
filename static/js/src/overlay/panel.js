// The panel: layers, screens, ranges, and the ranked list. It only ever sets text, so no word of a visitor becomes markup.

/** Make an element with properties, and text or elements within. */
export const make = (name, properties, ...inside) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...inside);
  return made;
};

/** Put what is told into the places of a text, {name}. */
export const fill = (text, told) => text.replace(/\{(\w+)\}/g, (_, name) => told[name]);

/** Make a button. */
export const button = (text, work, properties) => make("button", { type: "button", onclick: work, ...properties }, text);

/** Make a menu of [value, title] pairs, told to `work` when it is changed. */
export const menu = (title, pairs, value, work) => {
  const made = make("select", { ariaLabel: title, onchange: () => work(made.value) });
  for (const [name, text] of pairs) made.add(new Option(text, name, false, name == value));
  return made;
};

/** Make a line of the list: what it is, its number, and what to do when it is pointed at, and when it is chosen. */
export const line = (name, small, number, point, choose) => {
  const made = button("", choose, { onmouseenter: point, onfocus: point });
  made.append(make("span", {}, name, ...(small ? [make("small", {}, small)] : [])), make("b", {}, number));
  return make("li", {}, made);
};
