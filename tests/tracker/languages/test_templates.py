"""What templates say words with, in a page and in a letter's plain text."""

import pytest
from jinja2 import Environment

from tracker.languages import language_of, speaking
from tracker.languages.templates import speak


@pytest.fixture(scope="module")
def engine() -> Environment:
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    speak(environment)
    return environment


def test_what_code_has_marked_is_any_text(engine: Environment) -> None:
    said = engine.from_string("{{ said(text) }}")
    assert said.render(text="Saw 25% of it") == "Saw 25% of it"
    assert said.render(text="A & <b>") == "A &amp; &lt;b&gt;"


def test_what_the_template_itself_says_may_hold_markup_and_escapes_what_is_told(engine: Environment) -> None:
    assert engine.from_string('{{ _("<b>%(name)s</b>, 5%%", name=name) }}').render(name="<i>") == "<b>&lt;i&gt;</b>, 5%"


def test_a_first_letter_is_written_by_where_it_stands(engine: Environment) -> None:
    page = engine.from_string("{{ one|first_upper }}, {{ other|first_lower }}, {{ ''|first_upper }}")
    assert page.render(one="<b>", other="ŁÓDŹ") == "&lt;b&gt;, łÓDŹ, "


@pytest.mark.parametrize(("tag", "said"), [("en", "a, b; a; b"), ("fa", "a، b؛ a؛ b")])
def test_lists_have_the_commas_of_the_language(engine: Environment, tag: str, said: str) -> None:
    page = engine.from_string("{{ parts|listed }}{{ ['', parts|semicolons]|semicolons }}")
    with speaking(language_of(tag)):
        assert page.render(parts=["a", "b"]) == said
