"""A story in a person's words."""

from collections.abc import Callable

from reports.struggle.story import Moment, Story
from reports.wording import words
from reports.wording.elements import element_in_sentence
from tracker.languages import counted, gettext, marked
from tracker.languages.lists import listed
from tracker.signal_book import BY_NAME

# What may follow a click, in words that come after "120 ms later ".
FOLLOWED = {
    "mutation_ms": marked("the page changed"),
    "request_ms": marked("a request went out"),
    "failed_request_ms": marked("a request had failed"),
    "navigation_ms": marked("another page was on its way"),
    "scroll_ms": marked("the page scrolled"),
    "selection_ms": marked("text was selected"),
    "input_ms": marked("a form took it in"),
    "focus_ms": marked("the focus moved"),
    "dialog_ms": marked("a dialog opened or closed"),
    "hidden_ms": marked("the visitor's eyes were elsewhere"),
    "media_ms": marked("media played or paused"),
    "error_ms": marked("a script failed"),
}
_OPENED = {
    "reload": marked("Loaded %(page)s again"),
    "back_forward": marked("Went back or forward to %(page)s"),
    "bfcache": marked("Went back or forward to %(page)s"),
}
_OUTCOMES = {
    "success": marked("Sent the form %(form)s"),
    "left": marked("Left the form %(form)s unfinished"),
    "idle": marked("Left the form %(form)s unfinished"),
    "open": marked("Left the form %(form)s unfinished"),
}
_SWIPES = {
    "": marked("Swiped on %(element)s"),
    "left": marked("Swiped left on %(element)s"),
    "right": marked("Swiped right on %(element)s"),
    "up": marked("Swiped up on %(element)s"),
    "down": marked("Swiped down on %(element)s"),
}


def headline(story: Story) -> str:
    """Say in a line what the struggle was, and where."""
    what = _headline(story)
    if story.signal in ("quick_back", "loop"):
        other = story.detail or gettext("another page")
        if story.path:
            return gettext("%(struggle)s on %(page)s, from %(other)s", struggle=what, page=story.path, other=other)
        return gettext("%(struggle)s, from %(other)s", struggle=what, other=other)
    return gettext("%(struggle)s on %(page)s", struggle=what, page=story.path) if story.path else what


def _headline(story: Story) -> str:
    element = named(story.element, story.element_text) if story.element else ""
    title = gettext(BY_NAME[story.signal].title)
    if story.signal == "rage":
        return counted(
            "%(n)s click on %(element)s in %(time)s",
            "%(n)s clicks on %(element)s in %(time)s",
            story.repetitions or 0,
            element=element or gettext("one place"),
            time=words.duration(story.duration_ms),
        )
    if element and story.signal not in ("quick_back", "loop"):
        return gettext("%(signal)s: %(element)s", signal=title, element=element)
    return title


def who(story: Story) -> str:
    """Say when it was, on what, in which country, and from where the visitor came."""
    parts, about = [words.moment(story.at)], story.about
    if about:
        device = words.name_of("device", str(about["device"])) if about["device"] else gettext("an unknown device")
        parts.append(
            gettext("%(device)s with %(browser)s", device=device, browser=about["browser"])
            if about["browser"]
            else device
        )
        parts += [words.name_of("country", str(about["country"]))] if about["country"] else []
        parts.append(
            gettext("from %(source)s", source=about["source"]) if about["source"] else gettext("came directly")
        )
    return listed(parts)


def done(moment: Moment) -> str:
    """Say what the visitor did, or what the page did."""
    return _DONE[moment.kind](moment, named(moment.element, moment.element_text))


def followed(moment: Moment) -> list[str]:
    """Say what followed a click, in order, or that nothing did; nothing for other moments."""
    if moment.kind != "click":
        return []
    found = sorted((delay, FOLLOWED[name]) for name, delay in moment.evidence.items() if name in FOLLOWED)
    return [_after(delay, gettext(what)) for delay, what in found] or [_nothing(moment)]


def _after(delay: int, what: str) -> str:
    if delay > 0:
        return gettext("%(time)s later %(what)s", time=words.duration(delay), what=what)
    return gettext("At once %(what)s", what=what)


def _nothing(moment: Moment) -> str:
    if not moment.watched_ms:
        if moment.moved_anyway:
            return gettext("Nothing happened, but for what had been moving by itself before")
        return gettext("Nothing happened")
    waited = words.duration(moment.watched_ms)
    if moment.moved_anyway:
        return gettext("Nothing happened for %(time)s, but for what had been moving by itself before", time=waited)
    return gettext("Nothing happened for %(time)s", time=waited)


def ending(story: Story) -> str:
    """Say how the visit went on after the struggle."""
    if not story.about:
        return gettext("Visitors are not told apart on this site, so what came after is not known.")
    later = [moment for moment in story.moments if moment.offset_ms > 0 and moment.kind == "view"]
    if later:
        return counted(
            "The visitor went on to %(n)s more page.", "The visitor went on to %(n)s more pages.", len(later)
        )
    if story.stayed_ms < 1000:
        return gettext("It was the last thing that is known of this visit.")
    return gettext(
        "The visitor stayed on the page for %(time)s more, and left the site from it.",
        time=words.duration(story.stayed_ms),
    )


def when(offset_ms: int) -> str:
    """Say when something was, counted from the struggle."""
    if offset_ms == 0:
        return gettext("Then")
    time = words.duration(abs(offset_ms))
    return gettext("%(time)s later", time=time) if offset_ms > 0 else gettext("%(time)s before", time=time)


def named(element: str | None, text: str | None) -> str:
    """Name an element inside a sentence."""
    return element_in_sentence(element, text) if element else gettext("the page")


def _opened(moment: Moment, _what: str) -> str:
    opened = _OPENED.get(moment.navigation or "", marked("Opened %(page)s"))
    return gettext(opened, page=moment.path or gettext("a page"))


def _clicked(moment: Moment, what: str) -> str:
    if moment.disabled:
        return gettext("Clicked %(element)s, which was switched off", element=what)
    return gettext("Clicked %(element)s", element=what)


def _failed(moment: Moment, _what: str) -> str:
    return gettext("A script failed: %(error)s", error=moment.properties.get("message") or gettext("no message"))


def _filled_in(moment: Moment, what: str) -> str:
    label = moment.properties.get("label")
    said = _OUTCOMES.get(str(moment.properties.get("outcome")), marked("Filled in the form %(form)s"))
    return gettext(said, form=gettext("“%(label)s”", label=label) if label else what)


def _scrolled(moment: Moment, _what: str) -> str:
    turns = moment.properties.get("reversals")
    if not isinstance(turns, int | float):
        return gettext("Scrolled to and fro, turning several times")
    return counted("Scrolled to and fro, turning %(n)s time", "Scrolled to and fro, turning %(n)s times", turns)


def _swiped(moment: Moment, what: str) -> str:
    return gettext(_SWIPES.get(str(moment.properties.get("direction") or ""), _SWIPES[""]), element=what)


def _left_for(moment: Moment, _what: str) -> str:
    where = moment.properties.get("href") or gettext("another site")
    if moment.properties.get("download"):
        return gettext("Downloaded %(address)s", address=where)
    return gettext("Went to %(address)s", address=where)


def _searched(moment: Moment, _what: str) -> str:
    query, found = moment.properties.get("query") or "", moment.properties.get("results")
    if not isinstance(found, int | float):
        return gettext("Searched for “%(query)s”", query=query)
    if found == 0:
        return gettext("Searched for “%(query)s”, found nothing", query=query)
    return counted("Searched for “%(query)s”, found %(n)s", "Searched for “%(query)s”, found %(n)s", found, query=query)


_DONE: dict[str, Callable[[Moment, str], str]] = {
    "view": _opened,
    "click": _clicked,
    "custom": lambda moment, what: gettext("“%(name)s” happened", name=moment.name),
    "error": _failed,
    "form": _filled_in,
    "scroll": _scrolled,
    "swipe": _swiped,
    "link": _left_for,
    "search": _searched,
}
