// window.footfall("signup", {plan: "pro"})
import { safe } from "./safe.js";
import { put, stringify } from "./send.js";
import { event } from "./views.js";

/** Queue a custom event: a name, and properties that are strings, numbers or yes and no. */
export const custom = safe((name, properties) => {
  // What cannot be written must not spoil the batch: it throws here.
  stringify(properties);
  put(event(name == "search" ? name : "custom", { name, properties }));
});
