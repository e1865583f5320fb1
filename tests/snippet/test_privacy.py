"""Secrets planted all over a page: none of them is in any beacon."""

import pytest
from playwright.sync_api import Page

from tests.kit.browser import Web

pytestmark = pytest.mark.browser

MAILS = [f"anna.kowalska{n}@example{n}.org" for n in range(8)]
CARDS = ["4111111111111111", "4111 1111 1111 1111", "5500-0000-0000-0004", "340000000000009"]
PHONES = ["+48 600 700 800", "0048600700800", "600-700-800"]
TOKENS = [f"eyJhbGciOiJIUzI1NiJ9{n}.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N{n}" for n in range(4)]
IDS = [f"7d4f2c1e-9b3a-4c5d-8e6f-0a1b2c3d4e{n}f" for n in range(4)] + [
    f"{n}d41d8cd98f00b204e9800998ecf8427e" for n in range(4)
]
SHOWN = MAILS + CARDS + PHONES + TOKENS + IDS
WORDS = [f"geheim{kind}{n}" for kind in ("eins", "zwei", "drei", "vier", "acht") for n in range(6)]


def _planted() -> tuple[str, str]:
    typed, hidden, queried, priv, edited = (WORDS[start : start + 6] for start in range(0, 30, 6))
    buttons = "".join(f"<button id=b{n}>Call {secret} now</button>" for n, secret in enumerate(SHOWN))
    body = (
        "<body>"
        + buttons
        + "".join(f"<input value='{word}'>" for word in typed)
        + "".join(f"<input type=submit value='{word}'>" for word in hidden)
        + f"<div data-private>{''.join(f'<button>{word}</button>' for word in priv)}</div>"
        + f"<form onsubmit='return false'><input type=password value=x><button>{edited[0]}</button></form>"
        + f"<form onsubmit='return false'><input autocomplete=cc-number><button>{edited[1]}</button></form>"
        + f"<div contenteditable><a href='/x'>{edited[2]}</a></div>"
        + f"<button>See <span data-private>{edited[3]}</span></button>"
        + f"<p>{edited[4]}</p><select><option>{edited[5]}</option></select></body>"
    )
    query = "&".join(
        f"{name}={word}" for name, word in zip(("token", "email", "q", "password", "id", "key"), queried, strict=True)
    )
    return body, query


def test_no_planted_secret_is_in_a_beacon(web: Web, page: Page) -> None:
    body, query = _planted()
    assert len(SHOWN) + len(WORDS) >= 55
    title = " ".join(SHOWN)
    web.page(f"<head><title>{title}</title></head>{body}", f"/account/{MAILS[0]}/{TOKENS[0]}/{IDS[4]}/{CARDS[0]}")
    page.goto(web.url + f"/account/{MAILS[0]}/{TOKENS[0]}/{IDS[4]}/{CARDS[0]}?{query}&utm_source={MAILS[1]}#{WORDS[0]}")
    page.wait_for_function("window.footfall?.live")
    for control in page.locator("button, input, a, p, [contenteditable]").all():
        control.click(no_wait_after=True)
        page.keyboard.type("z")
    page.evaluate("(mail) => history.pushState(0, 0, '/users/' + mail)", MAILS[2])
    page.goto("about:blank")
    web.wait(lambda: len(web.events("click")) >= 45 and len(web.events("view")) == 2)
    sent = b"".join(beacon.raw for beacon in web.beacons).decode()
    assert [secret for secret in SHOWN + WORDS if secret in sent] == []
    assert [mail for mail in MAILS if mail.split("@")[0] in sent] == []
    assert "Call :id now" in sent
    assert "utm_source=:id" in sent
    assert "referrer" not in web.events("view")[0]
