"""Values that are words of ours, as people read them; in JSON, CSV and addresses they stay as they are."""

from tracker.languages import gettext, marked, marked_as, pgettext
from tracker.languages.letters import first_upper

VALUES = {
    # what most dead clicks of an element were
    "dead": marked("Dead"),
    "disabled": marked("Disabled"),
    "false affordance": marked("False affordance"),
    # how a visit ended
    "bounce": marked("Bounce"),
    "short visit": marked("Short visit"),
    # how something became, or whether it is new
    "new": marked("New"),
    "worse": marked("Worse"),
    "better": marked("Better"),
    "same": marked("Same"),
    # what a link leads to
    "link": marked("Link"),
    "download": marked("Download"),
    # what a vital is
    "few views": marked("Few views"),
    "good": marked("Good"),
    "needs improvement": marked("Needs improvement"),
    "poor": marked("Poor"),
    # kinds of fields
    "text": marked("Text"),
    "email": marked("Email"),
    "password": marked("Password"),
    "tel": marked("Telephone"),
    "date": marked("Date"),
    "checkbox": marked("Checkbox"),
    "radio": marked("Radio"),
    "select": marked("Select"),
    "textarea": marked("Textarea"),
    "file": marked("File"),
}
# Those whose English has another meaning elsewhere, by what they are said of.
_SAID_OF = {
    "error": {"known": marked_as("error", "Known")},
    "kind of field": {
        "number": marked_as("kind of field", "Number"),
        "search": marked_as("kind of field", "Search"),
    },
}
CLICKS = {"dead": marked("Dead click"), "slow": marked("Slow click"), "error": marked("Error click")}
"""What a click that ended a visit is called."""


def value_words(value: str) -> str:
    """Write a value: its words, or itself where it is none of ours."""
    for about, texts in _SAID_OF.items():
        if value in texts:
            return pgettext(about, texts[value])
    return gettext(VALUES[value]) if value in VALUES else first_upper(value)
