"""Every page in a language that nobody speaks: all that it says goes through the translators' files."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import String, select
from werkzeug.test import TestResponse

from reports import REPORTS
from reports.dashboard import ROUTES
from reports.dashboard.import_products import PRODUCTS
from reports.dashboard.import_telling import REASONS
from tests.kit.everypage import sent, uploaded, with_webhooks
from tests.kit.pages import EMAIL, PASSWORD, Person
from tests.kit.pseudo import TAG, Bracketed, unsaid
from tests.kit.stocked import lend
from tracker.alerts import book as watches
from tracker.alerts.mutes import mute
from tracker.app import create_app
from tracker.clock import utc_now
from tracker.foreign import WantedId, add_foreign_id
from tracker.house import House, open_house
from tracker.identity.hand import profile_of
from tracker.imports.book import WantedImport, keep
from tracker.imports.counts import KIND_NAMES, Count, Numbers
from tracker.imports.titles import OF_EVENTS, TITLES
from tracker.languages import LANGUAGES, catalog
from tracker.members import invite
from tracker.models import Alert, IdentityConflict, Recipient, Webhook
from tracker.schedules import book as schedules
from tracker.schedules.outbox import send_again
from tracker.schedules.rhythm import last_due
from tracker.settings import load_settings
from tracker.shares import Choices, WantedLink, create_link
from tracker.sites import SiteInfo, create_site, describe
from tracker.store.schema import event, visit
from tracker.users import create_user, set_role
from tracker.webhooks.book import FAILING

# Names of products, files and engines, and what is typed as it stands.
NAMES = ("Footfall", "EUR", "value", "intranet.example.org", "shop.example", "CSV", "JSON", "PDF", "PNG", "API", EMAIL)
TYPED = ("page, category",)
GIVEN = ("Usual", "Weekly", "Board", "Agency", "Frame")
HELPER, BEN, CARL = "helper@example.org", "ben@example.com", "carl@example.com"

# Pages of the sample, of a {bare} site without any event, and of nobody's, with all that they can be asked for.
PAGES = (
    "/sites",
    "/sites/new",
    "/account",
    "/sites/{site}/",
    "/sites/{site}/?range=7d&filter=device:is:mobile&filter=or:source:is:Google&devices=browsers",
    "/sites/{site}/?range=nonsense",
    *(f"/sites/{{site}}/reports/{report.name}" for report in REPORTS[1:]),
    "/sites/{site}/examples?signal=dead",
    "/sites/{site}/stories/{story}",
    "/sites/{site}/live",
    "/sites/{site}/flow",
    "/sites/{site}/flow?path=/basket&direction=backward&steps=6",
    "/sites/{site}/visits?step=2&page=/teas",
    "/sites/{site}/heatmap",
    "/sites/{site}/values?filter_dimension=country",
    "/sites/{site}/profiles",
    "/sites/{site}/profiles/{profile}",
    "/sites/{site}/profiles/{profile}/erase",
    "/sites/{site}/profiles/conflicts",
    "/sites/{site}/audit",
    "/sites/{site}/tag",
    "/sites/{site}/signals",
    "/sites/{site}/signals?silence=500",
    "/sites/{site}/signals/progress",
    "/sites/{site}/settings",
    "/sites/{site}/nowhere",
    "/sites/{site}/goals",
    "/sites/{site}/goals?change=Ordered",
    "/sites/{site}/goals/funnel",
    "/sites/{site}/goals/funnel?change=From+tea+to+order",
    "/sites/{site}/schedules",
    "/sites/{site}/schedules/new",
    "/sites/{site}/schedules/{schedule}",
    "/sites/{site}/alerts",
    "/sites/{site}/alerts/new",
    "/sites/{site}/alerts/{watch}",
    "/sites/{site}/alerts/{watch}?tried=1&least=20",
    "/sites/{site}/alerts/{watch}?tried=1&least=x",
    "/sites/{site}/alerts/{watch}?tried=1&sensitivity=x",
    "/sites/{site}/webhooks",
    "/sites/{site}/webhooks/{webhook}",
    "/sites/{site}/shares",
    "/sites/{site}/other-trackers",
    *(f"/sites/{{site}}/imports?product={product.name}" for product in PRODUCTS),
    "/sites/{site}/imports/progress",
    "/sites/{moving}/imports",
    "/sites/{stuck}/imports",
    "/sites/{broken}/imports",
    "/sites/{told}/imports",
    "/sites/{moving}/imports?stop=1",
    "/sites/{counting}/imports?stop=1",
    "/sites/{stopping}/imports",
    "/sites/{stopped}/imports",
    "/sites/{unbegun}/imports",
    "/sites/{site}/members",
    "/sites/{bare}/",
    "/sites/{bare}/?range=all",
    "/sites/{bare}/imports",
    "/sites/{bare}/reports/imported?range=all",
    "/sites/{bare}/reports/imported?range=all&imported=countries",
    "/sites/{bare}/reports/imported?range=all&filter=device:is:desktop",
    "/sites/{bare}/tag",
    "/sites/{bare}/first-event",
    "/sites/{bare}/reports/usability",
    "/sites/{bare}/reports/goals",
    "/sites/{bare}/reports/funnels",
    "/sites/{bare}/goals",
    "/sites/{bare}/schedules",
    "/sites/{bare}/alerts",
    "/sites/{bare}/webhooks",
    "/sites/{bare}/shares",
    "/sites/{bare}/profiles",
    "/sites/{bare}/settings",
)
# Those that one who is not signed in may see.
OPEN_PAGES = (
    "/sign-in",
    "/welcome/old",
    "/invited/{invited}",
    "/invited/{of_account}",
    "/invited/old",
    "/confirm/{confirm}",
    "/unsubscribe/{unsubscribe}",
    "/mute/{unsubscribe}?kind=spike&for=day",
    "/mute/{unsubscribe}?kind=spike&for=good",
    "/share/{share}/",
    "/share/{share}/reports/struggles",
    "/share/{locked}/",
    "/share/old/",
    "/privacy/{site}",
)
# What one does there without an account.
OPEN_FORMS = (
    "/confirm/{confirm}",
    "/unsubscribe/{confirm}",
    "/mute/{unsubscribe}?kind=spike&for=day",
    "/mute/{unsubscribe}?kind=spike&for=week",
    "/mute/{unsubscribe}?kind=spike&for=good",
)


def exported() -> tuple[io.BytesIO, str]:
    """Return a file for a form: anew for each, for who reads one closes it."""
    return io.BytesIO(b"x"), "shop.zip"


def emptied() -> tuple[io.BytesIO, str]:
    return io.BytesIO(), "shop.zip"


def far_too_many() -> list[tuple[io.BytesIO, str]]:
    return [exported() for _ in range(99)]


BEFORE = [Count(kind, date(2026, 2, 9), "", Numbers(visitors=2, visits=3)) for kind in ("days", "countries")]
SCHEDULE = {
    "every": "week",
    "weekday": "1",
    "hour": "9",
    "zone": "Europe/Warsaw",
    "sections": "pages",
    "recipients": EMAIL,
    "compare": "previous",
}
WATCH = {"kinds": "spike", "recipients": EMAIL, "sensitivity": "normal", "least": "50", "cool_down_hours": "6"}
Form = tuple[str, str, dict[str, Any]]
# What is sent, from which page to which address: below the sample's, or from a / at its beginning.
REFUSED: tuple[Form, ...] = (
    ("members", "members", {"email": "nobody", "role": "viewer"}),
    ("members", "members", {"email": EMAIL, "role": "viewer"}),
    ("members", "members", {"email": HELPER, "role": "editor"}),
    ("members", "members", {"email": CARL, "role": "king"}),
    ("members", "members/change", {"do": "role", "user": "999", "role": "viewer"}),
    ("other-trackers", "other-trackers", {"product": "matomo", "their_id": "7"}),
    ("other-trackers", "other-trackers", {"product": "matomo", "their_id": "x"}),
    ("other-trackers", "other-trackers", {"product": "nothing", "their_id": "7"}),
    ("other-trackers", "other-trackers", {"product": "ga4", "their_id": "G-A1B2", "secret": "s" * 256}),
    ("imports", "imports/upload", {"product": "plausible"}),
    ("imports", "imports/upload", {"product": "nothing"}),
    ("imports", "imports/upload", {"product": "umami", "until": "soon"}),
    ("imports", "imports/upload", {"product": "matomo", "kind": "all"}),
    ("imports", "imports/upload", {"product": "plausible", "files": emptied}),
    ("imports", "imports/upload", {"product": "plausible", "files": far_too_many}),
    ("webhooks", "webhooks", {"address": "nonsense", "kinds": "alert.fired"}),
    ("webhooks", "webhooks", {"address": "http://hook.example/", "kinds": "alert.fired"}),
    ("webhooks", "webhooks", {"address": "https://hook.example/"}),
    ("webhooks", "webhooks", {"address": "https://hook.example/", "kinds": "all"}),
    ("webhooks", "webhooks", {"address": "https://hook.example/footfall", "kinds": "alert.fired"}),
    ("webhooks/{webhook}", "webhooks/{webhook}", {"address": "nonsense", "kinds": "alert.fired"}),
    ("webhooks/{webhook}", "webhooks/{webhook}/act", {"do": "nothing"}),
    ("shares", "shares", {"name": ""}),
    ("shares", "shares", {"name": "Board", "sections": "overview"}),
    ("shares", "shares", {"name": "x"}),
    ("shares", "shares", {"name": "x", "sections": "nothing"}),
    ("shares", "shares", {"name": "x", "sections": "pages", "segment": "nothing"}),
    ("shares", "shares", {"name": "x", "sections": "pages", "expires": "soon"}),
    ("shares", "shares", {"name": "x", "sections": "pages", "expires": "2020-01-01"}),
    ("shares", "shares", {"name": "x", "sections": "pages", "filters": "https://x.example/?segment=a"}),
    ("shares", "shares", {"name": "x", "sections": "pages", "filters": "https://x.example/?range=7d"}),
    ("shares", "shares", {"name": "x", "sections": "pages", "hosts": "a:b"}),
    ("shares", "shares", {"name": "x", "sections": "pages", "hosts": " ".join(f"h{n}.example" for n in range(21))}),
    ("shares", "shares", {"name": "x", "sections": "pages", "hosts": "h.example", "password": PASSWORD}),
    ("goals", "goals", {"name": "", "kind": "path", "value": "/a"}),
    ("goals", "goals", {"name": "x", "kind": "king", "value": "/a"}),
    ("goals", "goals", {"name": "x", "kind": "path", "value": "a"}),
    ("goals", "goals", {"name": "x", "kind": "path", "value": "/a?b"}),
    ("goals", "goals", {"name": "x", "kind": "path", "value": " "}),
    ("goals", "goals", {"name": "x", "kind": "event", "value": "e" * 65}),
    ("goals", "goals", {"name": "x", "kind": "event", "value": "e", "property": "p"}),
    ("goals", "goals", {"name": "x", "kind": "event", "value": "e", "property": "1 p", "equals": "1"}),
    ("goals", "goals", {"name": "x", "kind": "path", "value": "/a", "revenue": "v", "currency": "EUR"}),
    ("goals", "goals", {"name": "x", "kind": "event", "value": "e", "currency": "EUR"}),
    ("goals", "goals", {"name": "x", "kind": "event", "value": "e", "revenue": "v", "currency": "beans"}),
    ("goals", "goals", {"name": "Ordered", "was": "Read the journal", "kind": "path", "value": "/a"}),
    ("goals/funnel", "goals/funnel", {"name": "x", "step_1_value": "/a"}),
    ("goals/funnel", "goals/funnel", {"name": "x", "step_1_value": "/a", "step_2_value": "b"}),
    (
        "goals/funnel",
        "goals/funnel",
        {"name": "x", "step_1_value": "/a", "step_2_value": "/b", "step_2_name": "n" * 65},
    ),
    ("schedules/new", "schedules/new", {"name": ""}),
    ("schedules/new", "schedules/new", {"name": "x", "every": "week", "weekday": "1", "hour": "x"}),
    ("alerts/new", "alerts/new", {**WATCH, "name": "x", "least": "few"}),
    ("/account", "/account", {"old": "wrong", "password": PASSWORD}),
    ("/account", "/account/language", {"language": "xx"}),
    ("/sites/new", "/sites/new", {"name": "", "host": "shop.example"}),
    ("heatmap", "heatmap/open", {"address": "https://other.example/"}),
    ("profiles", "profiles/find", {"name": "x"}),
    ("profiles", "profiles/{profile}/merge", {"with": "x"}),
    ("profiles", "profiles/{profile}/erase", {"confirm": "x"}),
    ("profiles", "edges/{edge}/take-back", {"profile": "{profile}", "reason": ""}),
    ("profiles", "edges/{edge}/put-back", {"profile": "{profile}"}),
    ("profiles/conflicts", "profiles/conflicts/{conflict}", {"decision": "x"}),
    ("signals", "signals", {"silence": "x"}),
    ("signals", "signals/99/again", {}),
    ("", "segments", {"name": "", "filter": "device:is:mobile"}),
    ("", "segments/change", {"segment": "Phones", "name": ""}),
    ("", "annotations", {"day": "x", "text": "y"}),
    ("schedules/{schedule}", "schedules/{schedule}", {**SCHEDULE, "name": ""}),
    ("schedules/{schedule}", "schedules/{schedule}/act", {"do": "nothing"}),
    ("shares", "shares/999/act", {"do": "renew"}),
    ("alerts/{watch}", "alerts/{watch}", {**WATCH, "name": ""}),
    ("alerts/{watch}", "alerts/{watch}/act", {"do": "nothing"}),
    ("settings", "settings", {"name": ""}),
    ("settings", "privacy", {"privacy_mode": "x"}),
    ("settings", "keys", {"key_name": "", "scopes": "read"}),
    ("settings", "delete", {"confirm": "x"}),
    ("/sites/{bare}/settings", "/sites/{bare}/sample/remove", {}),
)
TAKEN: tuple[Form, ...] = (
    ("members", "members", {"email": CARL, "role": "admin"}),
    ("members", "members/change", {"do": "take-back", "email": CARL}),
    ("members", "members/change", {"do": "take-back", "email": CARL}),
    ("other-trackers", "other-trackers", {"product": "matomo", "their_id": "8", "consented": "on"}),
    ("other-trackers", "other-trackers", {"do": "remove", "number": "999"}),
    ("imports", "imports", {"number": "999"}),
    ("imports", "imports/stop", {"number": "999"}),
    ("imports", "imports/upload", {"product": "plausible", "files": exported}),
    ("webhooks", "webhooks", {"address": "https://hook.example/x", "kinds": "alert.fired"}),
    ("webhooks/{webhook}", "webhooks/{webhook}", {"address": "https://hook.example/footfall", "kinds": "alert.fired"}),
    ("webhooks/{webhook}", "webhooks/{webhook}/act", {"do": "rotate"}),
    ("webhooks/{webhook}", "webhooks/{webhook}/act", {"do": "on"}),
    ("webhooks/{webhook}", "webhooks/{webhook}/act", {"do": "off"}),
    ("shares", "shares", {"name": "Frame", "sections": "pages", "hosts": "h.example"}),
    ("goals", "goals", {"name": "Ordered", "kind": "event", "value": "order", "revenue": "v", "currency": "EUR"}),
    ("goals", "goals", {"name": "Ordered nothing", "do": "delete"}),
    ("schedules/{schedule}", "schedules/{schedule}/act", {"do": "send-to-me"}),
    ("schedules/{schedule}", "schedules/{schedule}/act", {"do": "pause"}),
    ("schedules/{schedule}", "schedules/{schedule}/act", {"do": "resume"}),
    ("alerts/{watch}", "alerts/{watch}/act", {"do": "pause"}),
    ("alerts/{watch}", "alerts/{watch}/act", {"do": "resume"}),
    ("/account", "/account", {"old": PASSWORD, "password": PASSWORD}),
    ("/account", "/account/sign-ins", {}),
    ("/account", "/account/language", {"language": ""}),
    ("/sites/new", "/sites/new", {"name": "Frame", "host": "third.example", "zone": "UTC"}),
    ("profiles", "profiles/find", {"login": "nobody"}),
    ("profiles", "edges/{edge}/take-back", {"profile": "{profile}", "reason": "Board"}),
    ("profiles", "edges/{edge}/put-back", {"profile": "{profile}"}),
    ("profiles/conflicts", "profiles/conflicts/{conflict}", {"decision": "apart"}),
    ("profiles", "profiles/{profile}/merge", {"with": "{other}", "merge_reason": "Board"}),
    ("signals", "signals", {"silence": "900"}),
    ("signals", "signals/1/again", {}),
    ("", "segments", {"name": "Board", "filter": "device:is:tablet"}),
    ("", "segments/change", {"segment": "Board", "do": "delete"}),
    ("", "segments/change", {"segment": "Board", "do": "delete"}),
    ("", "annotations", {"day": "2026-01-31", "text": "Board"}),
    ("", "annotations/999/remove", {}),
    ("goals/funnel", "goals/funnel", {"name": "Board", "do": "delete"}),
    ("schedules/new", "schedules/new", {**SCHEDULE, "name": "Frame"}),
    ("schedules/{schedule}", "schedules/{schedule}", {**SCHEDULE, "name": "Weekly"}),
    ("shares", "shares/1/act", {"do": "renew"}),
    ("shares", "shares/1/act", {"do": "revoke"}),
    ("alerts", "alerts/watch", {}),
    ("alerts/new", "alerts/new", {**WATCH, "name": "Frame"}),
    ("alerts/{watch}", "alerts/{watch}", {**WATCH, "name": "Usual"}),
    ("settings", "privacy", {"privacy_mode": "stitched", "retention": "days", "retention_days": "400"}),
    ("settings", "privacy/cnil", {}),
    ("settings", "privacy/allow", {}),
    ("settings", "keys", {"key_name": "Board", "scopes": "read"}),
    ("settings", "keys/1/revoke", {}),
    ("settings", "settings", {"name": "Board", "hosts": "shop.example", "zone": "Europe/London"}),
    ("/sites/{bare}/settings", "/sites/{bare}/delete", {"confirm": "Lamps & Chairs"}),
    ("settings", "sample/remove", {}),
)
# The same of those who are not signed in.
REFUSED_OUTSIDE: tuple[Form, ...] = (
    ("/sign-in", "/sign-in", {"email": EMAIL, "password": "x"}),
    ("/share/{locked}/", "/share/{locked}/unlock", {"password": "x"}),
    ("/invited/{invited}", "/invited/{invited}", {"password": PASSWORD, "again": "x"}),
)
TAKEN_OUTSIDE: tuple[Form, ...] = (
    ("/share/{locked}/", "/share/{locked}/unlock", {"password": PASSWORD}),
    ("/sign-in", "/sign-in", {"email": HELPER, "password": PASSWORD}),
    ("/sites", "/sign-out", {}),
    ("/invited/{invited}", "/invited/{invited}", {"password": PASSWORD, "again": PASSWORD}),
)
# By which endpoints nothing is refused that a form of ours can send.
NEVER_REFUSED = {
    "sign_out": "whoever is not signed in is led to the same page",
    "end_sign_ins": "nothing is asked",
    "add_sample": "nothing is asked",
    "remove_annotation": "one that is gone is said to be so",
    "cnil": "nothing is asked",
    "allow_expiry": "what does not wait any more is said not to",
    "revoke_key": "one that is gone is said to be so",
    "remove_import": "one that is gone is said to be so",
    "stop_import": "one that is over is said to be so",
    "watch_site": "what is wrong is said on the page that it leads to",
    "confirm": "one button; an unknown address is a page of its own",
    "unsubscribe": "one button; an unknown address is a page of its own",
    "mute": "one button; an unknown address is a page of its own",
    "welcome": "open only before there is an account; its page is the one of an old link here",
}
# Whose answer is no page, or one of those that are looked at by themselves.
NOT_TAKEN = {
    "welcome": "open only before there is an account",
    "open_overlay": "leads to a page of the site itself",
    "erase_person": "goes on in the background, under the tests that come after",
    "add_sample": "leads to the overview, which is looked at",
}
# Answers that are no pages: files, fragments without words, letters, and what only leads elsewhere.
NO_PAGES = {"asset", "wordpress", "heatmap_png", "export_json", "export_html", "home", "preview_schedule"}


@dataclass(frozen=True)
class Place:
    """A house with the sample and a bare site; `values` fill in the addresses, `names` are from outside."""

    app: Flask
    owner: Person
    stranger: Person
    values: dict[str, object]
    names: frozenset[str]

    def ask(self, path: str) -> TestResponse:
        person = self.stranger if path in OPEN_PAGES else self.owner
        return person.get(path.format(**self.values), headers={"Accept-Language": TAG}, follow_redirects=True)

    def send(self, who: Person, one: Form) -> TestResponse:
        page, to = (self.address(path) for path in one[:2])
        form = {name: told() if callable(told) else told.format(**self.values) for name, told in one[2].items()}
        return who.send(page, form, to=to, headers={"Accept-Language": TAG}, follow_redirects=True)

    def address(self, path: str) -> str:
        return (path if path.startswith("/") else f"/sites/{{site}}/{path}").format(**self.values)

    def endpoints(self, *forms: Form) -> set[str]:
        adapter = self.app.url_map.bind("localhost")
        found = {adapter.match(self.address(to).partition("?")[0], method="POST")[0] for _, to, _ in forms}
        return {name.removeprefix("dashboard.") for name in found}

    def unsaid(self, answered: TestResponse) -> list[str]:
        assert answered.status_code < 500
        assert f'lang="{TAG}"' in answered.text or "<html" not in answered.text
        return unsaid(answered.text, self.names)


@pytest.fixture(scope="module")
def place(
    tmp_path_factory: pytest.TempPathFactory,
    stocked_house: tuple[list[Path], int],
    compiled: FileSystemBytecodeCache,
) -> Iterator[Place]:
    data = tmp_path_factory.mktemp("pseudo")
    site_id = lend(stocked_house, data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalog, "words_of", lambda code: Bracketed())
        house = open_house(load_settings({"FOOTFALL_DATA": str(data)}))
        sample = house.sites.by_id(site_id)
        assert sample
        yield furnished(house, sample, compiled)
        house.close()


def furnished(house: House, sample: SiteInfo, compiled: FileSystemBytecodeCache) -> Place:
    app = create_app(house)
    app.jinja_env.bytecode_cache = compiled
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
    owner, stranger = Person(app.test_client()), Person(app.test_client())
    assert owner.sign_in().status_code == 302
    examples = owner.get(f"/sites/{sample.key}/examples?signal=dead").text
    values["story"] = re.findall(r"/stories/([^\"?]+)", examples)[0]
    pages = [owner.get(f"/sites/{sample.key}/profiles/{values[name]}").text for name in ("profile", "other")]
    short = re.findall(r"\b[0-9a-f]{6}\b", " ".join(pages))  # profiles and identifiers go by these
    return Place(app, owner, stranger, values, frozenset((*names_of(house, sample, bare), *short)))


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


def names_of(house: House, *sites: SiteInfo) -> Iterator[str]:
    """Yield all that is not ours to translate: names, what visitors brought, zones."""
    yield from (*NAMES, *TYPED)
    yield from available_timezones()
    yield from (language.name for language in LANGUAGES)
    yield from (HELPER, BEN, CARL, *GIVEN)
    yield from ("shop.zip", "website_event.csv", *TITLES.values(), *OF_EVENTS.values())
    for site in sites:
        yield from (site.name, *site.hosts)
        yield from (one.name for one in (*site.goals, *site.funnels, *site.segments, *site.releases))
        yield from (step.name for funnel in site.funnels for step in funnel.steps)
    for table in (event, visit):
        for column in (one for one in table.c if isinstance(one.type, String)):
            yield from (row[0] for row in house.store.query(select(column).distinct()).rows if row[0])


@pytest.mark.parametrize("path", [*PAGES, *OPEN_PAGES])
def test_all_that_a_page_says_can_be_translated(place: Place, path: str) -> None:
    found = place.unsaid(place.ask(path))
    assert not found, "\n".join((path, *found))


def told(forms: tuple[Form, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("form", forms, ids=[f"{to}-{number}" for number, (_, to, _) in enumerate(forms)])


@told(REFUSED)
def test_all_that_is_said_to_a_wrong_form_can_be_translated(place: Place, form: Form) -> None:
    answered = place.send(place.owner, form)
    assert answered.status_code >= 400
    found = place.unsaid(answered)
    assert not found, "\n".join((str(form), *found))


@told(REFUSED_OUTSIDE)
def test_all_that_is_said_to_a_strangers_wrong_form_can_be_translated(place: Place, form: Form) -> None:
    answered = place.send(place.stranger, form)
    assert answered.status_code >= 400
    found = place.unsaid(answered)
    assert not found, "\n".join((str(form), *found))


@pytest.mark.parametrize("path", OPEN_FORMS)
def test_all_that_is_said_to_who_has_no_account_can_be_translated(place: Place, path: str) -> None:
    answered = place.stranger.client.post(path.format(**place.values), headers={"Accept-Language": TAG})
    assert answered.status_code == 200
    found = place.unsaid(answered)
    assert not found, "\n".join((path, *found))


@told(TAKEN_OUTSIDE)
def test_all_that_a_strangers_form_leads_to_can_be_translated(place: Place, form: Form) -> None:
    answered = place.send(place.stranger, form)
    assert answered.status_code == 200
    found = place.unsaid(answered)
    assert not found, "\n".join((str(form), *found))


@told(TAKEN)
def test_all_that_a_form_leads_to_can_be_translated(place: Place, form: Form) -> None:
    answered = place.send(place.owner, form)
    assert answered.status_code == 200
    found = place.unsaid(answered)
    assert not found, "\n".join((str(form), *found))


def test_every_page_is_asked(place: Place) -> None:
    adapter = place.app.url_map.bind("localhost")
    paths = [path.format(**place.values).partition("?")[0] for path in (*PAGES, *OPEN_PAGES) if "nowhere" not in path]
    asked = {adapter.match(path)[0].removeprefix("dashboard.") for path in paths}
    assert {name for _, name, _, methods in ROUTES if "GET" in methods} - NO_PAGES <= asked


def test_every_form_is_sent_right_and_wrong_or_it_is_said_why_not(place: Place) -> None:
    sent = {name for _, name, _, methods in ROUTES if "POST" in methods}
    opened = place.endpoints(*(("", path, {}) for path in OPEN_FORMS))
    refused, taken = place.endpoints(*REFUSED, *REFUSED_OUTSIDE), opened | place.endpoints(*TAKEN, *TAKEN_OUTSIDE)
    assert refused | NEVER_REFUSED.keys() == taken | NOT_TAKEN.keys() == sent
    assert not refused & NEVER_REFUSED.keys()
    assert not taken & NOT_TAKEN.keys()


def test_words_past_the_translators_are_found() -> None:
    page = '<p>⟦Read <a title="⟦Docs⟧">the docs⟧</a> now</p><bdi>Ann</bdi> <img alt="A cat"><i lang="pl">Tak</i> Ben'
    assert unsaid(page, frozenset(("Ben",))) == ["now", "alt='A cat'"]
    assert unsaid("<p>⟦Cut off</p> Not seen") == ["1 brackets are open at the end"]
