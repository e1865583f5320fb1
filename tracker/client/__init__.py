"""A client of Footfall's API, for Python: `from tracker.client import Client`.

It needs nothing of the server: importing it imports neither Flask nor SQLAlchemy. docs/api/client.md tells how to
use it.
"""

from tracker.client.checks import Check, Comparison, Place, Side
from tracker.client.connection import Client
from tracker.client.errors import (
    BrokenOffError,
    BusyError,
    ClientError,
    ConflictError,
    ForbiddenError,
    InvalidRequestError,
    NoTableError,
    NotFoundError,
    NotReachedError,
    ProblemError,
    TooMuchError,
    UnauthenticatedError,
)
from tracker.client.pictures import (
    Flow,
    FlowColumn,
    FlowLink,
    FlowNode,
    FlowPlace,
    HeatCell,
    HeatElement,
    Heatmap,
)
from tracker.client.reports import (
    Answer,
    ChosenWords,
    Column,
    Compared,
    Meta,
    Range,
    Report,
    ReportInfo,
    ReportWords,
    Row,
    Scope,
    ScopeWords,
    Seen,
    SpanWords,
)
from tracker.client.rows import Rows
from tracker.client.saved import Condition, Funnel, FunnelStep, Goal, Release, Segment
from tracker.client.schema import Dimension, Limits, Measure, Schema
from tracker.client.sending import EventWords, Fault, Taken
from tracker.client.site import Site, SiteInfo
from tracker.client.struggles import Example, Moment, Story, Struggle

__all__ = [
    "Answer",
    "BrokenOffError",
    "BusyError",
    "Check",
    "ChosenWords",
    "Client",
    "ClientError",
    "Column",
    "Compared",
    "Comparison",
    "Condition",
    "ConflictError",
    "Dimension",
    "EventWords",
    "Example",
    "Fault",
    "Flow",
    "FlowColumn",
    "FlowLink",
    "FlowNode",
    "FlowPlace",
    "ForbiddenError",
    "Funnel",
    "FunnelStep",
    "Goal",
    "HeatCell",
    "HeatElement",
    "Heatmap",
    "InvalidRequestError",
    "Limits",
    "Measure",
    "Meta",
    "Moment",
    "NoTableError",
    "NotFoundError",
    "NotReachedError",
    "Place",
    "ProblemError",
    "Range",
    "Release",
    "Report",
    "ReportInfo",
    "ReportWords",
    "Row",
    "Rows",
    "Schema",
    "Scope",
    "ScopeWords",
    "Seen",
    "Segment",
    "Side",
    "Site",
    "SiteInfo",
    "SpanWords",
    "Story",
    "Struggle",
    "Taken",
    "TooMuchError",
    "UnauthenticatedError",
]
