// The further file for consent and identity: the core brings it for the page's first wish, more.js
// where there is a mark, or a consent mode to follow.
import { safe } from "../safe.js";
import { said } from "./google.js";
import { setUndecided, take, tell } from "./state.js";
import { stitch } from "./stitch.js";
import { decide, hear } from "./wishes.js";

// Whoever spoke last is right, so it is looked up before anything else is done.
const follow = safe(() => {
  if (!document.querySelector("script[data-site][data-consent=google]")) return;
  const state = said();
  if (!state) return;
  if (state == "undecided") setUndecided(true);
  else decide(state == "granted");
  tell();
});

/** Begin, unless that was done; then hear a wish, if there is one. */
export default (kit, name, value) => {
  if (take(kit, follow)) stitch();
  // From here on nothing comes between a wish and what is done after it.
  kit.hear = (...wish) => {
    follow();
    hear(...wish);
  };
  if (name === undefined) follow();
  else kit.hear(name, value);
};
