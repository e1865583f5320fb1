# ruff: noqa: E501 - a case reads best on one line
"""Clicks whose truth is known, each on a page of its own."""

from dataclasses import dataclass

CLOCK = "<div id=clock>0</div><script>setInterval(() => { clock.textContent = Date.now() }, 500)</script>"
CAROUSEL = """<style>.on { color: red }</style><ul id=slides><li>1<li>2<li>3</ul><script>
let shown = 0; setInterval(() => { [...slides.children].forEach((li, i) => li.className = i == shown % 3 ? 'on' : ''); shown++ }, 700)
</script>"""
SPINNER = """<div id=spin style="width:1em">o</div><script>
const turn = (t) => { spin.style.transform = `rotate(${t % 360}deg)`; requestAnimationFrame(turn) }; requestAnimationFrame(turn)
</script>"""
MOVING = CLOCK + CAROUSEL + SPINNER


@dataclass(frozen=True)
class Case:
    """A body, what is clicked in it, and the evidence that must follow: no more and no less."""

    name: str
    body: str
    evidence: frozenset[str] = frozenset()
    click: str = "#x"
    element: str = "#x"
    exempt: str | None = None
    affordance: str | None = None
    disabled: bool = False


def dead(name: str, body: str, **more: object) -> Case:
    return Case(name, body, **more)  # type: ignore[arg-type]


def live(name: str, evidence: str, body: str, **more: object) -> Case:
    return Case(name, body, frozenset(word + "_ms" for word in evidence.split()), **more)  # type: ignore[arg-type]


CASES = (
    dead("button", "<button id=x>Buy</button>", affordance="native"),
    dead("button beside a clock", CLOCK + "<main><button id=x>Buy</button></main>"),
    dead("button beside a carousel", CAROUSEL + "<main><button id=x>Buy</button></main>"),
    dead("button beside an animation", SPINNER + "<main><button id=x>Buy</button></main>"),
    dead("button beside slides that scroll", "<div id=slides style='width:100px;overflow:hidden'><div style='width:9000px'>1 2 3</div></div><script>setInterval(() => { slides.scrollLeft += 50 }, 500)</script><main><button id=x>Buy</button></main>"),
    dead("button in one container with all of them", f"<div>{MOVING}<button id=x>Buy</button></div>"),
    dead("button with a running clock inside", "<button id=x>Again in <b id=clock>0</b></button>" + CLOCK.split("</div>")[1]),
    dead("disabled button", "<button id=x disabled>Buy</button>", disabled=True),
    dead("span in a disabled button", "<button id=x disabled><span id=y>Buy</span></button>", click="#y", disabled=True),
    dead("aria-disabled button", "<div id=x role=button aria-disabled=true>Buy</div>", disabled=True, affordance="role"),
    dead("div with a pointer cursor", "<div id=x style='cursor:pointer'><p id=y>More</p></div>", click="#y", affordance="pointer"),
    dead("plain text", "<p id=x>Words</p>", affordance="none"),
    dead("anchor without href", "<a id=x>More</a>", affordance="none"),
    dead("button whose looks change while pressed", "<style>#x { transition: color 1s } #x:active { color: red }</style><button id=x>Buy</button>"),
    dead("button after typing", "<input id=name value=a><button id=x>Send</button>"),
    live("mutation", "mutation", "<button id=x onclick='out.textContent = 1'>Buy</button><p id=out></p>"),
    live("mutation beside everything that moves", "mutation", MOVING + "<main><button id=x onclick='out.textContent = 1'>Buy</button><p id=out></p></main>"),
    live("mutation on the press", "mutation", "<button id=x onpointerdown='out.textContent = 1'>Buy</button><p id=out></p>"),
    live("mutation of the button itself, beside a clock", "mutation", CLOCK + "<button id=x onclick='this.className = 1'>Buy</button>"),
    live("slow mutation", "mutation", CLOCK + "<main><button id=x onclick='setTimeout(() => out.textContent = 1, 1500)'>Buy</button><p id=out></p></main>"),
    live("request", "request", "<button id=x onclick='fetch(\"/api\")'>Buy</button>"),
    live("request that fails", "request failed_request", "<button id=x onclick='fetch(\"/missing\")'>Buy</button>"),
    dead("button beside polling", "<script>setInterval(() => fetch('/api'), 400)</script><button id=x>Buy</button>"),
    live("error", "error", "<button id=x onclick='missing()'>Buy</button>"),
    live("rejection", "error", "<button id=x onclick='Promise.reject(Error(1))'>Buy</button>"),
    dead("noise of ResizeObserver", "<button id=x onclick='dispatchEvent(new ErrorEvent(\"error\", { message: \"ResizeObserver loop limit exceeded\" }))'>Buy</button>"),
    live("aria-controls", "mutation", "<button id=x aria-controls=menu onclick='menu.hidden = !menu.hidden'>Menu</button><div id=menu hidden>m</div>"),
    live("details", "mutation dialog", "<details><summary id=x>More</summary>text</details>"),
    live("popover", "dialog", "<button id=x popovertarget=p>Open</button><div id=p popover>text</div>"),
    live("dialog", "mutation focus dialog", "<button id=x onclick='d.showModal()'>Open</button><dialog id=d><button>ok</button></dialog>"),
    live("checkbox", "input", "<input id=x type=checkbox>"),
    live("label of a checkbox", "input", "<label id=y>Yes <input id=x type=checkbox></label>", click="#y"),
    live("form", "mutation", "<form onsubmit='event.preventDefault(); out.textContent = 1'><button id=x>Send</button></form><p id=out></p>"),
    live("invalid form", "input focus", "<form><input required><button id=x>Send</button></form>"),
    live("copy", "input", "<p id=t>words</p><button id=x onclick='getSelection().selectAllChildren(t); document.execCommand(\"copy\"); getSelection().empty()'>Copy</button>"),
    live("focus", "focus", "<input id=name><button id=x onclick='document.querySelector(\"input\").focus()'>Edit</button>"),
    live("scroll", "scroll", "<button id=x onclick='window.scrollTo(0, 500)'>Down</button><div style='height:3000px'></div>"),
    live("selection", "selection", "<p id=t>words</p><button id=x onclick='getSelection().selectAllChildren(t)'>All</button>"),
    live("route", "navigation", "<button id=x onclick='history.pushState(0, 0, \"/other\")'>Go</button>"),
    live("hash", "navigation", "<a id=x href='#'>Top</a>"),
    live("style sheet only", "mutation", "<style>p { opacity: 0; transition: opacity 1s } div:focus-within + p { opacity: 1 }</style><div><button id=x>Menu</button></div><p>text</p>"),
    live("media", "media", "<video id=v></video><button id=x onclick='v.dispatchEvent(new Event(\"play\"))'>Play</button>"),
    dead("text field", "<input id=x>", exempt="field"),
    dead("text field that is disabled", "<input id=x disabled>", disabled=True),
    dead("select", "<select id=x><option>1</select>", exempt="field"),
    dead("canvas", "<canvas id=x width=50 height=50></canvas>", exempt="canvas"),
    dead("link with another target", "<a id=x target=_blank href='/other'>Open</a>", exempt="elsewhere"),
    live("download", "navigation", "<a id=x download href='/api'>Save</a>", exempt="elsewhere"),
    dead("consent banner", "<div id=cookie-banner><button id=x>Fine</button></div>", exempt="consent"),
    dead("left out by the page", "<div data-footfall-ignore><button id=x>Fine</button></div>", exempt="ignored"),
    dead("radio button that is on", "<input id=x type=radio checked>", exempt="chosen"),
    live("shadow root", "mutation", """<x-card></x-card><script>customElements.define('x-card', class extends HTMLElement { connectedCallback() {
        const root = this.attachShadow({ mode: 'open' }); root.innerHTML = '<button>Buy</button><p>0</p>'
        root.querySelector('button').onclick = () => { root.querySelector('p').textContent = 1 } } })</script>""", click="x-card button", element="x-card>>>button"),
    dead("shadow root, dead", """<x-card></x-card><script>customElements.define('x-card', class extends HTMLElement { connectedCallback() {
        this.attachShadow({ mode: 'open' }).innerHTML = '<button>Buy</button>' } })</script>""", click="x-card button", element="x-card>>>button"),
)  # fmt: skip
