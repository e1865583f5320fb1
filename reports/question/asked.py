"""A question that was read: whose data, which measures by which dimensions, in which order, which page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from reports.measures import Measure
from reports.scope import Scope

Shape = Literal["results", "records"]


@dataclass(frozen=True)
class Number:
    """A measure under the name by which it was asked for."""

    given: str
    name: str
    measure: Measure


@dataclass(frozen=True)
class Group:
    """A dimension under the name by which it was asked for."""

    given: str
    name: str


@dataclass(frozen=True)
class Order:
    """By which name, as it was given, rows are ordered."""

    by: str
    descending: bool


@dataclass(frozen=True)
class Question:
    """What is asked; `limit` and `offset` choose the page.

    `said` is the question as it was given, with all that was left out in it.
    """

    scope: Scope
    numbers: tuple[Number, ...]
    groups: tuple[Group, ...]
    order: tuple[Order, ...]
    include: frozenset[str]
    limit: int
    offset: int
    shape: Shape
    said: Mapping[str, object]
