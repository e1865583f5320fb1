"""The recipes of docs/installing.md, as they stand there."""

import re
from pathlib import Path

from tests.kit.browser import SITE

_PAGE = Path(__file__).parents[2] / "docs" / "installing.md"


def recipes(heading: str, language: str, url: str) -> list[str]:
    """Return the blocks of a section in a language, Footfall's address and the site's key put in."""
    section = re.search(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", _PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert section, f"docs/installing.md has no section {heading}"
    found = re.findall(rf"^```{language}\n(.*?)^```$", section[1], re.MULTILINE | re.DOTALL)
    assert found, f"docs/installing.md has no {language} under {heading}"
    return [text.replace("https://stats.example.org", url).replace("YOUR-SITE-KEY", SITE) for text in found]
