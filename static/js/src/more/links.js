// Clicks on links to other hosts, and on downloads.
import { clean, elements, has, label, on, selector, tell } from "./kit.js";

const FILE =
  /\.(pdf|docx?|xlsx?|pptx?|od[tsp]|csv|txt|epub|zip|rar|7z|t?gz|dmg|pkg|exe|msi|deb|rpm|apk|iso|ics|mp[34])$/i;

const follow = (happened) => {
  if (!happened.isTrusted || happened.button > 1) return;
  const path = elements(happened);
  const link = path.find((element) => element.matches(":any-link"));
  if (!link) return;
  const { protocol, host, pathname } = new URL(link.href, document.baseURI);
  const download = link.matches("[download]") || FILE.test(pathname) || undefined;
  const web = /^http/.test(protocol);
  if (!download && (!web || host == location.host)) return;
  // What a page makes itself, as blob or data, has no address.
  const place = web ? host + (has(path, "[data-private]") ? "" : pathname) : protocol;
  tell(
    "link",
    { href: clean(place, 512), download },
    { element: selector(link), element_text: label(link, path) },
  );
};

/** Listen for them; auxclick is the middle button's. */
export const links = () => on("click auxclick", follow);
