"""A fixed sample of the corpus: some forty clicks on real libraries' pages, judged as in `python -m bench corpus`.

Their truth was measured there from outside the pages and is kept in sample.json; that of the
hard cases is told by hand. All is clicked once, in one browser.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.kit.ground import apart
from tests.signals import corpus, packages, table
from tests.signals.corpus import Result
from tests.signals.measuring import Truth
from tests.signals.score import score
from tests.signals.survey import read
from tests.signals.trials import CONDITIONS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TOGETHER, LOADING = 4, 2  # beside other tests, more that load would disturb the clocks that clicks are made beside
SAMPLE = Path(__file__).with_name("sample.json")
TOLD_BY_HAND = (
    "dead in one section with a clock",
    "live beside clock, carousel and ad",
    "open shadow root, dead",
    "script error",
    "slow timer",
    "disabled button",
)
BY_NAME = {condition.name: condition for condition in CONDITIONS}


async def _watch() -> list[Result]:
    sample = json.loads(SAMPLE.read_text())
    async with corpus.opened(TOGETHER, LOADING) as running:
        by_condition: dict[str, list[Any]] = {}
        for told in sample:
            by_condition.setdefault(told["condition"], []).append(read(told["click"]))
        pairs = [(BY_NAME[name], clicks) for name, clicks in by_condition.items()]
        hard = [click for click in running.hard_clicks() if click.text in TOLD_BY_HAND]
        return await running.watch_all([*pairs, (corpus.HARD[0], hard)], ("footfall",))


@pytest.fixture(scope="module")
def results() -> list[Result]:
    try:
        packages.fetch_npm()
        packages.fetch_debian()
    except packages.MissingError as error:
        pytest.skip(f"the corpus' pages come from npm and Debian, and could not be fetched: {error}")
    return apart(_watch())


def _cases(results: list[Result], *names: str) -> list[Any]:
    return [case for name in names for case in table.cases(results, BY_NAME[name], "footfall", "dead")]


def test_every_click_of_the_sample_was_made(results: list[Result]) -> None:
    assert [f"{result.click.page}: {result.unclear}" for result in results if result.unclear] == []
    assert [f"{result.click.page}: no event" for result in results if not result.evidence] == []


def test_dead_clicks_are_found_and_live_ones_left_alone(results: list[Result]) -> None:
    counted = score(_cases(results, "as-is", "blocked"))
    assert counted.precision is not None and counted.precision >= 0.95, table.misjudged(results)
    assert counted.recall is not None and counted.recall >= 0.95, table.misjudged(results)


def test_dead_clicks_are_found_beside_a_clock_and_a_carousel(results: list[Result]) -> None:
    counted = score(_cases(results, "moving", "blocked-moving"))
    assert counted.precision is not None and counted.precision >= 0.95, table.misjudged(results)
    assert counted.recall is not None and counted.recall >= 0.9, table.misjudged(results)


def test_plain_text_is_no_dead_click(results: list[Result]) -> None:
    flagged = [table.plain_flagged(results, condition, "footfall") for condition in CONDITIONS]
    assert sum(part for part, _ in flagged) == 0
    assert sum(whole for _, whole in flagged) >= 4


@pytest.mark.parametrize("name", TOLD_BY_HAND)
def test_hard_cases(results: list[Result], name: str) -> None:
    result = next(result for result in results if result.click.text == name)
    wanted = {"script error": "error", "slow timer": "slow", "disabled button": "disabled"}.get(name)
    if wanted:
        assert wanted in result.found["footfall"]
    else:
        assert ("dead" in result.found["footfall"]) == ("dead" in name)


def test_the_truth_is_measured_from_outside() -> None:
    """A button that answers, one that does not, and one that only looks pressed, beside a clock."""
    pages = {
        "/live.html": "<button id=x onclick='o.textContent = 1'>Buy</button><p id=o></p>",
        "/dead.html": "<button id=x>Buy</button>",
        "/pressed.html": "<style>#x:active, #x:focus { background: red }</style><button id=x>Buy</button>",
        "/clock.html": "<p id=c>0</p><br><br><br><button id=x>Buy</button>"
        "<script>setInterval(() => { c.textContent = String(Date.now()).slice(-3) }, 100)</script>",
        "/pushed.html": "<button id=x aria-pressed=false onclick='this.ariaPressed = true'>Like</button>",
    }

    async def look() -> dict[str, Truth]:
        async with corpus.opened(len(pages)) as running:
            running.web.pages.update(pages)
            return dict(zip(pages, await running.truths([(page, ["#x"]) for page in pages]), strict=True))

    try:
        truths = apart(look())
    except packages.MissingError as error:
        pytest.skip(f"the corpus cannot be had here: {error}")
    assert {page: truth.first_ms is not None for page, truth in truths.items()} == {
        "/live.html": True,
        "/dead.html": False,
        "/pressed.html": False,
        "/clock.html": False,
        "/pushed.html": True,
    }
