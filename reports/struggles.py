"""Where do people struggle, and what should be mended first?

One row is one fault: a signal at an element of a page, or of a whole page. First come those with
the greatest impact: the visitors affected, times how grave the signal is. What people also do
where all is well (going back at once, to and fro, scrolling in search, clicking plain content)
counts the less, the rarer it is. Where people also clicked in rage, or a script error followed,
that is told in the row of its cause, so that each fault stands here once. The trend compares the
share of views with that of as many days before: worse or better only where they differ beyond
the interval of 95 %; new is worse and never happened before the range.

Visits lost is an estimate. Visits that met the fault are compared with visits of the same device
and medium that reached the same page and did not: how many more of them ended there. It is no
experiment: who clicks is mostly keener than who only looks, so that more may have been lost; and
where one is done, as after a purchase, visits end whatever happens.
"""

from dataclasses import replace

from reports import measures
from reports.measures import ratio
from reports.query.moments import iso
from reports.query.proportions import Estimate
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from reports.struggle.fault_examples import Examples, examples_of
from reports.struggle.faults import Fault, error_words, find_faults
from reports.struggle.history import History, histories
from reports.struggle.lost import lost_visits
from reports.struggle.scoring import SCORE, score
from reports.struggle.struggling import ELEMENT, ELEMENT_TEXT, PATH, RATE, SCRIPT_ERROR, rate
from tracker.signal_book import SIGNALS


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row a fault, the greatest impact first."""
    faults = find_faults(scope, ask)
    if not faults:
        return Found(rows=[])
    known = histories(scope, ask, faults)
    lost = lost_visits(scope, ask, faults)
    examples = examples_of(scope, ask, known)
    rows = [
        {**_what(one), **_since(known[one.key], one, scope), **_lost(*lost[one.key]), **_example(examples[one.key])}
        for one in faults
    ]
    return Found(rows=rows)


def run_first(scope: Scope, ask: Ask) -> Found:
    """Answer with what is at fault alone, where the rest of it would be too long to wait for."""
    return Found(rows=[_what(one) for one in find_faults(scope, ask)])


def _what(fault: Fault) -> Row:
    return {
        "signal": fault.signal,
        "element": fault.element,
        "element_text": fault.element_text,
        "path": fault.path,
        "visitors": fault.visitors,
        "incidents": fault.incidents,
        "raging_visitors": fault.raging,
        "script_error": error_words(fault.message or fault.error),
        "impact": fault.impact,
    }


def _since(history: History, fault: Fault, scope: Scope) -> Row:
    share = history.share
    scored = score({fault.signal: share.hits}, share.tries)
    return {
        "views": share.tries,
        **rate(share.hits, share.tries),
        "trend": history.trend,
        "struck_view_rate_before": ratio(share.other_hits, share.other_tries),
        "days": list(history.days),
        "since": iso(history.first_seen, scope.site.tzinfo),
        "last_seen": iso(fault.last_seen, scope.site.tzinfo),
        "score": scored and scored.value,
    }


def _lost(visits: int, lost: Estimate | None) -> Row:
    return {
        "visits": visits,
        "visits_lost": lost and lost.value,
        "visits_lost_low": lost and lost.low,
        "visits_lost_high": lost and lost.high,
    }


def _example(examples: Examples) -> Row:
    return {"examples": list(examples.ids), "trail": list(examples.trail)}


report = Report(
    name="struggles",
    title="Struggles",
    doc=__doc__,
    columns=(
        Column("signal", "Struggle", "text", "Which signal it is; each has its definition."),
        ELEMENT,
        ELEMENT_TEXT,
        SCRIPT_ERROR,
        PATH,
        measures.struck_visitors.column,
        measures.struck_visits.column,
        measures.incidents.column,
        measures.views.column,
        *RATE,
        Column("trend", "Trend", "text", "Against as many days before: worse, better, same, or new in this range."),
        Column("struck_view_rate_before", "Before", "share", "The share of views in as many days before."),
        Column("days", "By day", "days", "Incidents on each day of the range; of a long range, on several days each."),
        Column("since", "Since", "time", "When it first happened to anybody, also before the range."),
        Column("last_seen", "Last seen", "time", "When it last happened in the range."),
        Column(
            "visits_lost", "Visits lost", "number", "Estimate of the visits that it made end there; how is told above."
        ),
        Column("visits_lost_low", "Lost at least", "number", "The estimate's lower bound, with 95 % confidence."),
        Column("visits_lost_high", "Lost at most", "number", "The estimate's upper bound, with 95 % confidence."),
        Column("raging_visitors", "Also in rage", "count", "Visitors who also clicked the element in rage.", "rage"),
        replace(SCORE, help="The usability score of this struggle alone: 0 for none, nearing 100 for the gravest."),
        Column(
            "impact",
            "Impact",
            "number",
            "Visitors affected times the signal's weight, less for rare habits; orders the list.",
        ),
        Column("examples", "Examples", "examples", "Events with which its newest incidents began, at most three."),
        Column("trail", "Trail", "trail", "The pages that the newest example's visitor had seen up to then, in order."),
    ),
    run=run,
    compares=False,
    signals=tuple(signal.name for signal in SIGNALS),
)
first = replace(report, run=run_first)
