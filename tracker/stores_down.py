"""What is raised where a store does not answer just now, be it that of events or that of accounts and sites."""

import sqlite3

import structlog
from flask import g
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from tracker.access import ANONYMOUS
from tracker.store.base import StoreDownError

_log = structlog.get_logger("footfall.stores")

STORES_DOWN = (StoreDownError, OperationalError, InterfaceError, NoConnectionError)
"""SQLAlchemy calls a server that is gone operational, and a database that is locked or full, too: see `is_down`."""
_SQLITE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}


def is_down(error: Exception) -> bool:
    """Tell whether one of STORES_DOWN is that: of SQLite, a table that is missing is operational as well."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return code is None or code & 0xFF in _SQLITE  # the bits above tell more of the same


def note_store_down(error: Exception, path: str) -> None:
    """Log it in a line, and have the answer to this request ask no store any more, not even who is signed in."""
    g.principal = ANONYMOUS
    _log.error("store down", path=path, error=f"{type(error).__name__}: {str(error).partition(chr(10))[0]}")
