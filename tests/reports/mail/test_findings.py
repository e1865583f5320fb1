"""The words on top of a letter: what they make of figures, and how sure they are."""

import pytest

from reports.mail.findings import count_change


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (1300, 1000, "30% more (1,000 before)"),
        (700, 1000, "30% fewer (1,000 before)"),
        (3000, 1000, "3 times as many (1,000 before)"),
        (1020, 1000, "about as many as before (1,000 before; so small a difference may be chance)"),
        (13, 10, "about as many as before (10 before; so small a difference may be chance)"),
        (0, 40, "none, after 40"),
    ],
)
def test_a_change_is_told_where_it_is_beyond_chance(now: int, before: int, words: str) -> None:
    assert count_change(now, before) == words
