"""What a check of a release is asked with: the same words in the API and on the command line."""

from collections.abc import Mapping, Sequence

from reports.query.words import check_words
from reports.scope import Scope, parse_scope
from tracker.checking import check_number
from tracker.errors import InvalidInputError
from tracker.releases import ReleaseInfo
from tracker.sites import SiteInfo

USUAL_VISITS = 100
MOST_VISITS = 1_000_000
CHOSEN = ("filter", "segment", "bots")
WORDS = ("since", "min_visits", *CHOSEN)


def parse_check(site: SiteInfo, words: Mapping[str, Sequence[str]]) -> tuple[Scope, ReleaseInfo, int]:
    """Return the scope, the release that was named or the newest, and how many visits are wanted on either side.

    Raises InvalidInputError, naming the word and what may stand there.
    """
    check_words(words, WORDS, lists=("filter",))
    if not site.releases:
        raise InvalidInputError("since", "no release is marked yet; mark one with `footfall release NAME`")
    chosen = {word: values for word, values in words.items() if word in CHOSEN}
    try:
        scope = parse_scope(site, {**chosen, "release": words.get("since", [])})
    except InvalidInputError as error:
        raise InvalidInputError("since" if error.field == "release" else error.field, error.problem) from error
    return scope, scope.release or site.releases[-1], _visits("".join(words.get("min_visits", ())) or str(USUAL_VISITS))


def _visits(text: str) -> int:
    return check_number("min_visits", text, 0, MOST_VISITS)
