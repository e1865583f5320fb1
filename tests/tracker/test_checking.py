"""What fields have in common says what is wrong, in the digits of whoever reads."""

import pytest

from tracker.checking import check_length, check_title, one_of, whole_number
from tracker.errors import InvalidInputError
from tracker.languages import language_of, speaking


def test_a_title_is_kept_without_the_spaces_around_it() -> None:
    assert check_title("name", " Lamps / Chairs ", 14) == "Lamps / Chairs"


@pytest.mark.parametrize(("text", "slash"), [("", True), ("  ", True), ("a" * 9, True), ("a\0b", True), ("a/b", False)])
def test_a_title_that_cannot_be_is_refused_under_its_field(text: str, slash: bool) -> None:
    with pytest.raises(InvalidInputError, match="name: must have 1 to 8 characters that can be read") as refused:
        check_title("name", text, 8, slash=slash)
    assert ("no slash" in refused.value.problem) is not slash


def test_how_long_a_text_may_be_is_said_in_the_digits_of_its_reader() -> None:
    assert check_length("text", "", 1000) == ""
    for tag, most in (("en", "1,000"), ("fa", "۱٬۰۰۰"), ("fa-u-nu-latn", "1,000")):
        for check in (check_title, check_length):
            with speaking(language_of(tag)), pytest.raises(InvalidInputError) as refused:
                check("text", "a" * 1001, 1000)
            assert most in refused.value.problem


def test_one_of_those_that_are_known_is_taken_and_no_other() -> None:
    assert one_of("role", "editor", ("viewer", "editor")) == "editor"
    with pytest.raises(InvalidInputError, match="role: must be one of viewer, editor"):
        one_of("role", "Editor", ("viewer", "editor"))


def test_a_whole_number_is_read_and_anything_else_refused_under_its_field() -> None:
    assert whole_number("hour", " ۱۲ ") == 12
    with pytest.raises(InvalidInputError, match="hour: must be a whole number"):
        whole_number("hour", "noon")
