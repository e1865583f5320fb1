"""What the settings page says of a site's privacy: its modes, its retention, and what to tell visitors."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for

from reports.dashboard.developers import public_address
from reports.dashboard.tag import script
from tracker import cnil
from tracker.clock import utc_now
from tracker.expiry import HeldBack, held_back
from tracker.house import current_house
from tracker.languages import gettext, marked
from tracker.privacy import MODE, MODES, Mode
from tracker.privacy_changes import Behind, still_behind
from tracker.privacy_words import paragraph
from tracker.retention import MONTHS, period_in_words
from tracker.sites import SiteInfo

STUB = (
    "<script>window.footfall = window.footfall || "
    "function () { (footfall.q = footfall.q || []).push(arguments) }</script>"
)
# What is said before a line of script, as its comment.
CONSENT_LINES = (
    (marked("when the visitor agrees"), 'footfall("consent", "granted");'),
    (marked("when they refuse, or take it back"), 'footfall("consent", "denied");'),
)
IDENTIFY_LINES = (
    (marked("once somebody has signed in, by a name of yours for them"), 'footfall("identify", "user-42");'),
    (marked("once they have signed out"), 'footfall("identify", null);'),
)


@dataclass(frozen=True)
class PrivacyTold:
    """All of it, for the template. `choice` and `days` are the form's fields for the retention."""

    mode: Mode
    chosen: str
    choice: str
    days: str
    paragraph: str
    page: str
    google_tag: str
    behind: Behind | None
    gone_after: str | None
    held: HeldBack | None
    is_cnil: bool
    periods: Sequence[tuple[int, str]]
    consent: str
    identify: str
    modes: tuple[Mode, ...] = MODES
    conditions: tuple[cnil.Condition, ...] = cnil.CONDITIONS
    stub: str = STUB


def tell_privacy(site: SiteInfo) -> PrivacyTold:
    """Gather it; what stands in the form that this request sent goes before what is set."""
    sent = request.form if request.endpoint == "dashboard.change_privacy" else {}
    page = public_address() + url_for("dashboard.for_visitors", site_key=site.key)
    with current_house().database.session() as session:
        behind, held = still_behind(session, site, utc_now()), held_back(session, site.id)
    return PrivacyTold(
        mode=MODE[site.privacy_mode],
        chosen=sent.get("privacy_mode", site.privacy_mode),
        choice=sent.get("retention", _choice(site.retention_days)),
        days=sent.get("retention_days", str(site.retention_days or "")),
        paragraph=paragraph(MODE[site.privacy_mode], site.retention_days, page),
        page=page,
        google_tag=script(f"{public_address()}/js/footfall.js", site, consent="google"),
        behind=behind,
        gone_after=period_in_words(site.retention_days) if site.retention_days else None,
        held=held,
        is_cnil=cnil.is_set(site.privacy_mode, site.retention_days),
        periods=[(days, period_in_words(days)) for days in MONTHS.values()],
        consent=commented(CONSENT_LINES),
        identify=commented(IDENTIFY_LINES),
    )


def commented(lines: Sequence[tuple[str, str]]) -> str:
    """Write lines of script, each below what is said of it."""
    return "\n".join(f"// {gettext(comment)}\n{code}" for comment, code in lines)


def _choice(days: int | None) -> str:
    if days is None:
        return "ever"
    return str(days) if days in MONTHS.values() else "days"
