"""Struggles one at a time: the examples of one, and each example's story."""

from flask import abort, render_template, request, url_for
from markupsafe import Markup

from reports.dashboard import telling, words
from reports.dashboard.asked import read_request
from reports.dashboard.links import Address
from reports.render.strip import Mark, strip
from reports.struggle.examples import check_place, find_examples
from reports.struggle.story import Moment, Story, find_story
from tracker.gate import current_site
from tracker.house import current_house
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
        signals=[(one, asked.address.having(signal=one.name, path=None, element=None)) for one in SIGNALS],
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
        moments=[(one, telling.when(one.offset_ms), telling.done(one), telling.followed(one)) for one in found.moments],
        ending=telling.ending(found),
        pictures=[
            (title, picture)
            for title, picture in (("The visit", _visit_strip(found)), ("After the click", _answer_strip(found)))
            if picture
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


def _visit_strip(story: Story) -> Markup | None:
    """Draw the pages of the visit and the struggle among them."""
    marks = [_mark(moment) for moment in story.moments if moment.kind == "view" or moment.signals or moment.is_it]
    if len(marks) < 2:
        return None
    return strip(
        marks, story.stayed_ms, title="The visit: its pages, and where the visitor struggled", write=words.duration
    )


def _mark(moment: Moment) -> Mark:
    if moment.signals or moment.is_it:
        said = BY_NAME[moment.signals[0]].title if moment.signals else "Here"
        return Mark(moment.offset_ms, said, "struggle")
    return Mark(moment.offset_ms, moment.path or "page", "step")


def _answer_strip(story: Story) -> Markup | None:
    """Draw what followed the click in the seconds that were watched."""
    moment = next((one for one in story.moments if one.is_it and one.kind == "click" and one.watched_ms), None)
    if moment is None:
        return None
    marks = [Mark(0, "click" if moment.evidence else "click, and nothing followed", "struggle")]
    marks += [
        Mark(delay, telling.FOLLOWED[name], "answer") for name, delay in sorted(moment.evidence.items(), key=_by_delay)
    ]
    return strip(marks, moment.watched_ms or 0, title="What followed the click", write=words.duration)


def _by_delay(known: tuple[str, int]) -> int:
    return known[1]
