"""What happens by the clock."""

import queue
import threading
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from tests.kit.store import Loading, Visiting
from tracker.clock import utc_now
from tracker.house import House
from tracker.jobs import JOBS, Job, Jobs
from tracker.models import Salt, SignIn, User
from tracker.sites import SiteInfo, create_site, describe
from tracker.store.schema import path_day

BY_NAME = {job.name: job for job in JOBS}


@pytest.fixture
def shop(house: House) -> SiteInfo:
    with house.database.session() as session:
        return describe(create_site(session, "Shop", ["shop.example"], "Europe/Warsaw"))


def run(house: House, name: str) -> None:
    BY_NAME[name].run(house, threading.Event())


def test_every_job_runs_on_an_empty_house(house: House) -> None:
    for name in BY_NAME:
        run(house, name)


def test_salts_of_days_that_are_over_are_destroyed(house: House, shop: SiteInfo) -> None:
    today = utc_now().astimezone(shop.tzinfo).date()
    with house.database.session() as session:
        session.add_all(Salt(site_id=shop.id, day=day, value=b"s" * 32) for day in (date(2026, 3, 1), today))
    run(house, "destroy-salts")
    with house.database.session() as session:
        assert list(session.scalars(select(Salt.day))) == [today]


def test_only_sign_ins_that_work_are_kept(house: House) -> None:
    now = utc_now()
    with house.database.session() as session:
        session.add(User(id=1, email="ann@example.org", password_hash="x", created_at=now))
        session.flush()
        for token, days in (("old", -1), ("good", 1)):
            session.add(SignIn(token_hash=token, user_id=1, created_at=now, expires_at=now + timedelta(days=days)))
    run(house, "expire-sign-ins")
    with house.database.session() as session:
        assert list(session.scalars(select(SignIn.token_hash))) == ["good"]


def test_finished_days_are_rolled_up(house: House, shop: SiteInfo) -> None:
    visit = Visiting(Loading(house.store, house.settings.batch_folder), shop)
    visit(at="2026-03-01 10:00", trail=["/", "/a"])
    run(house, "refresh-rollups")
    statement = select(func.sum(path_day.c.views)).where(path_day.c.site_id == shop.id)
    assert house.store.query(statement).rows == [(2,)]


def test_a_job_that_fails_has_its_next_turn(house: House) -> None:
    turns = threading.Semaphore(0)

    def fail(_house: House, _stopping: threading.Event) -> None:
        turns.release()
        raise RuntimeError("always")

    jobs = Jobs(house, (Job("fail", timedelta(seconds=0.05), fail),))
    jobs.start()
    assert turns.acquire(timeout=60) and turns.acquire(timeout=60)
    jobs.stop()


def test_stopping_ends_a_job_that_listens(house: House) -> None:
    began, told = threading.Event(), []

    def go_on(_house: House, stopping: threading.Event) -> None:
        began.set()
        told.append(stopping.wait(20))

    jobs = Jobs(house, (Job("long", timedelta(hours=1), go_on),))
    jobs.start()
    assert began.wait(60)
    jobs.stop()
    assert told == [True]


def test_a_clock_that_is_put_back_holds_no_job_up(house: House) -> None:
    runs: queue.Queue[None] = queue.Queue()
    jobs = Jobs(house, (Job("often", timedelta(minutes=1), lambda _house, _stopping: runs.put(None)),))
    with time_machine.travel(utc_now(), tick=False) as clock:
        jobs.start()
        try:
            runs.get(timeout=30)
            jobs.catch_up()
            clock.shift(-timedelta(days=1))
            jobs.catch_up()
            runs.get(timeout=30)
            assert runs.empty()
        finally:
            jobs.stop()
