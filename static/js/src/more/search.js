// What was searched for on the site, and how much was found.
import { clean, later, settle, tell } from "./kit.js";

const NAMES =
  "q,query,search,s,k,keyword,term,suche,szukaj";
/** How long a page has to show its results, in ms. */
const SHOWN = 3000;

const found = () => {
  const place = document.querySelector("[data-footfall-results]");
  const [number] =
    /\d[\d\s.,']*/.exec(place?.dataset.footfallResults || place?.textContent) || [];
  return number && +number.replace(/\D/g, "");
};

/** Look into each view's address, for the parameters that the tag names in `data-search` or the usual ones. */
export const search = () => {
  const names = (document.querySelector("script[data-search]")?.dataset.search ?? NAMES).split(/[ ,]+/);
  let query;
  let timer;

  const finish = () => {
    clearTimeout(timer);
    if (query) tell("search", { query, results: found() });
    query = "";
  };
  const look = () => {
    const asked = new URLSearchParams(location.search);
    const name = names.find((name) => asked.get(name));
    query = name && clean(asked.get(name), 64);
    if (query) timer = later(finish, SHOWN);
  };

  settle((ending, hidden) => {
    if (ending || hidden) finish();
    // The next view has begun as soon as this one is settled.
    if (ending) later(look);
  });
  look();
};
