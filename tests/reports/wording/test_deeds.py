"""What the audit noted, in words: by the name of what is noted, and by what was done."""

import pytest

from reports.wording.deeds import subject, value
from tracker.languages import language_of, speaking


@pytest.mark.parametrize(
    ("action", "name", "found", "said"),
    [
        ("change-mode", "from", "cookieless", "Without cookies"),
        ("change-retention", "to", 90, "90 days"),
        ("change-retention", "from", None, "for ever"),
        ("change-role", "was", "admin", "admin"),
        ("decide-conflict", "decision", "apart", "two people"),
        ("make-share", "pages", "overview, dead_clicks", "Overview, dead_clicks"),
        ("expire", "before", "2026-11-03", "3 Nov 2026"),
        ("expire", "before", "some day", "some day"),
        ("expire", "events", 12_345, "12,345"),
        ("erase-person", "whole", True, "yes"),
        ("merge-profiles", "reason", "admin", "admin"),
    ],
)
def test_what_is_noted_is_said_by_its_name(action: str, name: str, found: object, said: str) -> None:
    assert value(action, name, found) == said


def test_a_reason_is_not_translated_though_it_may_be_a_word_of_ours() -> None:
    with speaking(language_of("fi")):
        assert value("merge-profiles", "reason", "admin") == "admin"
        assert value("change-role", "now", "admin") != "admin"


def test_a_subject_is_said_by_what_was_done_to_it() -> None:
    assert subject("add-tracker", "plausible") == "Plausible"
    with speaking(language_of("fi")):
        assert subject("change-retention", "retention") != "retention"
        assert subject("make-share", "retention") == "retention"
