"""What overlay.js says to whoever opened it: words of ours, in the language of the page that they came from.

The script has no words of its own. `{…}` in one is a place that the script fills.
"""

from collections.abc import Mapping, Sequence

from reports.heatmap import PARTS, SCREENS
from reports.render.heat import LAYERS, part_name
from reports.wording import words
from reports.wording.screens import screen_name
from tracker.languages import gettext, marked

_WORDS = {
    "title": marked("Footfall heatmap"),
    "layer": marked("Layer"),
    "ranked": marked("Ranked"),
    "fold": marked("Fold"),
    "unfold": marked("Unfold"),
    "close": marked("Close"),
    "screen": marked("Screen"),
    "range": marked("Range"),
    "nothing": marked("No view told it."),
    "page": marked("The page itself"),
    "asking": marked("Asking…"),
    "silent": marked("Footfall does not answer just now. Choose a layer to ask once more."),
    "saved": marked("The picture has the heat and the boxes of the elements: no script may read a page's own pixels."),
}


def overlay_words() -> Mapping[str, str]:
    """Return the script's words in the language that is spoken now."""
    return {name: gettext(text) for name, text in _WORDS.items()} | {
        "heading": gettext("Heatmap of %(page)s", page="{page}"),
        "numbers": gettext(
            "Views: %(views)s. Clicks: %(clicks)s, on elements: %(elements)s.",
            views="{views}",
            clicks="{clicks}",
            elements="{elements}",
        ),
        "lost": gettext(
            "Of those listed, not on the page now: %(number)s. They are drawn where they were clicked, if they scroll "
            "with it.",
            number="{number}",
        ),
        "other_screen": gettext(
            "Shown are screens of the class “%(chosen)s”; this window is of “%(own)s”.", chosen="{chosen}", own="{own}"
        ),
        "gone": gettext("Not here now: %(element)s", element="{element}"),
        "text": gettext("“%(label)s”", label="{label}"),
        "seconds": gettext("%(n)s s", n="{n}"),
    }


def overlay_menus() -> Mapping[str, Mapping[str, str]]:
    """Return what stands in the script's menus, by the words that it asks with."""
    return {
        "layers": {name: gettext(title) for name, title in LAYERS.items()},
        "screens": {name: screen_name(name) for name in ("all", *SCREENS)},
        "ranges": {name: gettext(title) for name, title in words.RANGES.items()},
    }


def overlay_parts() -> Sequence[str]:
    """Return the names of the parts of a page's height, its top first."""
    return [gettext("%(part)s of the page", part=part_name(number)) for number in range(PARTS)]
