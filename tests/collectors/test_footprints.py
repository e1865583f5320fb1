"""Equal rows are told apart, however mixed they come and however many there are."""

import pytest

from collectors import footprints
from collectors.footprints import Numbering
from tracker.errors import FootfallError

DAY = 1000


def test_of_the_spans_that_are_not_in_use_the_counts_go() -> None:
    numbering = Numbering(DAY, held=2)
    first = numbering.identify(b"row", 0)
    numbering.identify(b"other", DAY)
    second = numbering.identify(b"row", 1)
    numbering.identify(b"other", 2 * DAY)
    third = numbering.identify(b"row", 2)
    assert len({first, second, third}) == 3
    numbering.identify(b"other", 3 * DAY)
    numbering.identify(b"other", 4 * DAY)
    assert numbering.identify(b"row", 3) == first


def test_another_import_gives_the_same_rows_the_same_ids() -> None:
    rows = [b"a", b"b", b"a", b"a"]
    one, other = Numbering(DAY, held=1), Numbering(DAY, held=1)
    ids = [one.identify(row, 0) for row in rows]
    assert ids == [other.identify(row, 0) for row in rows]
    assert len(set(ids)) == 4


def test_days_of_very_many_rows_are_let_go_of_sooner_and_one_of_too_many_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(footprints, "_MOST_NUMBERED", 3)
    numbering = Numbering(DAY, held=3)
    first = [numbering.identify(row, 0) for row in (b"a", b"b", b"c", b"a")]
    assert len(set(first)) == 4
    for row in (b"a", b"b", b"c"):
        numbering.identify(row, DAY)
    assert numbering.identify(b"a", 0) == first[0]
    numbering.identify(b"b", 0)
    numbering.identify(b"c", 0)
    with pytest.raises(FootfallError, match="more than 3 rows of one day"):
        numbering.identify(b"d", 0)
