"""Two hundred secrets planted all over a page: none of them is in any beacon."""

import random
import string
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from tests.kit.browser import Web
from tests.snippet.further import HIDE

pytestmark = pytest.mark.browser

NAMES = ("anna", "boguslaw", "chidi", "dolores", "eirik", "farah", "goran", "hye-jin")


def _digits(dice: random.Random, count: int) -> str:
    return "".join(dice.choices(string.digits, k=count))


def _shown(dice: random.Random) -> Iterator[str]:
    """Yield what is told by its form, wherever it stands: mail, numbers, ids, tokens."""
    for number in range(16):
        yield f"{dice.choice(NAMES)}.{_digits(dice, 5)}@mail{number}.example"
        yield dice.choice(("+48 {} {} {}", "00{}-{}-{}", "{} {}.{}")).format(*(_digits(dice, 3) for _ in range(3)))
        yield dice.choice(("4{} {} {} {}", "5{}-{}-{}-{}")).format(*(_digits(dice, n) for n in (3, 4, 4, 4)))
        yield f"DE{_digits(dice, 20)}"
        yield "".join(dice.choices("0123456789abcdef", k=32))
        yield "eyJ" + _digits(dice, 2) + "".join(dice.choices(string.ascii_letters + string.digits, k=30))


def _words(dice: random.Random, count: int) -> list[str]:
    """Return words that nothing tells as secret but their place."""
    return ["geheim" + "".join(dice.choices("bcdfghklmnprst", k=8)) for _ in range(count)]


DICE = random.Random(20)
SHOWN = list(_shown(DICE))
WORDS = _words(DICE, 110)


def _page(shown: list[str], words: Iterator[str]) -> str:
    places = (
        "<input value='{}'>",
        "<textarea>{}</textarea>",
        "<input type=submit value='{}'>",
        "<input type=password value='{}'>",
        "<select><option>{}</option></select>",
        "<p>{}</p>",
        "<div contenteditable><a href='#x'>{}</a></div>",
        "<div contenteditable=true><button>{}</button></div>",
        "<div data-private><button>{}</button></div>",
        "<button data-private>{}</button>",
        "<button>See <span data-private>{}</span></button>",
        "<a data-private aria-label='{}' href='#y'>more</a>",
        "<form onsubmit='return false'><input type=password><button>{}</button></form>",
        "<form onsubmit='return false'><input autocomplete=cc-number><a href='#z'>{}</a></form>",
        "<button title='{}'>Info</button>",
        "<button value='{}'>Pick</button>",
        "<a href='#w' data-user='{}'>Who</a>",
        "<img alt='{}' width=20 height=20>",
    )
    body = "".join(place.format(next(words)) for place in places for _ in range(4))
    buttons = "".join(f"<button>Call {secret} now</button>" for secret in shown)
    labels = "".join(f"<a href='#v' aria-label='Write to {secret}'>x</a>" for secret in shown[::3])
    ids = "".join(f"<div id='u{secret}'><button data-testid='{secret}'>Go</button></div>" for secret in shown[::3])
    script = (
        f"<script>onerror = () => true; window.boom = () => {{ throw Error('no {shown[0]} for {shown[4]}') }}</script>"
    )
    return f"<head><title>{' '.join(shown)}</title></head><body>{body}{buttons}{labels}{ids}{script}</body>"


def test_no_planted_secret_is_in_a_beacon(web: Web, page: Page) -> None:
    assert len(SHOWN) + len(WORDS) >= 200
    words = iter(WORDS)
    path = "/account/" + "/".join(quote(secret) for secret in SHOWN[:6])
    web.page(_page(SHOWN, words), path)
    keys = ("token", "email", "user", "password", "id", "key", "session", "code", "next", "name")
    query = "&".join(f"{key}={next(words)}" for key in keys)
    page.goto(f"{web.url}{path}?{query}&utm_source={quote(SHOWN[6])}&ref={quote(SHOWN[7])}#{next(words)}")
    page.wait_for_function("window.footfall?.live")
    page.evaluate(
        """([state, mail, word]) => {
            history.replaceState({ secret: state }, '')
            history.pushState({ secret: state }, '', '/users/' + mail + '?name=' + word)
        }""",
        [next(words), SHOWN[12], next(words)],
    )
    page.evaluate("() => { setTimeout(boom) }")
    controls = page.locator("button, input, textarea, a, p, img, select").all()
    for number, control in enumerate(controls, 1):
        control.click(force=True, no_wait_after=True)
        if number % 50 == 0:  # no hand clicks so fast that browsers refuse what a page sends at once
            page.evaluate(HIDE, True)
            page.evaluate(HIDE, False)
            web.wait(lambda most=number: len(web.events("click")) >= most * 0.6)
    page.keyboard.type("z")
    page.goto("about:blank")
    web.wait(lambda: len(web.events("click")) >= 30 and len(web.events("view")) == 2)
    sent = b"".join(beacon.raw for beacon in web.beacons).decode()
    leaked = [secret for secret in SHOWN + WORDS if secret in sent or quote(secret) in sent]
    assert not leaked, " ".join(leaked)
    assert [mail for mail in SHOWN if "@" in mail and mail.split("@")[0] in sent] == []
    assert "Call :id now" in sent
    assert "referrer" not in web.events("view")[0]
