"""What classes of screens are called."""

from reports.wording import words
from tracker.languages import gettext


def screen_name(screen: str) -> str:
    """Name a class of screens, or all of them."""
    return gettext("All screens") if screen == "all" else words.name_of("screen", screen)
