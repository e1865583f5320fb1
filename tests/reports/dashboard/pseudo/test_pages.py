"""Every page in a language that nobody speaks: all that it says goes through the translators' files."""

import pytest

from tests.reports.dashboard.pseudo.pages import OPEN_PAGES, PAGES, STATUSES
from tests.reports.dashboard.pseudo.place import Place


@pytest.mark.parametrize("path", [*PAGES, *OPEN_PAGES])
def test_all_that_a_page_says_can_be_translated(place: Place, path: str) -> None:
    answered = place.ask(path)
    assert answered.status_code == STATUSES.get(path, 200)
    found = place.unsaid(answered)
    assert not found, "\n".join((path, *found))
