"""Every privacy mode is told completely, and in one place."""

from pathlib import Path

import pytest

from tracker.cnil import conditions_table
from tracker.privacy import COLLECTED, KEPT, MODE, MODES, NEVER, Mode, left_behind
from tracker.privacy_words import added_in_words, kept_in_words, modes_table, paragraph
from tracker.sites import PRIVACY_MODES

CHAPTER = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text()
EACH = pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)


def test_every_mode_of_a_site_is_told_of() -> None:
    assert tuple(mode.name for mode in MODES) == PRIVACY_MODES
    assert {one.mode for one in KEPT} <= set(PRIVACY_MODES)


def test_each_mode_keeps_what_the_contract_says() -> None:
    names = {mode.name: [one.name for one in mode.keeps] for mode in MODES}
    assert names == {
        "count": [],
        "cookieless": ["daily number"],
        "consented": ["daily number", "first-party id"],
        "stitched": ["daily number", "first-party id", "login", "fingerprint", "link token"],
    }


@EACH
def test_a_mode_asks_for_consent_exactly_where_it_keeps_what_needs_it_or_stores_on_the_device(mode: Mode) -> None:
    assert mode.consent == any(one.consent for one in mode.keeps) == (mode.device != "nothing")


@EACH
def test_lists_name_all_that_is_kept(mode: Mode) -> None:
    words = " ".join(kept_in_words(mode))
    for one in KEPT:
        assert (one.what in words) == (one in mode.keeps)
        assert (one.what in added_in_words(mode)) == (one in mode.adds)
    assert words.count("of those who agree") == sum(one.consent for one in mode.keeps)


@EACH
@pytest.mark.parametrize("days", [None, 393, 758, 30])
def test_the_paragraph_tells_all_and_no_more(mode: Mode, days: int | None) -> None:
    text = paragraph(mode, days, "https://stats.example.org/privacy/abc")
    for one in KEPT:
        assert (one.told in text) == (one in mode.keeps)
    assert all(collected in text for collected in COLLECTED)
    assert "IP address is used for a moment and never stored" in text
    assert ("stores nothing on your device" in text) == (mode.device == "nothing")
    assert ("only if you agree" in text) == ("take your consent back" in text) == mode.consent
    assert ("Global Privacy Control" in text) == bool(mode.keeps)
    said = {None: "as long as we keep", 393: "after 13 months", 758: "after 25 months", 30: "after 30 days"}
    assert said[days] in text
    assert text.endswith("https://stats.example.org/privacy/abc")


def test_what_stays_behind_is_what_the_stricter_mode_does_not_keep() -> None:
    assert [one.name for one in left_behind("stitched", "consented")] == ["login", "fingerprint", "link token"]
    assert left_behind("consented", "count") == MODE["consented"].keeps
    assert left_behind("count", "stitched") == ()
    assert left_behind("cookieless", "cookieless") == ()


def test_the_chapter_for_owners_has_the_same_words() -> None:
    assert modes_table() in CHAPTER
    for mode in MODES:
        assert f"> {paragraph(mode, 758)}" in CHAPTER
    for line in (*COLLECTED, *NEVER):
        assert line in CHAPTER
    assert conditions_table() in CHAPTER
