"""Whether each half of the house can do its work now, and if not, why."""

from sqlalchemy import literal, select

from tracker.house import House


def ingest_problem(house: House) -> str | None:
    """Return why events are not taken just now; None when they are."""
    return house.spool.refusing


def reports_problem(house: House) -> str | None:
    """Return why no report can be given just now; None when they can."""
    try:
        house.sites.all()
    except Exception as error:
        return f"relational store: {type(error).__name__}"
    try:
        house.store.query(select(literal(1)), timeout_s=5.0)
    except Exception as error:
        return f"event store: {type(error).__name__}"
    if house.loader.last_error:
        return f"loader: {house.loader.last_error.split(':')[0]}"
    return None
