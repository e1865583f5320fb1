"""`footfall check` tells a build what a release made worse, of the house here or of a server elsewhere."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from tests.kit.ground import at, free_port
from tests.kit.store import Visiting, dead
from tracker.cli import cli
from tracker.client import Check, Client, Comparison, Place, Side
from tracker.clock import utc_now
from tracker.commands import checking
from tracker.commands.checking_junit import as_junit
from tracker.commands.checking_text import as_text
from tracker.commands.checking_verdict import FAIL_ON, IF_TOO_LITTLE, judge
from tracker.commands.operations import answers
from tracker.control import ControlServer
from tracker.house import House
from tracker.settings import Settings

HOSTILE = '/<b>"&\x1b[31m\u202e]]>'


def compared(path: str | None, verdict: str, rise: float, **more: Any) -> Comparison:
    told = {"measure": "dead", "title": "Dead click", "is_new": False, "places": [], **more}
    shares = {"rate_before": 0.1, "rate": 0.1 + rise, "difference": rise, "difference_low": rise - 0.05}
    counts = {"views_before": 1000, "views": 1200, "hits_before": 100, "hits": 120, "difference_high": rise + 0.05}
    return Comparison(path=path, verdict=verdict, **told, **shares, **counts)


WORSE = (
    compared(HOSTILE, "worse", 0.2, is_new=True, places=[Place("#pay", "Pay <now>\x00", None, 0, 0.2, 0.15, 0.25)]),
    compared("/cart", "worse", 0.1),
    compared(None, "same", 0.01),
    compared("/about", "better", -0.1),
)


def check(verdict: str = "worse", *told: Comparison) -> Check:
    out = at("2026-03-06 12:00")
    before, after = (Side(out, out + timedelta(days=2), visits, 1000) for visits in (300, 40))
    return Check(
        release="v2", released_at=out, verdict=verdict, min_visits=100, before=before, after=after, compared=9,
        comparisons=list(told or WORSE), took_ms=20,
    )  # fmt: skip


def test_a_build_may_fail_on_more_or_on_less() -> None:
    failing = {kind: judge("Shop", check(), kind, "fail") for kind in FAIL_ON}
    assert {kind: [one.path for one in judged.failed] for kind, judged in failing.items()} == {
        "worse": [HOSTILE, "/cart"],
        "new": [HOSTILE],
        "any": [HOSTILE, "/cart", None],
    }
    assert {judged.code for judged in failing.values()} == {1}
    fine = judge("Shop", check("fine", *WORSE[2:]), "worse", "fail")
    assert (fine.code, as_text(fine).splitlines()[-1]) == (0, "Nothing that the build is to fail on.")


def test_too_little_is_neither_fine_nor_worse() -> None:
    judged = {how: judge("Shop", check("too little"), "worse", how) for how in IF_TOO_LITTLE}
    assert {how: one.code for how, one in judged.items()} == {"fail": 3, "pass": 0}
    for how, tag in (("fail", "failure"), ("pass", "skipped")):
        assert "Too little to tell: 100 visits are wanted on either side." in as_text(judged[how])
        [suite] = ElementTree.fromstring(as_junit(judged[how]))
        first, *others = suite
        assert first[0].tag == tag
        assert {case[0].tag for case in others} == {"skipped"}
        assert [suite.get(name) for name in ("tests", "failures", "skipped")] == [
            str(len(suite)), str(len(suite.findall("*/failure"))), str(len(suite.findall("*/skipped"))),
        ]  # fmt: skip


def test_junit_has_a_case_for_each_page_and_measure_whatever_their_names() -> None:
    root = ElementTree.fromstring(as_junit(judge("Shop & Co", check(), "worse", "fail")))
    [suite] = root
    assert (root.tag, suite.tag, suite.get("name")) == ("testsuites", "testsuite", "Shop & Co since v2")
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["5", "2", "0", "0"]
    assert [case.get("classname") for case in suite] == [
        "footfall",
        '/<b>"&�[31m�]]>',
        "/cart",
        "the whole site",
        "/about",
    ]
    assert [case[0].get("type") for case in suite] == [None, "new", "worse", None, None]
    failure = suite[1][0]
    assert (failure.tag, failure.get("message")) == (
        "failure", "10.0 % of 1,000 views before, 30.0 % of 1,200 after: +15.0 to +25.0 points (95 %)",
    )  # fmt: skip
    assert '#pay "Pay <now>�": 0.0 % before, 20.0 % after' in (failure.text or "")


def test_it_waits_until_there_is_enough_or_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(checking, "sleep", waited.append)
    monkeypatch.setattr(checking, "monotonic", lambda: sum(waited))
    found = iter([check("too little"), check("too little"), check("fine")])
    assert checking.patiently(lambda: ("Shop", next(found)), 3600)[1].verdict == "fine"
    assert waited == [checking.LOOK_AGAIN_S] * 2
    waited.clear()
    assert checking.patiently(lambda: ("Shop", check("too little")), 100)[1].verdict == "too little"
    assert waited == [checking.LOOK_AGAIN_S] * 3


@pytest.fixture
def released(url: str, key: str, visit_own: Visiting) -> None:
    """A release of two days ago, since when nothing works on a page of an unkind name; before it, a little did not."""
    out = utc_now() - timedelta(days=2, hours=1)
    with visit_own.at_once():
        for number in range(20):
            before, after = (f"{out + timedelta(minutes=one + number):%Y-%m-%d %H:%M}" for one in (-600, 60))
            broken, menu = dead("#pay", 1, element_text="Pay <now>"), dead("#menu")
            visit_own(before, ["/", HOSTILE], [menu] if number < 5 else [])
            visit_own(after, ["/", HOSTILE], [broken, menu] if number < 5 else [broken])
    with Client(url, key) as client:
        client.site().mark_release("v2", out)


@pytest.fixture
def here(house: House, settings: Settings) -> Iterator[None]:
    """The house answers on its socket, as it does in a server."""
    serving = ControlServer(settings.socket_file, answers(house))
    yield
    serving.close()


@pytest.fixture
def run(url: str, key: str, settings: Settings) -> Any:
    def ran(*arguments: str, **variables: str | None) -> Result:
        environment = {"FOOTFALL_DATA": str(settings.data), "FOOTFALL_URL": url, "FOOTFALL_KEY": key, **variables}
        return CliRunner().invoke(cli, ("check", *arguments), env=environment)

    return ran


@pytest.mark.usefixtures("released", "here")
def test_what_became_worse_fails_the_build_here_and_elsewhere(run: Any, tmp_path: Path) -> None:
    asked = ("--site", "Shop", "--since", "v2", "--min-visits", "20")
    elsewhere, here = run(*asked), run(*asked, FOOTFALL_URL=None)
    assert elsewhere.exit_code == here.exit_code == 1, here.output
    assert elsewhere.stdout == here.stdout
    assert "Shop since v2 of" in here.stdout and "20 visits before, 20 after" in here.stdout
    assert "Dead click on /<b>" in here.stdout and "(new)" in here.stdout
    assert "0.0 % of 20 views before, 100.0 % of 20 after" in here.stdout
    assert '#pay "Pay <now>": 0.0 % before, 100.0 % after' in here.stdout
    assert not {"\x1b", "\u202e"} & set(here.stdout) and "#menu" not in here.stdout
    file = tmp_path / "check.json"
    ran = run("--format", "json", "--output", str(file), "--filter", "path:is:/")
    assert (ran.exit_code, "100 visits are wanted" in ran.stdout) == (3, True)
    found = json.loads(file.read_text())
    assert (found["release"], found["verdict"], found["min_visits"]) == ("v2", "too little", 100)
    nowhere = run(*asked, "--output", str(tmp_path / "nowhere" / "check.xml"))
    assert (nowhere.exit_code, nowhere.stdout, "nowhere" in nowhere.stderr) == (2, "", True)


@pytest.mark.usefixtures("here")
def test_what_cannot_be_asked_exits_with_2(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.client.wire.sleep", lambda _: None)
    wrong: list[tuple[tuple[str, ...], dict[str, str | None], str]] = [
        (("--site", "nowhere"), {}, "site: nowhere; use one of"),
        (("--site", "nowhere"), {"FOOTFALL_URL": None}, "site: nowhere; use one of"),
        (("--since", "v9"), {}, "no release is marked yet"),
        (("--since", "v9"), {"FOOTFALL_URL": None}, "no release is marked yet"),
        ((), {"FOOTFALL_KEY": None}, "FOOTFALL_KEY is not set"),
        ((), {"FOOTFALL_KEY": "ff_wrong"}, "401"),
        ((), {"FOOTFALL_URL": "shop"}, "url: "),
        (("--url", f"http://127.0.0.1:{free_port()}"), {}, "no answer from"),
        (("--fail-on", "nothing"), {}, "Invalid value"),
    ]
    for arguments, variables, says in wrong:
        ran = run(*arguments, **variables)
        assert (ran.exit_code, ran.stdout) == (2, ""), arguments
        assert says in ran.stderr and "Traceback" not in ran.stderr, arguments
