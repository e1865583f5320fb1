"""Which language an answer speaks: people's doors that of the reader, programs' doors English."""

import pytest

from reports.speech import language_of_request
from tracker.app import create_app
from tracker.house import House


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/sign-in", "pl"),
        ("/share/old/", "pl"),
        ("/privacy/old", "pl"),
        ("/unsubscribe/old", "pl"),
        ("/nowhere", "pl"),
        ("/api/v1/sites", "en"),
        ("/api/v1/nowhere", "en"),
        ("/overlay/heatmap", "en"),
    ],
)
def test_the_door_says_whose_language_is_spoken(house: House, path: str, said: str) -> None:
    app = create_app(house)
    with app.test_request_context(path, headers={"Accept-Language": "pl"}):
        assert language_of_request().code == said
