"""What is told in a text is written as its language writes it."""

from tracker.languages import gettext, language_of, speaking


def test_a_whole_number_that_is_told_is_written_as_the_language_writes_it() -> None:
    with speaking(language_of("fa")):
        assert "۱٬۰۰۰" in gettext("there are %(most)s already; remove one first", most=1000)
        assert "503" in gettext("%(host)s answered %(status)s.", host="example.org", status="503")
        assert gettext("%(low)s %(high)s", low=True, high=0.5) == "True 0.5"
