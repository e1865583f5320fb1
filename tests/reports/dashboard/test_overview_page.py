"""The first page of a site: where it hurts, its cards, its notes."""

import re
from html import unescape

import pytest

from tests.kit.pages import Person, read
from tests.kit.questions import questions
from tracker.clock import utc_now
from tracker.sites import SiteInfo


def test_an_empty_range_is_no_empty_site(owner: Person, busy_shop: SiteInfo) -> None:
    for page in ("", "heatmap", "reports/dead-clicks"):
        text = owner.text(f"/sites/{busy_shop.key}/{page}?from=2020-01-01&to=2020-01-02")
        assert "Nothing happened in this range" in text
        assert "No footprints yet" not in text


def test_the_first_screen_says_where_it_hurts(owner: Person, busy_shop: SiteInfo) -> None:
    page = owner.text(f"/sites/{busy_shop.key}/")
    hurts = page[page.index("What to mend first") : page.index('id="sources"')]
    assert "“Buy now” button" in hurts
    assert "on /lamp" in hurts
    link = re.search(r'href="([^"]+/examples[^"]+)"', hurts)
    assert link
    assert "signal=dead" in link[1]
    assert owner.get(unescape(link[1])).status_code == 200


def test_a_card_opens_another_tab_and_all_that_is_on_it_fetches_that(owner: Person, busy_shop: SiteInfo) -> None:
    page = read(owner.get(f"/sites/{busy_shop.key}/?range=7d"))
    tab = next(a for a in page.all("a") if "pages=entry-pages" in a["href"])
    opened = owner.get(tab["href"])
    card = opened.text[opened.text.index('id="pages"') : opened.text.index('id="places"')]
    assert "Entry pages in full" in card
    links = [unescape(link) for link in re.findall(r'href="([^"]+)"', card)]
    assert any("filter=entry%3Ais%3A%2F" in link for link in links)
    for form in (".csv", "entry-pages?"):
        [link] = [one for one in links if one.startswith("/api/") and form in one]
        assert "pages=" not in link
        assert owner.get(link).status_code == 200
    [lines] = re.findall(r'id="pages-python">(.*?)</code>', card, re.DOTALL)
    compile(unescape(lines), "shown", "exec")


@pytest.mark.usefixtures("noon")
def test_a_note_stands_on_the_chart_until_it_is_removed(owner: Person, busy_shop: SiteInfo) -> None:
    home = f"/sites/{busy_shop.key}/?range=7d"
    today = utc_now().astimezone(busy_shop.tzinfo).date()
    noted = {"day": today.isoformat(), "text": "<b>Newsletter</b> sent", "page": home}
    assert owner.send(home, noted, to=f"/sites/{busy_shop.key}/annotations").location == home
    page = owner.text(home)
    assert "&lt;b&gt;Newsletter&lt;/b&gt; sent</title>" in page
    assert 'class="mark"' in page
    assert "Newsletter" not in owner.text(f"/sites/{busy_shop.key}/?range=yesterday")
    remove = next(form["action"] for form in read(owner.get(home)).all("form") if "/remove" in form.get("action", ""))
    owner.send(home, {"page": home}, to=remove)
    assert 'class="mark"' not in owner.text(home)
    for wrong in ({"day": "soon"}, {"text": " "}, {"text": "x" * 201}):
        assert owner.send(home, {**noted, **wrong}, to=f"/sites/{busy_shop.key}/annotations").status_code == 400


def test_all_days_are_asked_for_their_first_once(
    owner: Person, busy_shop: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    with questions(monkeypatch) as asked:
        assert owner.get(f"/sites/{busy_shop.key}/?range=all").status_code == 200
    assert len([one for one in asked if "min(event.occurred_at)" in one]) == 1
