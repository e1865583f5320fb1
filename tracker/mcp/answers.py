"""Answers for assistants: compact, with units, bounded, and with what is not to be trusted named."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from tracker.client import Answer, Check, Column, Report, Story
from tracker.mcp.untrusted import NOTICE, cleaned, untrusted_in

MOST_ROWS = 200
USUAL_ROWS = 20
LONGEST_ANSWER = 40_000  # letters; an assistant pays for each
MOST_MOMENTS = 30
_UNITS = {"share": "share, 0 to 1", "ms": "milliseconds", "time": "time with its offset, or day", "count": "count"}
_NUMBERS = ("share", "ms", "time", "count", "number")


def written(told: Mapping[str, Any], tracked: Mapping[str, Any], rows: str, known: Sequence[str] = ()) -> str:
    """Write an answer as JSON: what the server says itself, and what was `tracked`, whose texts are not to be trusted.

    `known` are fields of it that hold times, say. The last of the `rows`, which are in either, are left
    away until the answer is short enough; `cut` says so then. What is not known is left out.
    """
    data = _known(cleaned(msgspec.to_builtins(tracked)))
    untrusted = untrusted_in(data, known)
    head = {"notice": NOTICE, "untrusted": untrusted} if untrusted else {}
    head |= _known(cleaned(msgspec.to_builtins(told)))
    text = _json(head | data)
    holder = data if rows in data else head
    while len(text) > LONGEST_ANSWER and len(holder.get(rows, ())) > 1:
        holder[rows] = holder[rows][: len(holder[rows]) // 2]
        text = _json(head | {"cut": f"only the first {rows} are told; ask for fewer"} | data)
    return text


def of_report(report: Report) -> str:
    """Write a report: its rows, what its columns mean, and the same of the range that it is compared with."""
    before = report.comparison
    span = report.scope.range
    told = {
        "report": report.report,
        "question": report.question,
        "range": f"{span.start.isoformat()} to {span.end.isoformat()}",
        "columns": _columns(report.columns),
        "definitions": report.definitions,
        "notes": report.notes,
    }
    tracked = {"totals": report.totals, "totals_before": before and before.totals, "rows": _rows(report)}
    return written(told, tracked, "rows", _no_texts(report.columns))


def of_question(answer: Answer) -> str:
    """Write the answer to a question."""
    told = {"columns": _columns(answer.columns), "notes": answer.meta.notes}
    return written(told, {"rows": [_known(row) for row in answer.rows]}, "rows", _no_texts(answer.columns))


def of_story(story: Story) -> str:
    """Write a story: the moments about the struggle."""
    it = next((number for number, moment in enumerate(story.moments) if moment.is_it), 0)
    first = max(0, it - MOST_MOMENTS // 2)
    moments = [
        _known({name: value for name, value in msgspec.to_builtins(one).items() if value is not False})
        for one in story.moments[first : first + MOST_MOMENTS]
    ]
    told = {"all_moments": len(story.moments), "units": "what ends in _ms, and evidence, is in milliseconds"}
    return written(told, {**msgspec.to_builtins(story), "moments": moments}, "moments")


def of_check(check: Check) -> str:
    """Write a check: what became worse or better; what stayed the same is only counted."""
    changed = [one for one in check.comparisons if one.verdict != "same"]
    told = {
        **{name: value for name, value in msgspec.to_builtins(check).items() if name not in ("comparisons", "took_ms")},
        "same": len(check.comparisons) - len(changed),
        "units": "rates and differences are shares of views, 0 to 1; differences have an interval of 95 %",
    }
    return written(told, {"comparisons": changed}, "comparisons", ["title"])


def _rows(report: Report) -> list[dict[str, Any]]:
    before = (report.comparison.rows if report.comparison else None) or [None] * len(report.rows)
    return [
        _known(row) | ({"before": _known(was)} if was else {}) for row, was in zip(report.rows, before, strict=True)
    ]


def _columns(columns: Sequence[Column]) -> dict[str, str]:
    return {one.name: f"{_UNITS[one.kind]}: {one.help}" if one.kind in _UNITS else one.help for one in columns}


def _no_texts(columns: Sequence[Column]) -> list[str]:
    return [one.name for one in columns if one.kind in _NUMBERS]


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is not known, or empty; nought stays, which is a number like others."""
    return {name: value for name, value in row.items() if value is not None and value != [] and value not in ("", {})}


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
