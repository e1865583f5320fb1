"""A form says what it was filled with, so that who saves it undoes nothing that somebody else saved meanwhile."""

from collections.abc import Mapping
from hashlib import sha256

from tracker.errors import ConflictError
from tracker.languages import gettext


def mark_of(*shown: object) -> str:
    """Return a mark of what a form shows, which is another one as soon as any of it is."""
    return sha256(repr(shown).encode()).hexdigest()[:16]


def is_changed(form: Mapping[str, str], *stands: object, field: str = "before") -> bool:
    """Tell whether a form was filled with something else than what stands now; one without a mark is new."""
    mark = mark_of(*stands)
    return form.get(field, mark) != mark


def check_unchanged(form: Mapping[str, str], *stands: object) -> None:
    """Raise ConflictError when a form that comes back as it was sent was filled with something else than stands now."""
    if is_changed(form, *stands):
        problem = gettext(
            "somebody changed this meanwhile, and nothing was saved; save again to put yours in its place"
        )
        raise ConflictError("before", problem)
