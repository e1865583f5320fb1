// From a press to a click event with its element, its place and its evidence.
import { kit } from "./config.js";
import { look } from "./evidence/observers.js";
import { follow, last, outside, wake } from "./evidence/watch.js";
import { label } from "./label.js";
import { DRAG, TWICE } from "./limits.js";
import { control, EXEMPT, has, OFF, standsFor } from "./look.js";
import { idle, on } from "./safe.js";
import { selector } from "./selector.js";
import { event, fill } from "./views.js";

// Only what the page's own handlers may change is read at once.
const press = (happened) => {
  wake(happened);
  const path = happened.composedPath();
  // Of all that can be in a path, only a shadow root has a mode.
  const under = path.filter((node) => (node.mode ? look(node) : node.localName));
  under.unshift(control(under) || under[0]);
  const off = has(under, OFF);
  follow({
    _element: under[0],
    _under: under,
    _path: path,
    _happened: happened,
    _at: happened.timeStamp,
    _unsure: [],
    _event: event("click", {
      trusted: true,
      disabled: off,
      exempt: !off && has(under, EXEMPT) && "yes",
    }),
  });
  idle(describe);
};

// The rest has time until the browser has painted, or until the click, if that comes first.
const describe = () => {
  const { _event, _happened, _under } = last;
  if (_event.element_tag) return;
  const [element, affordance] = standsFor(_under);
  last._element = element;
  fill(_event, {
    element: selector(element),
    element_tag: element.localName,
    element_text: label(element, _under),
    affordance,
    modified: _happened.ctrlKey || _happened.metaKey || _happened.shiftKey || _happened.altKey,
  });
  kit.refine?.(_event, element, _under, _happened);
};

on("pointermove keydown", wake);
on("pointerdown", press);
on("pointerup click", (happened) => {
  const { timeStamp } = happened;
  // A disabled control gets no click event, so its release is taken. What scripts click is not.
  if (!happened.isTrusted || happened.button || (happened.type == "pointerup" && !last._event?.disabled))
    return;
  const other = outside(happened.target);
  // A label's click is followed at once by its control's.
  if (!other && timeStamp - last._clicked < TWICE) return;
  if (other || last._clicked) press(happened);
  // A drag is no click.
  if (Math.hypot(happened.x - last._happened.x, happened.y - last._happened.y) > DRAG) return;
  describe();
  last._at = last._clicked = timeStamp;
});
