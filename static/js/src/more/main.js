// The further file for how people use the page: engagement, forms, scrolling, swipes, errors, links, search.
import { safe, take } from "./kit.js";
import { attention } from "./attention.js";
import { errors } from "./errors.js";
import { forms } from "./forms.js";
import { links } from "./links.js";
import { scrolls } from "./scrolls.js";
import { search } from "./search.js";
import { swipes } from "./swipes.js";

/** Begin with everything; what goes wrong in one part leaves the others alone. */
export default (kit) => {
  take(kit);
  for (const part of [errors, attention, search, links, scrolls, swipes, forms]) safe(part)();
  import(import.meta.url.replace(/more(?=[^/]*$)/, "vitals"))
    .then((vitals) => vitals.default(kit))
    .catch(safe);
};
