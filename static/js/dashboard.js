// What scripts add to pages that work without them: copying, guessing the time zone, closing menus.
"use strict";

(() => {
  const copy = async (button) => {
    const text = document.getElementById(button.dataset.copy).textContent;
    const said = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      // Without a secure context there is no clipboard: mark the text, so that the keyboard can copy it.
      getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
      button.textContent = "Press Ctrl+C";
    }
    setTimeout(() => (button.textContent = said), 2000);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // A piece of a page that was put in place by itself says which address shows the same.
  document.addEventListener("htmx:after:swap", () => {
    const shown = document.querySelector("[data-address]");
    if (shown) history.replaceState(null, "", shown.dataset.address);
  });

  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;

  const zone = document.querySelector("[data-guess-zone]");
  if (zone && zone.value === "UTC") {
    const guess = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if ([...zone.options].some((option) => option.value === guess)) zone.value = guess;
  }
})();
