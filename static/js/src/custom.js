// window.footfall("signup", {plan: "pro"}), and wishes: window.footfall("consent", "granted")
import { kit } from "./config.js";
import { safe } from "./safe.js";
import { put, shared, stringify, wish } from "./send.js";
import { event } from "./views.js";

/**
 * Queue a custom event: a name, and properties that are strings, numbers or yes and no. With
 * a single value in their place it is a wish, and the further file for those is brought.
 */
export const custom = safe((name, value) => {
  // What cannot be written must not spoil the batch: it throws here.
  if (/^[^[{u]/.test(stringify(value))) {
    // What is withdrawn is withdrawn now, and even where that file never comes.
    if (value == "denied" || value === false) shared.consent = "denied";
    (kit.hear || wish)(name, value);
  } else put(event(name == "search" ? name : "custom", { name, properties: value }));
});
