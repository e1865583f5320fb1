"""Reads a flow within a scope."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from reports.flow.columns import put_together
from reports.flow.moves import most_seen, moves
from reports.flow.shapes import Flow, FlowColumn, FlowLink
from reports.heatmap import parse_path
from reports.query.steps import DIRECTIONS, Start
from reports.report import Ask
from reports.run import TIMEOUT_S, lateness
from reports.scope import Scope
from tracker.checking import check_number, one_of
from tracker.languages import gettext
from tracker.store.base import EventStore, QueryTimeoutError, StoreDownError

OWN_WORDS = ("path", "direction", "steps", "branches")
FEWEST_STEPS, USUAL_STEPS, MOST_STEPS = 2, 4, 6
USUAL_BRANCHES, MOST_BRANCHES = 5, 12

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class FlowAsked:
    """Which flow is asked for: where it starts, how many steps it has, and how many pages each of them lists."""

    start: Start
    steps: int = USUAL_STEPS
    branches: int = USUAL_BRANCHES


def parse_flow(words: Mapping[str, str]) -> FlowAsked:
    """Read `path`, `direction`, `steps` and `branches`, each of which may lack; raises InvalidInputError."""
    path = words.get("path", "")
    asked = words.get("direction", "") or DIRECTIONS[0]
    one_of("direction", asked, DIRECTIONS)
    direction = next(known for known in DIRECTIONS if known == asked)
    return FlowAsked(
        Start(parse_path(path) if path else None, direction),
        _whole("steps", words, FEWEST_STEPS, USUAL_STEPS, MOST_STEPS),
        _whole("branches", words, 1, USUAL_BRANCHES, MOST_BRANCHES),
    )


def read_flow(scope: Scope, asked: FlowAsked, store: EventStore, timeout_s: float = TIMEOUT_S) -> Flow:
    """Ask for a flow; like a report's, a failure is a sentence in the answer. StoreDownError where nobody answers."""
    began = time.monotonic()
    columns: list[FlowColumn] = []
    links: list[FlowLink] = []
    error, timed_out = None, False
    start = asked.start
    try:
        columns, links = _read(scope, asked, Ask(store, began + timeout_s))
    except QueryTimeoutError as late:
        timed_out, error = True, lateness(late, timeout_s)
    except StoreDownError:
        raise
    except Exception:
        _log.exception("flow failed", site=scope.site.key)
        error = gettext("This flow failed; the server's log says why.")
    return Flow(
        path=start.path,
        direction=start.direction,
        steps=asked.steps,
        branches=asked.branches,
        visits=columns[0].visits if columns else 0,
        columns=columns,
        links=links,
        took_ms=round((time.monotonic() - began) * 1000),
        error=error,
        timed_out=timed_out,
    )


def _read(scope: Scope, asked: FlowAsked, ask: Ask) -> tuple[list[FlowColumn], list[FlowLink]]:
    """Ask which pages are listed first, so that the moves between all others need no names."""
    start, steps = asked.start, asked.steps
    listed: list[list[str]] = [[] for _ in range(steps)]
    pages = [0] * steps
    for row in ask(most_seen(scope, start, steps, asked.branches)):
        listed[row["step"] - 1].append(str(row["path"]))
        pages[row["step"] - 1] = int(row["pages"])
    if not pages[0]:
        return [], []
    return put_together(ask(moves(scope, start, listed)), listed, pages, start.direction)


def _whole(word: str, words: Mapping[str, str], least: int, usual: int, most: int) -> int:
    text = words.get(word, "")
    if not text:
        return usual
    return check_number(word, text, least, most)
