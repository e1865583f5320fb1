// Footfall's snippet: what visitors do on this page, and where it does not answer them.
import { asked } from "./gate.js";
import { custom } from "./custom.js";
import "./click.js";
import "./evidence/reactions.js";
import { further } from "./kit.js";
import { navigation, on } from "./safe.js";
import { moved, open } from "./views.js";

const start = (prerendered) => {
  // Browsers that do not tell of it are found out at the next touch of the page.
  on("currententrychange", moved, navigation);
  open(prerendered ? "prerender" : performance.getEntriesByType("navigation")[0].type);
  asked?.map((call) => custom(...call));
  further();
};

(window.footfall = custom).live = 1;
if (document.prerendering) on("prerenderingchange", start);
else start();
