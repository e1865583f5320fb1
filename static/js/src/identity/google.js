// Google's consent mode, as far as it stands in window.dataLayer. Nothing of the page's is wrapped: it is read again.

// Tag managers keep some three hundred entries.
const MOST = 1000;

const known = new WeakSet();
let denied;
let granted;

/**
 * Read what is new, an entry being ["consent", "default" or "update", {analytics_storage}] as an
 * array or as arguments; return "granted" or "denied", "undecided" where there is but a default
 * of "denied", or nothing where nothing was said.
 */
export const said = () => {
  const layer = window.dataLayer;
  const { length } = Object(layer);
  let update;
  let defaulted;
  for (let place = Math.max(0, length - MOST); place < length; place++) {
    try {
      const entry = layer[place];
      if (entry?.[0] !== "consent" || known.has(entry)) continue;
      known.add(entry);
      const { analytics_storage, region } = entry[2];
      if (entry[1] == "update" && /^(granted|denied)$/.test(analytics_storage)) update = analytics_storage;
      if (entry[1] != "default") continue;
      defaulted = true;
      // Where the visitor is, nobody here knows: a refusal for anywhere holds, a consent for some place does not.
      if (analytics_storage == "denied") denied = true;
      if (analytics_storage == "granted" && !region) granted = true;
    } catch {}
  }
  if (update) return update;
  if (defaulted) return denied ? "undecided" : granted && "granted";
};
