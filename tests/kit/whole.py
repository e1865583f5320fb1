"""What every page has, whatever is on it."""

import re
from html import unescape

from reports.run import FAILED
from tests.kit.pages import Person, read


def assert_whole(person: Person, path: str) -> None:
    """See that a page comes without a detour, with all its parts, in English."""
    answered = person.get(path)
    assert answered.status_code == 200, (path, answered.text[:2000])
    assert FAILED not in unescape(answered.text), path
    if path.endswith("first-event"):
        return
    html = read(answered)
    assert len(html.all("h1")) == 1, path
    assert [len(html.all(tag)) for tag in ("html", "header", "main", "footer")] == [1] * 4, path
    assert html.all("html")[0]["lang"] == "en"
    ids = [one["id"] for _, one in html.tags if "id" in one]
    assert len(ids) == len(set(ids)), path
    assert not re.search(r"\sstyle=|\son\w+=", answered.text), "would break the content security policy"
    assert "None" not in re.sub(r"<[^>]+>", "", answered.text), path
