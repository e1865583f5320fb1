"""What happens by the clock rather than by a request."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import delete

from collectors.history.uploaded import OF_EVENTS
from reports.alerts import watching
from reports.mail import post
from reports.webhooks import telling
from tracker import archive, erasure, expiry, rollups
from tracker.clock import utc_now
from tracker.house import House
from tracker.identity.members import forget_changes
from tracker.imports.working import OF_COUNTS, work_off
from tracker.ingest.salts import destroy_old_salts
from tracker.models import Invitation, OneTimeLink, SignIn
from tracker.schedules import outbox
from tracker.store.base import StoreDownError
from tracker.uptime import note_uptime
from tracker.webhooks import queue

_log = structlog.get_logger("footfall.jobs")
_LOOKED_AT_AGAIN = timedelta(days=60)
_LOOK_AT_CLOCK_S = 5.0
_SLACK = timedelta(seconds=1)
_ARRIVALS = timedelta(hours=1)  # the loader may still be busy with yesterday's last spool file


@dataclass(frozen=True)
class Job:
    """Something done again and again, `every` so often; `run` ends early when the event is set."""

    name: str
    every: timedelta
    run: Callable[[House, threading.Event], object]


def destroy_salts(house: House, _stopping: threading.Event) -> None:
    """Destroy the salts of days that are over, so that nobody can tie a visitor to an earlier day."""
    destroy_old_salts(house.database, house.ingest.salts, house.sites.all(), utc_now())


def refresh_rollups(house: House, stopping: threading.Event) -> None:
    """Count finished days beforehand, late events included."""
    rollups.refresh(house.store, house.sites.all(), utc_now(), stopping)


def merge_archive(house: House, _stopping: threading.Event) -> None:
    """Make one archive file of each finished day's parts."""
    archive.merge_finished_days(house.settings.archive_folder, (utc_now() - _ARRIVALS).date())


def expire_events(house: House, stopping: threading.Event) -> None:
    """Let go of what is older than its site keeps it."""
    expiry.expire(house, utc_now(), stopping)


def expire_sign_ins(house: House, _stopping: threading.Event) -> None:
    """Forget sign-ins, one-time links and invitations that no longer work."""
    with house.database.session() as session:
        for kind in (SignIn, OneTimeLink, Invitation):
            session.execute(delete(kind).where(kind.expires_at <= utc_now()))


def follow_profiles(house: House, _stopping: threading.Event) -> None:
    """Bring the event store's copy of memberships up to date, where a stop came between, and forget its changes."""
    house.identity.copy()
    forget_changes(house.database, house.store)


def reconsider_links(house: House, stopping: threading.Event) -> None:
    """Look again at who was taken for whom by looks alone, now that more is known."""
    since = utc_now() - _LOOKED_AT_AGAIN
    for site in house.sites.all():
        if site.privacy_mode == "stitched" and not stopping.is_set():
            house.identity.reconsider(site, int(since.timestamp() * 1000))


def decide_signals(house: House, _stopping: threading.Event) -> None:
    """Go on with deciding events by limits that were changed, where a stop or a failure came between."""
    house.deciding.resume()


def finish_erasures(house: House, _stopping: threading.Event) -> None:
    """Go on with erasing people, where a stop or a store that was down came between."""
    with suppress(StoreDownError):
        house.erasing.finish()


def finish_sites(house: House, _stopping: threading.Event) -> None:
    """Go on with erasing sites that were deleted, where a stop or a store that was down came between."""
    with suppress(StoreDownError):
        erasure.finish_sites(house)


def send_reports(house: House, stopping: threading.Event) -> None:
    """Send the letters that are due, if this process leads."""
    post.deliver(house, lambda: not stopping.is_set())


def note_work(house: House, _stopping: threading.Event) -> None:
    """Note that this process is at work, whatever else takes its time."""
    note_uptime(house, utc_now())


def watch_sites(house: House, stopping: threading.Event) -> None:
    """Look at what is watched, if this process leads."""
    if house.leadership.hold():
        watching.watch_all(house, utc_now(), lambda: not stopping.is_set() and house.leadership.hold())


def forget_letters(house: House, _stopping: threading.Event) -> None:
    """Forget what became of letters and alerts of more than a year ago, and of what webhooks got a month ago."""
    outbox.forget_old(house.database, utc_now())
    queue.forget_old(house.database, house.sites.all(), utc_now())


def find_happenings(house: House, stopping: threading.Event) -> None:
    """Look for what webhooks are told of, new struggles apart, if this process leads."""
    telling.find_happenings(house, lambda: not stopping.is_set())


def find_new_struggles(house: House, stopping: threading.Event) -> None:
    """Look for struggles that webhooks are told of as new, if this process leads."""
    telling.find_new_struggles(house, lambda: not stopping.is_set())


def send_to_webhooks(house: House, stopping: threading.Event) -> None:
    """Send what waits for webhooks, if this process leads."""
    telling.send_to_webhooks(house, lambda: not stopping.is_set())


def take_uploads(house: House, stopping: threading.Event) -> None:
    """Take in the exports that were sent to this process by pages."""
    work_off(house, {**OF_COUNTS, **OF_EVENTS}, stopping)


JOBS: tuple[Job, ...] = (
    Job("destroy-salts", timedelta(minutes=1), destroy_salts),
    Job("refresh-rollups", timedelta(minutes=5), refresh_rollups),
    Job("merge-archive", timedelta(hours=1), merge_archive),
    Job("decide-signals", timedelta(minutes=1), decide_signals),
    Job("reconsider-links", timedelta(days=1), reconsider_links),
    Job("follow-profiles", timedelta(minutes=5), follow_profiles),
    Job("expire-events", timedelta(hours=1), expire_events),
    Job("finish-erasures", timedelta(minutes=1), finish_erasures),
    Job("finish-sites", timedelta(hours=1), finish_sites),
    Job("send-reports", timedelta(seconds=30), send_reports),
    Job("take-uploads", timedelta(seconds=1), take_uploads),
    Job("note-work", timedelta(minutes=2), note_work),
    Job("watch-sites", timedelta(minutes=5), watch_sites),
    Job("find-happenings", timedelta(seconds=15), find_happenings),
    Job("find-new-struggles", timedelta(minutes=5), find_new_struggles),
    Job("send-to-webhooks", timedelta(seconds=5), send_to_webhooks),
    Job("forget-letters", timedelta(days=1), forget_letters),
    Job("expire-sign-ins", timedelta(hours=1), expire_sign_ins),
)


class Jobs:
    """Runs all jobs of a house in threads of their own, each at once and then by its clock."""

    def __init__(self, house: House, jobs: tuple[Job, ...] = JOBS) -> None:
        self._house = house
        self._jobs = jobs
        self._stopping = threading.Event()
        self._clock = threading.Thread(target=self._mind_clock, name="jobs-clock", daemon=True)
        # a turn that comes late, as on a machine that is busy or slept, is better than none
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = BackgroundScheduler(timezone="UTC", job_defaults=defaults)
        for job in jobs:
            self._scheduler.add_job(
                self.run,
                "interval",
                args=(job,),
                id=job.name,
                seconds=job.every.total_seconds(),
                next_run_time=utc_now(),
            )

    def start(self) -> None:
        """Begin with a first run of each."""
        self._scheduler.start()
        self._clock.start()

    def stop(self) -> None:
        """Let those that run come to an early end, and wait for it."""
        self._stopping.set()
        self._scheduler.shutdown(wait=True)
        self._clock.join()

    def catch_up(self) -> None:
        """Run at once what is further off than it ever is: the clock was put back, and all would wait for as long."""
        now = utc_now()
        for job in self._jobs:
            found = self._scheduler.get_job(job.name)  # None once it stops
            if found is not None and found.next_run_time - now > job.every + _SLACK:
                self._scheduler.modify_job(job.name, next_run_time=now)

    def _mind_clock(self) -> None:
        while not self._stopping.wait(_LOOK_AT_CLOCK_S):
            self.catch_up()

    def run(self, job: Job) -> None:
        """Run a job once; its failure is logged and does not keep it from its next turn."""
        try:
            job.run(self._house, self._stopping)
        except Exception:
            _log.exception("job failed", job=job.name)
