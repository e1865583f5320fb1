// For how long the page was seen, how far it was read, and for how long each twentieth of its height was on the screen.
import { event, now, on, permille, put, root, seen, settle, whole } from "./kit.js";

const BANDS = 20;

let spent;
let engaged;
let deepest;
let since;
let top;
let bottom;

// The stretch that ends now was spent where the page stood until now.
const count = () => {
  const time = now();
  if (since) {
    engaged += time - since;
    for (let band = top; band < bottom; band++) spent[band] += time - since;
  }
  since = seen() && time;
  const height = root.scrollHeight / BANDS;
  top = whole(scrollY / height, BANDS - 1);
  bottom = Math.min(BANDS, Math.ceil((scrollY + innerHeight) / height));
  deepest = Math.max(deepest, permille(scrollY + innerHeight, root.scrollHeight));
};

const restart = () => {
  engaged = deepest = 0;
  spent = Array(BANDS).fill(0);
};

/** Begin to count, from when the page could first be seen if it is seen now. */
export const attention = () => {
  const [loaded] = performance.getEntriesByType("navigation");
  restart();
  count();
  if (since) since = Math.max(loaded.domInteractive, loaded.activationStart || 0);
  // Elements scroll and lose their focus, too, which says nothing of how the page is seen.
  on("focus blur visibilitychange scroll resize", ({ target }) => target.localName || count());
  settle(() => {
    count();
    const engaged_ms = engaged | 0;
    const attention_ms = spent.map((ms) => ms | 0);
    // Old libraries hang one on every array that makes it a text.
    attention_ms.toJSON = undefined;
    if (engaged_ms) put(event("engagement", { engaged_ms, scroll_permille: deepest, attention_ms }));
    restart();
  });
};
