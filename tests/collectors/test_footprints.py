"""Equal rows are told apart, however mixed they come and however many there are."""

from collectors.footprints import Numbering

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
