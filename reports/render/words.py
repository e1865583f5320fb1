"""Values in words: one way to write a number, a time or a trail for people."""

from collections.abc import Sequence
from datetime import datetime

from reports.report import Cell, Kind

NOTHING = "–"
DIRECT = "direct"
THIN = "\u202f"
BETWEEN = {"trail": " → ", "words": ", "}
"""What stands between the parts of a list, by the kind of its column; else a space."""
_HEIGHTS = "▁▂▃▄▅▆▇█"


def words(value: Cell, kind: Kind) -> str:
    """Write one cell for a person."""
    if value is None:
        return DIRECT if kind == "source" else NOTHING
    if isinstance(value, list):
        return skyline(value) if kind == "days" else BETWEEN.get(kind, " ").join(map(str, value))
    if isinstance(value, str):
        return _time(value) if kind == "time" else value
    return _number(value, kind)


def skyline(counts: Sequence[str | int]) -> str:
    """Draw counts in a line of text: ▁▃█."""
    most = max((int(one) for one in counts), default=0) or 1
    return "".join(_HEIGHTS[-(-int(one) * (len(_HEIGHTS) - 1) // most)] for one in counts)


def duration(ms: float) -> str:
    """Write milliseconds as people say them: 800 ms, 12.5 s, 1 m 20 s, 2 h 5 m."""
    if ms < 1000:
        return f"{round(ms)} ms"
    if ms < 59_950:
        return f"{ms / 1000:.1f} s"
    minutes, seconds = divmod(round(ms / 1000), 60)
    if minutes < 60:
        return f"{minutes} m {seconds} s"
    return f"{minutes // 60} h {minutes % 60} m"


def _number(value: float, kind: Kind) -> str:
    if kind == "share":
        return f"{value * 100:.1f}{THIN}%"
    if kind == "ms":
        return duration(value)
    return (f"{value:,}" if isinstance(value, int) else f"{value:,.1f}").replace(",", THIN)


def _time(text: str) -> str:
    moment = datetime.fromisoformat(text)
    return moment.strftime("%Y-%m-%d") if (moment.hour, moment.minute) == (0, 0) else moment.strftime("%Y-%m-%d %H:%M")
