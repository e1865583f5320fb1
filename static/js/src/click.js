// From a press to a click event with its element, its place and its evidence.
import { look } from "./evidence/observers.js";
import { follow, last, outside, wake } from "./evidence/watch.js";
import { label } from "./label.js";
import { DRAG, TWICE } from "./limits.js";
import { disabled, exemption, standsFor } from "./look.js";
import { on, root, whole } from "./safe.js";
import { selector } from "./selector.js";
import { event } from "./views.js";

const permille = (part, all) => whole((1e3 * part) / all, 1e3);

// What was pressed is read before the page's own handlers change it.
const press = (happened) => {
  wake();
  const passed = happened.composedPath();
  for (const node of passed) if (node.host) look(node);
  const under = passed.filter((node) => node.localName);
  const [element, affordance] = standsFor(under);
  const path = [element, ...under];
  const off = disabled(path);
  const box = element.getBoundingClientRect();
  follow({
    _element: element,
    _path: passed,
    _start: happened.timeStamp,
    _at: happened.timeStamp,
    _unsure: [],
    _x: happened.clientX,
    _y: happened.clientY,
    _event: event("click", {
      element: selector(element),
      element_tag: element.localName,
      element_role: element.getAttribute("role"),
      element_text: label(element, path),
      affordance,
      disabled: off,
      exempt: !off && exemption(path),
      fixed: path.some((node) => /fixed|sticky/.test(getComputedStyle(node).position)),
      trusted: true,
      modified: happened.ctrlKey || happened.metaKey || happened.shiftKey || happened.altKey,
      offset_x: permille(happened.clientX - box.x, box.width),
      offset_y: permille(happened.clientY - box.y, box.height),
      page_x: permille(happened.pageX, root.scrollWidth),
      page_y: happened.pageY | 0,
    }),
  });
};

const click = (happened) => {
  const { timeStamp } = happened;
  const other = outside(happened.target);
  // A label's click is followed at once by its control's.
  if (!other && timeStamp - last._clicked < TWICE) return;
  if (other || last._clicked) press(happened);
  // A drag is no click.
  if (Math.hypot(happened.clientX - last._x, happened.clientY - last._y) < DRAG)
    last._at = last._clicked = timeStamp;
};

on("pointermove keydown", wake);
on("pointerdown", press);
// A disabled control gets no click event, so its release is taken.
on("pointerup", (happened) => {
  if (!happened.button && last._event.disabled) click(happened);
});
on("click", (happened) => {
  if (happened.isTrusted) click(happened);
});
