"""What the tests of events from servers share: one to send, and what became of those that were."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.kit.collect import footprints
from tracker.event import Footprint
from tracker.house import House
from tracker.store.schema import event

ADDRESS = "203.0.113.77"
VIEW = {"kind": "view", "url": "/prices"}
Send = Callable[..., TestResponse]


def only(house: House) -> Footprint:
    (found,) = footprints(house)  # type: ignore[arg-type]  # a house has all that is looked at
    return found


def kept(house: House) -> list[Footprint]:
    return footprints(house)  # type: ignore[arg-type]  # as above


def stored(house: House) -> list[Any]:
    """Load all that waits and return what is stored, the earliest first."""
    house.loader.run_once()
    columns = (event.c.kind, event.c.path, event.c.occurred_at, event.c.visitor_id, event.c.login_id)
    return list(house.store.query(select(*columns).order_by(event.c.occurred_at)).rows)
