"""A live page with what makes heatmaps hard: a shadow root, a bar that stays, a list that scrolls by itself."""

LIVE = """<!doctype html><html lang="en"><head><title>Lamps</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/live.css"></head>
<body>
<header id="bar"><strong>Lamps &amp; Chairs</strong>
<nav><a href="#lamps">Lamps</a> <a href="#chairs">Chairs</a></nav></header>
<main>
<h1>The lamp that listens</h1>
<p class="lead">It hears you coming and goes on. There is nothing to press, which people try all the same.</p>
<div class="row"><button id="buy" type="button">Buy now</button>
<button type="button" class="quiet">Compare</button></div>
<ul class="cards" id="lamps"><li><h2>Desk</h2><p>For letters.</p><button type="button">More</button></li>
<li><h2>Floor</h2><p>For corners.</p><button type="button">More</button></li>
<li><h2>Wall</h2><p>For halls.</p><button type="button">More</button></li></ul>
<lamp-switch id="switch"></lamp-switch>
<section id="chairs"><h2>Chairs</h2><p>All of them stand.</p></section>
<button id="gone" type="button">Only today</button>
</main>
<script src="/live.js"></script>
</body></html>"""

STYLE = """
body { margin: 0; font: 16px/1.5 sans-serif; background: #fff; color: #223; }
#bar { position: sticky; top: 0; display: flex; gap: 2rem; padding: 14px 24px; background: #eef2f4; z-index: 3; }
main { max-width: 960px; margin: 0 auto; padding: 24px 24px 240px; }
button { font: inherit; padding: 10px 20px; border: 1px solid #99a; border-radius: 6px; background: #fff; }
#buy { background: #204a87; color: #fff; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 16px; }
.cards { list-style: none; padding: 0; }
.cards li { border: 1px solid #ccd; border-radius: 8px; padding: 16px; }
#chairs { min-height: 1400px; }
lamp-switch { display: block; margin: 24px 0; }
"""

SCRIPT = """
customElements.define("lamp-switch", class extends HTMLElement {
  connectedCallback() {
    const root = this.attachShadow({ mode: "open" });
    const button = document.createElement("button");
    button.textContent = "Light";
    button.addEventListener("click", () => (button.textContent = button.textContent == "Light" ? "Dark" : "Light"));
    root.append(document.createElement("p"), button);
  }
});
"""
STRICT = (
    "default-src 'none'; script-src {server} 'self'; style-src 'self'; connect-src {server}; "
    "require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors 'none'"
)
