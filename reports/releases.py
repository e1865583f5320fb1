"""What did a release make worse, and what better?

One row is what changed beyond chance: a signal at an element or on a page, or on the whole site
where no single place explains it. Compared is the share of views in which it happened, in as many
days before the release as after it, at most 28 and up to the next release. It is the newest in
the range unless one is chosen. A change is told only where its interval of 95 % excludes none at
all, and where it also stands among so many comparisons: of the changes listed, one in twenty may
be mere chance (Benjamini and Hochberg). What happened in fewer than eight views is not compared.
"""

from dataclasses import replace
from datetime import timedelta

from reports import measures
from reports.release.comparing import DAY, Change, beyond_chance, depth_of, sides, struck_shares
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from reports.struggle.faults import error_words
from reports.struggle.struggling import ELEMENT, ELEMENT_TEXT, PATH, SCRIPT_ERROR
from tracker import languages
from tracker.releases import ReleaseInfo
from tracker.signal_book import SIGNALS

_NONE = languages.marked(
    "No release is marked in this range. Mark one with `footfall release NAME` when you put it out, or by the API."
)


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row a change, what became worse first, by the views that it struck in addition."""
    release = scope.release or _newest(scope)
    if release is None:
        return Found(rows=[], notes=[languages.gettext(_NONE)])
    compared = sides(scope, release)
    if compared is None:
        return Found(
            rows=[],
            notes=[languages.gettext("Nothing has happened yet since %(release)s.", release=_told(release, scope))],
        )
    candidates = struck_shares(compared, ask)
    changes = beyond_chance(candidates)
    told = _named_once(changes)
    told.sort(key=lambda one: (-one.difference.value * one.pair.tries, [part or "" for part in one.key]))
    return Found(
        rows=[_row(one) for one in told],
        notes=[
            languages.gettext(
                "%(release)s: %(length)s after it compared with %(length)s before.",
                release=_told(release, scope),
                length=_words(compared.length),
            ),
            languages.counted("%(n)s share was compared.", "%(n)s shares were compared.", len(candidates)),
        ],
    )


def _newest(scope: Scope) -> ReleaseInfo | None:
    within = [one for one in scope.site.releases if scope.range.start <= one.at < scope.range.end]
    return within[-1] if within else None


def _named_once(changes: list[Change]) -> list[Change]:
    """Leave out a page, or the site, where a place on it changed in the same way."""
    finer = {(one.key[:depth], one.is_worse) for one in changes for depth in (1, 2) if depth_of(one.key) > depth}
    return [one for one in changes if (one.key[: depth_of(one.key)], one.is_worse) not in finer]


def _row(one: Change) -> Row:
    signal, path, element, message = one.key
    return {
        "change": "worse" if one.is_worse else "better",
        "signal": signal,
        "element": element,
        "element_text": one.element_text if element else None,
        "script_error": error_words(message),
        "path": path,
        "struck_view_rate_before": one.pair.other_hits / one.pair.other_tries,
        "struck_view_rate": one.pair.hits / one.pair.tries,
        "difference": one.difference.value,
        "difference_low": one.difference.low,
        "difference_high": one.difference.high,
        "visitors": one.visitors,
        "views_before": one.pair.other_tries,
        "views": one.pair.tries,
    }


def _told(release: ReleaseInfo, scope: Scope) -> str:
    at = release.at.astimezone(scope.site.tzinfo)
    return languages.gettext("%(name)s of %(time)s", name=release.name, time=languages.dates.moment(at))


def _words(length: timedelta) -> str:
    if length >= DAY:
        return languages.counted("%(n)s day", "%(n)s days", length.days)
    return languages.gettext("%(n)s hours", n=languages.numbers.decimal(length.total_seconds() / 3600, 1, 0))


report = Report(
    name="releases",
    title="Releases",
    doc=__doc__,
    columns=(
        Column("change", "Change", "text", "Whether it became worse or better."),
        Column("signal", "Struggle", "text", "Which signal changed."),
        ELEMENT,
        ELEMENT_TEXT,
        SCRIPT_ERROR,
        PATH,
        Column("struck_view_rate_before", "Before", "share", "The share of views in which it happened, before."),
        Column("struck_view_rate", "After", "share", "The share of views in which it happened, after."),
        Column("difference", "Difference", "share", "The share after less the share before."),
        Column("difference_low", "At least", "share", "The difference's lower bound, with 95 % confidence (Newcombe)."),
        Column("difference_high", "At most", "share", "The difference's upper bound, with 95 % confidence (Newcombe)."),
        replace(measures.struck_visitors.column, help="Visitors to whom it happened after the release."),
        Column("views_before", "Views before", "count", "Views of the page, or of the site, before."),
        Column("views", "Views after", "count", "Views of the page, or of the site, after."),
    ),
    run=run,
    compares=False,
    signals=tuple(signal.name for signal in SIGNALS),
)
