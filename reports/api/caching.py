"""Answers that are asked for again: what names their state, and how they are told to be kept."""

import hashlib
from datetime import datetime

from flask import Response, request

from reports.run import newest
from reports.scope import Scope
from tracker import __version__
from tracker.house import current_house
from tracker.signal_versions import decided_by


def cached(response: Response, tag: str) -> Response:
    """Let whoever asked keep an answer, and ask again whether it still holds."""
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def tag_of(name: str, scope: Scope) -> str:
    """Name a state of the answer: the question, what is loaded and by which limits it was decided.

    While the range runs, or events are still being decided again, the minute is in it as well.
    """
    site, now = scope.site, scope.now.replace(second=0, microsecond=0)
    with current_house().database.session() as session:
        decided = decided_by(session, site.id)
    moves = scope.range.end > scope.now or (decided is not None and decided[1] is None)
    running: datetime | None = now if moves else None
    loaded = newest(scope, current_house().store)
    asked = (name, request.query_string, site.key, site.name, site.zone, site.releases, scope.range.start)
    named = (site.segments, site.goals, site.funnels, site.imports)
    whose = (*named, current_house().store.member_mark(), site.limits, decided)
    state = (__version__, *asked, *whose, loaded, running)
    return hashlib.sha256(repr(state).encode()).hexdigest()[:32]
