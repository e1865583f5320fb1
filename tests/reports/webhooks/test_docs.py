"""What developers are told of webhooks is so."""

import re
import runpy
from datetime import timedelta
from pathlib import Path

import msgspec

from reports.webhooks import bodies, completions, new_struggles
from tracker.clock import utc_now
from tracker.jobs import JOBS
from tracker.outgoing.abreast import AT_ONCE, AT_ONCE_OF_A_SITE
from tracker.outgoing.holding import TRIES_AFTER
from tracker.outgoing.posting import LONGEST_ANSWER, MOST_ADDRESSES, MOST_S, TIMEOUT_S, shown_secret, sign
from tracker.webhooks import queue
from tracker.webhooks.book import MOST_WEBHOOKS
from tracker.webhooks.kinds import KINDS, TEST
from tracker.webhooks.sending import GIVEN_UP_AFTER

DOCS = (Path(__file__).parents[3] / "docs" / "api" / "webhooks.md").read_text()
SHAPES = {
    "goal.completed": bodies.GoalCompleted,
    "struggle.new": bodies.StruggleNew,
    "alert.fired": bodies.AlertFired,
    "delivery.sent": bodies.DeliverySent,
    TEST: bodies.Trial,
}


def test_every_kind_and_every_field_of_it_is_described() -> None:
    assert {*SHAPES} == {TEST, *(kind.name for kind in KINDS)}
    for kind, shape in SHAPES.items():
        [row] = re.findall(rf"^\| `{re.escape(kind)}` \|.*$", DOCS, re.MULTILINE)
        if kind != "alert.fired":  # described among alerts
            for name in {*shape.__struct_fields__} - {"site"}:
                assert f"`{name}`" in row, (kind, name)
    for name in bodies.Completion.__struct_fields__:
        assert f"`{name}`" in DOCS


def test_the_examples_are_bodies() -> None:
    examples = re.findall(r"```json\n(.*?)```", DOCS, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        told = msgspec.json.decode(example)
        shape = SHAPES[told["type"]]
        assert msgspec.to_builtins(msgspec.convert(told["data"], shape)).keys() == told["data"].keys()


def test_every_number_is_the_one_that_holds() -> None:
    every = {job.name: job.every for job in JOBS}
    for amount in (
        f"up to {MOST_WEBHOOKS} a site",
        f"up to {completions.MOST_A_MESSAGE} of them",
        f"{completions.MOST_A_LOOK:,} conversions",
        f"at least {new_struggles.LEAST_VISITORS} visitors met it in the last {new_struggles.DAYS} days",
        f"back after {new_struggles.SILENT_FOR.days} days",
        f"more than {queue.FRESH.days} days ago",
        f"At most {queue.MOST_WAITING} messages",
        f"for {queue.KEPT_FOR.days} days",
        f"the newest {queue.MOST_KEPT:,}",
        f"for {GIVEN_UP_AFTER.days} days",
        f"first {LONGEST_ANSWER} characters",
        f"to {AT_ONCE} webhooks at a time",
        f"a site's webhooks {AT_ONCE_OF_A_SITE} at a time",
        f"{TIMEOUT_S:.0f} seconds for each step",
        f"{MOST_S:.0f} seconds in all",
        f"{MOST_ADDRESSES} are tried",
        f"reports within {every['find-happenings'].seconds} seconds",
        f"struggles within {every['find-new-struggles'] // timedelta(minutes=1)} minutes",
        f"sent within {every['send-to-webhooks'].seconds} seconds",
    ):
        assert amount in DOCS, amount
    minutes = [wait // timedelta(minutes=1) for wait in TRIES_AFTER]
    assert minutes == [1, 5, 20, 60, 4 * 60, 12 * 60] and "after 1, 5 and 20 minutes and 1, 4 and 12 hours" in DOCS


def test_the_recipe_knows_ours_from_others(tmp_path: Path) -> None:
    [code] = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)
    module = tmp_path / "verify.py"
    module.write_text(code)
    verify = runpy.run_path(str(module))["verify"]
    now, body = int(utc_now().timestamp()), b'{"type":"test"}'
    signatures = [sign(secret, "id-1", str(now), body) for secret in ("new", "old")]
    headers = {"webhook-id": "id-1", "webhook-timestamp": str(now), "webhook-signature": " ".join(signatures)}
    for secret, is_ours in (("new", True), ("old", True), ("other", False)):
        assert verify(shown_secret(secret), headers, body) is is_ours
    assert not verify(shown_secret("new"), headers, body + b" ")
    assert not verify(shown_secret("new"), headers, body, now=now + 301)
