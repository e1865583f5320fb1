import pytest

from tests.kit.ingest import footprint_of
from tracker.ingest.device import screen_of
from tracker.ingest.steps import to_rows

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36", ("desktop", "Chrome", "141", "Windows")),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/141.0.0.0",
            ("desktop", "Edge", "141", "Windows"),
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.5 Mobile/15E148 Safari/604.1",
            ("mobile", "Mobile Safari", "18", "iOS"),
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/12.1 Mobile/15E148 Safari/604.1",
            ("tablet", "Mobile Safari", "12", "iOS"),
        ),
        (
            f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Mobile Safari/537.36",
            ("mobile", "Chrome Mobile", "141", "Android"),
        ),
        (f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Safari/537.36", ("tablet", "Chrome", "141", "Android")),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            ("desktop", "Firefox", "140", "Linux"),
        ),
    ],
)
def test_an_agent_tells_device_browser_and_system(site, agent, told):
    row = to_rows(footprint_of(site, user_agent=agent), site)[0]
    assert (row["device"], row["browser"], row["browser_version"], row["os"]) == told


@pytest.mark.parametrize("agent", [None, "", "x", "\U0001f600" * 100])
def test_an_agent_that_says_nothing_leaves_its_columns_empty(site, agent):
    row = to_rows(footprint_of(site, user_agent=agent), site)[0]
    assert not {"browser", "browser_version", "os", "os_version"} & row.keys()
    assert row.get("device") in (None, "other")


@pytest.mark.parametrize(
    ("width", "screen"),
    [(0, "small"), (639, "small"), (640, "medium"), (1024, "large"), (1439, "large"), (1440, "wide")],
)
def test_screens_are_classed_by_the_windows_width(width, screen):
    assert screen_of(width) == screen


def test_a_footprint_without_a_window_has_no_screen(site):
    assert "screen" not in to_rows(footprint_of(site), site)[0]
    assert to_rows(footprint_of(site, viewport=(360, 800)), site)[0]["screen"] == "small"
