"""Where something happened, in words: on an element of a page, on a page, on the whole site."""

from reports.report import Row
from reports.wording.elements import element_words
from tracker.languages import gettext, spoken_language


def isolated(name: str) -> str:
    """Return a name from outside as it stands in a sentence: where that goes from right to left, on its own.

    Else the / at the beginning of a page's path would jump to its other end (Unicode's bidirectional algorithm, UAX 9).
    """
    return f"\u2068{name}\u2069" if spoken_language().direction == "rtl" else name


def struck_at(what: str, row: Row) -> str:
    """Say what struck where: Dead click on the “Buy now” button of /cart. The row has path, element and its text."""
    path = isolated(str(row["path"])) if row.get("path") else None
    if row.get("element"):
        element = isolated(element_words(str(row["element"]), row.get("element_text")))
        if path:
            return gettext("%(what)s on the %(element)s of %(path)s", what=what, element=element, path=path)
        return gettext("%(what)s on the %(element)s", what=what, element=element)
    if path:
        return gettext("%(what)s on %(path)s", what=what, path=path)
    return gettext("%(what)s on the whole site", what=what)
