// The further file for how people use the page: engagement, forms, scrolling, swipes, errors, links, search.
import { safe, take } from "./kit.js";
import { attention } from "./attention.js";
import { errors } from "./errors.js";
import { forms } from "./forms.js";
import { links } from "./links.js";
import { scrolls } from "./scrolls.js";
import { search } from "./search.js";
import { swipes } from "./swipes.js";
import { idle } from "../safe.js";

// Whether there is a mark, whose age is to be looked at, or a consent mode to follow.
const concerned = safe(
  () =>
    document.querySelector("script[data-site][data-consent]") ||
    /^[\da-f]{16}\./.test(localStorage.footfall),
);

/** Begin with everything; what goes wrong in one part leaves the others alone. */
export default (kit) => {
  take(kit);
  for (const part of [errors, attention, search, links, scrolls, swipes, forms]) safe(part)();
  const bring = (name) =>
    import(import.meta.url.replace(/more(?!.*\/)/, name))
      .then((module) => module.default(kit))
      .catch(safe);
  bring("vitals");
  if (concerned()) idle(() => bring("identity"));
};
