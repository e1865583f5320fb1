"""Every page there is, of a site with sample data: for tests that look at all of them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from reports import REPORTS
from tests.kit.pages import EMAIL, PASSWORD
from tracker.alerts import book
from tracker.alerts.mutes import mute
from tracker.clock import utc_now
from tracker.foreign import WantedId, add_foreign_id
from tracker.house import House
from tracker.imports.book import WantedImport
from tracker.imports.events import Span, note_events
from tracker.members import invite
from tracker.models import Alert, Recipient, Upload, WebhookMessage
from tracker.shares import Choices, WantedLink, create_link
from tracker.sites import SiteInfo
from tracker.webhooks.book import WantedWebhook, create_webhook

OWN = (
    "",
    "profiles",
    "profiles/conflicts",
    "tag",
    "settings",
    "nowhere",
    "signals",
    "signals?silence=500",
    "heatmap",
    "flow",
    "flow?path=/basket&direction=backward&steps=6",
    "visits?step=2&page=/teas",
    "alerts",
    "alerts/new",
    "schedules",
    "schedules/new",
    "goals?change=Ordered",
    "goals/funnel?change=From+tea+to+order",
    "shares",
    "webhooks",
    "other-trackers",
    "imports",
    "imports?product=matomo",
    "imports?product=umami",
    "members",
    "examples?signal=dead",
    "live",
    "?range=7d&filter=device:is:mobile&filter=or:source:is:Google&devices=browsers",
)

REPORT_PAGES = [f"reports/{report.name}" for report in REPORTS[1:]]  # the first one's is the overview


def every_page(house: House, sample: SiteInfo) -> list[str]:
    """Return the addresses of all pages but a story's; what some of them need is made."""
    house.settings.mail_url = "smtp://mail.example:25"
    with house.database.session() as session:
        add_foreign_id(session, sample.id, WantedId("matomo", "7", consented=True), EMAIL)
    house.sites.forget()
    uploaded(house, sample)
    paths = watched(house, sample) + with_webhooks(house, sample) + [f"/sites/{sample.key}/{page}" for page in OWN]
    paths += [f"/sites/{sample.key}/{page}?filter=device:is:desktop" for page in REPORT_PAGES]
    paths += shared(house, sample)
    return [*paths, f"/privacy/{sample.key}", "/sites", "/sites/new", "/account"]


def shared(house: House, site: SiteInfo) -> list[str]:
    """Return the addresses of shared pages, one of them locked."""
    pages = ["overview", "struggles"]
    wanted = WantedLink("Board", pages, ["device:is:desktop"]), WantedLink("Agency", pages, password=PASSWORD)
    with house.database.session() as session:
        [open_one, locked] = [create_link(session, site.id, one, Choices(pages, []), EMAIL)[1] for one in wanted]
    return [f"/share/{open_one}/", f"/share/{open_one}/reports/struggles", f"/share/{locked}/"]


def with_webhooks(house: House, site: SiteInfo) -> list[str]:
    """Return the address of the page of a webhook that got one message, and another not."""
    now = utc_now()
    with house.database.session() as session:
        kinds = ["goal.completed", "struggle.new"]
        made = create_webhook(session, site.id, WantedWebhook("https://hook.example/footfall", kinds), (), EMAIL)
        made.failing_since = now
        number = made.id
        told = {"webhook_id": number, "kind": "goal.completed", "body": '{"type":"goal.completed"}', "made_at": now}
        tried = {"tries": 1, "tried_at": now, "next_try_at": now}
        well = {"state": "sent", "sent_at": now, "status": 204, "answered": ""}
        badly = {"state": "waiting", "status": 503, "problem": "hook.example answered 503.", "answered": "Out of order"}
        for key, how in (("4f1c9a7be02d", well), ("b83e51d7c96a", badly)):
            session.add(WebhookMessage(key=key, happening=key, **told, **tried, **how))
    return [f"/sites/{site.key}/webhooks/{number}"]


def uploaded(house: House, site: SiteInfo) -> None:
    """Have events of another product be taken in that were sent by a page."""
    day = utc_now().date() - timedelta(days=90)
    wanted = WantedImport("umami", "website_event.csv", EMAIL)
    made = note_events(house.database, site.id, wanted, Span(12_345, day, day + timedelta(days=30)))
    told = {"taken": {"events": 12_345}, "skipped": {"another host": 67}, "bad": {"time": 8}}
    became = {"told": told, "first": {"time": ["website_event.csv", 9]}}
    sent(house, site, "done", import_id=made.number, finished_at=utc_now(), **became)


def sent(house: House, site: SiteInfo, state: str, **fields: Any) -> None:
    """Have an export of Umami been sent by a page, and be so far."""
    now = utc_now()
    usual = {
        "product": "umami",
        "heard_at": now,
        "created_at": now,
        "done_bytes": 40,
        "total_bytes": 100,
        "told": {},
        "first": {},
    }
    with house.database.session() as session:
        session.add(
            Upload(
                site_id=site.id,
                token=f"{site.id:032x}",
                kind="",
                files=[["0", "website_event.csv"]],
                language="en",
                state=state,
                created_by=EMAIL,
                **{**usual, **fields},
            )
        )


def watched(house: House, site: SiteInfo) -> list[str]:
    """Return the addresses of pages of a watch that noticed something, which its reader muted, and of an invitation."""
    now = utc_now()
    with house.database.session() as session:
        choices = book.Choices(["drop", "spike"], ())
        watch = book.create_watch(session, site.id, book.Wanted("Usual", ["drop", "spike"], [EMAIL]), choices, EMAIL)
        [recipient] = session.scalars(select(Recipient).where(Recipient.watch_id == watch.id))
        mute(session, recipient, "spike", None, now)
        facts = {"report": "overview", "range": "28d", "contributing": ["From “Google” came 50 visits; before, none."]}
        said = {"headline": "3 times as many visits as usual", "told": "So many.", "why": "A rule.", "facts": facts}
        times = {"began_at": now, "noticed_at": now, "seen_at": now, "ended_at": None, "told_at": now}
        session.add(Alert(watch_id=watch.id, kind="spike", subject="", **said, **times))
        invited = invite(session, site.id, "ben@example.com", "editor", EMAIL)
        number, token = watch.id, recipient.token
    of_watch = [f"/sites/{site.key}/alerts/{number}{words}" for words in ("", "?tried=1&least=20", "?tried=1&least=x")]
    return [*of_watch, f"/mute/{token}?kind=spike&for=day", f"/invited/{invited}", f"/sites/{site.key}/audit"]
