"""Umami's export: `website_event.csv`, from its cloud or its database, with what goes beside it.

The cloud's archive also holds `event_data.csv`, a row a property of an event. In a database of version 1 or 2
the browser and the place stand in the table `session`: its rows are taken from `session.csv`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from collectors.foreign import common
from collectors.history.beside import Beside
from collectors.history.hit import BadRowError, Format, Hit, Known, SkippedError
from collectors.history.reading import city, country, moment, region, short
from tracker.errors import FootfallError
from tracker.event import PropertyValue
from tracker.imports.files import ExportFile
from tracker.imports.sheets import Sheet, read_sheet
from tracker.languages import gettext
from tracker.sites import SiteInfo

_NULL = "\\N"
_PROPERTIES = "properties"  # beside the columns of a row: what event_data says of it, as JSON
_NEEDED = ("event_id", "session_id", "created_at", "url_path", "event_type")
_OF_SESSION = ("hostname", "browser", "os", "device", "language", "country", "region", "subdivision1", "city")
_NOT_VIEWS = {"3": "link", "4": "pixel", "5": "performance"}
# As its browsers and systems are called, and as ours are.
_BROWSERS = {
    "android": "Android",
    "brave": "Brave",
    "chrome": "Chrome",
    "chromium-webview": "Chrome Mobile WebView",
    "crios": "Chrome Mobile iOS",
    "edge": "Edge",
    "edge-chromium": "Edge",
    "edge-ios": "Edge Mobile",
    "facebook": "Facebook",
    "firefox": "Firefox",
    "fxios": "Firefox iOS",
    "ie": "IE",
    "instagram": "Instagram",
    "ios": "Mobile Safari",
    "ios-webview": "Mobile Safari UI/WKWebView",
    "miui": "MiuiBrowser",
    "opera": "Opera",
    "opera-mini": "Opera Mini",
    "safari": "Safari",
    "samsung": "Samsung Internet",
    "silk": "Amazon Silk",
    "yandexbrowser": "Yandex Browser",
}
_SYSTEMS = {"Android OS": "Android", "BlackBerry OS": "BlackBerry OS", "Mac OS": "Mac OS X", "Sun OS": "Solaris"}
_DEVICES = {"laptop": "desktop", "desktop": "desktop", "mobile": "mobile", "tablet": "tablet"}


def rows(exports: Sequence[ExportFile], bad: Counter[str]) -> Iterator[dict[str, str]]:
    """Yield the rows of events, each with what other parts say of it and of its session.

    FootfallError when no part holds events.
    """
    folder = exports[0].folder
    with Beside(folder) as sessions, Beside(folder) as properties:
        events = _sorted(exports, bad, sessions, properties)
        if not events:
            raise FootfallError(
                gettext(
                    "%(file)s: no table of Umami's events is in it, with %(columns)s",
                    file=exports[0].name,
                    columns=", ".join(_NEEDED),
                )
            )
        for export, part in events:
            sheet = read_sheet(export.lines(part, bad), bad)
            has_session = "browser" in sheet.header
            for row in sheet.rows:
                plain = {name: "" if cell == _NULL else cell for name, cell in row.items()}
                if not has_session:
                    plain = {**sessions.one(plain["session_id"]), **plain}
                if plain["event_type"] == "2" and (told := properties.merged(plain["event_id"])):
                    plain[_PROPERTIES] = msgspec.json.encode(told).decode()
                yield plain


def read(row: dict[str, str], site: SiteInfo) -> Hit:
    """Make a hit of a row: type 1 is a view, 2 a custom event."""
    kind = row["event_type"]
    if kind in _NOT_VIEWS:
        raise SkippedError(_NOT_VIEWS[kind])
    if kind not in {"1", "2"}:
        raise BadRowError("event_type")
    if not row["event_id"] or not row["session_id"]:
        raise BadRowError("id")
    host = row.get("hostname") or site.default_host
    if not site.owns(host):
        raise SkippedError("another host")
    query = row.get("url_query", "").lstrip("?")
    url = f"https://{host}/{row['url_path'].lstrip('/')}{'?' if query else ''}{query}"
    at, title = moment(row["created_at"]), row.get("page_title")
    if kind == "2":
        told = msgspec.json.decode(row[_PROPERTIES]) if _PROPERTIES in row else None
        event = common.make_event("custom", url, at=at, name=row.get("event_name") or "event", properties=told)
    else:
        domain = row.get("referrer_domain")
        referrer = f"https://{domain}/{row.get('referrer_path', '').lstrip('/')}" if domain else None
        event = common.make_event("view", url, at=at, title=title, referrer=referrer)
    return Hit(event, _known(row), row["event_id"])


def _sorted(
    exports: Sequence[ExportFile], bad: Counter[str], sessions: Beside, properties: Beside
) -> list[tuple[ExportFile, str]]:
    """Return the tables of events, not open yet, after keeping what the others say."""
    events = []
    for export in exports:
        for part in export.parts:
            header = set(_header_of(export, part))
            if set(_NEEDED) <= header:
                events.append((export, part))  # thousands of open ones would fill memory
            elif "data_key" in header and {"event_id", "website_event_id"} & header:
                _keep_properties(read_sheet(export.lines(part, bad), bad), properties)
            elif {"session_id", "browser"} <= header:
                sheet = read_sheet(export.lines(part, bad), bad)
                sessions.keep((row["session_id"], _of_session(row)) for row in sheet.rows)
    return events


def _header_of(export: ExportFile, part: str) -> Sequence[str]:
    unheard: Counter[str] = Counter()  # what is bad is counted when the part is read
    return read_sheet(export.lines(part, unheard), unheard).header


def _of_session(row: dict[str, str]) -> dict[str, str]:
    return {name: row[name] for name in _OF_SESSION if name in row}


def _known(row: dict[str, str]) -> Known:
    return Known(
        session=row["session_id"],
        told=tuple(_told(row)),
        language=row.get("language") or None,
        country=country(row.get("country")),
        region=region(row.get("region") or row.get("subdivision1")),
        city=city(row.get("city")),
    )


def _told(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    browser, system, device = (row.get(name, "") for name in ("browser", "os", "device"))
    if browser:
        yield "browser", _BROWSERS.get(browser, short(browser))
    if system.startswith("Windows "):
        yield "os", "Windows"
        yield "os_version", short(system.removeprefix("Windows "))
    elif system:
        yield "os", _SYSTEMS.get(system, short(system))
    if device in _DEVICES:
        yield "device", _DEVICES[device]


def _keep_properties(sheet: Sheet, properties: Beside) -> None:
    key = "event_id" if "event_id" in sheet.header else "website_event_id"
    properties.keep((row.get(key, ""), {row["data_key"]: _value(row)}) for row in sheet.rows)


def _value(row: dict[str, str]) -> PropertyValue:
    """Return a property's value: type 1 is a text, 2 a number, 3 true or false, 4 a date; the others are lists."""
    number = row.get("number_value", "")
    if row.get("data_type") == "2" and number not in {"", _NULL}:
        try:
            return float(number)
        except ValueError:
            return number
    text = row.get("string_value", "")
    if row.get("data_type") == "3" and text in {"true", "false"}:
        return text == "true"
    date = row.get("date_value", "")
    return next((one for one in (text, date) if one not in {"", _NULL}), None)


FORMAT = Format("umami", rows, read)
