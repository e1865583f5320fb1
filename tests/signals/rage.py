# ruff: noqa: E501 - a burst reads best on one line
"""Bursts of clicks: some are rage, and some are how steppers, pagers, carousels and texts are used."""

from dataclasses import dataclass

from tests.signals.survey import Click
from tests.signals.trials import Condition

UI = "/usr/share/doc/libjs-jquery-ui-docs/examples"
QUICK = (110, 110, 110, 110)
DOUBLE = (120, 700, 120)


@dataclass(frozen=True)
class Burst:
    """Clicks at `selector` of a page, `gaps_ms` apart; `rage`: a person who got angry would click so.

    With `blocked` the page's scripts do not answer. A body makes a page of its own.
    """

    name: str
    rage: bool
    page: str
    path: tuple[str, ...]
    gaps_ms: tuple[int, ...] = QUICK
    blocked: bool = False
    body: str = ""

    @property
    def click(self) -> Click:
        return Click(
            page=self.page,
            path=list(self.path),
            kind="native",
            tag="",
            role=None,
            text=self.name,
            disabled=False,
            field=False,
            chosen=False,
            signature="",
            blocked_by="cut",
        )

    def condition(self, attempt: int) -> Condition:
        """The state of the page, with a name of its own for every attempt."""
        return Condition(f"rage{attempt}", self.name, "blocked" if self.blocked else "run")


def _own(name: str, rage: bool, body: str, gaps_ms: tuple[int, ...] = QUICK) -> Burst:
    return Burst(name, rage, "/rage/" + name.replace(" ", "-") + ".html", ("#x",), gaps_ms, body=body)


def _real(
    name: str, rage: bool, page: str, *path: str, gaps_ms: tuple[int, ...] = QUICK, blocked: bool = False
) -> Burst:
    return Burst(name, rage, page, path, gaps_ms, blocked)


PATIENT = (
    _real("next slide, swiper", False, "/widgets/swiper.html", ".swiper-button-next"),
    _real("next slide, shoelace", False, "/widgets/shoelace-overlays.html", "sl-carousel", ".carousel__navigation-button--next"),
    _real("next slide, bootstrap", False, "/widgets/bootstrap-components.html", ".carousel-control-next"),
    _real("next slide, uikit", False, "/npm/uikit/tests/slider.html", "[uk-slider-item=next]"),
    _real("next slide, foundation", False, "/npm/foundation-sites/test/visual/orbit/orbit.html", ".orbit-next"),
    _real("next page, tabulator", False, "/widgets/tabulator.html", ".tabulator-page[data-page=next]"),
    _real("next month, jquery-ui", False, f"{UI}/datepicker/inline.html", ".ui-datepicker-next"),
    _real("next month, flatpickr", False, "/widgets/fields.html", ".inline .flatpickr-next-month"),
    _real("stepper, jquery-ui", False, f"{UI}/spinner/default.html", ".ui-spinner-up"),
    _real("slider, jquery-ui", False, f"{UI}/slider/default.html", "#slider"),
    _real("sorting a column, tabulator", False, "/widgets/tabulator.html", ".tabulator-col-title", gaps_ms=(450, 450)),
    _real("row that opens on a double click, jstree", False, "/npm/jstree/demo/basic/index.html", "#html .jstree-anchor", gaps_ms=(120,)),
    _real("words, selected", False, "/usr/share/doc/python3.11/html/library/json.html", "section p", gaps_ms=(120, 120, 120)),
    _real("words, selected, mkdocs", False, "/usr/share/doc/mkdocs/html/index.html", "p", gaps_ms=(120, 120, 120)),
    _real("heading, selected, sb-admin", False, "/npm/startbootstrap-sb-admin-2/buttons.html", "h1.h3", gaps_ms=(120, 120, 120)),
    _own("number field", False, "<input id=x type=number value=1>"),
    _own("range field", False, "<input id=x type=range>"),
    _own("text field", False, "<input id=x value='some words here'>"),
    _own("stepper of two buttons", False, "<button>-</button><output id=o>1</output><button id=x aria-label='Increase'>+</button><script>x.onclick = () => o.value++</script>"),
    _own("quantity in a basket", False, "<div class=quantity><button>−</button><input id=o type=number value=1><button id=x>+</button></div><script>x.onclick = () => o.value++</script>"),
    _own("pager by words", False, "<nav aria-label=pagination><button>Previous</button><button id=x>Next</button></nav><p id=o>1</p><script>x.onclick = () => o.textContent++</script>"),
    _own("double click opens", False, "<div id=x style='cursor:pointer'>report.pdf</div><p id=o></p><script>x.ondblclick = () => o.append('opened')</script>", DOUBLE),
    _own("canvas game", False, "<canvas id=x width=200 height=100></canvas>"),
    _own("words, clicked thrice", False, "<p id=x>Words that are worth to be copied somewhere.</p>", (120, 120)),
    _own("button twice", False, "<button id=x>Save</button><p id=o></p><script>x.onclick = () => o.append('1')</script>", (200,)),
)  # fmt: skip

ANGRY = (
    _own("dead button", True, "<button id=x>Pay</button>"),
    _own("dead button beside a clock", True, "<div id=clock>0</div><script>setInterval(() => clock.textContent = Date.now(), 500)</script><main><button id=x>Pay</button></main>"),
    _own("disabled button", True, "<button id=x disabled>Pay</button>"),
    _own("dead ARIA button", True, "<div id=x role=button tabindex=0>Pay</div>"),
    _own("dead card", True, "<div id=x style='cursor:pointer;padding:30px'><b>Lamp</b></div>"),
    _own("slow button", True, "<button id=x>Pay</button><p id=o></p><script>x.onclick = () => setTimeout(() => o.append('1'), 3000)</script>"),
    _own("button in error", True, "<button id=x>Pay</button><script>x.onclick = () => missing()</script>", (130, 130)),
    _own("button that answers another thing", True, "<button id=x>Pay</button><p id=o></p><script>x.onclick = () => o.append('Try again. ')</script>"),
    _own("dead button, three times", True, "<button id=x>Pay</button>", (130, 130)),
    _own("picture", True, "<img id=x width=200 height=100 alt=Map src='data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22/>'>"),
    _real("modal, bootstrap", True, "/widgets/bootstrap-components.html", "[data-bs-toggle=modal]", blocked=True),
    _real("button, shoelace", True, "/widgets/shoelace-overlays.html", "#open", blocked=True),
    _real("button, material", True, "/widgets/material-controls.html", "md-filled-button", "button", blocked=True),
    _real("button, fomantic", True, "/widgets/fomantic-modules.html", "#show", blocked=True),
    _real("accordion, jquery-ui", True, f"{UI}/accordion/collapsible.html", "#accordion h3:nth-of-type(2)", blocked=True),
    _real("menu, jquery-ui", True, f"{UI}/menu/default.html", "#menu > li:nth-child(2) > div", blocked=True),
    _real("toast, toastr", True, "/npm/toastr/demo.html", "#showtoast", blocked=True),
    _real("header, tabulator", True, "/widgets/tabulator.html", "#add", blocked=True),
    _real("filter, uikit", True, "/npm/uikit/tests/toggle.html", "button", blocked=True),
    _real("collapsible, materialize", True, "/widgets/materialize.html", ".collapsible-header", blocked=True),
)  # fmt: skip

BURSTS = (*PATIENT, *ANGRY)


def serve(pages: dict[str, object]) -> tuple[Burst, ...]:
    """Put the pages of their own into a web."""
    for burst in BURSTS:
        if burst.body:
            pages[burst.page] = (
                f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{burst.name}</title></head><body>{burst.body}</body></html>"
            )
    return BURSTS
