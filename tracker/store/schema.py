"""The logical tables of the event store, as reports see them on either engine.

Types here are logical; each engine's module says how it spells them. Times are UTC without
a zone, in milliseconds. `*_id` are signed 64-bit, strings of digits in JSON.
"""

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, DateTime, Integer, MetaData, SmallInteger, String, Table

metadata = MetaData()

_SHARED = (
    ("device", String),  # desktop, mobile, tablet, other
    ("browser", String),
    ("browser_version", String),
    ("os", String),
    ("os_version", String),
    ("screen", String),  # viewport class by width: small <640, medium <1024, large <1440, wide
    ("language", String),  # BCP 47, as the browser says
    ("country", String),  # ISO 3166 alpha-2
    ("region", String),
    ("city", String),
    ("place_approximate", Boolean),  # guessed from the time zone
    ("label", String),  # why this is not counted as a person's; null: a person
    ("agent", String),  # a declared bot's name
)

_WHENCE = (
    ("source", String),  # "Google", "ChatGPT", a host, or null for direct
    ("medium", String),  # search, social, ai, mail, referral, campaign's own; null for direct
    ("referrer", String),  # host and path
    ("campaign", String),
    ("campaign_term", String),
    ("campaign_content", String),
)

event = Table(
    "event",
    metadata,
    Column("site_id", Integer, nullable=False),
    Column("ingest_id", BigInteger, nullable=False),  # grows in the order of loading
    Column("kind", String, nullable=False),
    Column("view_id", BigInteger, nullable=False),
    Column("seq", Integer, nullable=False),  # with view_id, the event's id
    Column("visitor_id", BigInteger),  # null in count mode
    Column("login_id", BigInteger),  # whom the page said was signed in; in stitched mode, after consent
    Column("occurred_at", DateTime, nullable=False),
    Column("received_at", DateTime, nullable=False),
    Column("time_adjusted", Boolean),  # the sender's clock was not believed
    Column("host", String),
    Column("path", String),
    Column("title", String),
    Column("navigation", String),
    *(Column(name, kind) for name, kind in _WHENCE),
    *(Column(name, kind) for name, kind in _SHARED),
    Column("engaged_ms", Integer),
    Column("scroll_permille", SmallInteger),
    Column("name", String),
    Column("properties", String),  # a JSON object
    Column("signals", Integer),  # bits of tracker.signals, decided from what follows
    Column("element", String),  # stable selector path
    Column("element_tag", String),
    Column("element_role", String),
    Column("element_text", String),
    Column("affordance", String),
    Column("disabled", Boolean),
    Column("exempt", String),  # why this click can never be a signal
    Column("trusted", Boolean),
    Column("modified", Boolean),
    Column("dragged", Boolean),
    Column("fixed", Boolean),
    Column("offset_x", SmallInteger),
    Column("offset_y", SmallInteger),
    Column("page_x", SmallInteger),
    Column("page_y", Integer),
    Column("mutation_ms", Integer),
    Column("any_mutation_ms", Integer),
    Column("request_ms", Integer),
    Column("failed_request_ms", Integer),
    Column("navigation_ms", Integer),
    Column("scroll_ms", Integer),
    Column("selection_ms", Integer),
    Column("input_ms", Integer),
    Column("focus_ms", Integer),
    Column("dialog_ms", Integer),
    Column("hidden_ms", Integer),
    Column("media_ms", Integer),
    Column("error_ms", Integer),
    Column("mutation_pace", Integer),  # mutations in ten seconds, before the click
    Column("watched_before_ms", Integer),
    Column("watched_after_ms", Integer),
    Column("repeats", Boolean),  # made to be clicked again and again
    Column("attention_ms", ARRAY(Integer)),  # of each twentieth of the page's height, from its top; empty or null
    Column("lcp_ms", Integer),
    Column("inp_ms", Integer),
    Column("cls_permille", Integer),
    Column("fcp_ms", Integer),
    Column("ttfb_ms", Integer),
    Column("imported", Boolean),  # of the past when it was taken in; null: it happened here
)

visit = Table(
    "visit",
    metadata,
    Column("site_id", Integer, nullable=False),
    Column("visit_id", BigInteger, nullable=False),  # its first event's: view_id xor seq
    Column("revision", BigInteger, nullable=False),  # ingest_id of the newest event in it
    Column("visitor_id", BigInteger, nullable=False),
    Column("started_at", DateTime, nullable=False),
    Column("ended_at", DateTime, nullable=False),
    Column("host", String),
    Column("entry", String),  # path of its first view; null when it has no view
    Column("exit", String),
    Column("views", Integer, nullable=False),
    Column("clicks", Integer, nullable=False),
    Column("custom_events", Integer, nullable=False),
    Column("engaged_ms", Integer, nullable=False),
    Column("dead_clicks", Integer, nullable=False),
    Column("slow_clicks", Integer, nullable=False),
    Column("error_clicks", Integer, nullable=False),
    Column("bounced", Boolean, nullable=False),
    Column("unengaged", Boolean, nullable=False),
    Column("last_signal", String),  # dead, slow or error: the last before leaving
    Column("last_signal_element", String),
    *(Column(name, kind) for name, kind in _WHENCE),
    *(Column(name, kind) for name, kind in _SHARED),
    Column("trail", ARRAY(String), nullable=False),  # paths in order, at most TRAIL_CAP
    Column("trail_offset_ms", ARRAY(Integer), nullable=False),
    Column("trail_engaged_ms", ARRAY(Integer), nullable=False),
    Column("trail_signals", ARRAY(Integer), nullable=False),
    Column("trail_cut", Boolean, nullable=False),
)

# One row an incident: derived from events by `tracker.struggles`, as visits are.
struggle = Table(
    "struggle",
    metadata,
    Column("site_id", Integer, nullable=False),
    Column("signal", String, nullable=False),  # a name of tracker.signal_book.SIGNALS
    Column("view_id", BigInteger, nullable=False),  # with seq: the event that it begins with
    Column("seq", Integer, nullable=False),
    Column("visitor_id", BigInteger),
    Column("occurred_at", DateTime, nullable=False),
    Column("host", String),
    Column("path", String),
    Column("element", String),
    Column("element_text", String),
    Column("repetitions", Integer, nullable=False),  # clicks of a rage, turns of a hunt, submits of a form; else 1
    Column("duration_ms", Integer, nullable=False),  # from its first event to its last, or to a slow answer; else 0
    Column("detail", String),  # what else tells it from others: an error's message, the page before one quickly left
    *(Column(name, kind) for name, kind in _SHARED),
)

# Of which profile an identifier is, and when: a copy of the relational store's, for joins. It
# follows a sequence of changes; the row of site 0 holds in `profile_id` how far it has come.
member = Table(
    "member",
    metadata,
    Column("site_id", Integer, nullable=False),
    Column("identifier_id", BigInteger, nullable=False),
    Column("since", DateTime, nullable=False),  # from 1970 on, but for devices that several people share
    Column("until", DateTime, nullable=False),  # not included
    Column("profile_id", BigInteger, nullable=False),
)

# Unknown views are those of nobody told apart.
_ON_A_PATH = ("views", "visitors", "unknown_views", "engaged_ms", "clicks", "dead_clicks")

# What happened by day (the site's own) and path, for days that are over: see `tracker.daily`.
path_day = Table(
    "path_day",
    metadata,
    Column("site_id", Integer, nullable=False),
    Column("day", DateTime, nullable=False),  # the site's midnight, in UTC
    Column("path", String),
    Column("bot", Boolean, nullable=False),
    *(Column(name, BigInteger, nullable=False) for name in _ON_A_PATH),
)

# The same by class of device too: visitors of one path and day cannot be added up over devices.
path_device_day = Table(
    "path_device_day",
    metadata,
    Column("site_id", Integer, nullable=False),
    Column("day", DateTime, nullable=False),  # as in path_day
    Column("path", String),
    Column("device", String),
    Column("bot", Boolean, nullable=False),
    *(Column(name, BigInteger, nullable=False) for name in _ON_A_PATH),
)

# Visits by day of their beginning, for days that are over: all of them, and by each of some dimensions.
visit_day = Table(
    "visit_day",
    metadata,
    Column("site_id", Integer, nullable=False),
    Column("day", DateTime, nullable=False),  # as in path_day
    Column("dimension", String, nullable=False),  # a column of visit; empty: of all visits
    Column("value", String),  # what stands in it
    Column("bot", Boolean, nullable=False),
    Column("visitors", BigInteger, nullable=False),
    Column("visits", BigInteger, nullable=False),
    Column("visits_with_view", BigInteger, nullable=False),
    Column("bounces", BigInteger, nullable=False),
    Column("unengaged_visits", BigInteger, nullable=False),
    Column("engaged_ms", BigInteger, nullable=False),
    Column("visit_views", BigInteger, nullable=False),
    Column("visits_with_dead_click", BigInteger, nullable=False),
)

# Clicks by day and element, for days that are over.
element_day = Table(
    "element_day",
    metadata,
    Column("site_id", Integer, nullable=False),
    Column("day", DateTime, nullable=False),  # as in path_day
    Column("path", String, nullable=False),
    Column("element", String, nullable=False),
    Column("plain", Boolean, nullable=False),  # neither is nor looks interactive
    Column("bot", Boolean, nullable=False),
    Column("clicks", BigInteger, nullable=False),
    Column("dead_clicks", BigInteger, nullable=False),  # on plain content: those in vain; so are all that follow
    Column("disabled", BigInteger, nullable=False),
    Column("false_affordance", BigInteger, nullable=False),
    Column("visitors", BigInteger, nullable=False),
    Column("element_text", String),
    Column("first_seen", DateTime),
    Column("last_seen", DateTime),
)

# Quarters of an hour (midnights of all zones lie between two) with events not yet in those tables.
dirty = Table(
    "dirty",
    metadata,
    Column("site_id", Integer, nullable=False),
    Column("quarter", DateTime, nullable=False),  # its beginning, in UTC
)

TRAIL_CAP = 500
VISIT_GAP_S = 1800
