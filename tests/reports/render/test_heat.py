"""The parts of a page's height have names."""

from reports.render.heat import part_name
from tracker.languages import language_of, speaking


def test_parts_of_a_page_are_numbered_in_the_languages_digits() -> None:
    assert part_name(1) == "5–10%"
    with speaking(language_of("fa")):
        assert part_name(1) == "۵–۱۰٪"
