"""Cells that are written in a way of their own: by the column's name, out of the whole row."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from reports.funnels import LEFT
from reports.query.intervals import HIGH, LOW
from reports.report import Row
from reports.vitals import FEW, VITALS, Vital
from reports.wording import words
from reports.wording.elements import element_words, error_parts
from reports.wording.shown import Shown
from reports.wording.values import CLICKS, value_words
from tracker.imports.titles import title_of
from tracker.languages import counted, dates, gettext, numbers
from tracker.languages.lists import listed

# The dimensions of ours by whose words the kinds of things are named that others counted.
_COUNTED = {"sources": "source", "campaigns": "campaign", "countries": "country", "devices": "device"}
GOOD_AND_BAD = {"good": "good", "poor": "hurts", "new": "hurts", "worse": "hurts", "better": "good"}


def _element(said: str | None, row: Row) -> Shown:
    if said is None and "signal" in row:
        message, place = error_parts(row.get("script_error"))
        return Shown(
            "element", message or (gettext("The page") if row.get("path") else gettext("The whole site")), small=place
        )
    text = row.get("element_text") or row.get("form_label")
    return Shown("element", element_words(said or "", text), small=said or "")


def _field(said: str | None, row: Row) -> Shown:
    if said is None:
        return Shown("element", words.NONE)
    kind = row.get("field_kind")
    if kind and element_words(said) == element_words("input"):
        return Shown("element", gettext("%(kind)s field", kind=value_words(str(kind))), small=said)
    return Shown("element", element_words(said), small=said)


def _last_field(said: str | None, row: Row) -> Shown:
    share = row.get("left_at_last_field")
    return replace(_field(said, row), badge=words.cell("share", share) if said else "")


def _last_signal(said: str | None, row: Row) -> Shown:
    where = str(row.get("last_signal_element") or "")
    return Shown("element", gettext(CLICKS[said]) if said else words.NONE, small=where)


def _badge(said: str | None, _row: Row) -> Shown:
    return Shown("badge", "", badge=value_words(said or ""), mood=GOOD_AND_BAD.get(said or "", ""))


def _message(said: str | None, row: Row) -> Shown:
    return Shown("element", said or gettext("No message"), small=str(row.get("script") or ""))


def _address(said: str | None, row: Row) -> Shown:
    return Shown("element", said or words.NONE, small=str(row.get("element_text") or ""))


def _band(said: str | None, row: Row) -> Shown:
    return Shown("share", f"{words.cell('share', row.get('from_depth'))} – {words.cell('share', row.get('to_depth'))}")


def _vital(vital: Vital) -> Callable[[str | None, Row], Shown]:
    def shown(_said: str | None, row: Row) -> Shown:
        rating, views = str(row.get(vital.rating) or ""), row.get(vital.views)
        text = words.cell(vital.kind, row.get(vital.name))
        small = ""
        if isinstance(views, int) and views != row.get("views"):
            small = counted("%(n)s view", "%(n)s views", views)
        badge = "" if rating == FEW else value_words(rating)
        return Shown(vital.kind, text, small=small, badge=badge, mood=GOOD_AND_BAD.get(rating, ""))

    return shown


def _visitors(said: str | None, row: Row) -> Shown:
    visits = row.get("visits") if "trend" in row else None
    small = counted("%(n)s visit", "%(n)s visits", visits) if isinstance(visits, int) else ""
    return Shown("count", words.cell("count", row.get("visitors")), small=small)


def _trend(said: str | None, row: Row) -> Shown:
    before = row.get("struck_view_rate_before")
    small = gettext("%(share)s before", share=words.cell("share", before)) if said and said != "new" else ""
    return Shown("badge", "", badge=value_words(said or ""), mood=GOOD_AND_BAD.get(said or "", ""), small=small)


def _difference(_said: str | None, row: Row) -> Shown:
    """Write a difference of shares: in points, with its sign."""
    value, low, high = (row.get(f"difference{end}") for end in ("", LOW, HIGH))
    if not isinstance(value, int | float):
        return Shown("share", words.NONE)
    small = ""
    if isinstance(low, int | float) and isinstance(high, int | float):
        small = gettext("%(low)s to %(high)s", low=words.points(low), high=words.points(high))
    return Shown("share", gettext("%(points)s points", points=words.points(value)), small=small)


def _goal(said: str | None, row: Row) -> Shown:
    return Shown("text", said or words.NONE, small=str(row.get("reached_when") or ""))


def _step(said: str | None, row: Row) -> Shown:
    when = str(row.get("done_when") or "")
    return Shown("text", said or words.NONE, small="" if when == said else when)


def _next(said: str | None, row: Row) -> Shown:
    done, left = row.get("next_visits"), row.get("left")
    small = ""
    if said:
        small = gettext(
            "%(number)s of the %(all)s who left", number=words.cell("count", done), all=words.cell("count", left)
        )
    return Shown("path", gettext("Left the site") if said == LEFT else said or words.NONE, small=small)


def _look(said: str | None, _row: Row) -> Shown:
    """Say on what a visit was: the class of its device is a word of ours, its system and browser are names."""
    device, *names = (said or "").split(", ")
    if device not in words.NAMED["device"]:
        return Shown("text", said or words.NONE)
    return Shown("text", listed([words.name_of("device", device), *names]))


def _counted(said: str | None, row: Row) -> Shown:
    """Name what another product counted, as our own reports would."""
    kind = str(row.get("imported"))
    if kind == "days" and said:
        return Shown("text", dates.full_day(date.fromisoformat(said)))
    dimension = _COUNTED.get(kind)
    if dimension is None:
        return Shown("path" if kind.endswith("pages") else "text", said or words.NONE)
    return Shown("text", words.name_of(dimension, said))


def _product(said: str | None, _row: Row) -> Shown:
    return Shown("text", title_of(said or ""))


def _revenue(_said: str | None, row: Row) -> Shown:
    value, currency = row.get("revenue"), str(row.get("currency") or "")
    if not isinstance(value, int | float):
        return Shown("number", words.NONE)
    return Shown("number", numbers.money(value, currency) if currency else words.number(value))


SPECIAL: dict[str, Callable[[str | None, Row], Shown]] = {
    "element": _element,
    **dict.fromkeys(("first_device", "then_device"), _look),
    "visitors": _visitors,
    "trend": _trend,
    "difference": _difference,
    "field": _field,
    "last_field": _last_field,
    "last_signal": _last_signal,
    "message": _message,
    "goal": _goal,
    "step": _step,
    "next": _next,
    "revenue": _revenue,
    "counted": _counted,
    "product": _product,
    "href": _address,
    "from_depth": _band,
    **dict.fromkeys(("reason", "ending", "age", "what", "rating", "change"), _badge),
    **{vital.name: _vital(vital) for vital in VITALS},
}
