"""What visitors send, made fit for paper: it stays what it was, steers nothing, and fits."""

import re

from hypothesis import given
from hypothesis import strategies as st

from reports.pdf.text import BREAK, LONGEST, LONGEST_RUN, UNKNOWN, fitting, printable

TEXTS = st.text(max_size=2 * LONGEST) | st.text(alphabet="ab/\u2066\u2067\u2068\u2069\u202e", max_size=40)


@given(TEXTS)
def test_nothing_that_steers_is_left_and_no_text_is_endless(text: str) -> None:
    shown = printable(text)
    assert len(shown) <= LONGEST
    whole = re.sub("\u2068([^\u2066-\u2069]*)\u2069", r"\1", shown)  # what only keeps a name apart steers nothing
    assert not re.search(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", whole)


@given(TEXTS)
def test_places_to_break_are_all_that_is_added(text: str) -> None:
    assert fitting(text).replace(BREAK, "") == printable(text)


@given(st.text(alphabet="abz019.#", max_size=LONGEST))
def test_no_run_is_longer_than_a_column_has_room_for(text: str) -> None:
    assert all(len(run) <= LONGEST_RUN for run in re.split(f"[{BREAK} ]", fitting(text)))


def test_an_ordinary_path_stays_as_it_can_be_copied() -> None:
    assert fitting("/product/river-mug") == "/product/river-mug"


def test_a_selector_breaks_at_its_steps() -> None:
    parts = fitting("main>section.delivery>button[name=work-it-out]").split(BREAK)
    assert parts == ["main>", "section", ".delivery>", "button", "[name=", "work-it-out]"]


def test_a_name_is_kept_apart_by_a_pair_of_isolates_and_by_nothing_less() -> None:
    assert printable("on \u2068/cart\u2069.") == "on \u2068/cart\u2069."
    assert printable("on \u2068/cart") == f"on {UNKNOWN}/cart"
    assert printable("\u2068a\u2067b\u2069") == f"{UNKNOWN}a{UNKNOWN}b{UNKNOWN}"


def test_what_turns_letters_around_is_shown_as_unknown() -> None:
    assert printable("\u202egnp.exe\x00\ttail") == f"{UNKNOWN}gnp.exe{UNKNOWN} tail"
