"""Foreign ids: added for a site, of one site alone, removed; and what cannot be one."""

import pytest

from tracker.database import Database
from tracker.errors import InvalidInputError
from tracker.foreign import PRODUCTS, ForeignInfo, Product, WantedId, add_foreign_id, remove_foreign_id
from tracker.models import AuditEntry
from tracker.sites import SiteBook, SiteInfo, create_site

SECRETS = {product.name: "s3cret" for product in PRODUCTS if product.has_secret}


def add(database: Database, site: SiteInfo, product: str, their_id: str, **fields: object) -> ForeignInfo:
    told = {"secret": SECRETS.get(product, ""), **fields}
    with database.session() as session:
        return add_foreign_id(session, site.id, WantedId(product, their_id, **told), "ann")  # type: ignore[arg-type]


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.name)
def test_a_site_is_found_by_what_a_product_calls_it(
    product: Product, database: Database, sites: SiteBook, site: SiteInfo
) -> None:
    added = add(database, site, product.name, f" {product.example} ")
    sites.forget()
    found = sites.by_foreign_id(product.name, product.example)
    assert found is not None and (found[0].id, found[1]) == (site.id, added)
    assert found[0].foreign_ids == (added,)
    others = [one.name for one in PRODUCTS if one is not product]
    assert [sites.by_foreign_id(name, product.example) for name in others] == [None] * len(others)


def test_consent_is_believed_of_those_alone_that_keep_ids(database: Database, site: SiteInfo) -> None:
    kept = {one.name: add(database, site, one.name, one.example, consented=True).consented for one in PRODUCTS}
    assert kept == {one.name: one.keeps_ids for one in PRODUCTS}


def test_removed_it_is_found_no_more_and_both_stand_in_the_audit(
    database: Database, sites: SiteBook, site: SiteInfo
) -> None:
    added = add(database, site, "matomo", "7")
    with database.session() as session:
        other = create_site(session, "Other", ["other.example"])
        session.flush()
        for number, site_id in ((str(added.number), other.id), ("7" * 30, site.id), ("x", site.id), ("", site.id)):
            assert remove_foreign_id(session, site_id, number, "ann") is None
        assert remove_foreign_id(session, site.id, str(added.number), "bob") == added
        assert remove_foreign_id(session, site.id, str(added.number), "bob") is None
        told = [(one.who, one.action, one.subject, one.detail) for one in session.query(AuditEntry)]
    assert sites.by_foreign_id("matomo", "7") is None
    assert told == [("ann", "add-tracker", "matomo", {"id": "7"}), ("bob", "remove-tracker", "matomo", {"id": "7"})]


def test_an_id_is_one_sites_alone(database: Database, site: SiteInfo) -> None:
    add(database, site, "plausible", "www.Shop.example")
    with database.session() as session:
        other = create_site(session, "Other", ["other.example"]).id
    with pytest.raises(InvalidInputError, match="this site is known by it already"):
        add(database, site, "plausible", "shop.example")
    add(database, site, "matomo", "7")
    with pytest.raises(InvalidInputError, match="another site is known by it"), database.session() as session:
        add_foreign_id(session, other, WantedId("matomo", "7"), "ann")


def test_a_domain_is_of_the_sites_hosts(database: Database, site: SiteInfo) -> None:
    with database.session() as session:
        www = create_site(session, "Blog", ["www.blog.example"])
        for their_id in ("blog.example", "www.blog.example:8080/en"):
            add_foreign_id(session, www.id, WantedId("plausible", their_id), "ann")
    for their_id in ("shop.example", "a.shop.example", "shop.example:8080", "shop.example/blog"):
        add(database, site, "plausible", their_id)
    for their_id in ("other.example", "notshop.example", "other.example/shop.example", "shop.example.org", "example"):
        with pytest.raises(InvalidInputError, match=r"must be a page of this site, which is shop\.example"):
            add(database, site, "plausible", their_id)


@pytest.mark.parametrize(
    ("product", "their_id", "field"),
    [
        ("nothing", "1", "product"),
        ("umami", "7", "their_id"),
        ("matomo", "seven", "their_id"),
        ("plausible", "", "their_id"),
        ("goatcounter", "a/b", "their_id"),
        ("goatcounter", "a" * 256, "their_id"),
        ("ga4", "UA-1234-5", "their_id"),
        ("posthog", "short", "their_id"),
    ],
)
def test_what_cannot_be_one_is_told_by_its_field(
    product: str, their_id: str, field: str, database: Database, site: SiteInfo
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        add(database, site, product, their_id)
    assert refused.value.field == field


def test_a_secret_is_kept_as_its_hash_and_proves_its_sender(database: Database, site: SiteInfo) -> None:
    known = add(database, site, "ga4", "g-a1b2c3", secret=" s3cret ")
    assert known.their_id == "G-A1B2C3" and "s3cret" not in str(known)
    proved = [known.is_proved_by(secret) for secret in ("s3cret", "", "other", None)]
    assert proved == [True, False, False, True]
    without = add(database, site, "ga4", "G-B1B2C3", secret="")
    assert [without.is_proved_by(secret) for secret in ("", "s3cret", None)] == [False, False, True]
    with pytest.raises(InvalidInputError, match="at most 255"):
        add(database, site, "ga4", "G-C1B2C3", secret="s" * 256)


def test_there_is_an_end_to_them(database: Database, site: SiteInfo) -> None:
    for number in range(50):
        add(database, site, "matomo", str(number))
    with pytest.raises(InvalidInputError, match="50 already"):
        add(database, site, "matomo", "50")
