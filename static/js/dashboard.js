// What scripts add to pages that work without them: copying, guessing the time zone, closing menus, keys.
"use strict";

(() => {
  const said = document.body.dataset; // the words, in the language of the page

  const copy = async (button) => {
    const text = document.getElementById(button.dataset.copy).textContent;
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = said.saidCopied;
    } catch {
      // Without a secure context there is no clipboard: mark the text, so that the keyboard can copy it.
      getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
      button.textContent = said.saidPress;
    }
    setTimeout(() => (button.textContent = before), 2000);
  };

  const closeMenus = (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
    closeMenus(event);
  });
  document.addEventListener("focusin", closeMenus); // else an open one covers where the keyboard is

  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // A form that is being sent is not sent a second time by an impatient click: there would be two of what it makes.
  // A page that does not change, as when a file is sent, lets go of it again.
  const HELD_MS = 10000;
  const sent = new Set();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.target || event.defaultPrevented) return;
    if (sent.has(form)) return event.preventDefault();
    sent.add(form);
    setTimeout(() => sent.delete(form), HELD_MS);
  });
  // So does one that is filled in otherwise, for it was stopped.
  document.addEventListener("input", (event) => sent.delete(event.target.form));
  addEventListener("pageshow", () => sent.clear());

  // A key does what its link or menu does, unless keys are switched off in this browser.
  const kept = (value) => {
    try {
      if (value) localStorage.setItem("footfall-keys", value);
      return localStorage.getItem("footfall-keys");
    } catch {
      return value; // storage is forbidden: the choice holds as long as the page
    }
  };
  let keysAre = kept() || "on";
  const showKeys = () => {
    document.documentElement.dataset.keys = keysAre;
    for (const button of document.querySelectorAll("[data-keys]:not(html)")) {
      button.hidden = false;
      button.textContent = keysAre === "on" ? said.saidKeysOff : said.saidKeysOn;
    }
  };
  document.addEventListener("click", (event) => {
    if (!event.target.closest("button[data-keys]")) return;
    keysAre = keysAre === "on" ? "off" : "on";
    kept(keysAre);
    showKeys();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (keysAre === "off" || typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const chosen = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!chosen) return;
    event.preventDefault();
    chosen.click();
    const menu = chosen.closest("details");
    if (chosen.matches("summary") && menu.open) menu.querySelector(".menu-body :is(a, input:not([type=hidden]), select)")?.focus();
  });

  // A page that a form asked for, or a piece that was put in place, says which address shows the same.
  const showAddress = () => {
    const shown = document.querySelector("[data-address]");
    if (shown) history.replaceState(null, "", shown.dataset.address + location.hash);
  };
  document.addEventListener("htmx:after:swap", showAddress);
  showAddress();

  // A piece that does not come leaves what is shown, and that is said until one comes; a link leads to what is wrong.
  // Who may see the page no more, or whose site is gone, is told so by the page.
  const left = ({ detail: { ctx } }) => {
    const link = ctx?.sourceElement.closest("a[href]");
    const over = [403, 404, 410].includes(ctx?.response?.status);
    if (link) location.assign(link.href);
    else if (over) location.reload();
    if (link || over || document.getElementById("unanswered")) return;
    const told = document.createElement("p");
    Object.assign(told, { id: "unanswered", className: "message wrong", textContent: said.saidUnanswered });
    told.setAttribute("role", "alert");
    document.getElementById("main").prepend(told);
  };
  document.addEventListener("htmx:response:error", left);
  document.addEventListener("htmx:error", left);
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.response.status < 400) document.getElementById("unanswered")?.remove();
  });

  // Who is signed out meanwhile is led to signing in by the page, never by a piece of it. A page may well lead to
  // itself under another address.
  document.addEventListener("htmx:before:response", (event) => {
    const { request, response } = event.detail.ctx;
    if (new URL(response.raw.url).pathname === new URL(request.action, location.href).pathname) return;
    event.preventDefault();
    location.reload();
  });

  // A fold that was open stays so when its piece of the page is put in place anew.
  const open = new Set();
  document.addEventListener("toggle", ({ target }) => target.id && open[target.open ? "add" : "delete"](target.id), true);
  document.addEventListener("htmx:after:swap", () => {
    for (const id of open) if (document.getElementById(id)) document.getElementById(id).open = true;
  });

  const reveal = () => {
    for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
    showKeys();
  };
  document.addEventListener("htmx:after:swap", reveal);
  reveal();

  const zone = document.querySelector("[data-guess-zone]");
  if (zone && zone.value === "UTC") {
    const guess = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if ([...zone.options].some((option) => option.value === guess)) zone.value = guess;
  }
})();
