"""Says with the first row of a footprint which identifiers came together in it."""

from datetime import UTC, datetime

import msgspec

from tracker.event import Footprint
from tracker.identity.claim import KEY, Claim
from tracker.identity.identifiers import link_id
from tracker.ingest.rows import Row
from tracker.sites import SiteInfo


def claim_identity(footprint: Footprint, rows: list[Row], site: SiteInfo) -> None:
    """Give each row its `login_id`, and the first of them the claim, where a visitor consented."""
    if footprint.consent is None or footprint.visitor_id is None:
        return
    if footprint.login_id is not None:
        for row in rows:
            row["login_id"] = footprint.login_id
    first = min(str(row["occurred_at"]) for row in rows)
    claim = Claim(
        at=round(datetime.fromisoformat(first).replace(tzinfo=UTC).timestamp() * 1000),
        first_party=footprint.visitor_id,
        consent=footprint.consent,
        # later on, nothing goes by the daily hash any more that the id would have to be tied to
        daily=footprint.daily_id if footprint.consent_fresh else None,
        login=footprint.login_id,
    )
    if footprint.link_login_id is not None:
        claim.link_login = footprint.link_login_id
        claim.link_token = link_id(site.identity_key, footprint.link_login_id)
    if footprint.fingerprint is not None:
        claim.fingerprint = {**footprint.fingerprint, **_seen_anyway(footprint, rows[0])}
    if claim.daily or claim.login or claim.link_token or claim.fingerprint:
        rows[0][KEY] = msgspec.to_builtins(claim)


def _seen_anyway(footprint: Footprint, row: Row) -> dict[str, str | int]:
    """Return what tells browsers apart and comes with every beacon."""
    version = str(row.get("browser_version") or "").partition(".")[0]
    found: dict[str, object] = {
        "os": row.get("os"),
        "browser": row.get("browser"),
        "version": int(version) if version.isdigit() else None,
        "language": footprint.language,
        "timezone": footprint.zone,
    }
    return {name: value for name, value in found.items() if isinstance(value, (str, int))}
