"""The reader of pages in brackets finds what is outside of them."""

from tests.kit.pseudo import unsaid


def test_words_past_the_translators_are_found() -> None:
    page = '<p>⟦Read <a title="⟦Docs⟧">the docs⟧</a> now</p><bdi>Ann</bdi> <img alt="A cat"><i lang="pl">Tak</i> Ben'
    assert unsaid(page, frozenset(("Ben",))) == ["now", "alt='A cat'"]
    assert unsaid('<datalist><option value="⟦Yes⟧"><option value="No"></datalist>') == ["value='No'"]
    assert unsaid("<p>⟦Cut off</p> Not seen") == ["1 brackets are open at the end"]
