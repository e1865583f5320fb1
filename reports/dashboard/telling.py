"""A story in a person's words."""

from collections.abc import Callable

from reports.struggle.story import Moment, Story
from reports.wording import words
from reports.wording.cells import element_words
from tracker.signal_book import BY_NAME

# What may follow a click, in words that come after "120 ms later ".
FOLLOWED = {
    "mutation_ms": "the page changed",
    "request_ms": "a request went out",
    "failed_request_ms": "a request had failed",
    "navigation_ms": "another page was on its way",
    "scroll_ms": "the page scrolled",
    "selection_ms": "text was selected",
    "input_ms": "a form took it in",
    "focus_ms": "the focus moved",
    "dialog_ms": "a dialog opened or closed",
    "hidden_ms": "the visitor's eyes were elsewhere",
    "media_ms": "media played or paused",
    "error_ms": "a script failed",
}
_OPENED = {
    "reload": "Loaded {page} again",
    "back_forward": "Went back or forward to {page}",
    "bfcache": "Went back or forward to {page}",
}
_OUTCOMES = {
    "success": "Sent the form {form}",
    "left": "Left the form {form} unfinished",
    "idle": "Left the form {form} unfinished",
    "open": "Left the form {form} unfinished",
}


def headline(story: Story) -> str:
    """Say in a line what the struggle was, and where."""
    where = f" on {story.path}" if story.path else ""
    what = named(story.element, story.element_text) if story.element else ""
    if story.signal == "rage":
        spent = words.duration(story.duration_ms)
        return f"{story.repetitions} clicks on {what or 'one place'} in {spent}{where}"
    if story.signal in ("quick_back", "loop"):
        return f"{BY_NAME[story.signal].title}{where}, from {story.detail or 'another page'}"
    return f"{BY_NAME[story.signal].title}{': ' + what if what else ''}{where}"


def done(moment: Moment) -> str:
    """Say what the visitor did, or what the page did."""
    return _DONE[moment.kind](moment, named(moment.element, moment.element_text))


def followed(moment: Moment) -> list[str]:
    """Say what followed a click, in order, or that nothing did; nothing for other moments."""
    if moment.kind != "click":
        return []
    found = sorted((delay, FOLLOWED[name]) for name, delay in moment.evidence.items() if name in FOLLOWED)
    if found:
        return [f"{f'{words.duration(delay)} later' if delay > 0 else 'At once'} {what}" for delay, what in found]
    waited = f" for {words.duration(moment.watched_ms)}" if moment.watched_ms else ""
    moved = ", but for what had been moving by itself before" if moment.moved_anyway else ""
    return [f"Nothing happened{waited}{moved}"]


def ending(story: Story) -> str:
    """Say how the visit went on after the struggle."""
    if not story.about:
        return "Visitors are not told apart on this site, so what came after is not known."
    later = [moment for moment in story.moments if moment.offset_ms > 0 and moment.kind == "view"]
    if later:
        pages = len(later)
        return f"The visitor went on to {pages} more page{'s' if pages > 1 else ''}."
    if story.stayed_ms < 1000:
        return "It was the last thing that is known of this visit."
    return f"The visitor stayed on the page for {words.duration(story.stayed_ms)} more, and left the site from it."


def when(offset_ms: int) -> str:
    """Say when something was, counted from the struggle."""
    if offset_ms == 0:
        return "Then"
    return f"{words.duration(abs(offset_ms))} {'later' if offset_ms > 0 else 'before'}"


def named(element: str | None, text: str | None) -> str:
    """Name an element inside a sentence."""
    if not element:
        return "the page"
    said = element_words(element, text)
    return f"the {said}" if said.startswith("“") else f"a {said[:1].lower()}{said[1:]}"


def _results(found: object) -> str:
    if not isinstance(found, int | float):
        return ""
    return ", found nothing" if found == 0 else f", found {words.count(found)}"


def _opened(moment: Moment, _what: str) -> str:
    return _OPENED.get(moment.navigation or "", "Opened {page}").format(page=moment.path or "a page")


def _filled_in(moment: Moment, what: str) -> str:
    label = moment.properties.get("label")
    said = _OUTCOMES.get(str(moment.properties.get("outcome")), "Filled in the form {form}")
    return said.format(form=f"“{label}”" if label else what)


def _left_for(moment: Moment, _what: str) -> str:
    where = moment.properties.get("href") or "another site"
    return f"{'Downloaded' if moment.properties.get('download') else 'Went to'} {where}"


_DONE: dict[str, Callable[[Moment, str], str]] = {
    "view": _opened,
    "click": lambda moment, what: f"Clicked {what}{', which was switched off' if moment.disabled else ''}",
    "custom": lambda moment, what: f"“{moment.name}” happened",
    "error": lambda moment, what: f"A script failed: {moment.properties.get('message') or 'no message'}",
    "form": _filled_in,
    "scroll": lambda moment, what: (
        f"Scrolled to and fro, turning {moment.properties.get('reversals', 'several')} times"
    ),
    "swipe": lambda moment, what: " ".join(f"Swiped {moment.properties.get('direction') or ''} on {what}".split()),
    "link": _left_for,
    "search": lambda moment, what: (
        f"Searched for “{moment.properties.get('query') or ''}”{_results(moment.properties.get('results'))}"
    ),
}
