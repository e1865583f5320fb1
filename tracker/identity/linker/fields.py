"""The fields of a fingerprint: what each is called, how its values are compared, and what it depends on."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tracker.languages import marked

Value = str | int
Values = tuple[Value | None, ...]
"""A fingerprint by the order of FIELDS; None where a field is missing."""

Kind = Literal["fixed", "version", "text", "plain"]


@dataclass(frozen=True)
class Field:
    """One field. `words` is what a page calls it.

    `fixed`: does not change in a browser's life; candidates are only looked for where it is
    equal. `version`: goes up. `text`: a list or sentence that may be told in part the same, if
    it comes in the clear. `plain`: equal or not. `beside` names fields that tell much of this
    one: how common a value is, is counted among browsers that agree on them.
    """

    name: str
    words: str
    kind: Kind = "plain"
    beside: tuple[str, ...] = ()


FIELDS = (
    Field("os", marked("operating system"), "fixed"),
    Field("browser", marked("browser"), "fixed", ("os",)),
    Field("platform", marked("platform"), beside=("os",)),
    Field("architecture", marked("processor type"), beside=("os",)),
    Field("model", marked("device model"), beside=("os",)),
    Field("version", marked("browser version"), "version", ("browser", "os")),
    Field("platform_version", marked("version of the operating system"), "version", ("os", "model")),
    Field("user_agent", marked("user agent"), "text", ("os", "browser")),
    Field("gpu_renderer", marked("graphics card"), "text", ("os", "browser", "model")),
    Field("gpu_vendor", marked("graphics card's maker"), "text", ("gpu_renderer",)),
    Field("screen", marked("screen"), beside=("os", "model")),
    Field("pixel_ratio", marked("pixel ratio"), beside=("screen",)),
    Field("timezone", marked("time zone")),
    Field("language", marked("language"), "text", ("timezone",)),
    Field("languages", marked("languages"), "text", ("language",)),
    Field("fonts", marked("fonts"), "text", ("os",)),
    Field("canvas", marked("canvas drawing"), beside=("gpu_renderer", "fonts", "version")),
    Field("audio", marked("audio processing"), beside=("os", "browser")),
    Field("touch", marked("touch points"), beside=("os", "model")),
    Field("storage", marked("storage"), beside=("browser",)),
    Field("cores", marked("processor cores"), beside=("gpu_renderer",)),
    Field("memory", marked("memory"), beside=("cores",)),
    Field("color_gamut", marked("colours"), beside=("gpu_renderer",)),
    Field("plugins", marked("plug-ins"), "text", ("browser",)),
    Field("accept", marked("accepted formats"), "text", ("browser", "version")),
    Field("encoding", marked("accepted encodings"), "text", ("browser", "version")),
    Field("local_storage", marked("local storage"), beside=("browser",)),
    Field("do_not_track", marked("do not track"), beside=("browser",)),
    Field("cookies", marked("cookies"), beside=("browser",)),
)
NAMES = tuple(field.name for field in FIELDS)
PLACE = {name: place for place, name in enumerate(NAMES)}
WORDS = {field.name: field.words for field in FIELDS}
ALIASES = {"webgl_renderer": "gpu_renderer", "webgl_vendor": "gpu_vendor", "resolution": "screen"}
"""Other names that fields come under."""

_PLACES = PLACE | {alias: PLACE[name] for alias, name in ALIASES.items()}
_SYSTEM = PLACE["os"]
_SYSTEM_MARKS = (
    ("win", "windows"),
    ("mac", "mac"),
    ("ios", "ios"),
    ("ipad", "ios"),
    ("android", "android"),
    ("linux", "linux"),
    ("ubuntu", "linux"),
)
SYSTEMS = frozenset(kind for _, kind in _SYSTEM_MARKS)
_AGENT = PLACE["user_agent"]
_VERSIONS = frozenset(place for place, field in enumerate(FIELDS) if field.kind == "version")
# Versions have a field of their own: in the agent they would tell the same twice.
_NUMBERS = re.compile(r"(?<=[/:])\d[\d._]*")
_PARTS = re.compile(r"[^;, ()]+")
_DIGEST = re.compile(r"[0-9a-fA-F]{8,}")
_VERSION = re.compile(r"(\d{1,6})(?:[._](\d{1,3})(?!\d))?")
_PART = 1000
_FEW, _MOST = 2, 0.9


def values_of(fingerprint: Mapping[str, Value]) -> Values:
    """Return a fingerprint's values by place; names that are not of ours are left out.

    Texts are interned: 100,000 browsers share what they have in common.
    """
    values: list[Value | None] = [None] * len(FIELDS)
    for name, value in fingerprint.items():
        place = _PLACES.get(name)
        if place is None or value is None:
            continue
        if isinstance(value, str):
            text = _NUMBERS.sub("", value) if place == _AGENT else str(value)
            values[place] = version_of(text) if place in _VERSIONS else sys.intern(text)
        else:
            values[place] = int(value) * _PART if place in _VERSIONS else value
    return tuple(values)


def system_of(values: Values) -> str:
    """Return which kind of system a browser runs on, by what its `os` is called: one of SYSTEMS, or `other`."""
    name = str(values[_SYSTEM] or "").lower()
    return next((kind for mark, kind in _SYSTEM_MARKS if mark in name), "other")


def version_of(text: str) -> Value:
    """Return a version as a number that can be compared, two parts of it; the text itself when it is none."""
    parts = None if _DIGEST.fullmatch(text) else _VERSION.match(text)
    return int(parts[1]) * _PART + int(parts[2] or 0) if parts else sys.intern(text)


def is_newer(new: Value, old: Value) -> bool | None:
    """Tell whether a version is above another; None where they cannot be compared."""
    return new > old if isinstance(new, int) and isinstance(old, int) else None


def is_digest(value: Value | None) -> bool:
    """Tell whether a value stands for a text of which nothing can be seen any more."""
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def alike(one: Value, other: Value) -> bool:
    """Tell whether two different texts say nearly the same: two words apart, or nine in ten shared.

    Digests are never alike.
    """
    if not isinstance(one, str) or not isinstance(other, str) or is_digest(one) or is_digest(other):
        return False
    ours, theirs = set(_PARTS.findall(one)), set(_PARTS.findall(other))
    shared, apart = len(ours & theirs), len(ours ^ theirs)
    return shared > 0 and (apart <= _FEW or shared >= _MOST * (shared + apart))
