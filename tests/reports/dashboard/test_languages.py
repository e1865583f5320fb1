"""Which language a page speaks: the browser's, or the one that a person chose; with its numbers and days."""

from contextlib import nullcontext

import pytest

from reports.dashboard.privacy_telling import IDENTIFY_LINES, commented
from reports.dashboard.profile_telling import kinds_in_words, stretch, when
from reports.wording.deeds import deed, detail
from tests.kit.pages import EMAIL, Person, read
from tracker.house import House
from tracker.languages import LANGUAGES, language_of, speaking
from tracker.models import User
from tracker.privacy_changes import change_privacy
from tracker.sites import SiteInfo

POLISH = {"Accept-Language": "pl, en;q=0.5"}


def choose(person: Person, tag: str) -> int:
    return person.send("/account", {"language": tag}, to="/account/language").status_code


def speaks(person: Person, path: str = "/account") -> tuple[str, str]:
    [html] = read(person.get(path, headers=POLISH)).all("html")
    return html["lang"], html["dir"]


def test_a_chosen_language_goes_before_the_browsers(owner: Person) -> None:
    assert speaks(owner) == ("pl", "ltr")
    assert choose(owner, "fa") == 302
    assert speaks(owner) == ("fa", "rtl")
    page = owner.get("/account", headers=POLISH)
    assert "۱۰" in page.text
    [chosen] = [one for one in read(page).all("option") if "selected" in one]
    assert chosen["value"] == "fa"


def test_digits_and_calendar_can_be_chosen_apart(owner: Person) -> None:
    assert choose(owner, "fa-u-ca-gregory-nu-latn") == 302
    assert speaks(owner) == ("fa", "rtl")
    page = owner.text("/account")
    assert "10" in page
    assert "۱۰" not in page


def test_the_choice_can_be_left_to_the_browser_again(owner: Person) -> None:
    choose(owner, "fi")
    assert speaks(owner) == ("fi", "ltr")
    choose(owner, "")
    assert speaks(owner) == ("pl", "ltr")


def test_each_language_is_offered_by_its_own_name(owner: Person) -> None:
    page = owner.get("/account")
    offered = [one for one in read(page).all("option") if one["value"]]
    assert [(one["value"], one["lang"]) for one in offered] == [(one.tag, one.code) for one in LANGUAGES]
    assert all(one.name in page.text for one in LANGUAGES)


def test_a_language_that_is_not_spoken_is_refused_beside_its_field(house: House, owner: Person) -> None:
    refused = owner.send("/account", {"language": "tlh"}, to="/account/language")
    assert refused.status_code == 400
    [field] = [one for one in read(refused).all("select") if one["name"] == "language"]
    assert (field["aria-invalid"], field["aria-describedby"]) == ("true", "language-problem")
    assert "one of en, fi" in refused.text
    with house.database.session() as session:
        assert session.query(User).filter_by(email=EMAIL).one().language is None


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("en-US,fi;q=0.5", "en"),
        ("en-GB,pl;q=0.1", "en"),
        ("fa-IR,en;q=0.5", "fa"),
        ("fi;q=0,pl;q=0.4", "pl"),
        ("sv,fi-FI;q=0.8,en;q=0.2", "fi"),
        ("tlh", "en"),
        ("*", "en"),
    ],
)
def test_the_first_of_the_browsers_languages_that_is_spoken_is_taken(stranger: Person, asked: str, code: str) -> None:
    page = stranger.get("/sign-in", headers={"Accept-Language": asked})
    assert read(page).all("html")[0]["lang"] == code
    assert "Accept-Language" in page.headers["Vary"]


def test_strangers_read_the_page_for_visitors_in_their_own_language(stranger: Person, shop: SiteInfo) -> None:
    page = stranger.get(f"/privacy/{shop.key}", headers=POLISH)
    assert {"Accept-Language", "Cookie"} <= set(page.headers["Vary"].split(", "))


@pytest.mark.parametrize("path", ["settings", "signals", "profiles", "profiles/conflicts", "tag", "audit"])
def test_the_pages_of_a_site_can_be_read_in_every_script(
    house: House, owner: Person, shop: SiteInfo, path: str
) -> None:
    with house.database.session() as session:
        change_privacy(session, shop.id, "stitched", 393, EMAIL)
    choose(owner, "fa")
    page = owner.get(f"/sites/{shop.key}/{path}")
    assert page.status_code == 200
    assert read(page).all("html")[0]["dir"] == "rtl"


@pytest.mark.parametrize("tag", ["en", "fa"])
def test_what_is_counted_is_written_in_the_languages_digits(tag: str) -> None:
    with speaking(language_of(tag)) if tag != "en" else nullcontext():
        said = kinds_in_words({"login": 1, "daily_hash": 1200})
    assert said[0] == {"en": "1", "fa": "۱"}[tag]


def test_words_that_nobody_knows_are_shown_as_they_are() -> None:
    assert (deed("change-mode"), deed("tie-a-knot")) == ("changed the privacy mode", "tie a knot")
    assert (detail("archive_parts"), detail("some_thing")) == ("archive parts", "some thing")
    assert when(None) == "–"
    assert stretch(None, None) == "of this profile from the beginning"
    assert commented(IDENTIFY_LINES).startswith("// once somebody has signed in")
