"""Changes are said in words, and told whether they are good or bad."""

import pytest

from reports.wording.deltas import delta, short_delta
from tracker.languages import language_of, speaking


@pytest.mark.parametrize(
    ("name", "now", "before", "kind", "arrow", "text", "mood", "short"),
    [
        ("visitors", 1200, 1000, "count", "▲", "20% more", "better", "+20%"),
        ("visitors", 800, 1000, "count", "▼", "20% fewer", "worse", "−20%"),
        ("visitors", 120, 100, "count", "▲", "20% more", "", "+20%"),  # which may be chance
        ("visitors", 2, 1, "count", "▲", "100% more", "", "+100%"),
        ("bounce_rate", 0.4, 0.36, "share", "▲", "4 points higher", "worse", "+4 points"),
        ("bounce_rate", 0.35, 0.36, "share", "▼", "1 point lower", "better", "−1 point"),
        ("bounce_rate", 0.355, 0.36, "share", "▼", "0.5 points lower", "better", "−0.5 points"),
        ("engaged_ms_per_visit", 9000, 12000, "ms", "▼", "25% shorter", "worse", "−25%"),
        ("visitors", 100, 100, "count", "", "as before", "", "±0"),
        ("visitors", 100, 0, "count", "", "none before", "", "new"),
        ("visitors", 100, None, "count", "", "none before", "", "new"),
        ("bounce_rate", None, 0.2, "share", "", "none before", "", None),
        ("bounce_rate", 0.2, None, "share", "", "none before", "", None),
        ("visits", 1500, 100, "count", "▲", "15 times as many", "better", "×15"),
        ("clicks", 120, 100, "count", "▲", "20% more", "", "+20%"),
    ],
)
def test_changes_are_said_in_words_with_their_mood(
    name: str,
    now: float | None,
    before: float | None,
    kind: str,
    arrow: str,
    text: str,
    mood: str,
    short: str | None,
) -> None:
    changed, in_a_row = delta(name, now, before, kind), short_delta(name, now, before, kind)
    assert (changed.arrow, changed.text, changed.mood) == (arrow, text, mood)
    assert (in_a_row and in_a_row.text) == short
    assert in_a_row is None or in_a_row.mood == mood


def test_changes_are_written_as_the_language_writes_shares() -> None:
    with speaking(language_of("pl")):
        found = short_delta("visits", 112, 100, "count")
        assert found is not None
        assert found.text == "+12%"
        assert delta("visits", 1200, 100, "count").text.startswith("12× ")
    with speaking(language_of("fi")):
        assert delta("visits", 112, 100, "count").text.startswith("12\u00a0% ")
