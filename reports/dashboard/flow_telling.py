"""A flow in a person's words, and as a picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from reports.flow.moves import STRUGGLES
from reports.flow.shapes import Flow, FlowLink, FlowNode, FlowPlace
from reports.query.steps import Start
from reports.render import sankey, svg
from reports.wording import words
from reports.wording.links import Address
from tracker.languages import counted, gettext, marked, spoken_language
from tracker.languages.lists import listed

SCALE = (
    ("calm", 0.0, marked("nobody struggled")),
    ("some", 0.1, marked("up to %(share)s did")),
    ("more", 0.25, marked("up to %(share)s did")),
)
WORST = ("much", 0.25, marked("more than %(share)s did"))
"""How a ribbon is drawn, by the share of its visits that struggled on the page before they went on."""
_STRUGGLES = {"dead": marked("%(n)s dead"), "slow": marked("%(n)s slow"), "error": marked("%(n)s error")}
ARRIVING = "arriving"  # there was no page before


@dataclass(frozen=True)
class ShownNode:
    """A node of the flow as a line of a list: its name, numbers in words, and where one can go from it."""

    kind: str
    name: str
    bar: Markup
    visits: str
    share: str
    stayed: str
    struggle: str
    struggle_in_full: str
    onward: Address | None
    examples: Address | None
    filtered: Address | None


@dataclass(frozen=True)
class ShownStep:
    """A column of the flow as a list."""

    title: str
    visits: str
    nodes: Sequence[ShownNode]


@dataclass(frozen=True)
class ShownLink:
    """A row of the table: from where to where, and how many."""

    step: int
    source: str
    target: str
    visits: str
    share: str
    struggle: str


def scale() -> list[tuple[str, str]]:
    """Return what stands beside each way to draw a ribbon."""
    return [(name, gettext(said, share=words.share(most))) for name, most, said in (*SCALE, WORST)]


def headline(start: Start) -> str:
    """Say what stands over the page."""
    if start.direction == "forward":
        return (
            gettext("Flow from %(page)s", page=start.path) if start.path else gettext("Flow from the start of visits")
        )
    return gettext("What led to %(page)s", page=start.path) if start.path else gettext("What led to the end of visits")


def step_title(step: int, start: Start) -> str:
    """Name a step: 1 is where the flow starts."""
    if start.direction == "forward":
        return gettext("Start") if step == 1 else gettext("Step %(n)s", n=words.count(step))
    if step == 1:
        return gettext("Here") if start.path else gettext("Last page")
    return counted("%(n)s step before", "%(n)s steps before", step - 1)


def name_of(place: FlowPlace, pages: int = 0) -> str:
    """Name a place: its path, or what its kind means."""
    if place.kind == "page":
        return place.path or gettext("Page without a path")
    if place.kind == "rest":
        return counted("%(n)s other page", "%(n)s other pages", pages) if pages else gettext("Other pages")
    return gettext("Left the site") if place.kind == "left" else gettext("Came to the site")


def steps_shown(flow: Flow, start: Start, address: Address, visits_page: str) -> list[ShownStep]:
    """Return the columns as lists; `visits_page` is the path of the page of example visits."""
    return [
        ShownStep(
            step_title(column.step, start),
            _visits(column.visits),
            [_shown(node, address, visits_page) for node in column.nodes],
        )
        for column in flow.columns
    ]


def links_shown(flow: Flow) -> list[ShownLink]:
    """Return the links as rows of a table."""
    pages = {node.place: node.pages for column in flow.columns for node in column.nodes}
    return [
        ShownLink(
            one.source.step,
            name_of(one.source, pages[one.source]),
            name_of(one.target, pages[one.target]),
            words.count(one.visits),
            words.share(one.share),
            _rate(one.struggled, one.struggle_rate),
        )
        for one in flow.links
    ]


def picture(flow: Flow, start: Start, address: Address, visits_page: str) -> Markup:
    """Draw the flow, the way one reads as time goes."""
    last = len(flow.columns)
    forward = start.direction == "forward"
    order = {column.step: column.step - 1 if forward else last - column.step for column in flow.columns}
    shown = steps_shown(flow, start, address, visits_page)
    nodes = [
        _drawn(node, one, order[column.step])
        for column, step in zip(flow.columns, shown, strict=True)
        for node, one in zip(column.nodes, step.nodes, strict=True)
    ]
    pages = {node.place: node.pages for column in flow.columns for node in column.nodes}
    ribbons = [sankey.Ribbon(one.source, one.target, one.visits, _told(one, pages), mood(one)) for one in flow.links]
    headings = [step_title(column.step, start) for column in flow.columns]
    layout = sankey.lay_out(nodes, ribbons)
    return sankey.draw(
        sankey.mirrored(layout) if spoken_language().direction == "rtl" else layout,
        headings if forward else headings[::-1],
        counted(
            "%(flow)s: %(n)s step; the same as lists below",
            "%(flow)s: %(n)s steps; the same as lists below",
            last,
            flow=headline(start),
        ),
    )


def mood(link: FlowLink) -> str:
    """Return how a link is drawn, by its share of struggling visits."""
    rate = link.struggle_rate
    if rate is None:
        return ARRIVING
    return next((name for name, most, _ in SCALE if rate <= most), WORST[0])


def _shown(node: FlowNode, address: Address, visits_page: str) -> ShownNode:
    place = node.place
    is_page = place.kind == "page"
    leads = is_page and bool(place.path)
    in_step = address.having(steps=None, branches=None, step=str(place.step), page=place.path)
    return ShownNode(
        kind=place.kind,
        name=name_of(place, node.pages),
        bar=svg.bar(node.share),
        visits=_visits(node.visits),
        share=words.share(node.share),
        stayed=words.duration(node.engaged_ms) if node.engaged_ms else "",
        struggle=gettext("%(share)s struggled", share=words.share(node.struggle_rate)) if node.struggle_rate else "",
        struggle_in_full=_struggles(node),
        onward=address.having(path=place.path) if leads else None,
        examples=in_step.at(visits_page) if leads or place.kind in ("left", "came") else None,
        filtered=address.filtered("path", place.path) if leads else None,
    )


def _drawn(node: FlowNode, shown: ShownNode, column: int) -> sankey.Node:
    marked = f" · ▲ {words.share(node.struggle_rate)}" if node.struggle_rate else ""
    said = [shown.name, shown.visits, gettext("%(share)s of this step", share=shown.share)]
    said += [gettext("typically %(time)s", time=shown.stayed)] if shown.stayed else []
    said += [shown.struggle_in_full] if shown.struggle_in_full else []
    return sankey.Node(
        key=node.place,
        column=column,
        weight=node.visits,
        name=shown.name,
        small=f"{words.count(node.visits)} · {shown.share}{marked}",
        said=listed(said),
        mood=shown.kind,
        link=str(shown.onward or shown.examples or ""),
        struck=node.struggle_rate or 0,
    )


def _told(link: FlowLink, pages: dict[FlowPlace, int]) -> str:
    went = words.steps([name_of(one, pages[one]) for one in (link.source, link.target)])
    if not link.struggled:
        return gettext("%(way)s: %(visits)s", way=went, visits=_visits(link.visits))
    return gettext(
        "%(way)s: %(visits)s, %(share)s struggled before",
        way=went,
        visits=_visits(link.visits),
        share=_rate(link.struggled, link.struggle_rate),
    )


def _struggles(node: FlowNode) -> str:
    """Say how many visits had what kind of click at a step."""
    if not node.struggled:
        return ""
    numbers = {name: getattr(node, name) for name in STRUGGLES}
    kinds = [gettext(_STRUGGLES[name], n=words.count(number)) for name, number in numbers.items() if number]
    return counted(
        "%(n)s visit struggled there (%(kinds)s)",
        "%(n)s visits struggled there (%(kinds)s)",
        node.struggled,
        kinds=listed(kinds),
    )


def _rate(number: int, rate: float | None) -> str:
    if rate is None:
        return words.NONE
    return f"{words.share(rate)} ({words.count(number)})" if number else words.share(0)


def _visits(number: int) -> str:
    return counted("%(n)s visit", "%(n)s visits", number)
