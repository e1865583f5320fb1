"""Struggles one at a time: the examples of one, and each example's story."""

from collections.abc import Sequence

from flask import abort, render_template, request, url_for
from markupsafe import Markup

from reports.dashboard import telling
from reports.dashboard.asked import Choice, read_request
from reports.render.strip import WIDTHS, Mark, strip
from reports.struggle.examples import check_place, find_examples
from reports.struggle.story import Moment, Story, find_story
from reports.wording import words
from reports.wording.links import Address
from tracker.gate import current_site
from tracker.house import current_house
from tracker.languages import gettext, marked
from tracker.signal_book import BY_NAME, SIGNALS

_PLACE = ("signal", "path", "element")


def examples(site_key: str) -> str:
    """Show the newest examples of a struggle."""
    asked = read_request(compare="none", also=_PLACE)
    place = check_place(
        request.args.get("signal", SIGNALS[0].name), request.args.get("path"), request.args.get("element")
    )
    found = find_examples(current_house().store, asked.scope, place)
    return render_template(
        "examples.html",
        site=asked.site,
        asked=asked,
        place=place,
        signal=BY_NAME[place.signal],
        named=telling.named(place.element, found[0].element_text if found else None) if place.element else None,
        examples=[(one, story_address(asked.site.key, one.id, place.signal)) for one in found],
        signals=[
            Choice(
                gettext(one.title),
                asked.address.having(signal=one.name, path=None, element=None),
                one.name == place.signal,
            )
            for one in SIGNALS
        ],
    )


def story(site_key: str, event_id: str) -> str:
    """Tell one struggle's story."""
    site = current_site()
    found = find_story(current_house().store, site, event_id, request.args.get("signal")) or abort(404)
    return render_template(
        "story.html",
        site=site,
        asked=None,
        story=found,
        headline=telling.headline(found),
        who=telling.who(found),
        moments=[(one, telling.when(one.offset_ms), telling.done(one), telling.followed(one)) for one in found.moments],
        ending=telling.ending(found),
        pictures=[
            (title, drawn)
            for title, drawn in (
                (gettext("The visit"), _visit_strips(found)),
                (gettext("After the click"), _answer_strips(found)),
            )
            if drawn
        ],
        signals=BY_NAME,
        others=examples_address(site.key, found.signal, found.path, found.element),
    )


def story_address(site_key: str, event_id: str, signal: str) -> str:
    """Return the address of a story."""
    return url_for("dashboard.story", site_key=site_key, event_id=event_id, signal=signal)


def examples_address(site_key: str, signal: str, path: str | None, element: str | None) -> Address:
    """Return the address of the examples of a struggle."""
    place = (("signal", signal), ("path", path), ("element", element))
    return Address(
        url_for("dashboard.examples", site_key=site_key), tuple((name, value) for name, value in place if value)
    )


def _visit_strips(story: Story) -> Sequence[Markup]:
    """Draw the pages of the visit and the struggle among them."""
    marks = [_mark(moment) for moment in story.moments if moment.kind == "view" or moment.signals or moment.is_it]
    if len(marks) < 2:
        return ()
    return _strips(
        marks,
        story.stayed_ms,
        gettext("The visit: its pages, and where the visitor struggled; told step by step below"),
    )


def _mark(moment: Moment) -> Mark:
    if moment.signals or moment.is_it:
        said = gettext(BY_NAME[moment.signals[0]].title if moment.signals else marked("Here"))
        return Mark(moment.offset_ms, said, "struggle")
    return Mark(moment.offset_ms, moment.path or gettext("page"), "step")


def _answer_strips(story: Story) -> Sequence[Markup]:
    """Draw what followed the click in the seconds that were watched."""
    moment = next((one for one in story.moments if one.is_it and one.kind == "click" and one.watched_ms), None)
    if moment is None:
        return ()
    marks = [Mark(0, gettext("click") if moment.evidence else gettext("click, nothing followed"), "struggle")]
    marks += [
        Mark(delay, gettext(telling.FOLLOWED[name]), "answer")
        for name, delay in sorted(moment.evidence.items(), key=_by_delay)
    ]
    return _strips(marks, moment.watched_ms or 0, gettext("What followed the click; told step by step below"))


def _strips(marks: Sequence[Mark], until_ms: int, title: str) -> Sequence[Markup]:
    """Draw one strip for a broad and one for a slim place; what happened is told in words below either."""
    return [strip(marks, until_ms, place, title=title, write=words.duration) for place in WIDTHS]


def _by_delay(known: tuple[str, int]) -> int:
    return known[1]
