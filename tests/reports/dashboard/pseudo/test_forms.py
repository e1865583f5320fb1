"""What is said to who sends a form, in a language that nobody speaks, goes through the translators' files.

The forms are sent one after another: the first ones change nothing, the last ones take away what others need.
"""

import pytest

from tests.reports.dashboard.pseudo.forms import (
    OPEN_FORMS,
    REFUSED,
    REFUSED_OUTSIDE,
    STATUSES,
    TAKEN,
    TAKEN_OUTSIDE,
    TO_SIGN_IN,
    Form,
)
from tests.reports.dashboard.pseudo.place import Place


def told(forms: tuple[Form, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("form", forms, ids=[f"{to}-{number}" for number, (_, to, _) in enumerate(forms)])


@told(REFUSED)
def test_all_that_is_said_to_a_wrong_form_can_be_translated(place: Place, form: Form) -> None:
    answered = place.send(place.owner, form)
    assert answered.status_code in STATUSES.get(form[1], (400,))
    found = place.unsaid(answered)
    assert not found, "\n".join((str(form), *found))


@told(REFUSED_OUTSIDE)
def test_all_that_is_said_to_a_strangers_wrong_form_can_be_translated(place: Place, form: Form) -> None:
    answered = place.send(place.stranger, form)
    assert answered.status_code in STATUSES.get(form[1], (400,))
    found = place.unsaid(answered)
    assert not found, "\n".join((str(form), *found))


@pytest.mark.parametrize("path", OPEN_FORMS)
def test_all_that_is_said_to_who_has_no_account_can_be_translated(place: Place, path: str) -> None:
    answered = place.press(path)
    assert answered.status_code == 200
    found = place.unsaid(answered)
    assert not found, "\n".join((path, *found))


@told(TAKEN_OUTSIDE)
def test_all_that_a_strangers_form_leads_to_can_be_translated(place: Place, form: Form) -> None:
    answered = place.send(place.stranger, form)
    assert (answered.status_code, answered.request.path == "/sign-in") == (200, form[1] in TO_SIGN_IN)
    found = place.unsaid(answered)
    assert not found, "\n".join((str(form), *found))


@told(TAKEN)
def test_all_that_a_form_leads_to_can_be_translated(place: Place, form: Form) -> None:
    answered = place.send(place.owner, form)
    assert (answered.status_code, answered.request.path == "/sign-in") == (200, form[1] in TO_SIGN_IN)
    found = place.unsaid(answered)
    assert not found, "\n".join((str(form), *found))
