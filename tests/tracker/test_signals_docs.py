"""The chapter on signals lists every signal with its weight, and every limit with its bounds."""

from pathlib import Path

import pytest

from tracker.signal_book import SIGNALS, Signal
from tracker.signal_limits import LIMITS, Limit

CHAPTER = (Path(__file__).parents[2] / "docs" / "signals.md").read_text()


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.name)
def test_every_signal_is_explained_with_its_weight(signal: Signal) -> None:
    assert f"| **{signal.title}** | `{signal.name}` | " in CHAPTER
    assert f"| {signal.title} | {signal.weight} | {signal.cap} |" in CHAPTER


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_every_limit_is_explained_with_its_bounds(limit: Limit) -> None:
    changes = ", ".join(f"`{name}`" for name in limit.signals)
    line = f"| `{limit.name}` | {limit.usual} {limit.unit} | {limit.least} | {limit.most} | {changes} | {limit.help} |"
    assert line in CHAPTER
