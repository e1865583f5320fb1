"""What a visitor did: our one event shape, as it comes in and as it waits in the spool.

The names are those of the columns in `tracker.store.schema`, of the JSON and of the pages.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Kind = Literal[
    "view", "click", "engagement", "custom", "error", "form", "field", "scroll", "swipe", "link", "search", "vitals"
]
# The browsers' own words and two more; "load" is what the first scripts said for "navigate".
Navigation = Literal["navigate", "load", "reload", "history", "back_forward", "bfcache", "prerender"]
Affordance = Literal["native", "role", "pointer", "link", "none"]

MAX_URL = 4096
MAX_TEXT = 512  # of a title, an element's selector, a property's value
MAX_WORD = 64
MAX_PROPERTIES = 30
MAX_WHOLE = 2**53  # beyond, a browser's numbers are no longer exact
MAX_SPENT_MS = 86_400_000
MAX_SIZE = 100_000

EventId = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}-[0-9]{1,5}$(?!\n)")]
ClientMs = Annotated[int, Meta(ge=-MAX_WHOLE, le=MAX_WHOLE)]
DelayMs = Annotated[int, Meta(ge=-60_000, le=600_000)]
SpentMs = Annotated[int, Meta(ge=0, le=MAX_SPENT_MS)]
VitalMs = Annotated[int, Meta(ge=0, le=600_000)]  # also layout shift, in thousandths
Size = Annotated[int, Meta(ge=0, le=MAX_SIZE)]
Permille = Annotated[int, Meta(ge=0, le=1000)]
Pixels = Annotated[int, Meta(ge=-10_000_000, le=10_000_000)]
Url = Annotated[str, Meta(max_length=MAX_URL)]
Text = Annotated[str, Meta(max_length=MAX_TEXT)]
Word = Annotated[str, Meta(max_length=MAX_WORD)]
Whole = Annotated[int, Meta(ge=-MAX_WHOLE, le=MAX_WHOLE)]
PropertyValue = Text | Whole | float | bool | None


class Event(Struct, omit_defaults=True, kw_only=True):
    """One view, click, span of engaged time, or custom event.

    `id` is the view's 64 random bits in hex and a number inside that view. `at` is the
    sender's clock in ms since 1970. Fields from `element` on belong to clicks: where the
    click fell, then the evidence of what followed, each `*_ms` being the delay from the
    click, absent when it never came within `watched_after_ms`. `exempt` says in a word why
    it can never be a signal. `repeats` marks a click on what is made to be clicked again and
    again, such as a stepper. Of the other kinds only
    `element` is told, and in `properties` what docs/collector.md lists of each.
    `attention_ms` belongs to engagement: the time for which each twentieth of the page's
    height, from its top, was on the screen.
    """

    id: EventId
    kind: Kind
    at: ClientMs
    url: Url
    title: Text | None = None
    referrer: Url | None = None
    navigation: Navigation | None = None
    engaged_ms: SpentMs | None = None
    scroll_permille: Permille | None = None
    name: Word | None = None
    properties: Annotated[dict[Word, PropertyValue], Meta(max_length=MAX_PROPERTIES)] | None = None

    element: Text | None = None
    element_tag: Word | None = None
    element_role: Word | None = None
    element_text: Word | None = None
    affordance: Affordance | None = None
    disabled: bool | None = None
    exempt: Word | None = None
    trusted: bool | None = None
    modified: bool | None = None
    dragged: bool | None = None
    fixed: bool | None = None
    offset_x: Permille | None = None
    offset_y: Permille | None = None
    page_x: Permille | None = None
    page_y: Pixels | None = None
    mutation_ms: DelayMs | None = None
    any_mutation_ms: DelayMs | None = None
    request_ms: DelayMs | None = None
    failed_request_ms: DelayMs | None = None
    navigation_ms: DelayMs | None = None
    scroll_ms: DelayMs | None = None
    selection_ms: DelayMs | None = None
    input_ms: DelayMs | None = None
    focus_ms: DelayMs | None = None
    dialog_ms: DelayMs | None = None
    hidden_ms: DelayMs | None = None
    media_ms: DelayMs | None = None
    error_ms: DelayMs | None = None
    mutation_pace: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    watched_before_ms: DelayMs | None = None
    watched_after_ms: DelayMs | None = None
    repeats: bool | None = None

    attention_ms: Annotated[list[SpentMs], Meta(max_length=20)] | None = None
    lcp_ms: VitalMs | None = None
    inp_ms: VitalMs | None = None
    cls_permille: VitalMs | None = None
    fcp_ms: VitalMs | None = None
    ttfb_ms: VitalMs | None = None


class Footprint(Struct, omit_defaults=True, kw_only=True):
    """What one request left behind: its events, and all that they share.

    This is what the spool keeps, so nothing here may tell who the visitor is beyond the
    site's privacy mode: no address, and urls already cleaned. `visitor_id` is absent in
    `count` mode; `earlier_visitor_id` is the same visitor under yesterday's salt, sent
    along in the hour after the site's midnight for the loader to choose from.
    Where the visitor consented, `visitor_id` is the first-party id, `daily_id` today's hash, and
    `consent` the site's mode; `consent_fresh` says that the consent is of these days, so that a
    visit may have begun before it. In `stitched` mode `login_id`, and `link_login_id` by a link
    made for them, may name the person; the values of `fingerprint` are hashed with the site's key
    or say little.
    The events of one that `keeps_time` keep their own time. `imported` are those that were of the past when they
    were taken in, from what others had recorded: webhooks are told of no goal in them. Where that knows no user
    agent, `told` names the browser, os and device by our columns.
    """

    site_id: int
    received_at: int
    sent_at: int | None = None
    visitor_id: int | None = None
    earlier_visitor_id: int | None = None
    daily_id: int | None = None
    login_id: int | None = None
    link_login_id: int | None = None
    fingerprint: dict[str, str | int] | None = None
    consent: str | None = None
    consent_fresh: bool = False
    user_agent: str | None = None
    automated: bool = False
    language: str | None = None
    zone: str | None = None
    viewport: tuple[Size, Size] | None = None
    country: str | None = None
    region: str | None = None
    city: str | None = None
    place_approximate: bool = False
    keeps_time: bool = False
    imported: bool = False
    told: dict[str, str] = {}
    events: list[Event] = []
