"""Everything that is kept of one person as a page to read and to print: no scripts, nothing from elsewhere."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from tracker.rights.export import Held, Item

_TEMPLATES = Path(__file__).parent / "dashboard" / "templates"

KINDS = {
    "daily_hash": "Number of one day",
    "first_party": "Id that the browser keeps",
    "fingerprint": "Looks of a browser",
    "login": "Login",
    "link_token": "Link that was made for the person",  # of no password  # nosec B105
}
_OF_A_MOMENT = ("occurred_at", "kind", "host", "path", "title")


def write_page(held: Held) -> Iterator[str]:
    """Yield the page in pieces; times are in the site's zone."""
    zone = held.site.tzinfo

    def when(moment: datetime | str | None) -> str:
        at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if at else ""

    # not every item has every field
    engine = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True)
    engine.filters["when"] = when
    page = engine.get_template("person.html")
    yield from page.generate(
        held=held,
        small=held.small,
        kinds=KINDS,
        written=written,
        address=address,
        visits=held.visits(),
        struggles=held.struggles(),
        events=held.events(),
    )


def address(item: Item) -> str:
    """Return where something happened."""
    return f"{item.get('host', '')}{item.get('path', '')}"


def written(item: Mapping[str, Any], *but: str) -> list[tuple[str, str]]:
    """Return what else is known of an item, names and values in words, but for those given and those of a moment."""
    return [
        (name.replace("_", " "), _text(value))
        for name, value in item.items()
        if name not in but and name not in _OF_A_MOMENT
    ]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " → ".join(_text(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_text(one)}" for name, one in value.items())
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    text = str(value) if isinstance(value, (str, int, float)) else bytes(value).decode()  # type: ignore[call-overload]
    if text.startswith("{"):
        found = json.loads(text)
        return _text(found) if isinstance(found, dict) else text
    return text
