"""What the audit's entries say in words."""

from collections.abc import Callable, Mapping
from datetime import date

from reports import REPORTS
from reports.wording.words import count
from tracker.foreign import BY_NAME as PRODUCTS
from tracker.imports.titles import title_of
from tracker.languages import counted, dates, gettext, marked
from tracker.languages.lists import listed, separated
from tracker.privacy import MODE

DEEDS = {
    "merge-profiles": marked("merged two profiles"),
    "take-back-edge": marked("took a tie back"),
    "put-back-edge": marked("put a tie back"),
    "decide-conflict": marked("decided a conflict"),
    "export-person": marked("exported everything about a person"),
    "erase-person": marked("had a person erased"),
    "erase-again": marked("had all who were erased before erased again"),
    "person-erased": marked("the last of it is gone"),
    "invite-member": marked("invited somebody"),
    "take-back-invitation": marked("took an invitation back"),
    "join-site": marked("joined the site"),
    "change-role": marked("changed a role"),
    "remove-member": marked("removed a member"),
    "make-share": marked("made a share link"),
    "renew-share": marked("gave a share link another address"),
    "revoke-share": marked("revoked a share link"),
    "add-tracker": marked("let another tracker send"),
    "remove-tracker": marked("let another tracker send no more"),
    "make-webhook": marked("made a webhook"),
    "change-webhook": marked("changed a webhook"),
    "rotate-webhook": marked("gave a webhook another secret"),
    "start-webhook": marked("switched a webhook on"),
    "stop-webhook": marked("switched a webhook off"),
    "delete-webhook": marked("deleted a webhook"),
    "import-counts": marked("took in what another product counted"),
    "import-events": marked("took in events of another product"),
    "stop-import": marked("stopped an import"),
    "remove-import": marked("removed what another product counted"),
    "expire": marked("deleted what was too old"),
    "hold-expiry": marked("held deletion back"),
    "allow-expiry": marked("let deletion go ahead"),
    "change-retention": marked("changed the retention"),
    "change-mode": marked("changed the privacy mode"),
    "reconsider-links": marked("looked at what looks alike again"),
}
# What is known of an entry beside, by its name there.
DETAILS = {
    "a": marked("a"),
    "added": marked("added"),
    "archive_parts": marked("archive parts"),
    "b": marked("b"),
    "before": marked("before"),
    "counts": marked("counts"),
    "days": marked("days"),
    "dead_letters": marked("dead letters"),
    "decision": marked("decision"),
    "edge": marked("edge"),
    "edges": marked("edges"),
    "events": marked("events"),
    "from": marked("from"),
    "id": marked("id"),
    "identifiers": marked("identifiers"),
    "now": marked("now"),
    "pages": marked("pages"),
    "reason": marked("reason"),
    "role": marked("role"),
    "taken back": marked("taken back"),
    "to": marked("to"),
    "together": marked("together"),
    "waiting_rows": marked("waiting rows"),
    "was": marked("was"),
    "with": marked("with"),
}
# What was done something to, by the deed, where that is no name.
_SUBJECTS = {
    "expire": marked("events"),
    "hold-expiry": marked("events"),
    "allow-expiry": marked("events"),
    "change-mode": marked("privacy mode"),
    "change-retention": marked("retention"),
}
_DECISIONS = {"one": marked("one person"), "apart": marked("two people")}
ROLES = {"viewer": marked("viewer"), "editor": marked("editor"), "admin": marked("admin")}
_REPORTS = {report.name: report.title for report in REPORTS}


def deed(action: str) -> str:
    """Say what was done."""
    return gettext(DEEDS[action]) if action in DEEDS else action.replace("-", " ")


def subject(action: str, text: str) -> str:
    """Say to what it was done: itself, where it has a name of its own."""
    if action in _SUBJECTS:
        return gettext(_SUBJECTS[action])
    if action in {"import-counts", "import-events", "stop-import", "remove-import"}:
        return title_of(text)
    return PRODUCTS[text].title if action in {"add-tracker", "remove-tracker"} and text in PRODUCTS else text


def detail(name: str) -> str:
    """Say what is known of it beside."""
    return gettext(DETAILS[name]) if name in DETAILS else name.replace("_", " ")


def value(action: str, name: str, found: object) -> str:
    """Say what is noted under a name; ours are words there, what nobody knows stays as it was noted."""
    if action == "change-retention":
        return counted("%(n)s day", "%(n)s days", found) if isinstance(found, int) else gettext("for ever")
    if isinstance(found, bool):
        return gettext("yes") if found else gettext("no")
    if isinstance(found, int):
        return count(found)
    return _WRITTEN[name](str(found)) if name in _WRITTEN else str(found)


def _by(titles: Mapping[str, str]) -> Callable[[str], str]:
    return lambda found: gettext(titles[found]) if found in titles else found


def _day(found: str) -> str:
    try:
        return dates.full_day(date.fromisoformat(found))
    except ValueError:
        return found


_mode = _by({name: mode.title for name, mode in MODE.items()})
_role, _report = _by(ROLES), _by(_REPORTS)
_WRITTEN: Mapping[str, Callable[[str], str]] = {
    "before": _day,
    "decision": _by(_DECISIONS),
    "from": _mode,
    "now": _role,
    "pages": lambda found: listed(map(_report, separated(found))),
    "role": _role,
    "to": _mode,
    "was": _role,
}
