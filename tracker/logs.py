"""One log for all of Footfall and its libraries: lines of key=value on standard error, and nothing about visitors."""

import logging
import sys
from typing import Any

import structlog

from tracker.errors import FootfallError

# Whatever a caller adds, these say who somebody is, and no line needs them.
PERSONAL = frozenset({"address", "ip", "remote_addr", "user_agent", "email", "visitor_id", "url", "referrer"})
LEVELS = ("debug", "info", "warning", "error")


def forget_people(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Leave out what must not be written down."""
    return {key: value for key, value in event.items() if key not in PERSONAL}


_SHARED: list[Any] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    forget_people,
]


def configure_logs(level: str) -> None:
    """Send our own lines and those of the libraries to standard error, from `level` up."""
    if level.lower() not in LEVELS:
        raise FootfallError(f"FOOTFALL_LOG_LEVEL: {level!r} is not one of {', '.join(LEVELS)}")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.LogfmtRenderer(
                    key_order=["timestamp", "level", "logger", "event"], sort_keys=False
                ),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for chatty in ("apscheduler", "_granian", "alembic", "asyncio", "werkzeug"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
    # a turn that is left out because the one before goes on is no news
    logging.getLogger("apscheduler.scheduler").setLevel(max(logging.ERROR, root.level))
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
