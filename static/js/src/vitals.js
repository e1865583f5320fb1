// How fast the page came and answered, as Google's web-vitals measures it, for the view that was loaded.
import { onCLS, onFCP, onINP, onLCP, onTTFB } from "web-vitals";
import { hide } from "./hiding.js";
import { safe, whole } from "./safe.js";
import { selector } from "./selector.js";

/** Gather until the page is out of sight for the first time, or another view begins. */
export default ([event, , put, settling]) => {
  const found = {};
  const properties = {};

  const take = (measure, field, factor, element) =>
    measure(
      safe(({ value, entries }) => {
        found[field] = whole(value * factor);
        const shown = entries.map((entry) => entry.element || entry.target).find(Boolean);
        if (element && shown) properties[element] = selector(shown);
      }),
      { reportAllChanges: true },
    );

  take(onLCP, "lcp_ms", 1, "lcp_element");
  take(onINP, "inp_ms", 1, "inp_element");
  take(onCLS, "cls_permille", 1e3);
  take(onFCP, "fcp_ms", 1);
  take(onTTFB, "ttfb_ms", 1);

  let told;
  settling.push(
    safe((ending) => {
      if (document.hidden) hide();
      if (told || !(ending || document.hidden) || !("ttfb_ms" in found)) return;
      told = true;
      // Not as the event's own fields, of which nought would be left out.
      put({ ...event("vitals"), ...found, properties });
    }),
  );
};
