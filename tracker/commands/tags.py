"""The line of HTML that a site's pages carry."""

from html import escape

from tracker.settings import Settings


def tag_of(settings: Settings, key: str) -> str:
    """Return the tag of the site with this key."""
    return f'<script async src="{escape(settings.address)}/js/footfall.js" data-site="{escape(key)}"></script>'
