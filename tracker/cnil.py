"""The French exemption: what CNIL asks of audience measurement that needs no consent, and who sees to it.

Article 82 of the French data protection act; CNIL's guidelines and recommendation of 17 September
2020, and its self-assessment of July 2025. As we read them: no legal advice.
"""

from dataclasses import dataclass

from tracker.languages import marked
from tracker.retention import MONTHS

MODE = "cookieless"
RETENTION_DAYS = MONTHS[25]


@dataclass(frozen=True)
class Condition:
    """What is asked; `how` it is met, and whether the `owner` has to do something for it."""

    what: str
    owner: bool
    how: str


CONDITIONS = (
    Condition(
        marked("Only the audience of this site is measured, for its owner alone."),
        owner=True,
        how=marked("Do not join the numbers with other data, hand them on, or put people into custom events."),
    ),
    Condition(
        marked("Nobody is followed to other sites."),
        owner=False,
        how=marked("Each site has salts and keys of its own."),
    ),
    Condition(
        marked("Only anonymous statistics come of it."),
        owner=False,
        how=marked("A visitor’s number is worth nothing after a day."),
    ),
    Condition(marked("Visitors are told."), owner=True, how=marked("Put the paragraph on your privacy page.")),
    Condition(
        marked("Visitors can object."),
        owner=True,
        how=marked("Link to the page for visitors, from every page if you can."),
    ),
    Condition(
        marked("A tracker lives 13 months at most, and visits do not extend that."),
        owner=False,
        how=marked("There is none in this mode."),
    ),
    Condition(
        marked("What is collected is kept 25 months at most."),
        owner=False,
        how=marked("The retention deletes what is older."),
    ),
    Condition(
        marked("These times are looked at again now and then, and all this can be shown."),
        owner=True,
        how=marked("Note that you did. Each change of mode and retention stands in the audit."),
    ),
)


def is_set(mode: str, retention_days: int | None) -> bool:
    """Tell whether a site's settings are within the exemption."""
    return mode in ("count", MODE) and retention_days is not None and retention_days <= RETENTION_DAYS


def conditions_table() -> str:
    """Return the conditions in Markdown."""
    rows = (f"| {one.what} | {'you' if one.owner else 'Footfall'} | {one.how} |" for one in CONDITIONS)
    return "\n".join(("| condition | who sees to it | how |\n|---|---|---|", *rows))
