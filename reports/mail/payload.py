"""A letter as programs take it: JSON for a webhook, blocks for Slack."""

from typing import Any

import msgspec

from reports.mail.draft import Draft, Foot
from reports.render import json
from tracker.clock import utc_now
from tracker.languages import ENGLISH, gettext, speaking, spoken_language

SLACK = "https://hooks.slack.com/"
_LONGEST_TEXT = 2900  # Slack takes 3,000 characters in a block


def payload(draft: Draft, foot: Foot, url: str) -> bytes:
    """Return the body for an address: blocks where it is Slack's."""
    return msgspec.json.encode(_blocks(draft) if url.startswith(SLACK) else _told(draft, foot))


def _told(draft: Draft, foot: Foot) -> dict[str, Any]:
    found = draft.found
    with speaking(ENGLISH):
        reports = [msgspec.Raw(json.render(one)) for one in draft.tables.in_english]
    return {
        "type": "report",
        "timestamp": utc_now(),
        "data": {
            "site": {"key": draft.site.key, "name": draft.site.name},
            "schedule": foot.schedule,
            "period": draft.period,
            "segment": draft.segment,
            "language": spoken_language().tag,
            "changed": found.changed,
            "mend_first": found.mend_in_full,
            "page": draft.page,
            "reports": reports,
        },
    }


def _blocks(draft: Draft) -> dict[str, Any]:
    found, page = draft.found, draft.page
    figures = [f"*{plain(one.title)}*\n{plain(one.figure)}" for one in draft.numbers]
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": draft.title[:150]}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": plain(draft.period)}]},
        section(" ".join(part for part in (found.changed, found.mend_in_full) if part)),
    ]
    if figures:
        blocks.append({"type": "section", "fields": [{"type": "mrkdwn", "text": one} for one in figures]})
    button = {"type": "button", "text": {"type": "plain_text", "text": gettext("Open the report")}, "url": page}
    blocks.append({"type": "actions", "elements": [button]})
    return {"text": plain(draft.subject), "blocks": blocks}


def section(text: str) -> dict[str, Any]:
    """Return a block of words."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": plain(text)[:_LONGEST_TEXT]}}


def plain(text: str) -> str:
    """Write a text so that Slack takes nothing in it for its own marks."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
