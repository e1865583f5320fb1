"""Every page in every state: whole, with its landmarks, and never more than a reader's own words in it."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from sqlalchemy.exc import OperationalError

from reports import REPORTS, struggles
from reports.dashboard.answers import REPORTS_BY_NAME
from reports.pdf.typeset import can_typeset
from reports.report import Ask, Found
from reports.scope import Scope
from tests.kit.extras import needed
from tests.kit.pages import Person, dead_click, load, read, visit_of
from tests.kit.questions import questions
from tracker.clock import utc_now
from tracker.house import House
from tracker.models import Site
from tracker.sites import SiteInfo

SCOPES = (
    "",
    "?range=today",
    "?range=all",
    "?range=2026-01-01..2026-01-31&compare=year",
    "?range=7d&compare=weekday&bots=in&filter=path:is:/lamp&filter=device:is_not:mobile|tablet",
    "?filter=source:is:&filter=country:is:PL&limit=3&bots=only",
    "?measure=bounce_rate&range=yesterday&compare=none",
    "?measure=engaged_ms_per_visit&range=91d",
    "?from=2026-01-31&to=2026-02-01&bots=in",
)


def pages(site: SiteInfo) -> list[str]:
    own = [
        "",
        "tag",
        "first-event",
        "settings",
        "signals",
        "signals?silence=500",
        "heatmap",
        "examples",
        "flow",
        "visits",
    ]
    own += [f"reports/{report.name}" for report in REPORTS]
    return ["/sites", "/sites/new", "/account", *(f"/sites/{site.key}/{page}" for page in own)]


def fill(house: House, site: SiteInfo) -> None:
    lamp = f"https://{site.hosts[0]}/lamp"
    load(
        house,
        visit_of(site, {}, {"url": lamp}, dead_click("main>button", "Buy now", url=lamp), country="PL"),
        visit_of(site, {"referrer": "duckduckgo.com/"}, {"kind": "engagement", "engaged_ms": 4000}),
        visit_of(site, {}, visitor_id=None),
    )


def assert_whole(person: Person, path: str) -> None:
    answered = person.get(path, follow_redirects=True)
    assert answered.status_code == 200, (path, answered.text[:2000])
    if path.endswith("first-event"):
        return
    html = read(answered)
    assert len(html.all("h1")) == 1, path
    assert [len(html.all(tag)) for tag in ("html", "header", "main", "footer")] == [1] * 4, path
    assert html.all("html")[0]["lang"] == "en"
    ids = [one["id"] for _, one in html.tags if "id" in one]
    assert len(ids) == len(set(ids)), path
    assert not re.search(r"\sstyle=|\son\w+=", answered.text), "would break the content security policy"
    assert "None" not in re.sub(r"<[^>]+>", "", answered.text), path


def test_every_page_is_whole_before_the_first_event(house: House, owner: Person, shop: SiteInfo) -> None:
    for path in pages(shop):
        assert_whole(owner, path)
    empty = owner.get(f"/sites/{shop.key}/")
    assert "No footprints yet" in empty.text
    assert {f"/sites/{shop.key}/tag", f"/sites/{shop.key}/imports"} <= set(read(empty).hrefs())


def test_an_empty_range_is_no_empty_site(house: House, owner: Person, shop: SiteInfo) -> None:
    fill(house, shop)
    for page in ("", "heatmap", "reports/dead-clicks"):
        text = owner.get(f"/sites/{shop.key}/{page}?from=2020-01-01&to=2020-01-02").text
        assert "Nothing happened in this range" in text
        assert "No footprints yet" not in text


def test_examples_and_stories_are_in_the_room_of_struggles(house: House, owner: Person, shop: SiteInfo) -> None:
    fill(house, shop)
    examples = owner.get(f"/sites/{shop.key}/examples?signal=dead").text
    story = owner.get(re.search(r'/sites/\w+/stories/[^"]+', examples)[0].replace("&amp;", "&")).text
    for page in (examples, story):
        assert re.search(r'aria-current="true">Struggles</a>', page)
        assert "Disabled clicks</a>" in page


def test_every_page_is_whole_with_data(house: House, owner: Person, shop: SiteInfo) -> None:
    fill(house, shop)
    for path in pages(shop):
        assert_whole(owner, path)


@pytest.mark.parametrize("scope", SCOPES)
def test_every_report_is_whole_in_every_scope(house: House, owner: Person, shop: SiteInfo, scope: str) -> None:
    fill(house, shop)
    for report in REPORTS:
        assert_whole(owner, f"/sites/{shop.key}/reports/{report.name}{scope}")


def test_the_first_screen_says_where_it_hurts(house: House, owner: Person, shop: SiteInfo) -> None:
    fill(house, shop)
    page = owner.get(f"/sites/{shop.key}/").text
    hurts = page[page.index("What to mend first") : page.index('id="sources"')]
    assert "“Buy now” button" in hurts
    assert "on /lamp" in hurts
    link = re.search(r'href="([^"]+/examples[^"]+)"', hurts)
    assert link
    assert "signal=dead" in link[1]
    assert owner.get(unescape(link[1])).status_code == 200


def test_a_card_opens_another_tab_and_all_that_is_on_it_fetches_that(
    house: House, owner: Person, shop: SiteInfo
) -> None:
    fill(house, shop)
    page = read(owner.get(f"/sites/{shop.key}/?range=7d"))
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


def test_a_note_stands_on_the_chart_until_it_is_removed(house: House, owner: Person, shop: SiteInfo) -> None:
    fill(house, shop)
    home = f"/sites/{shop.key}/?range=7d"
    today = utc_now().astimezone(shop.tzinfo).date()
    noted = {"day": today.isoformat(), "text": "<b>Newsletter</b> sent", "page": home}
    assert owner.send(home, noted, to=f"/sites/{shop.key}/annotations").location == home
    page = owner.get(home).text
    assert "&lt;b&gt;Newsletter&lt;/b&gt; sent</title>" in page
    assert 'class="mark"' in page
    assert "Newsletter" not in owner.get(f"/sites/{shop.key}/?range=yesterday").text
    remove = next(form["action"] for form in read(owner.get(home)).all("form") if "/remove" in form.get("action", ""))
    owner.send(home, {"page": home}, to=remove)
    assert 'class="mark"' not in owner.get(home).text
    for wrong in ({"day": "soon"}, {"text": " "}, {"text": "x" * 201}):
        assert owner.send(home, {**noted, **wrong}, to=f"/sites/{shop.key}/annotations").status_code == 400


def test_anything_clicked_becomes_a_filter_that_can_be_taken_off(house: House, owner: Person, shop: SiteInfo) -> None:
    fill(house, shop)
    page = read(owner.get(f"/sites/{shop.key}/?range=7d&compare=year"))
    link = next(href for href in page.hrefs() if "filter=source" in href and "DuckDuckGo" in href)
    assert "range=7d" in link
    filtered = owner.get(link)
    assert "Source is DuckDuckGo" in filtered.text
    assert re.search(r'class="figure">1<', filtered.text)
    take_off = next(
        a["href"] for a in read(filtered).all("a") if a.get("aria-label", "").startswith("Remove the filter")
    )
    assert take_off == f"/sites/{shop.key}/?range=7d&compare=year"


def test_the_dialog_filters_and_offers_alternatives(house: House, owner: Person, shop: SiteInfo) -> None:
    fill(house, shop)
    home = f"/sites/{shop.key}/"
    dialog = {"range": "7d", "filter_by": "path", "filter_how": "contains", "filter_value": ["/lamp", "/chair"]}
    first = owner.get(home, query_string=dialog)
    assert "Page contains /lamp or /chair" in first.text
    carried = {field["name"]: field["value"] for field in read(first).all("input") if field.get("type") == "hidden"}
    assert carried["filter"] == "path:contains:/lamp|/chair"
    joined = {**dialog, "filter": carried["filter"], "filter_join": "or", "filter_by": "source", "filter_how": "is"}
    both = owner.get(home, query_string={**joined, "filter_value": ["", ""]})
    assert "Page contains /lamp or /chair or Source is Direct or unknown" in unescape(both.text)
    [take_off] = [a["href"] for a in read(both).all("a") if a.get("aria-label", "").startswith("Remove the filter")]
    assert take_off == f"{home}?range=7d"
    for by, written, stored in (
        ("country", "poland", "PL"),
        ("device", "Mobile", "mobile"),
        ("source", "Direct or unknown", ""),
    ):
        words = {"filter_by": by, "filter_how": "is", "filter_value": written}
        said = owner.get(home, query_string=words)
        hidden = {one["name"]: one["value"] for one in read(said).all("input") if one.get("type") == "hidden"}
        assert hidden["filter"] == f"{by}:is:{stored}"
    assert owner.get(home, query_string={**dialog, "filter_by": "nothing"}).status_code == 400
    assert owner.get(home, query_string={**dialog, "filter_how": "matches", "filter_value": "("}).status_code == 400


@pytest.mark.parametrize(("dimension", "offered"), [("path", "/lamp"), ("source", "DuckDuckGo"), ("nothing", None)])
def test_the_dialog_offers_values_that_there_are(
    house: House, owner: Person, shop: SiteInfo, dimension: str, offered: str | None
) -> None:
    fill(house, shop)
    found = [one["value"] for one in read(owner.get(f"/sites/{shop.key}/values?filter_by={dimension}")).all("option")]
    assert (offered in found) if offered else not found


def test_the_live_view_tells_who_is_there_and_what_went_wrong(house: House, owner: Person, shop: SiteInfo) -> None:
    assert "Nothing in the last half hour" in owner.get(f"/sites/{shop.key}/live").text
    events = (
        {"url": "https://shop.example/<b>"},
        dead_click("main>button", "Buy <i>now</i>", url="https://shop.example/<b>"),
    )
    load(house, visit_of(shop, *events))
    page = owner.get(f"/sites/{shop.key}/live").text
    assert re.search(r"<strong>1</strong>\s+visitor in the last five minutes", page)
    assert "“Buy &lt;i&gt;now&lt;/i&gt;” button</bdi> on" in page
    assert "Dead click</span>" in page
    assert "1 visitor now" in owner.get(f"/sites/{shop.key}/").text
    answered = owner.get(f"/api/v1/sites/{shop.key}/live").json
    assert (answered["visitors"], answered["happened"][0]["signal"]) == (1, "dead")


def test_the_pages_link_to_the_same_numbers_as_json_and_csv(house: House, owner: Person, shop: SiteInfo) -> None:
    fill(house, shop)
    page = read(owner.get(f"/sites/{shop.key}/reports/dead-clicks?range=7d&filter=path:is:/lamp"))
    links = [href for href in page.hrefs() if href.startswith("/api/")]
    *on_paper, csv, json = (owner.get(link) for link in links)
    assert [one.mimetype for one in (*on_paper, csv)] == [*(["application/pdf"] if can_typeset() else []), "text/csv"]
    assert json.json["rows"][0]["element_text"] == "Buy now"
    assert json.json["scope"]["filters"] == ["path:is:/lamp"]


def test_a_page_links_to_paper_in_its_own_language(owner: Person, shop: SiteInfo) -> None:
    needed("typst")
    page = f"/sites/{shop.key}/reports/dead-clicks?range=7d"
    links = read(owner.get(page, headers={"Accept-Language": "fa"})).hrefs()
    assert ["language=fa" in one for one in links if one.startswith("/api/")] == [True, False, False]
    assert not any("language=" in one for one in read(owner.get(page)).hrefs() if one.startswith("/api/"))


def test_a_scope_that_makes_no_sense_is_explained(owner: Person, shop: SiteInfo) -> None:
    for words, said in {
        "range=soon": "<code>range</code>: use one of",
        "filter=colour:is:red": "no dimension is named",
        "from=2026-13-01&to=": "2026-13-01",
        "nonsense=1": "unknown",
    }.items():
        answered = owner.get(f"/sites/{shop.key}/?{words}")
        assert answered.status_code == 400
        assert said in answered.text


def test_all_days_are_asked_for_their_first_once(
    house: House, owner: Person, shop: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(house, shop)
    with questions(monkeypatch) as asked:
        assert owner.get(f"/sites/{shop.key}/?range=all").status_code == 200
    assert len([one for one in asked if "min(event.occurred_at)" in one]) == 1


@pytest.fixture
def failing() -> Callable[[Scope, Ask], Found]:
    def run(scope: Scope, ask: Ask) -> Found:
        raise OperationalError("secret statement", {}, Exception("disk"))

    return run


def test_one_failing_report_says_so_and_the_page_survives(
    house: House,
    owner: Person,
    shop: SiteInfo,
    failing: Callable[[Scope, Ask], Found],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill(house, shop)
    monkeypatch.setattr(struggles, "first", replace(struggles.first, run=failing))
    page = owner.get(f"/sites/{shop.key}/")
    assert page.status_code == 200
    assert "This report failed" in page.text
    assert "DuckDuckGo" in page.text
    assert "secret statement" not in page.text


def test_where_the_numbers_themselves_fail_the_first_page_says_so(
    house: House,
    owner: Person,
    shop: SiteInfo,
    failing: Callable[[Scope, Ask], Found],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill(house, shop)
    monkeypatch.setitem(REPORTS_BY_NAME, "overview", replace(REPORTS_BY_NAME["overview"], run=failing))
    page = owner.get(f"/sites/{shop.key}/")
    assert page.status_code == 200
    assert "This report failed" in page.text
    assert "secret statement" not in page.text


def test_a_page_that_breaks_tells_no_stranger_why(
    house: House, owner: Person, shop: SiteInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("reports.dashboard.tag.newest_event", broken)
    answered = owner.get(f"/sites/{shop.key}/tag")
    assert answered.status_code == 500
    assert "Something broke on our side" in answered.text
    assert "secret" not in answered.text


def test_a_page_that_is_not_there_has_a_way_back(owner: Person, shop: SiteInfo) -> None:
    for path in ("/nowhere", "/sites/nosuchsite22/", f"/sites/{shop.key}/reports/nonsense"):
        answered = owner.get(path)
        assert answered.status_code == 404
        assert len(read(answered).all("h1")) == 1
        assert "/" in read(answered).hrefs()


def test_the_page_that_waits_sees_the_first_event_arrive(house: House, owner: Person, shop: SiteInfo) -> None:
    waiting = owner.get(f"/sites/{shop.key}/first-event").text
    assert 'hx-trigger="every 2s"' in waiting
    load(house, visit_of(shop, {"url": "https://shop.example/lamp"}))
    arrived = owner.get(f"/sites/{shop.key}/first-event").text
    assert "The first event arrived" in arrived
    assert '<code dir="ltr">/lamp</code>' in arrived
    assert "hx-trigger" not in arrived


def test_the_sample_comes_with_a_click_is_marked_and_goes_with_one(house: House, owner: Person) -> None:
    made = owner.send("/sites/new", {}, to="/sites/sample")
    page = owner.get(made.location)
    assert "its visitors are invented" in page.text
    assert "What to mend first" in page.text
    [site] = house.sites.all()
    assert site.sample
    gone = owner.send("/account", {}, to=f"/sites/{site.key}/sample/remove")
    assert gone.location == "/sites"
    house.sites.forget()
    assert not house.sites.all()
    assert not [key for key in house.store.tallies() if key[0] == site.id]


def test_a_real_site_is_never_removed_as_a_sample(house: House, owner: Person, shop: SiteInfo) -> None:
    assert owner.send("/account", {}, to=f"/sites/{shop.key}/sample/remove").status_code == 404
    assert house.sites.by_key(shop.key)


def test_settings_are_changed_and_what_is_wrong_is_said(house: House, owner: Person, shop: SiteInfo) -> None:
    page = f"/sites/{shop.key}/settings"
    form = {
        "name": "Lamps",
        "hosts": "lamps.example, www.shop.example",
        "zone": "Asia/Tokyo",
        "query_parameters": "page",
    }
    assert owner.send(page, form).status_code == 302
    house.sites.forget()
    changed = house.sites.by_key(shop.key)
    assert changed
    assert (changed.name, changed.hosts, changed.zone) == ("Lamps", ("lamps.example", "shop.example"), "Asia/Tokyo")
    assert changed.query_parameters == frozenset({"page"})
    assert "data-query=&#34;page&#34;" in owner.get(f"/sites/{shop.key}/tag").text
    for wrong in ({"hosts": "two words?"}, {"hosts": ""}, {"zone": "Mars/Olympus"}, {"query_parameters": "a=b"}):
        refused = owner.send(page, {**form, **wrong})
        assert refused.status_code == 400
        assert 'class="problem"' in refused.text


def test_a_key_is_shown_once_and_can_be_revoked(house: House, owner: Person, shop: SiteInfo) -> None:
    page = f"/sites/{shop.key}/settings"
    made = owner.send(page, {"key_name": "notebook", "scopes": "read"}, to=f"/sites/{shop.key}/keys")
    found = re.search(r"ff_[\w-]{43}", made.text)
    assert found
    assert made.headers["Cache-Control"] == "no-store"
    again = owner.get(page).text
    assert "notebook" in again
    assert found[0] not in again
    bearer = {"Authorization": f"Bearer {found[0]}"}
    numbers = f"/api/v1/sites/{shop.key}/reports/overview"
    assert owner.get(numbers, headers=bearer).status_code == 200
    revoke = next(form["action"] for form in read(owner.get(page)).all("form") if "revoke" in form.get("action", ""))
    owner.send(page, {}, to=revoke)
    assert owner.get(numbers, headers=bearer).status_code == 401


def test_a_site_is_deleted_only_by_its_name(house: House, owner: Person, shop: SiteInfo) -> None:
    fill(house, shop)
    page, to = f"/sites/{shop.key}/settings", f"/sites/{shop.key}/delete"
    refused = owner.send(page, {"confirm": "lamps"}, to=to)
    assert refused.status_code == 400
    assert "nothing was deleted" in refused.text
    assert owner.send(page, {"confirm": shop.name}, to=to).location == "/sites"
    with house.database.session() as session:
        assert not session.query(Site).all()
    assert not house.store.tallies()


def test_headers_keep_the_pages_to_themselves(owner: Person, shop: SiteInfo) -> None:
    for path in ("/sites", f"/sites/{shop.key}/", "/nowhere", "/livez"):
        headers = owner.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
    assert owner.get("/sites").headers["Cache-Control"] == "no-store"
