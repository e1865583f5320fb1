"""A house that speaks in brackets, and who asks and sends there."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

from werkzeug.test import TestResponse

from reports.run import FAILED
from tests.kit.pages import Person
from tests.kit.pseudo import TAG, unsaid
from tests.reports.dashboard.pseudo.forms import Form
from tests.reports.dashboard.pseudo.pages import OPEN_PAGES

AS_TAG = {"Accept-Language": TAG}


def address(path: str, values: Mapping[str, object]) -> str:
    """Return where a path leads: below the sample's pages, or from a / at its beginning."""
    return (path if path.startswith("/") else f"/sites/{{site}}/{path}").format_map(values)


@dataclass(frozen=True)
class Place:
    """A house with the sample and a bare site; `values` fill in the addresses, `names` are from outside."""

    owner: Person
    stranger: Person
    values: dict[str, object]
    names: frozenset[str]

    def ask(self, path: str) -> TestResponse:
        """Ask for a page and go nowhere else, as whoever is not signed in would be led away."""
        person = self.stranger if path in OPEN_PAGES else self.owner
        return person.get(address(path, self.values), headers=AS_TAG)

    def press(self, path: str) -> TestResponse:
        """Press the one button of a page that is open to everybody."""
        return self.stranger.client.post(address(path, self.values), headers=AS_TAG)

    def send(self, who: Person, form: Form) -> TestResponse:
        """Send a form and go where it leads."""
        page, to, fields = form
        told = {name: one() if callable(one) else one.format(**self.values) for name, one in fields.items()}
        page, to = (address(path, self.values) for path in (page, to))
        return who.send(page, told, to=to, headers=AS_TAG, follow_redirects=True)

    def unsaid(self, answered: TestResponse) -> list[str]:
        """Return what is said past the translators on a page all parts of which were made."""
        assert f'lang="{TAG}"' in answered.text or "<html" not in answered.text
        assert FAILED not in unescape(answered.text)
        return unsaid(answered.text, self.names)
