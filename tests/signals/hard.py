# ruff: noqa: E501 - a case reads best on one line
"""Hard cases with their truth told by hand: what pages do that fools those who watch clicks."""

from dataclasses import dataclass

from tests.signals.measuring import Truth
from tests.signals.survey import Click

AD = '<iframe title=ad srcdoc="<p id=p>ad</p><script>setInterval(() => p.textContent = Math.random(), 300)</script>" width=120 height=40></iframe>'
CLOCK = "<div id=clock>0</div><script>setInterval(() => { clock.textContent = Date.now() }, 1000)</script>"
TYPED = "<div id=typed style='height:120px;overflow:hidden'></div><script>setInterval(() => { typed.append(document.createElement('br')); typed.childNodes.length > 5 && typed.replaceChildren() }, 200)</script>"
CAROUSEL = """<style>.on { color: red }</style><ul id=slides><li>1<li>2<li>3</ul><script>
let shown = 0; const next = () => { [...slides.children].forEach((li, i) => li.className = i == shown % 3 ? 'on' : ''); shown++ }; setInterval(next, 900)
</script>"""
OUT = "<p id=out></p>"


@dataclass(frozen=True)
class Hard:
    """A page's body, and the truth of a click on `#x`: "dead", "live", "slow", "error", or "never" a signal."""

    name: str
    truth: str
    body: str
    kind: str = "native"
    disabled: bool = False
    path: tuple[str, ...] = ("#x",)
    asks: bool = False  # a request starts at once

    def click(self, number: int) -> Click:
        """The case as a click of the corpus."""
        seen = {"live": {"hand": 100}, "never": {"hand": 100}, "slow": {"hand": 3000}}.get(self.truth, {})
        asked = {"request": 5} if self.asks else {}
        truth = Truth(seen={**seen, **asked}, errors=[100] if self.truth == "error" else [], watched_ms=7600)
        return Click(
            page=f"/hard/{number}.html",
            path=list(self.path),
            kind=self.kind,
            tag="",
            role=None,
            text=self.name,
            disabled=self.disabled,
            field=False,
            chosen=False,
            signature="",
            truths={"run": truth},
        )


def _button(script: str, rest: str = OUT, text: str = "Buy") -> str:
    return f"<main><button id=x>{text}</button></main>{rest}<script>x.onclick = (event) => {{ {script} }}</script>"


HARD = (
    Hard("dead beside a clock", "dead", CLOCK + "<main><button id=x>Buy</button></main>"),
    Hard("dead beside a carousel", "dead", CAROUSEL + "<main><button id=x>Buy</button></main>"),
    Hard("dead beside an ad", "dead", AD + "<main><button id=x>Buy</button></main>"),
    Hard("dead beside a list that grows", "dead", TYPED + "<main><button id=x>Buy</button></main>"),
    Hard("dead in one section with a clock", "dead", f"<section>{CLOCK}<button id=x>Buy</button></section>"),
    Hard("dead beside polling", "dead", "<script>setInterval(() => fetch('/api'), 700)</script><main><button id=x>Buy</button></main>"),
    Hard("live beside clock, carousel and ad", "live", CLOCK + CAROUSEL + AD + _button("out.textContent = 'Bought'")),
    Hard("next in a carousel that moves", "live", f"<section>{CAROUSEL}<button id=x>Next</button></section><script>x.onclick = () => {{ next(); slides.append(document.createElement('li')) }}</script>"),
    Hard("live in one section with a clock", "live", f"<section>{CLOCK}<button id=x>Buy</button>{OUT}</section><script>x.onclick = () => out.append('1')</script>"),
    Hard("menu by style sheet: a hidden checkbox", "live", "<style>#c { position: absolute; opacity: 0 } #c + nav { display: none } #c:checked + nav { display: block }</style><label for=c id=x>Menu</label><input type=checkbox id=c><nav>one two</nav>"),
    Hard("menu by style sheet: focus within", "live", "<style>nav { display: none } div:focus-within nav { display: block }</style><div><button id=x>Menu</button><nav>one two</nav></div>"),
    Hard("popup by style sheet: target", "live", "<style>#p { display: none } #p:target { display: block }</style><a href='#p' id=x>Open</a><div id=p>popup</div>"),
    Hard("looks pressed and nothing more", "dead", "<style>#x { transition: all .2s } #x:active { transform: scale(.9); background: red }</style><button id=x>Buy</button>"),
    Hard("looks hovered and nothing more", "dead", "<style>#x { cursor: pointer; transition: all .3s } #x:hover { background: gold }</style><div id=x>Card</div>", "pointer"),
    Hard("ripple and nothing more", "dead", "<style>#x { position: relative; overflow: hidden } i { position: absolute; inset: 0; background: #0003; animation: fade .5s forwards } @keyframes fade { to { opacity: 0 } }</style><button id=x>Buy</button><script>x.onpointerdown = () => { const i = document.createElement('i'); x.append(i); setTimeout(() => i.remove(), 500) }</script>"),
    Hard("pressed by a class and nothing more", "dead", "<button id=x>Buy</button><script>x.onpointerdown = () => x.classList.add('pressed'); x.onpointerup = () => x.classList.remove('pressed')</script>"),
    Hard("ripple and an answer", "live", "<button id=x>Buy</button><p id=out></p><script>x.onpointerdown = () => { const i = document.createElement('i'); x.append(i); setTimeout(() => i.remove(), 500) }; x.onclick = () => out.textContent = 'Bought'</script>"),
    Hard("toggle that only turns itself", "live", "<button id=x aria-pressed=false>Like</button><script>x.onclick = () => x.setAttribute('aria-pressed', 'true')</script>"),
    Hard("open shadow root, dead", "dead", "<x-a></x-a><script>document.querySelector('x-a').attachShadow({ mode: 'open' }).innerHTML = '<button id=x>Buy</button>'</script>", path=("x-a", "#x")),
    Hard("open shadow root, live", "live", "<x-a></x-a><script>const r = document.querySelector('x-a').attachShadow({ mode: 'open' }); r.innerHTML = '<button id=x>Buy</button><p></p>'; r.querySelector('button').onclick = () => r.querySelector('p').append('1')</script>", path=("x-a", "#x")),
    Hard("shadow root within a shadow root, live", "live", "<x-a></x-a><script>const r = document.querySelector('x-a').attachShadow({ mode: 'open' }); r.innerHTML = '<x-b></x-b><p></p>'; const q = r.querySelector('x-b').attachShadow({ mode: 'open' }); q.innerHTML = '<button id=x>Buy</button>'; q.querySelector('button').onclick = () => r.querySelector('p').append('1')</script>", path=("x-a", "x-b", "#x")),
    Hard("canvas that draws", "never", "<canvas id=x width=200 height=100 style='cursor:pointer;background:#eee'></canvas><script>x.onclick = () => x.getContext('2d').fillRect(0, 0, 50, 50)</script>", "pointer"),
    Hard("canvas that does nothing", "never", "<canvas id=x width=200 height=100 style='cursor:pointer;background:#eee'></canvas>", "pointer"),
    Hard("slow request without a sign of it", "slow", _button("fetch('/slow/3000').then(() => out.textContent = 'Bought')"), asks=True),
    Hard("slow request with a spinner", "live", _button("out.textContent = '…'; fetch('/slow/3000').then(() => out.textContent = 'Bought')")),
    Hard("slow timer", "slow", CLOCK + _button("setTimeout(() => out.textContent = 'Bought', 3000)")),
    Hard("optimistic, then the request fails", "error", _button("out.textContent = 'Liked'; fetch('/missing').then(() => out.textContent = 'Sorry')")),
    Hard("script error", "error", _button("missing()")),
    Hard("rejection", "error", _button("Promise.reject(new Error('no'))")),
    Hard("request that fails", "error", _button("fetch('/missing')")),
    Hard("request in silence", "live", _button("fetch('/api')")),
    Hard("beacon in silence, dead", "dead", "<script>addEventListener('click', () => navigator.sendBeacon('/taken', 'x'))</script><button id=x>Buy</button>"),
    Hard("modal opens", "live", _button("d.showModal()", "<dialog id=d><button>Close</button></dialog>")),
    Hard("modal closes on its backdrop", "live", "<div id=x style='position:fixed;inset:0;background:#0006'></div><div id=m style='position:fixed;left:300px;top:500px;background:#fff'>Modal</div><script>x.onclick = () => { x.remove(); m.remove() }</script>", "plain"),
    Hard("popover", "live", "<button id=x popovertarget=p>Open</button><div id=p popover>text</div>"),
    Hard("alert", "live", _button("alert('Bought')")),
    Hard("copy with a word of it", "live", _button("navigator.clipboard?.writeText('a'); x.textContent = 'Copied'", text="Copy")),
    Hard("copy by command, in silence", "live", "<input id=t value=abc><button id=x>Copy</button><script>x.onclick = () => { t.select(); document.execCommand('copy'); }</script>"),
    Hard("download link", "never", "<a id=x href='/api' download=a.json>Save</a>"),
    Hard("download made by a script", "live", _button("const a = document.createElement('a'); a.href = URL.createObjectURL(new Blob(['x'])); a.download = 'a.txt'; a.click()", text="Export")),
    Hard("native select", "never", "<select id=x><option>1<option>2</select>"),
    Hard("colour field", "never", "<input id=x type=color>"),
    Hard("file field", "never", "<input id=x type=file>"),
    Hard("text field", "never", "<input id=x>"),
    Hard("row of a virtual list", "live", "<style>#l { height: 120px; overflow: auto }</style><div id=l></div><script>for (let n = 0; n < 50; n++) { const d = document.createElement('div'); d.textContent = 'Row ' + n; d.style.cursor = 'pointer'; d.id = n == 2 ? 'x' : ''; d.onclick = () => d.style.background = 'gold'; l.append(d) }</script>", "pointer"),
    Hard("list that reuses its rows", "live", "<div id=l></div><button id=x>More</button><script>let from = 0; const show = () => { l.replaceChildren(...[0, 1, 2].map((n) => { const d = document.createElement('div'); d.textContent = 'Row ' + (from + n); return d })) }; show(); x.onclick = () => { from += 3; show() }</script>"),
    Hard("dead row of a list that grows", "dead", "<div id=l><div id=x style='cursor:pointer'>Row</div></div><p id=n></p><script>setInterval(() => n.append('.'), 400)</script>", "pointer"),
    Hard("route by history", "live", _button("history.pushState(0, '', location.pathname + '?page=2'); out.textContent = 'Page 2'", text="Go")),
    Hard("route that comes late", "slow", _button("setTimeout(() => { history.pushState(0, '', location.pathname + '?page=2'); out.textContent = 'Page 2' }, 3000)", text="Go")),
    Hard("disabled button", "dead", "<button id=x disabled>Buy</button>", disabled=True),
    Hard("button in a disabled fieldset", "dead", "<fieldset disabled><button id=x>Buy</button></fieldset>", disabled=True),
    Hard("disabled by ARIA alone", "dead", "<div id=x role=button tabindex=0 aria-disabled=true>Buy</div>", "aria", disabled=True),
    Hard("link without a place to go", "dead", "<a id=x href='javascript:void 0'>More</a>"),
    Hard("ARIA button, dead", "dead", "<div id=x role=button tabindex=0>Buy</div>", "aria"),
    Hard("ARIA button, live", "live", "<div id=x role=button tabindex=0>Buy</div><p id=out></p><script>x.onclick = () => out.append('1')</script>", "aria"),
    Hard("ARIA switch, live", "live", "<div id=x role=switch aria-checked=false tabindex=0>Wi-Fi</div><script>x.onclick = () => x.setAttribute('aria-checked', 'true')</script>", "aria"),
    Hard("ARIA tab, dead", "dead", "<div role=tablist><div id=x role=tab tabindex=0>One</div><div role=tab tabindex=0>Two</div></div>", "aria"),
    Hard("ARIA menu item, dead, beside a clock", "dead", CLOCK + "<main><ul role=menu><li id=x role=menuitem tabindex=0>Cut</li></ul></main>", "aria"),
    Hard("card with a pointer, dead", "dead", "<div id=x style='cursor:pointer;padding:20px;border:1px solid'><h3>Lamp</h3><p>Bright.</p></div>", "pointer"),
    Hard("consent banner that answers", "live", "<div id=cookie-banner style='position:fixed;bottom:0'><button id=x>Accept</button></div><script>x.onclick = () => document.getElementById('cookie-banner').remove()</script>"),
    Hard("consent banner that does not", "never", "<div id=cookie-banner><button id=x>Accept</button></div>"),
    Hard("left out by the page", "never", "<div data-footfall-ignore><button id=x>Fine</button></div>"),
    Hard("window that opens", "live", _button("open('/api')", text="Open")),
    Hard("scrolls to the top", "live", "<div style='height:3000px'></div><button id=x>Top</button><script>x.onclick = () => scrollTo(0, 0)</script>"),
    Hard("focus moves to a field", "live", "<input id=f><button id=x>Edit</button><script>x.onclick = () => f.focus()</script>"),
    Hard("plain words", "dead", "<p id=x>Words that nobody would take for a control.</p>", "plain"),
    Hard("plain words beside everything that moves", "dead", CLOCK + CAROUSEL + AD + "<p id=x>Words that nobody would take for a control.</p>", "plain"),
    Hard("heading", "dead", "<h1 id=x>Lamps</h1>", "plain"),
)  # fmt: skip


def serve(pages: dict[str, object]) -> list[Click]:
    """Put the cases' pages into a web and return them as clicks."""
    for number, case in enumerate(HARD):
        pages[f"/hard/{number}.html"] = (
            f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{case.name}</title></head><body>{case.body}</body></html>"
        )
    pages["/api"] = lambda path: (200, "application/json", b"{}", {})
    return [case.click(number) for number, case in enumerate(HARD)]
