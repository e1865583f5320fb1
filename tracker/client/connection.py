"""The client itself: an address, a key, and the sites that the key may read."""

import os
from collections.abc import Iterable
from types import TracebackType
from typing import Self

import msgspec

from tracker.client.errors import ClientError, InvalidRequestError
from tracker.client.schema import Schema
from tracker.client.sending import EventWords, Fault, Taken, batches
from tracker.client.site import Site, SiteInfo
from tracker.client.wire import Wire, segment

URL_VARIABLE, KEY_VARIABLE = "FOOTFALL_URL", "FOOTFALL_KEY"


class _Sites(msgspec.Struct):
    sites: list[SiteInfo]


class Client:
    """Asks a Footfall: `with Client("https://stats.example.org", key) as client: client.site().report("pages")`.

    It waits at most `timeout_s` for each piece of an answer. Where the server has no room (429, 503) or the connection
    breaks, it tries again up to `retries` times, as late as the server says but never later than in `longest_wait_s`.
    It follows no redirect, for the key would go along. It may be used by several threads.
    """

    def __init__(
        self, url: str, key: str, *, timeout_s: float = 60, retries: int = 4, longest_wait_s: float = 60
    ) -> None:
        self._wire = Wire(url, key, timeout_s=timeout_s, retries=retries, longest_wait_s=longest_wait_s)

    @classmethod
    def from_environment(cls, url: str | None = None, key: str | None = None) -> Self:
        """Make a client of FOOTFALL_URL and FOOTFALL_KEY, where not told else; ClientError names what lacks."""
        found = {URL_VARIABLE: url, KEY_VARIABLE: key}
        for name, given in found.items():
            found[name] = given or os.environ.get(name)
            if not found[name]:
                raise ClientError(f"{name} is not set; it says which server to ask and with which key")
        return cls(found[URL_VARIABLE] or "", found[KEY_VARIABLE] or "")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ask nothing more, and let go of the connections of rows that are still read."""
        self._wire.close()

    def sites(self) -> list[Site]:
        """Return the sites that the key may read, the oldest first."""
        return [Site(self._wire, one) for one in self._wire.read("/api/v1/sites", _Sites).sites]

    def site(self, word: str | None = None) -> Site:
        """Return the site of a key, name or host; the only one there is when None. ClientError says which there are."""
        found = self.sites()
        if word is None and len(found) == 1:
            return found[0]
        wanted = (word or "").strip().lower()
        for matching in (
            [one for one in found if one.key == wanted],
            [one for one in found if one.name.lower() == wanted],
            [one for one in found if wanted in one.info.hosts],
        ):
            if len(matching) == 1:
                return matching[0]
        names = ", ".join(f"{one.key} ({one.name})" for one in found[:10]) or "none: this key may read no site"
        raise ClientError(f"site: {(word or 'none given')[:64]}; use one of {names}{' …' if len(found) > 10 else ''}")

    def schema(self) -> Schema:
        """Return what a question can be made of: measures with their units, dimensions, limits."""
        return self._wire.read("/api/v1/schema", Schema)

    def send(self, site_key: str, events: Iterable[EventWords]) -> Taken:
        """Send events of a site, by the key that stands in its tag, a thousand at once; docs/api/ingest.md.

        The client's key needs the scope `ingest` and no other. What has no `id` is given one, so that nothing counts
        twice where a connection breaks and it is sent again. Events that are faulty are told and left out.
        """
        accepted, rejected, faults = 0, 0, list[Fault]()
        for batch in batches(events):
            faults += batch.faults
            rejected += len(batch.faults)
            if batch.written:
                taken = self._send(f"/api/v1/sites/{segment(site_key)}/events", list(batch.written.values()))
                places = list(batch.written)
                accepted += taken.accepted
                rejected += len(places) - taken.accepted
                faults += [Fault(places[one.index], one.field, one.problem) for one in taken.problems]
        return Taken(accepted, rejected, sorted(faults, key=lambda one: one.index))

    def _send(self, path: str, batch: list[msgspec.Raw]) -> Taken:
        try:
            return self._wire.post(path, batch, Taken)
        except InvalidRequestError as error:  # not one of them is good
            faults = msgspec.convert(error.problems, list[Fault])
            if not faults:
                raise
            return Taken(0, len(batch), faults)
