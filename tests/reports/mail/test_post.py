"""What is due is sent in turns, none of which goes on for long: what comes due meanwhile is not forgotten."""

from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from reports.mail import post as posts
from reports.mail.compose import Contents
from reports.mail.draft import Draft
from reports.mail.post import deliver
from tests.kit.ground import at
from tests.kit.pages import EMAIL
from tests.kit.post import Post
from tests.reports.mail.conftest import schedule
from tracker.clock import utc_now
from tracker.errors import UnreachableError
from tracker.house import House
from tracker.models import Message
from tracker.outgoing import posting
from tracker.sites import SiteInfo
from tracker.store.base import EventStore


def test_a_schedule_that_comes_due_while_webhooks_of_another_hang_is_sent_at_its_hour(
    house: House, shop: SiteInfo, post: Post, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = [f"https://{number}.example/hook" for number in range(40)]
    schedule(house, shop, *hooks, name="Hooks", sections=["pages"])
    schedule(house, shop, EMAIL, name="Later", sections=["vitals"], hour=10)
    clock.move_to(at("2026-03-16 08:59"))

    def hang(*_: object) -> None:
        clock.shift(15)  # 30 seconds each, two at a time
        raise UnreachableError("It hangs.")

    monkeypatch.setattr(posting, "post", hang)
    while utc_now() < at("2026-03-16 09:05"):
        deliver(house)
        clock.shift(30)  # the job comes again
    with house.database.session() as session:
        sent_at = session.scalars(select(Message.sent_at).where(Message.address == EMAIL)).one()
    assert sent_at is not None and at("2026-03-16 09:00") <= sent_at <= at("2026-03-16 09:03")


def test_a_report_that_failed_is_asked_for_again_half_a_minute_later_and_not_before(
    house: House, shop: SiteInfo, post: Post, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    same, slow = {"sections": ["pages"]}, {"sections": ["vitals"]}
    for name, told in (("1", same), ("2", same), ("3", slow), ("4", {**slow, "compare": "none"}), ("5", same)):
        schedule(house, shop, name=name, **told)
    asked: list[tuple[str, ...]] = []
    draft = posts.draft

    def fails_once(store: EventStore, site: SiteInfo, address: str, contents: Contents, *told: Any) -> Draft:
        asked.append(contents.sections)
        if len(asked) == 1:
            raise UnreachableError("One moment.")
        clock.shift(20)
        return draft(store, site, address, contents, *told)

    monkeypatch.setattr(posts, "draft", fails_once)
    clock.move_to(at("2026-03-16 08:00"))
    deliver(house)
    assert asked == [("pages",), ("vitals",), ("vitals",), ("pages",)]
    assert len(post.letters) == 3
