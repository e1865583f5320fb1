"""A house with everything in it that a page can show, beside what the sample brings."""

from datetime import date, timedelta

from sqlalchemy import select

from reports.dashboard.import_telling import REASONS
from reports.scope import parse_scope
from reports.struggle.examples import check_place, find_examples
from tests.kit.everypage import sent, uploaded, with_webhooks
from tests.kit.pages import EMAIL, PASSWORD
from tests.reports.dashboard.pseudo.names import BEN, HELPER, names_of
from tracker.alerts import book as watches
from tracker.alerts.mutes import mute
from tracker.clock import utc_now
from tracker.foreign import WantedId, add_foreign_id
from tracker.house import House
from tracker.identity.hand import profile_of
from tracker.imports.book import WantedImport, keep
from tracker.imports.counts import KIND_NAMES, Count, Numbers
from tracker.members import invite
from tracker.models import Alert, IdentityConflict, Recipient, Webhook
from tracker.schedules import book as schedules
from tracker.schedules.outbox import send_again
from tracker.schedules.rhythm import last_due
from tracker.shares import Choices, WantedLink, create_link
from tracker.sites import SiteInfo, create_site, describe
from tracker.users import create_user, set_role
from tracker.webhooks.book import FAILING

BEFORE = [Count(kind, date(2026, 2, 9), "", Numbers(visitors=2, visits=3)) for kind in ("days", "countries")]


def furnished(house: House, sample: SiteInfo) -> tuple[dict[str, object], frozenset[str]]:
    """Make all that the pages can show; return what fills in their addresses, and what on them is from outside."""
    with house.database.session() as session:
        bare = describe(create_site(session, "Lamps & Chairs", ["shop.example"], "Europe/Warsaw"))
        create_user(session, EMAIL, PASSWORD, owner=True)
        set_role(session, create_user(session, HELPER, PASSWORD).id, sample.id, "editor")
        add_foreign_id(session, sample.id, WantedId("matomo", "7", consented=True), EMAIL)
    keep(house.database, bare.id, WantedImport("plausible", "shop.zip", EMAIL), BEFORE)
    values: dict[str, object] = {"site": sample.key, "bare": bare.key, **sites_with_uploads(house)}
    uploaded(house, sample)
    values |= links_of(house, sample) | letters_of(house, sample) | ties_of(house, sample)
    values["webhook"] = webhook_of(house, sample)
    house.sites.forget()
    values["story"] = story_of(house, sample)
    return values, frozenset(names_of(house, sample, bare))


def story_of(house: House, sample: SiteInfo) -> str:
    """Return the id of the newest dead click."""
    return find_examples(house.store, parse_scope(sample, {}), check_place("dead", None, None))[0].id


def sites_with_uploads(house: House) -> dict[str, str]:
    """Return the keys of sites to which exports were sent that are not taken in yet, or cannot be."""
    told = {"taken": dict.fromkeys(KIND_NAMES, 1), "skipped": dict.fromkeys(REASONS, 1)}
    stopped = {"stopped_by": EMAIL, "finished_at": utc_now()}
    states: dict[str, tuple[str, dict[str, object]]] = {
        "moving": ("running", {}),
        "stuck": ("waiting", {"heard_at": utc_now() - timedelta(days=1)}),
        "broken": ("failed", {"problem": "shop.zip", "finished_at": utc_now()}),
        "told": ("done", {"told": told, "finished_at": utc_now()}),
        "stopping": ("running", {"stopped_by": EMAIL}),
        "stopped": ("stopped", {**stopped, "begun_at": utc_now(), "told": {"taken": {"events": 5}}}),
        "unbegun": ("stopped", {**stopped, "product": "plausible"}),
        "counting": ("waiting", {"product": "plausible"}),
    }
    keys = {}
    for name, (state, fields) in states.items():
        with house.database.session() as session:
            site = describe(create_site(session, "Lamps & Chairs", [f"{name}.example"]))
        sent(house, site, state, **fields)
        keys[name] = site.key
    return keys


def ties_of(house: House, site: SiteInfo) -> dict[str, object]:
    """Return the sample's conflict of two logins, the profiles of both, and the edge that would bring them together."""
    with house.database.session() as session:
        [conflict] = session.scalars(select(IdentityConflict).where(IdentityConflict.site_id == site.id))
        profile, other = (profile_of(session, site.id, login) for login in (conflict.a, conflict.b))
        return {"conflict": conflict.id, "profile": profile, "other": other, "edge": conflict.edge_id}


def links_of(house: House, site: SiteInfo) -> dict[str, object]:
    pages = ["overview", "struggles"]
    wanted = {
        "share": WantedLink("Board", pages, ["device:is:desktop"]),
        "locked": WantedLink("Agency", pages, password=PASSWORD),
    }
    with house.database.session() as session:
        links = {name: create_link(session, site.id, one, Choices(pages, []), EMAIL)[1] for name, one in wanted.items()}
        invited = invite(session, site.id, BEN, "editor", EMAIL)
        of_account = invite(session, site.id, HELPER, "admin", EMAIL)
    return {**links, "invited": invited, "of_account": of_account}


def letters_of(house: House, site: SiteInfo) -> dict[str, object]:
    now = utc_now()
    with house.database.session() as session:
        kinds = ["drop", "spike"]
        wanted = watches.Wanted("Usual", kinds, [EMAIL, BEN], quiet_from=22, quiet_until=7)
        watch = watches.create_watch(session, site.id, wanted, watches.Choices(kinds), EMAIL)
        asked, recipient = session.scalars(
            select(Recipient).where(Recipient.watch_id == watch.id).order_by(Recipient.address.desc())
        )
        mute(session, recipient, "spike", None, now)
        said = {"headline": "Many", "told": "So many.", "why": "A rule."}
        facts = {"report": "overview", "range": "28d", "contributing": ["From there."]}
        times = {"began_at": now, "noticed_at": now, "seen_at": now}
        for subject, ended, told in (("a", None, now), ("b", now, now), ("c", now, None)):
            session.add(
                Alert(
                    watch_id=watch.id, kind="spike", subject=subject, facts=facts, ended_at=ended, told_at=told,
                    **said, **times,
                )
            )  # fmt: skip
        weekly = schedules.Wanted("Weekly", "week", 0, 9, site.zone, ["pages"], [EMAIL, "https://hook.example/x"])
        schedule = schedules.create_schedule(session, site.id, weekly, schedules.Choices(["pages"], []), EMAIL)
        send_again(session, schedule, last_due(schedules.rhythm_of(schedule, site.tzinfo), now), None)
        return {
            "watch": watch.id,
            "schedule": schedule.id,
            "confirm": asked.token,
            "unsubscribe": recipient.token,
        }


def webhook_of(house: House, site: SiteInfo) -> int:
    """Return the number of a webhook that was switched off by itself, with what it got and what it did not."""
    with_webhooks(house, site)
    with house.database.session() as session:
        [webhook] = session.scalars(select(Webhook))
        webhook.stopped, webhook.on, webhook.left_out = FAILING, False, 3
        return webhook.id
