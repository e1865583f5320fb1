"""Addresses: all of a page's state is in them, and every link is the same state with one thing changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin

from reports.query.dimensions import BY_NAME
from reports.query.filters import OR, Filter

Words = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Address:
    """A page's path and the words of its query, in order."""

    path: str
    words: Words = ()

    def __str__(self) -> str:
        """Write it as a link."""
        return f"{self.path}?{urlencode(self.words)}" if self.words else self.path

    def at(self, path: str) -> "Address":
        """Look at another page in the same way."""
        return Address(path, self.words)

    def beside(self, path: str) -> str:
        """Return the path that a relative one leads to from here."""
        return urljoin(self.path, path)

    def having(self, **changes: str | None) -> "Address":
        """Replace words; None leaves them out."""
        kept = tuple(pair for pair in self.words if pair[0] not in changes)
        return Address(self.path, kept + tuple((name, value) for name, value in changes.items() if value is not None))

    def filtered(self, dimension: str, value: str | None) -> "Address":
        """Add that a dimension is this value (None: has none), in place of what was asked of it before."""
        added = str(Filter(BY_NAME[dimension], "is", (value or "",)))
        kept = [group for group in self.filters if len(group) > 1 or not group[0].startswith(f"{dimension}:is:")]
        return self._with_filters([*kept, (added,)])

    def without_filter(self, number: int) -> "Address":
        """Leave out the filter that stands at this place among the filters, and its alternatives."""
        return self._with_filters([group for n, group in enumerate(self.filters) if n != number])

    @property
    def filters(self) -> list[tuple[str, ...]]:
        """The filters, each followed by its alternatives."""
        groups: list[tuple[str, ...]] = []
        for name, word in self.words:
            if name == "filter" and word.startswith(OR) and groups:
                groups[-1] = (*groups[-1], word)
            elif name == "filter":
                groups.append((word,))
        return groups

    def _with_filters(self, groups: Iterable[tuple[str, ...]]) -> "Address":
        rest = tuple(pair for pair in self.words if pair[0] != "filter")
        return Address(self.path, rest + tuple(("filter", word) for group in groups for word in group))

    def hidden(self, *but: str) -> Words:
        """Return the words that a form has to carry along, without those that it sets itself."""
        return tuple(pair for pair in self.words if pair[0] not in but)


def link_to(address: str, site_key: str, report: str, words: Sequence[tuple[str, str]]) -> str:
    """Return the address of a report's page, in full."""
    page = "" if report == "overview" else f"reports/{report}"
    return f"{address}/sites/{site_key}/{page}?{urlencode(words)}"


def page_of_alert(address: str, site_key: str, facts: Mapping[str, object]) -> str:
    """Return the address of the report that an alert leads to, in the days that it is about."""
    words = [(name, str(facts[name])) for name in ("range", "release") if name in facts]
    return link_to(address, site_key, str(facts["report"]), words)
