"""A letter as programs take it: JSON for a webhook, blocks for Slack."""

from typing import Any

import msgspec

from reports.mail.compose import Draft, Foot
from reports.render import json
from tracker.clock import utc_now

SLACK = "https://hooks.slack.com/"
_LONGEST_TEXT = 2900  # Slack takes 3,000 characters in a block


def payload(draft: Draft, foot: Foot, url: str) -> bytes:
    """Return the body for an address: blocks where it is Slack's."""
    return msgspec.json.encode(_blocks(draft) if url.startswith(SLACK) else _told(draft, foot))


def _told(draft: Draft, foot: Foot) -> dict[str, Any]:
    found = draft.found
    return {
        "type": "report",
        "timestamp": utc_now(),
        "data": {
            "site": {"key": draft.site.key, "name": draft.site.name},
            "schedule": foot.schedule,
            "period": draft.period,
            "segment": draft.segment,
            "changed": found.changed,
            "mend_first": found.mend,
            "page": draft.page,
            "reports": [msgspec.Raw(json.render(one)) for one in draft.answers],
        },
    }


def _blocks(draft: Draft) -> dict[str, Any]:
    found, page = draft.found, draft.page
    figures = [f"*{_plain(one.title)}*\n{_plain(one.figure)}" for one in draft.numbers]
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": draft.title[:150]}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": _plain(draft.period)}]},
        _section(" ".join(part for part in (found.changed, found.mend) if part)),
    ]
    if figures:
        blocks.append({"type": "section", "fields": [{"type": "mrkdwn", "text": one} for one in figures]})
    button = {"type": "button", "text": {"type": "plain_text", "text": "Open the report"}, "url": page}
    blocks.append({"type": "actions", "elements": [button]})
    return {"text": _plain(draft.subject), "blocks": blocks}


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": _plain(text)[:_LONGEST_TEXT]}}


def _plain(text: str) -> str:
    """Write a text so that Slack takes nothing in it for its own marks."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
