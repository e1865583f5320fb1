"""Where pages lead: to their room, to the same numbers in other forms, back when there is nothing."""

import re

from reports.pdf.typeset import can_typeset
from tests.kit.extras import needed
from tests.kit.pages import Person, read
from tracker.sites import SiteInfo


def test_examples_and_stories_are_in_the_room_of_struggles(owner: Person, busy_shop: SiteInfo) -> None:
    examples = owner.text(f"/sites/{busy_shop.key}/examples?signal=dead")
    story = owner.text(re.search(r'/sites/\w+/stories/[^"]+', examples)[0].replace("&amp;", "&"))
    for page in (examples, story):
        assert re.search(r'aria-current="true">Struggles</a>', page)
        assert "Disabled clicks</a>" in page


def test_the_pages_link_to_the_same_numbers_as_json_and_csv(owner: Person, busy_shop: SiteInfo) -> None:
    page = read(owner.get(f"/sites/{busy_shop.key}/reports/dead-clicks?range=7d&filter=path:is:/lamp"))
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


def test_a_page_that_is_not_there_has_a_way_back(owner: Person, shop: SiteInfo) -> None:
    for path in ("/nowhere", "/sites/nosuchsite22/", f"/sites/{shop.key}/reports/nonsense"):
        answered = owner.get(path)
        assert answered.status_code == 404
        assert len(read(answered).all("h1")) == 1
        assert "/" in read(answered).hrefs()
