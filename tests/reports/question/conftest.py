"""Asking a question in a line."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from reports.question.answering import answer
from reports.question.asked import Question
from reports.question.reading import Body, read_question
from reports.question.shapes import ResultsShape, shape
from tests.kit.ground import at
from tests.reports.conftest import FUNNEL, GOALS, NOW
from tracker.sites import SiteInfo
from tracker.store.base import EventStore

Reading = Callable[..., Question]
Questioning = Callable[..., ResultsShape]


@pytest.fixture
def read(site: SiteInfo) -> Reading:
    """Read a question of the last 28 days before NOW: `read(metrics=["visitors"])`. The site has GOALS."""
    hoping = replace(site, goals=GOALS, funnels=(FUNNEL,))

    def reading(now: str = NOW, **words: Any) -> Question:
        return read_question(hoping, msgspec.convert({"site_id": site.key, **words}, Body), now=at(now))

    return reading


@pytest.fixture
def question(store: EventStore, read: Reading) -> Questioning:
    """Ask each engine: `question(metrics=["visitors"], dimensions=["path"])`."""
    return lambda **words: shape(answer(read(**words), store))


@pytest.fixture
def told(question: Questioning) -> Callable[..., list[dict[str, Any]]]:
    """Ask for records alone."""
    return lambda **words: question(shape="records", **words).records or []
