"""Which language is spoken now."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

import flask_babel
from flask import Flask, Response, current_app, g, has_app_context, has_request_context

from tracker.languages.catalog import Words
from tracker.languages.known import ENGLISH, Language

Select = Callable[[], Language]
_SELECT = "footfall-language"


def install(app: Flask, select: Select) -> None:
    """Have an app's requests speak the language that `select` returns for each."""
    babel = flask_babel.Babel(app, configure_jinja=False, locale_selector=lambda: spoken_language().locale)
    babel.domain_instance = Words()
    app.extensions[_SELECT] = select
    app.after_request(_vary)


def spoken_language() -> Language:
    """Return the language of what is written now: that of the request, or of `speaking`; else English."""
    if not has_app_context():
        return ENGLISH
    if "language" not in g:
        g.language = current_app.extensions[_SELECT]() if has_request_context() else ENGLISH
    return g.language  # type: ignore[no-any-return]


def _vary(response: Response) -> Response:
    """Tell caches that an answer with words is another for who reads another language."""
    if "language" in g:
        response.vary.add("Accept-Language")
    return response


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Write what is written within in a language, whoever asks: a letter in its reader's."""
    with nullcontext() if has_app_context() else _voice.app_context():
        before = spoken_language()
        _speak(language)
        try:
            yield
        finally:
            _speak(before)


def _speak(language: Language) -> None:
    g.language = language
    flask_babel.refresh()


# Jobs write letters where no request is, and Flask-Babel speaks only inside an app.
_voice = Flask("footfall-letters", static_folder=None, template_folder=None)
install(_voice, lambda: ENGLISH)
