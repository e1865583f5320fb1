// The overlay's style, in a sheet that no content security policy has to allow.

export const sheet = new CSSStyleSheet();

sheet.replaceSync(`
:host { all: initial !important; display: block !important; position: fixed !important; inset: 0 !important;
  z-index: 2147483647 !important; pointer-events: none !important; color-scheme: light dark; }
* { box-sizing: border-box; margin: 0; padding: 0; font: inherit; color: inherit; }
canvas { position: fixed; inset: 0; inline-size: 100vw; block-size: 100vh; direction: ltr; }
.panel { --paper: #fff; --ink: #1f2428; --muted: #5a6169; --line: #d8d3ca; --sunken: #f3f1ed; --accent: #0b6868;
  position: fixed; inset-block-end: 12px; inset-inline-end: 12px; inline-size: min(23rem, calc(100vw - 24px));
  max-block-size: min(38rem, calc(100vh - 24px)); display: flex; flex-direction: column; gap: 10px; padding: 14px;
  overflow: hidden; pointer-events: auto; font: 14px/1.45 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); border: 1px solid var(--line); border-radius: 12px; box-shadow: 0 6px 32px rgb(0 0 0 / 28%); }
.row { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
h2 { flex: 1; font-weight: 650; overflow-wrap: anywhere; }
button, select { min-block-size: 30px; padding: 2px 9px; border: 1px solid var(--line); border-radius: 7px;
  background: var(--paper); cursor: pointer; }
select { max-inline-size: 100%; }
button:hover { background: var(--sunken); }
button[aria-pressed=true] { background: var(--accent); border-color: var(--accent); color: var(--paper); }
h2:focus { outline: 0; }
:is(button, select, ol):focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; }
p { color: var(--muted); font-size: 13px; }
.key { block-size: 8px; border-radius: 4px;
  background: linear-gradient(90deg, #f6a21c, #e35933, #b4325a, #761b6d, #2f0a5b); }
.key.dark { background: linear-gradient(90deg, #8a2a80, #c0395c, #e8673a, #fbae30, #fcf5a0); }
ol { overflow-y: auto; list-style: none; margin: 0 -6px; min-block-size: 3rem; }
li button { display: flex; justify-content: space-between; gap: 12px; inline-size: 100%; border: 0; text-align: start;
  padding: 4px 6px; background: none; }
li span { overflow-wrap: anywhere; }
li small { display: block; font-size: 12px; color: var(--muted); }
li b { flex: none; font-weight: 600; font-variant-numeric: tabular-nums; }
.folded { inline-size: auto; }
.folded > :not(:first-child) { display: none; }
@media (prefers-color-scheme: dark) {
  .panel { --paper: #1a1e22; --ink: #e9e7e2; --muted: #a6adb5; --line: #3b434b; --sunken: #272d33; --accent: #62c6c0; }
}
@media (max-width: 40rem) { .panel { max-block-size: 46vh; } }
@media (forced-colors: active) { button[aria-pressed=true] { outline: 2px solid; } }
`);
