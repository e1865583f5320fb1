"""Whole numbers are read as people type them, in the digits that they are shown."""

import pytest

from tracker.languages.numbers import read_whole
from tracker.retention import retention_of


@pytest.mark.parametrize("typed", ["30", " ۳۰ ", "٣٠", "۰۳0"])
def test_a_whole_number_is_read_in_the_digits_that_are_shown(typed: str) -> None:
    assert read_whole(typed) == retention_of("days", typed) == 30


@pytest.mark.parametrize("typed", ["", "३०", "-۳", "۳٫۵", "3 0", "³", "9" * 13])
def test_what_is_no_whole_number_is_none(typed: str) -> None:
    assert read_whole(typed) is None
