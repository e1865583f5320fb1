"""Which visits are looked at, in a person's words."""

from collections.abc import Mapping, Sequence

from reports.dashboard.flow_telling import headline, step_title
from reports.dashboard.telling import named
from reports.example_visits import NO_SIGNAL, Stop, Way
from reports.profiles.shapes import Struggled, VisitShape
from tracker.languages import gettext, marked, pgettext
from tracker.languages.letters import first_lower
from tracker.signal_book import BY_NAME

_ENDINGS = {"bounce": marked("were a bounce"), "short visit": marked("were a short visit")}
_LEFT_AFTER = {
    "dead": marked("Left after a dead click"),
    "slow": marked("Left after a slow click"),
    "error": marked("Left after an error click"),
}
_LEFT_AFTER_ON = {
    "dead": marked("Left after a dead click on %(element)s"),
    "slow": marked("Left after a slow click on %(element)s"),
    "error": marked("Left after an error click on %(element)s"),
}
# The same of the visits that are asked for.
_THAT_LEFT_AFTER = {
    "dead": marked("left after a dead click"),
    "slow": marked("left after a slow click"),
    "error": marked("left after an error click"),
}
_THAT_LEFT_AFTER_ON = {
    "dead": marked("left after a dead click on %(element)s"),
    "slow": marked("left after a slow click on %(element)s"),
    "error": marked("left after an error click on %(element)s"),
}
_STRUCK = {"dead": marked("dead"), "slow": marked("slow"), "error": marked("error")}
_FIRST, _LAST = 12, 6  # stops of a long visit that are told


def conditions(way: Way) -> list[str]:
    """Say what is asked of visits, a phrase for each condition."""
    said = []
    if way.trail:
        said.append(gettext("saw %(pages)s and nothing else", pages=_pages(way.trail)))
    if way.ending:
        said.append(gettext(_ENDINGS[way.ending]))
    if way.last:
        said.append(gettext("ended with %(pages)s", pages=_pages(way.last)))
    if way.signal == NO_SIGNAL:
        said.append(gettext("left without a dead, slow or error click on the last page"))
    elif way.signal:
        said.append(_left_after(way.signal, way.element, _THAT_LEFT_AFTER, _THAT_LEFT_AFTER_ON))
    if way.step:
        start, step = way.step.start, way.step.step
        where = {"flow": first_lower(headline(start)), "step": first_lower(step_title(step, start))}
        if way.step.page is not None:
            said.append(gettext("were on %(page)s (%(flow)s, %(step)s)", page=way.step.page, **where))
        elif start.direction == "forward":
            said.append(gettext("left the site before (%(flow)s, %(step)s)", **where))
        else:
            said.append(gettext("had just come to the site (%(flow)s, %(step)s)", **where))
    return said


def left_after(signal: str, element: str | None) -> str:
    """Say after which kind of click, on what, a visit ended."""
    return _left_after(signal, element, _LEFT_AFTER, _LEFT_AFTER_ON)


def _left_after(signal: str, element: str | None, plain: Mapping[str, str], on: Mapping[str, str]) -> str:
    return gettext(on[signal], element=named(element, None)) if element else gettext(plain[signal])


def struck(signal: str) -> str:
    """Name what went wrong with a click on a page of a trail."""
    return gettext(_STRUCK[signal])


def told(stops: Sequence[Stop]) -> tuple[Sequence[Stop], int, Sequence[Stop]]:
    """Return a visit's first stops, how many are left out, and its last."""
    left_out = len(stops) - _FIRST - _LAST
    return (stops[:_FIRST], left_out, stops[-_LAST:]) if left_out > 1 else (stops, 0, ())


def stories(visit: VisitShape) -> list[tuple[str, Struggled, int]]:
    """Return the signals of a visit by their titles, each with its first struggle and how many there were."""
    by_signal: dict[str, list[Struggled]] = {}
    for one in visit.struggles:
        by_signal.setdefault(one.signal, []).append(one)
    return [(gettext(BY_NAME[name].title), found[0], len(found)) for name, found in by_signal.items()]


def _pages(paths: Sequence[str]) -> str:
    return pgettext("between pages", ", then ").join(paths)
