// Footfall's snippet: what visitors do on this page, and where it does not answer them.
import { asked } from "./gate.js";
import { custom } from "./custom.js";
import "./click.js";
import "./evidence/reactions.js";
import { further } from "./kit.js";
import { on } from "./safe.js";
import { begin } from "./views.js";

const start = (prerendered) => {
  begin(prerendered);
  asked?.map((call) => custom(...call));
  further();
};

window.footfall = custom;
custom.live = 1;
if (document.prerendering) on("prerenderingchange", start);
else start();
