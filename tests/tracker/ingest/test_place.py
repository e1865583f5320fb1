import pytest

from tests.kit.evaluation import REAL, needs_real_data
from tests.kit.ingest import at_request, footprint_of
from tracker.errors import FootfallError
from tracker.ingest.context import IngestContext
from tracker.ingest.place import country_of_zone
from tracker.ingest.places import Place, of_flat, open_places
from tracker.ingest.salts import SaltBook, SharedSalts

MMDB = REAL / "mmdb"
LONDON = "81.2.69.142"


@pytest.fixture
def city(database):
    context = IngestContext(SaltBook(SharedSalts(database)), open_places(str(MMDB / "GeoLite2-City-Test.mmdb")))
    yield context
    context.close()


@needs_real_data
def test_a_city_file_tells_country_region_and_city(site, city):
    footprint = footprint_of(site, zone="Europe/Warsaw")
    at_request(footprint, site, city, address=LONDON)
    assert (footprint.country, footprint.region, footprint.city) == ("GB", "England", "London")
    assert not footprint.place_approximate


@needs_real_data
def test_a_country_file_tells_the_country():
    places = open_places(str(MMDB / "GeoLite2-Country-Test.mmdb"))
    assert places.find(LONDON) == Place("GB", None, None)
    assert places.find("no address") is None
    places.close()


@needs_real_data
def test_an_address_that_the_file_does_not_know_is_placed_by_the_zone(site, city):
    footprint = footprint_of(site, zone="Europe/Warsaw")
    at_request(footprint, site, city, address="127.0.0.1")
    assert (footprint.country, footprint.place_approximate) == ("PL", True)


@needs_real_data
@pytest.mark.parametrize("name", ["GeoLite2-ASN-Test.mmdb", "GeoIP2-ISP-Test.mmdb", "GeoIP2-Anonymous-IP-Test.mmdb"])
def test_a_file_without_countries_is_refused_in_one_line(name):
    with pytest.raises(FootfallError, match="tells no countries; use a City or Country database") as refusal:
        open_places(str(MMDB / name))
    assert "\n" not in str(refusal.value)


def test_a_file_of_another_kind_is_refused_in_one_line(tmp_path):
    wrong = tmp_path / "notes.mmdb"
    for content in (b"", b"no database", b"\x00" * 200_000):
        wrong.write_bytes(content)
        with pytest.raises(FootfallError, match=r"notes\.mmdb is no GeoIP database") as refusal:
            open_places(str(wrong))
        assert "\n" not in str(refusal.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FootfallError, match="no file"):
        open_places(str(tmp_path / "gone.mmdb"))


def test_without_a_setting_there_is_no_file_to_ask():
    assert open_places("") is None


def test_flat_entries_of_other_makers_are_understood():
    assert of_flat({"country_code": "de", "state1": "Bavaria", "city": "Munich"}) == Place("DE", "Bavaria", "Munich")
    assert of_flat({"country": "FR"}) == Place("FR", None, None)
    assert of_flat({"country": "France"}) is None
    assert of_flat("FR") is None


def test_without_a_file_the_country_is_guessed_from_the_zone_and_marked(site, ingest):
    footprint = footprint_of(site, zone="America/Sao_Paulo")
    at_request(footprint, site, ingest)
    assert (footprint.country, footprint.city, footprint.place_approximate) == ("BR", None, True)


@pytest.mark.parametrize(
    ("zone", "country"),
    [("Europe/Kyiv", "UA"), ("Asia/Calcutta", "IN"), ("Asia/Kolkata", "IN"), ("UTC", None), ("Etc/GMT+3", None)],
)
def test_old_and_new_names_of_zones_are_known(zone, country):
    assert country_of_zone(zone) == country


def test_a_zone_that_is_none_is_not_kept(site, ingest):
    footprint = footprint_of(site, zone="anna@example.org")
    at_request(footprint, site, ingest)
    assert (footprint.zone, footprint.country, footprint.place_approximate) == (None, None, False)
