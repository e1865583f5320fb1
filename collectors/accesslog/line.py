"""Reads one line of an access log in the common or the combined format, as Apache, nginx and Caddy write them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from urllib.parse import urlsplit

_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_LINE = re.compile(
    r"(?:[\w.-]+:\d+ )?(\S+) \S+ .*?\[(\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "
    + _QUOTED
    + r" (\d{3}) (?:\d+|-)(?: "
    + _QUOTED
    + " "
    + _QUOTED
    + r".*)?\s*"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|.)")
_LONGEST = 16_384

# Files that pages are made of or that are fetched by name; what has none of these endings is taken for a page.
_FILES = """
avif bmp gif ico jfif jpeg jpg png psd svg svgz tif tiff webp css js map mjs wasm eot otf ttf woff woff2
aac flac m4a m4v mid mov mp3 mp4 mpeg mpg oga ogg ogv opus swf wav webm wma wmv
7z apk bin bz2 dat deb dmg exe gem gz img iso jar msi pkg rar rpm tar tgz war xz zip zst
csv doc docx epub ics odp ods odt pdf pps ppt pptx ps rtf tex vcf xls xlsx
atom cfg conf json jsonld log md rss sql txt webmanifest xml xsl yaml yml
c cc cpp diff go h java lua m4 mk patch pcap pl py pyc rb rs sh spec ts vim xs
"""
_FILE_ENDINGS = frozenset(_FILES.split())
_FEED = re.compile(r"(?:^|[/?&=._-])(?:feed|rss|atom)\d{0,2}(?:$|[/&?.])", re.IGNORECASE)


class BadLineError(Exception):
    """A line that cannot be understood; its text is the reason, one of few."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the log tells it. `target` is path and query; `at` is in ms since 1970."""

    address: str
    at: int
    method: str
    target: str
    status: int
    referrer: str | None
    user_agent: str

    def not_a_view(self) -> str | None:
        """Return why this request is no page view, None when it is one."""
        if self.method != "GET":
            return "method"
        if self.status not in (200, 304):
            return "redirect" if 300 <= self.status < 400 else "error" if self.status >= 400 else "partial"
        path = self.target.partition("?")[0]
        ending = path.rpartition("/")[2].rpartition(".")
        if ending[1] and ending[2].lower() in _FILE_ENDINGS:
            return "file"
        return "feed" if _FEED.search(self.target) else None


def read_line(line: str) -> Request:
    """Read a line; BadLineError with a reason when it is none of the two formats."""
    if len(line) > _LONGEST:
        raise BadLineError("too long")
    found = _LINE.fullmatch(line)
    if not found:
        raise BadLineError("empty" if not line.strip() else "format")
    address, time, request, status, referrer, agent = found.groups()
    method, _, rest = _plain(request).partition(" ")
    target = rest.rpartition(" HTTP/")[0] or rest
    if not method.isalpha() or not target:
        raise BadLineError("request")
    if "://" in target[:8]:  # as proxies ask
        try:
            parts = urlsplit(target)
        except ValueError as error:  # anybody may ask for http://[
            raise BadLineError("request") from error
        target = parts.path + (f"?{parts.query}" if parts.query else "")
    referrer = _plain(referrer or "-")
    agent = _plain(agent or "-")
    return Request(
        address=address,
        at=_read_time(time),
        method=method,
        target=target,
        status=int(status),
        referrer=None if referrer == "-" else referrer,
        user_agent="" if agent == "-" else agent,
    )


@lru_cache(maxsize=1024)
def _read_time(text: str) -> int:
    """Read `17/May/2015:10:05:03 +0000`; strptime would take the months' names of the machine's language."""
    try:
        offset = timedelta(hours=int(text[22:24]), minutes=int(text[24:26])) * (-1 if text[21] == "-" else 1)
        moment = datetime(
            int(text[7:11]),
            1 + _MONTHS.index(text[3:6].lower()),
            int(text[:2]),
            int(text[12:14]),
            int(text[15:17]),
            min(int(text[18:20]), 59),  # a leap second
            tzinfo=timezone(offset),
        )
        return int(moment.astimezone(UTC).timestamp()) * 1000
    except (ValueError, OverflowError) as error:
        raise BadLineError("time") from error


def _plain(text: str) -> str:
    """Undo the log's escapes, each byte for a letter: what was no text before is none now."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda e: chr(int(e.group(1)[1:], 16)) if len(e.group(1)) == 3 else e.group(1), text)
