"""Foreign ids: what other trackers call the sites here, so that what their scripts send can be taken."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker import audit
from tracker.access import hash_token
from tracker.checking import id_of
from tracker.clock import utc_now
from tracker.errors import ConflictError, InvalidInputError
from tracker.languages import gettext, marked
from tracker.languages.lists import listed
from tracker.models import ForeignId, SiteHost
from tracker.of_site import how_many

MOST_IDS = 50
LONGEST_ID = LONGEST_SECRET = 255


@dataclass(frozen=True)
class Product:
    """Another tracker: what it calls a site's id, what that looks like, and one to show.

    `setting` is what to change where it is set up, with `{address}` for where Footfall is and `{id}`
    for the id. `fold` gives an id the one spelling of all that mean the same. `is_host` says that it
    is a host's name, so that it must be one of the site's. `keeps_ids` says that it may keep an id on
    the visitor's device, `has_secret` that its senders prove themselves by one.
    """

    name: str
    title: str
    id_title: str
    pattern: str
    example: str
    setting: str
    fold: Callable[[str], str] = str
    is_host: bool = False
    keeps_ids: bool = False
    has_secret: bool = False


def _without_www(domain: str) -> str:
    return domain.lower().removeprefix("www.")


# Each is a collector of this name.
PRODUCTS = (
    Product(
        "plausible",
        "Plausible",
        marked("domain"),
        r"[a-z0-9][a-z0-9.:/_-]*",
        "shop.example",
        'data-api="{address}/api/event"',
        fold=_without_www,
        is_host=True,
    ),
    Product(
        "umami",
        "Umami",
        marked("website id"),
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "a0b1c2d3-1111-4222-8333-0123456789ab",
        'data-host-url="{address}"',
        fold=str.lower,
        keeps_ids=True,
    ),
    Product(
        "matomo",
        "Matomo",
        marked("site id (idsite)"),
        r"[0-9]{1,18}",
        "1",
        "_paq.push(['setTrackerUrl', '{address}/matomo.php']);",
        keeps_ids=True,
    ),
    Product(
        "goatcounter",
        "GoatCounter",
        marked("code"),
        r"[a-z0-9][a-z0-9._-]*",
        "shop",
        'data-goatcounter="{address}/count/{id}"',
        fold=str.lower,
    ),
    Product(
        "posthog",
        "PostHog",
        marked("project API key"),
        r"[A-Za-z0-9_-]{8,}",
        "phc_a1B2c3D4e5F6",
        "api_host: '{address}'",
        keeps_ids=True,
    ),
    Product(
        "snowplow",
        "Snowplow",
        marked("app id"),
        r"[\w. -]+",
        "shop",
        "newTracker('sp', '{address}', { appId: '{id}' });",
        keeps_ids=True,
    ),
    Product(
        "ga4",
        "Google Analytics 4",
        marked("measurement id"),
        r"G-[A-Z0-9]{4,20}",
        "G-A1B2C3D4E5",
        "gtag('config', '{id}', { server_container_url: '{address}' });",
        fold=str.upper,
        keeps_ids=True,
        has_secret=True,
    ),
)
BY_NAME = {product.name: product for product in PRODUCTS}


class ForeignInfo(NamedTuple):
    """What a product calls a site; see `models.ForeignId`."""

    number: int
    product: str
    their_id: str
    consented: bool = False
    secret_hash: str | None = None

    def is_proved_by(self, secret: str | None) -> bool:
        """Tell whether a sender with this secret may send; None is for ways on which none is asked for."""
        return secret is None or (self.secret_hash is not None and compare_digest(self.secret_hash, hash_token(secret)))


class WantedId(NamedTuple):
    """What the form for one says."""

    product: str
    their_id: str
    consented: bool = False
    secret: str = ""


def add_foreign_id(session: Session, site_id: int, wanted: WantedId, who: str) -> ForeignInfo:
    """Take what a product sends under an id for this site from now on; InvalidInputError names the field at fault."""
    product = BY_NAME.get(wanted.product)
    if product is None:
        raise InvalidInputError("product", gettext("choose from: %(known)s", known=", ".join(BY_NAME)))
    their_id = clean_id(product, wanted.their_id)
    hosts = sorted(session.scalars(select(SiteHost.host).where(SiteHost.site_id == site_id)))
    if product.is_host and not _is_of(hosts, their_id):
        problem = gettext("must be a page of this site, which is %(hosts)s", hosts=listed(hosts))
        raise InvalidInputError("their_id", problem)
    secret = wanted.secret.strip()
    if product.has_secret and len(secret) > LONGEST_SECRET:
        raise InvalidInputError("secret", gettext("must have at most %(most)s characters", most=LONGEST_SECRET))
    taken = select(ForeignId.site_id).where(ForeignId.product == product.name, ForeignId.their_id == their_id)
    owner = session.scalar(taken)
    if owner is not None:
        of_this, of_another = gettext("this site is known by it already"), gettext("another site is known by it")
        raise ConflictError("their_id", of_this if owner == site_id else of_another)
    if how_many(session, ForeignId, site_id) >= MOST_IDS:
        problem = gettext("there are %(most)s already; remove one first", most=MOST_IDS)
        raise ConflictError("their_id", problem)
    row = ForeignId(
        site_id=site_id,
        product=product.name,
        their_id=their_id,
        secret_hash=hash_token(secret) if product.has_secret and secret else None,
        consented=wanted.consented and product.keeps_ids,
        created_at=utc_now(),
        created_by=who,
    )
    session.add(row)
    session.flush()
    audit.note(session, site_id, who, "add-tracker", product.name, {"id": their_id})
    return _describe(row)


def remove_foreign_id(session: Session, site_id: int, number: str, who: str) -> ForeignInfo | None:
    """Take nothing more under the id of this number, and return it; None when the site has no such. Its counts stay."""
    row = session.get(ForeignId, id_of(number))
    if row is None or row.site_id != site_id:
        return None
    session.execute(delete(ForeignId).where(ForeignId.id == row.id))
    audit.note(session, site_id, who, "remove-tracker", row.product, {"id": row.their_id})
    return _describe(row)


def foreign_ids_by_site(session: Session) -> dict[int, tuple[ForeignInfo, ...]]:
    """Return the foreign ids of every site that has any, in the order of their making, by the site's id."""
    found: dict[int, list[ForeignInfo]] = defaultdict(list)
    for row in session.scalars(select(ForeignId).order_by(ForeignId.id)):
        found[row.site_id].append(_describe(row))
    return {site_id: tuple(ids) for site_id, ids in found.items()}


def titles_of(ids: Iterable[ForeignInfo]) -> list[str]:
    """Return whose ids these are, each product once, in the order of `PRODUCTS`."""
    names = {known.product for known in ids}
    return [product.title for product in PRODUCTS if product.name in names]


def clean_id(product: Product, text: str) -> str:
    """Return an id as the product's script sends it; InvalidInputError when it cannot be one."""
    cleaned = product.fold(text.strip())
    if len(cleaned) > LONGEST_ID or not re.fullmatch(product.pattern, cleaned):
        problem = gettext(
            "%(given)s is no id of %(tracker)s; one looks like %(example)s",
            given=repr(cleaned[:64]),
            tracker=product.title,
            example=product.example,
        )
        raise InvalidInputError("their_id", problem)
    return cleaned


def _is_of(hosts: Sequence[str], domain: str) -> bool:
    """Tell whether a domain is of one of the hosts or below it, so that nobody claims a name that is another's.

    It may have a port and a path, and lacks the `www.` that the host may have.
    """
    host = re.split("[:/]", domain, maxsplit=1)[0]
    return any(name == own or name.endswith(f".{own}") for name in (host, f"www.{host}") for own in hosts)


def _describe(row: ForeignId) -> ForeignInfo:
    return ForeignInfo(row.id, row.product, row.their_id, row.consented, row.secret_hash)
