"""A check of a release in words, for a terminal and a build's log."""

from collections.abc import Sequence

from tracker.client import Comparison, Place
from tracker.commands.checking_verdict import Judged

WHOLE_SITE = "the whole site"


def as_text(judged: Judged) -> str:
    """Write the verdict, then each comparison that fails the build, with its interval and its places."""
    check = judged.check
    before, after = check.before, check.after
    lines = [
        printable(f"{judged.site} since {check.release} of {check.released_at:%Y-%m-%d %H:%M %z}"),
        f"{before.visits:,} visits before, {after.visits:,} after; {check.compared:,} shares of views were compared.",
    ]
    if judged.is_too_little:
        lines.append(f"Too little to tell: {check.min_visits:,} visits are wanted on either side.")
    for one in judged.failed:
        lines += ["", f"{printable(heading(one))}", f"  {figures(one)}", *(f"  {printable(at(p))}" for p in one.places)]
    if not judged.failed and not judged.is_too_little:
        lines.append("Nothing that the build is to fail on.")
    return "\n".join(lines) + "\n"


def heading(one: Comparison) -> str:
    """Return what is compared, and where."""
    return f"{one.title} on {where(one)}{' (new)' if one.is_new else ''}"


def where(one: Comparison) -> str:
    """Return the page, or that it is of the whole site."""
    return WHOLE_SITE if one.path is None else one.path


def figures(one: Comparison) -> str:
    """Return both shares with what they are of, and between which their difference lies."""
    return (
        f"{_share(one.rate_before)} of {one.views_before:,} views before, {_share(one.rate)} of {one.views:,} after: "
        f"{_points(one.difference_low)} to {_points(one.difference_high)} points (95 %)"
    )


def at(place: Place) -> str:
    """Return a place on a page, and how much more often it is struck."""
    text = f' "{place.element_text}"' if place.element_text else ""
    what = place.script_error or f"{place.element}{text}"
    more = f"{_points(place.difference_low)} to {_points(place.difference_high)} points"
    return f"{what}: {_share(place.rate_before)} before, {_share(place.rate)} after, {more}"


def details(one: Comparison) -> Sequence[str]:
    """Return the lines that tell a comparison: figures, then places."""
    return [figures(one), *map(at, one.places)]


def printable(text: str) -> str:
    """Return a text without what could drive a terminal or break XML: what visitors send must not."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def _points(value: float) -> str:
    return f"{100 * value:+.1f}"
