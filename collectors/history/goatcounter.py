"""GoatCounter's export as CSV, versions 1 and 2: a line a view or event, in the order in which they came."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from collectors.foreign import common
from collectors.history.hit import BadRowError, Format, Hit, Known
from collectors.history.reading import by_name, country, moment, region, short, whole
from tracker.errors import FootfallError
from tracker.imports.files import ExportFile
from tracker.imports.sheets import read_sheet
from tracker.languages import gettext
from tracker.sites import SiteInfo

VERSIONS = ("1", "2")
_NEEDED = ("Path", "Event", "Session", "Date")
_NO_SESSION = "00000000-0000-0000-0000-000000000000"
_FIRST_BOT = 2  # 0 and 1 are people: known, and not known to be anything else
_NAMED = ("g", "c")  # the referrer is a name: of a known site, or of a campaign
_VERSION = re.compile(r"^(.*?)\s+v?(\d[\d.]*)$")
_SYSTEMS = {"macOS": "Mac OS X", "Windows": "Windows", "Android": "Android", "iOS": "iOS", "Linux": "Linux"}
_PHONES = ("Android", "iOS")


def rows(exports: Sequence[ExportFile], bad: Counter[str]) -> Iterator[dict[str, str]]:
    """Yield the rows of each file, the version's number taken from the name of the first column.

    FootfallError for a file that is none of its exports, or of a version that is not known.
    """
    for export in exports:
        for part in export.parts:
            sheet = read_sheet(export.lines(part, bad), bad)
            first = sheet.header[0] if sheet.header else ""
            if first[1:] != "Path" or not set(_NEEDED) <= {"Path", *sheet.header}:
                raise FootfallError(
                    gettext(
                        "%(file)s: this is no CSV export of GoatCounter; it begins with 1Path or 2Path",
                        file=export.said(part),
                    )
                )
            if first[0] not in VERSIONS:
                raise FootfallError(
                    gettext(
                        "%(file)s: GoatCounter's export of version %(version)s is not known here",
                        file=export.said(part),
                        version=first[0],
                    )
                )
            yield from ({"Path" if name == first else name: cell for name, cell in row.items()} for row in sheet.rows)


def read(row: dict[str, str], site: SiteInfo) -> Hit:
    """Make a hit of a row. Of an event it says no page: that is counted on `/`."""
    at = moment(row["Date"])
    path = row["Path"]
    if not path:
        raise BadRowError("path")
    referrer, scheme = row.get("Referrer", ""), row.get("Referrer scheme", "")
    host = site.default_host
    if row["Event"] in {"true", "1"}:
        event = common.make_event("custom", f"https://{host}/", at=at, name=path, title=row.get("Title"))
    elif row["Event"] in {"false", "0", ""}:
        url = f"https://{host}/{path.lstrip('/')}"
        if referrer and scheme in _NAMED:
            url = by_name(url, referrer)
        referred = f"https://{referrer}" if referrer and scheme == "h" else referrer if scheme == "o" else None
        event = common.make_event("view", url, at=at, title=row.get("Title"), referrer=referred)
    else:
        raise BadRowError("event")
    return Hit(event, _known(row))


def _known(row: dict[str, str]) -> Known:
    place = row.get("Location", "")
    # version 1 had the whole user agent under the name of the browser
    agent = row.get("UserAgent") if "UserAgent" in row else row.get("Browser")
    session = row["Session"]
    return Known(
        session=session if session and session != _NO_SESSION else None,
        user_agent=agent or None,
        told=() if agent else _told(row.get("Browser", ""), row.get("System", "")),
        country=country(place[:2]),
        region=region(place) if "-" in place else None,
        automated=(whole(row.get("Bot", "")) or 0) >= _FIRST_BOT,
    )


def _told(browser: str, system: str) -> tuple[tuple[str, str], ...]:
    told: dict[str, str] = {}
    for name, text, known in (("browser", browser, {}), ("os", system, _SYSTEMS)):
        found = _VERSION.match(text)
        plain, version = found.groups() if found else (text, "")
        if plain:
            told[name] = known.get(plain, short(plain))
            if version:
                told[f"{name}_version"] = version.split(".")[0] if name == "browser" else short(version)
    if told.get("os") and told["os"] not in _PHONES:
        told["device"] = "desktop"
    return tuple(told.items())


FORMAT = Format("goatcounter", rows, read)
