"""What is sent to every address that takes a form, right and wrong."""

import io
from typing import Any

from tests.kit.pages import EMAIL, PASSWORD
from tests.reports.dashboard.pseudo.names import CARL, HELPER


def exported() -> tuple[io.BytesIO, str]:
    """Return a file for a form: anew for each, for who reads one closes it."""
    return io.BytesIO(b"x"), "shop.zip"


def emptied() -> tuple[io.BytesIO, str]:
    return io.BytesIO(), "shop.zip"


def far_too_many() -> list[tuple[io.BytesIO, str]]:
    return [exported() for _ in range(99)]


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
    ("live", "segments", {"name": "", "filter": "device:is:mobile"}),
    ("live", "segments/change", {"segment": "Phones", "name": ""}),
    ("live", "annotations", {"day": "x", "text": "y"}),
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
    ("live", "segments", {"name": "Board", "filter": "device:is:tablet"}),
    ("live", "segments/change", {"segment": "Board", "do": "delete", "page": "/sites/{site}/live"}),
    ("live", "segments/change", {"segment": "Board", "do": "delete", "page": "/sites/{site}/live"}),
    ("live", "annotations", {"day": "2026-01-31", "text": "Board"}),
    ("live", "annotations/999/remove", {"page": "/sites/{site}/live"}),
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
# What one does there without an account.
OPEN_FORMS = (
    "/confirm/{confirm}",
    "/unsubscribe/{confirm}",
    "/mute/{unsubscribe}?kind=spike&for=day",
    "/mute/{unsubscribe}?kind=spike&for=week",
    "/mute/{unsubscribe}?kind=spike&for=good",
)
# How a form is refused where not by 400.
STATUSES = {
    "imports/upload": (400, 413),
    "shares/999/act": (404,),
    "/sites/{bare}/sample/remove": (404,),
    "/sign-in": (403,),
    "/share/{locked}/unlock": (403,),
}
# After which one is not signed in any more.
TO_SIGN_IN = {"/sign-out"}
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
