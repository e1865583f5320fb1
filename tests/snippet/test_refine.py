"""What a further file adds to a click: that it repeats, why it can be no signal, that text looks like a link."""

import pytest
from playwright.sync_api import Page

from tests.kit.browser import JSON, Web
from tests.snippet.further import leave, visit

pytestmark = pytest.mark.browser

REPEATED = {
    "next slide": "<button id=x class=carousel-next>›</button>",
    "plus": "<button id=x>+</button>",
    "stepper": "<div><input type=number><button id=x>more</button></div>",
    "pager by words": "<nav aria-label=Pagination><button>Previous</button><button id=x>Next</button></nav>",
    "pager in a list": "<ul class=pagination><li><a id=x href='javascript:0'>Weiter</a></ul>",
    "icon in an anchor": "<a title=Next style='cursor:pointer'><i id=x style='cursor:auto'>Go on</i></a>",
    "double click": "<div id=x style='cursor:pointer'>report.pdf</div><script>x.ondblclick = () => 1</script>",
}
ONCE = {
    "button": "<button id=x>Pay</button>",
    "link of a menu": "<nav aria-label=Main><ul><li><a id=x href='javascript:0'>Lamps</a></ul></nav>",
    "card": "<div id=x style='cursor:pointer'>Lamp</div>",
}
REASONS = {
    "ignored": "<div data-footfall-ignore><button id=x>Pay</button></div>",
    "consent": "<div class='cookie-banner'><button id=x>Accept</button></div>",
    "canvas": "<canvas id=x></canvas>",
    "chosen": "<div role=tab aria-selected=true id=x>Tea</div>",
    "field": "<input id=x>",
    "elsewhere": "<a id=x href='mailto:a@b.example'>Write</a>",
}


def clicks(web: Web, page: Page, body: str, count: int) -> list[JSON]:
    """Click so often, each time soon after the last by the page's own clock, however busy the machine is."""
    page.add_init_script("Date.now = () => 1_800_000_000_000")
    visit(web, page, body)
    for _ in range(count):
        page.locator("#x").click(force=True, no_wait_after=True)
    leave(page)
    found: list[JSON] = web.wait(lambda: len(web.events("click")) >= count and web.events("click"))
    return found


@pytest.mark.parametrize("body", REPEATED.values(), ids=REPEATED)
def test_what_is_made_to_be_clicked_again_says_so_from_the_second_click(web: Web, page: Page, body: str) -> None:
    assert [click.get("repeats", False) for click in clicks(web, page, body, 3)] == [False, True, True]


@pytest.mark.parametrize("body", ONCE.values(), ids=ONCE)
def test_what_is_clicked_once_does_not(web: Web, page: Page, body: str) -> None:
    assert not any("repeats" in click for click in clicks(web, page, body, 2))


@pytest.mark.parametrize("reason", REASONS)
def test_why_a_click_can_be_no_signal(web: Web, page: Page, reason: str) -> None:
    assert clicks(web, page, REASONS[reason], 1)[0]["exempt"] == reason


def test_text_that_is_underlined_looks_like_a_link(web: Web, page: Page) -> None:
    assert clicks(web, page, "<p>See <u id=x>terms</u></p>", 1)[0]["affordance"] == "link"
    assert "affordance" not in clicks(web, page, "<p>See <b id=x>terms</b></p>", 2)[-1]
