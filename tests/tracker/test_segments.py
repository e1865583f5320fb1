"""Segments in the relational store: saved, changed, renamed, deleted, and known to the site."""

import pytest

from tracker.database import Database
from tracker.errors import InvalidInputError
from tracker.segments import MOST_SEGMENTS, delete_segment, rename_segment, save_segment
from tracker.shares import Choices, WantedLink, create_link
from tracker.sites import SiteBook, SiteInfo

PHONES = ["device:is:mobile"]


def test_a_segment_is_known_to_its_site_and_no_other(database: Database, site: SiteInfo, sites: SiteBook) -> None:
    with database.session() as session:
        assert save_segment(session, site.id, " Phones ", PHONES, "anna") == (("Phones", ("device:is:mobile",)), True)
        save_segment(session, site.id, "Cart", ["path:is:/cart", "device:is:mobile"], "anna")
    found = sites.by_key(site.key)
    assert found is not None
    assert [one.name for one in found.segments] == ["Cart", "Phones"]
    assert found.segments[0].filters == ("path:is:/cart", "device:is:mobile")


def test_saved_again_it_is_changed(database: Database, site: SiteInfo) -> None:
    with database.session() as session:
        save_segment(session, site.id, "Phones", PHONES, "anna")
        assert save_segment(session, site.id, "Phones", ["os:is:iOS"], "bo") == (("Phones", ("os:is:iOS",)), False)


def test_a_name_moves_with_its_filters_but_never_onto_another(database: Database, site: SiteInfo) -> None:
    with database.session() as session:
        save_segment(session, site.id, "Phones", PHONES, "anna")
        save_segment(session, site.id, "Cart", ["path:is:/cart"], "anna")
        assert rename_segment(session, site.id, "Phones", "Mobile") == ("Mobile", ("device:is:mobile",))
        assert rename_segment(session, site.id, "Phones", "Other") is None
        assert rename_segment(session, site.id, "Mobile", " Mobile ") == ("Mobile", ("device:is:mobile",))
        with pytest.raises(InvalidInputError, match="another segment's"):
            rename_segment(session, site.id, "Mobile", "Cart")


def test_what_keeps_it_by_its_name_goes_along(database: Database, site: SiteInfo) -> None:
    with database.session() as session:
        save_segment(session, site.id, "Phones", PHONES, "anna")
        wanted = WantedLink("Board", ["pages"], segment="Phones")
        link, _ = create_link(session, site.id, wanted, Choices(["pages"], ["Phones"]), "anna")
        rename_segment(session, site.id, "Phones", "Mobile")
        session.refresh(link)
        assert link.segment == "Mobile"


def test_it_is_deleted_once(database: Database, site: SiteInfo) -> None:
    with database.session() as session:
        save_segment(session, site.id, "Phones", PHONES, "anna")
        assert not delete_segment(session, site.id + 1, "Phones")
        assert delete_segment(session, site.id, "Phones")
        assert not delete_segment(session, site.id, "Phones")


@pytest.mark.parametrize("name", ["", "  ", "a" * 65, "a\nb", "a\0", "a/b"])
def test_names_that_cannot_be(name: str, database: Database, site: SiteInfo) -> None:
    with database.session() as session, pytest.raises(InvalidInputError, match="name"):
        save_segment(session, site.id, name, PHONES, "anna")


def test_nothing_is_no_segment_and_there_is_an_end_to_many(database: Database, site: SiteInfo) -> None:
    with database.session() as session:
        with pytest.raises(InvalidInputError, match="none to save"):
            save_segment(session, site.id, "All", [], "anna")
        for number in range(MOST_SEGMENTS):
            save_segment(session, site.id, f"No. {number}", PHONES, "anna")
        with pytest.raises(InvalidInputError, match="delete one first"):
            save_segment(session, site.id, "One more", PHONES, "anna")
