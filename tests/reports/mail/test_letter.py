"""Letters as their readers get them: from the schedule over the mail server to the words, on a real house."""

import html
import io
import json
import re
import threading
from email.message import EmailMessage
from unittest.mock import Mock

import pytest
import time_machine

from reports.dashboard.schedule_telling import history
from reports.mail import tables
from reports.mail.compose import draft
from reports.mail.payload import SLACK, payload
from reports.mail.post import contents_of, deliver, foot_of
from reports.pdf.text import UNKNOWN
from reports.render import png
from tests.kit.extras import needed
from tests.kit.ground import at
from tests.kit.pages import EMAIL, Html
from tests.kit.post import Post
from tests.kit.receiver import Receiver
from tests.reports.mail.conftest import schedule
from tracker.clock import utc_now
from tracker.conditions import Condition
from tracker.goals import GoalInfo, save_goal
from tracker.house import House
from tracker.languages import ENGLISH
from tracker.models import Schedule
from tracker.outgoing import posting
from tracker.schedules.book import rhythm_of
from tracker.schedules.rhythm import last_due
from tracker.segments import delete_segment, save_segment
from tracker.sites import SiteInfo
from tracker.store.base import StoreDownError


def body(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_the_letter_of_a_week(house: House, shop: SiteInfo, post: Post, clock: time_machine.Traveller) -> None:
    schedule(house, shop)
    clock.move_to(at("2026-03-16 07:59"))
    assert deliver(house) == 0
    clock.move_to(at("2026-03-16 08:00"))
    assert deliver(house) == 1
    assert deliver(house) == 0
    [letter] = post.letters
    assert letter["Subject"] == "Lamps & <Chairs>: 40 visitors, 2 times as many · 9 Mar 2026 – 15 Mar 2026"
    for kind in ("plain", "html"):
        written = body(letter, kind)
        text = html.unescape(re.sub(r"<[^>]+>", "", written)) if kind == "html" else written
        assert "40 visitors came, in 40 visits: 2 times as many (20 before)." in text
        assert "More visits met a dead click: 100% of 40, after 0% of 20." in text
        assert "Mend first: dead click on the “Pay & go” of /. 40 visitors met it, in 100% of 40 views" in text
        assert "; it never happened before." in text
        assert "Nothing in these days." in text  # of vitals
    assert "<Chairs>" not in body(letter, "html")
    assert "https://stats.example.org/sites/" in body(letter, "html")


def test_a_letter_can_be_read_with_pictures_off_and_needs_nothing_from_elsewhere(
    house: House, shop: SiteInfo, post: Post, clock: time_machine.Traveller
) -> None:
    schedule(house, shop)
    clock.move_to(at("2026-03-16 08:00"))
    deliver(house)
    page = Html()
    page.feed(body(post.letters[0], "html"))
    assert page.all("html")[0]["lang"] == "en"
    assert [one["src"] for one in page.all("img")] == ["cid:chart"]
    assert page.all("img")[0]["alt"].startswith("Visitors by day. Mon 9 Mar: 0, Tue 10 Mar: 40,")
    assert all(one.get("role") == "presentation" or one["class"] == "rows" for one in page.all("table"))
    assert {one["scope"] for one in page.all("th")} == {"col"}
    assert not page.all("script") and not page.all("link")


def test_a_letter_without_what_draws_pictures_says_the_same(
    house: House, shop: SiteInfo, post: Post, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(png, "can_draw", lambda: False)
    schedule(house, shop)
    clock.move_to(at("2026-03-16 08:00"))
    deliver(house)
    assert "cid:" not in body(post.letters[0], "html")
    assert "Tue 10 Mar: 40" in body(post.letters[0], "plain")


def test_files_come_along(house: House, shop: SiteInfo, post: Post, clock: time_machine.Traveller) -> None:
    schedule(house, shop, sections=["pages"], attached=["csv", "json"])
    clock.move_to(at("2026-03-16 08:00"))
    deliver(house)
    files = {part.get_filename(): part.get_content() for part in post.letters[0].iter_attachments()}
    assert sorted(files) == [
        f"{report}_2026-03-09_2026-03-15.{form}" for report in ("overview", "pages") for form in ("csv", "json")
    ]
    assert files["pages_2026-03-09_2026-03-15.csv"].splitlines()[1].startswith("/,40,40")


def test_what_programs_read_is_english_whatever_the_letter_speaks(
    house: House,
    shop: SiteInfo,
    post: Post,
    receiver: Receiver,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = Mock(wraps=tables.run_report)
    monkeypatch.setattr(tables, "run_report", asked)
    house.settings.own_hosts = "127.0.0.1"
    for name, language in (("In English", "en"), ("In Persian", "fa")):
        told = {"name": name, "language": language, "sections": ["goals"], "attached": ["csv", "json"]}
        schedule(house, shop, EMAIL, receiver.url, own_hosts=("127.0.0.1",), **told)
    with house.database.session() as session:
        save_goal(session, shop.id, GoalInfo("Order", Condition("event", event="buy")), EMAIL)
    house.sites.forget()
    clock.move_to(at("2026-03-16 08:00"))
    deliver(house)
    english, persian = (
        {part.get_filename(): re.sub(rb'"took_ms":[0-9]+', b"", part.get_payload(decode=True)) for part in parts}
        for parts in (one.iter_attachments() for one in post.letters)
    )
    assert b"\xe2\x80\x9cbuy\xe2\x80\x9d happens" in english["goals_2026-03-09_2026-03-15.csv"]
    assert persian == english
    assert asked.call_count == len(("overview", "goals")), "once more for the Persian letter, its files and its webhook"
    first, second = (json.loads(content)["data"] for _, _, content in receiver.posted)
    assert (first["language"], second["language"]) == ("en", "fa") and first["changed"] != second["changed"]
    for reports in (first["reports"], second["reports"]):
        assert [one.pop("took_ms") for one in reports]
    assert first["reports"] == second["reports"]


def test_the_whole_report_comes_as_a_pdf(
    house: House, shop: SiteInfo, post: Post, clock: time_machine.Traveller
) -> None:
    pypdf = needed("pypdf")
    needed("typst")
    schedule(house, shop, attached=["pdf"])
    clock.move_to(at("2026-03-16 08:00"))
    deliver(house)
    [file] = post.letters[0].iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("report_2026-03-09_2026-03-15.pdf", "application/pdf")
    found = pypdf.PdfReader(io.BytesIO(file.get_content()))
    text = " ".join(" ".join(page.extract_text() for page in found.pages).replace("\u200b", "").split())
    assert found.metadata.title == "Lamps & <Chairs>"
    assert "9 Mar 2026 – 15 Mar 2026, compared with 2 Mar 2026 – 8 Mar 2026" in text
    assert "40 visitors came, in 40 visits: 2 times as many (20 before)." in text
    assert "Mend first: dead click on the “Pay & go” of /. 40 visitors met it" in text
    for title in ("Struggles", "Pages", "Bounce paths", "Web vitals", "Day by day"):
        assert title in text
    assert "Tue 10 Mar 40 40 80" in text and "Made on 16 Mar 2026 at 09:00 (Europe/Warsaw)" in text
    links = [note.get_object()["/A"]["/URI"] for page in found.pages for note in page.get("/Annots", [])]
    assert all(link.startswith(f"https://stats.example.org/sites/{shop.key}/") for link in links) and links


def test_a_letter_goes_out_where_no_pdf_can_be_made(
    house: House, shop: SiteInfo, post: Post, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.pdf.typeset.find_spec", lambda _: None)
    schedule(house, shop, attached=["pdf"])
    clock.move_to(at("2026-03-16 08:00"))
    deliver(house)
    assert not list(post.letters[0].iter_attachments())
    assert "The PDF is missing here. PDF files need the extra “pdf”" in body(post.letters[0], "plain")


def test_each_schedule_writes_in_its_own_language(
    house: House, shop: SiteInfo, post: Post, clock: time_machine.Traveller
) -> None:
    schedule(house, shop, name="In English")
    schedule(house, shop, name="In Persian", language="fa")
    schedule(house, shop, name="In Polish", language="pl")
    clock.move_to(at("2026-03-16 08:00"))
    deliver(house)
    english, persian, polish = post.letters
    assert [one["Content-Language"] for one in post.letters] == ["en", "fa", "pl"]
    assert "between 91.2% and 100%" in body(english, "plain")
    assert "91,2%" in body(polish, "plain") and "9 mar 2026 – 15 mar 2026" in body(polish, "plain")
    for written in (str(persian["Subject"]), body(persian, "plain"), body(persian, "html")):
        assert "۱۸ اسفند ۱۴۰۴ – ۲۴ اسفند ۱۴۰۴" in written and "۴۰" in written and "Mar 2026" not in written
    assert "۹۱٫۲٪" in body(persian, "plain") and "سه‌شنبه ۱۹ اسفند: ۴۰" in body(persian, "plain")


def test_a_persian_letter_goes_from_right_to_left(
    house: House, shop: SiteInfo, post: Post, clock: time_machine.Traveller
) -> None:
    schedule(house, shop, language="fa")
    clock.move_to(at("2026-03-16 08:00"))
    deliver(house)
    page = Html()
    page.feed(body(post.letters[0], "html"))
    [root] = page.all("html")
    assert (root["lang"], root["dir"]) == ("fa", "rtl")
    assert {one["dir"] for one in (*page.all("body"), *page.all("table"))} == {"rtl"}
    [news] = [one["style"] for one in page.all("div") if one.get("class") == "news"]
    assert "border-right: 4px" in news and "border-left" not in news
    numbers = [one["style"] for one in page.all("td") if one.get("class") == "n"]
    assert numbers and all("text-align: left" in one for one in numbers)
    assert "\u2068/\u2069" in body(post.letters[0], "plain")  # a path keeps its ends


def test_who_is_asked_to_confirm_is_asked_in_the_schedules_language(
    house: House, shop: SiteInfo, post: Post, clock: time_machine.Traveller
) -> None:
    schedule(house, shop, "ben@example.com", language="fa")
    deliver(house)
    [letter] = post.letters
    assert letter["Content-Language"] == "fa" and '<html lang="fa" dir="rtl">' in body(letter, "html")


def test_a_persian_report_on_paper(house: House, shop: SiteInfo, post: Post, clock: time_machine.Traveller) -> None:
    pypdf = needed("pypdf")
    needed("typst")
    schedule(house, shop, language="fa", attached=["pdf"])
    clock.move_to(at("2026-03-16 08:00"))
    deliver(house)
    [file] = post.letters[0].iter_attachments()
    found = pypdf.PdfReader(io.BytesIO(file.get_content()))
    root = found.root_object
    assert (root["/Lang"], root["/ViewerPreferences"]["/Direction"]) == ("fa", "/R2L")
    assert found.metadata.title == "Lamps & <Chairs>"
    text = "".join(page.extract_text() for page in found.pages)
    assert "اسفند" in text and "۴۰" in text and UNKNOWN not in text


def test_a_week_in_which_nobody_came(house: House, shop: SiteInfo, post: Post, clock: time_machine.Traveller) -> None:
    clock.move_to(at("2026-03-22 12:00"))
    schedule(house, shop)
    clock.move_to(at("2026-03-23 08:00"))
    deliver(house)
    assert post.letters[0]["Subject"].startswith("Lamps & <Chairs>: nobody came · 16 Mar")
    assert "Nobody came, after 40 visitors in the days before." in body(post.letters[0], "plain")


def test_a_segment_that_is_gone_is_said_where_it_is_seen(
    house: House, shop: SiteInfo, post: Post, clock: time_machine.Traveller
) -> None:
    with house.database.session() as session:
        save_segment(session, shop.id, "Phones", ["device:is:mobile"], EMAIL)
    house.sites.forget()
    made = schedule(house, shop, segment="Phones", language="fa")
    clock.move_to(at("2026-03-16 08:00"))
    with house.database.session() as session:
        assert delete_segment(session, shop.id, "Phones")
    house.sites.forget()
    deliver(house)
    assert post.letters == []
    with house.database.session() as session:
        [told] = history(session, session.get_one(Schedule, made.id))
    assert (told.state, told.problem) == (  # for the site's people, not for the letter's readers
        "Not sent",
        "This report can be asked no more: segment: no segment is named 'Phones'; none is saved yet.",
    )


def test_a_webhook_gets_the_report_as_json_and_slack_as_blocks(
    house: House, shop: SiteInfo, post: Post, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    house.settings.own_hosts = "127.0.0.1"
    schedule(house, shop, receiver.url, sections=["struggles", "pages"], own_hosts=("127.0.0.1",))
    clock.move_to(at("2026-03-16 08:00"))
    deliver(house)
    assert post.letters == []
    [(_, headers, content)] = receiver.posted
    told = json.loads(content)
    assert headers["webhook-id"].endswith(f".{shop.key}")
    assert (told["type"], told["data"]["site"]["name"]) == ("report", "Lamps & <Chairs>")
    assert told["data"]["language"] == "en"
    assert told["data"]["changed"].startswith("40 visitors came, in 40 visits: 2 times as many")
    assert [one["report"] for one in told["data"]["reports"]] == ["overview", "struggles", "pages"]
    assert told["data"]["reports"][1]["rows"][0]["element"] == "#pay"


def test_a_webhook_that_hangs_keeps_neither_another_nor_a_letter_waiting(
    house: House, shop: SiteInfo, post: Post, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived = threading.Event()
    got: list[str] = []

    def take(url: str, *_: object) -> None:
        if url.endswith("/slow"):
            assert arrived.wait(20)
        got.append(url)
        arrived.set()

    monkeypatch.setattr(posting, "post", take)
    slow, quick = "https://hooks.example/slow", "https://hooks.example/quick"
    schedule(house, shop, slow, quick, EMAIL)
    clock.move_to(at("2026-03-16 08:00"))
    assert deliver(house) == 3
    assert got == [quick, slow]
    assert [one["To"] for one in post.letters] == [EMAIL]


def test_slack_gets_words_and_no_marks_of_ours(house: House, shop: SiteInfo, clock: time_machine.Traveller) -> None:
    made = schedule(house, shop)
    clock.move_to(at("2026-03-16 08:00"))
    written = draft(
        house.store,
        shop,
        "https://stats.example.org",
        contents_of(made),
        last_due(rhythm_of(made, shop.tzinfo), utc_now()),
        ENGLISH,
    )
    foot = foot_of("https://stats.example.org", shop, made)
    blocks = json.loads(payload(written, foot, f"{SLACK}services/T/B/x"))
    assert blocks["text"].startswith("Lamps &amp; &lt;Chairs&gt;: 40 visitors")
    texts = [one["text"]["text"] for one in blocks["blocks"] if one["type"] == "section" and "text" in one]
    assert "“Pay &amp; go” of /" in texts[0]
    assert blocks["blocks"][-1]["elements"][0]["url"].startswith("https://stats.example.org/sites/")


def test_a_report_that_fails_is_tried_again_and_never_said_to_be_nothing(
    house: House, shop: SiteInfo, post: Post, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_away(*_: object) -> None:
        raise StoreDownError("the store is away")

    made = schedule(house, shop, language="pl")
    clock.move_to(at("2026-03-16 08:00"))
    with monkeypatch.context() as broken:
        broken.setattr(house.store, "query", is_away)
        deliver(house)
    assert post.letters == []
    with house.database.session() as session:
        [told] = history(session, session.get_one(Schedule, made.id))
    assert told.problem == "A store does not answer just now. What is collected meanwhile is kept and will be there."
    clock.move_to(at("2026-03-16 08:02"))
    deliver(house)
    assert post.letters[0]["Subject"].startswith("Lamps & <Chairs>: 40 odwiedzających")
