"""Values in words: one way to write a number, a time or a trail for people."""

from datetime import datetime

from reports.report import Cell, Kind

NOTHING = "–"
DIRECT = "direct"
THIN = "\u202f"


def words(value: Cell, kind: Kind) -> str:
    """Write one cell for a person."""
    if value is None:
        return DIRECT if kind == "source" else NOTHING
    if isinstance(value, list):
        return " → ".join(value)
    if isinstance(value, str):
        return _time(value) if kind == "time" else value
    return _number(value, kind)


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
