"""Values that are words of ours are said as words; others stay."""

from reports.wording.values import value_words


def test_values_that_are_none_of_ours_stay() -> None:
    assert [value_words(one) for one in ("false affordance", "colour", "")] == ["False affordance", "Colour", ""]
