"""Tells where a view came from: a campaign's own word, else who referred, else directly."""

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from publicsuffixlist import PublicSuffixList

from tracker.event import Footprint
from tracker.ingest.rows import Row
from tracker.sites import SiteInfo

CAMPAIGN_PARAMETERS = frozenset(
    {"utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "ref", "source"}
)
_NAMED = (("campaign", "utm_campaign"), ("campaign_term", "utm_term"), ("campaign_content", "utm_content"))


class Referrer(NamedTuple):
    """Who refers: a name for people, and a medium (search, social, ai, mail, video, referral)."""

    name: str
    medium: str


def find_source(footprint: Footprint, rows: list[Row], site: SiteInfo) -> None:
    """Set source, medium, referrer and campaign of views; a view without them came directly."""
    for event, row in zip(footprint.events, rows, strict=True):
        if event.kind == "view":
            referrer = event.referrer
            if referrer and site.owns(referrer.partition("/")[0]):
                referrer = None
            row.update(trace(event.url, referrer))


@lru_cache(maxsize=8192)
def trace(url: str, referrer: str | None) -> dict[str, str]:
    """Return the columns that say whence a view of `url` came; `referrer` is a foreign host and path."""
    whence = _campaign(url)
    host = referrer.partition("/")[0] if referrer else ""
    if referrer and host != urlsplit(url).netloc:
        whence["referrer"] = referrer
        refers = recognise(host)
        if "source" not in whence:
            whence["source"] = refers.name
        if "medium" not in whence:
            whence["medium"] = refers.medium
    elif "source" in whence and "medium" not in whence:
        whence["medium"] = "referral"
    return whence


def _campaign(url: str) -> dict[str, str]:
    """What the link itself says, the names of known sources spelt as everywhere else."""
    query = urlsplit(url).query
    said = {name: value for name, value in parse_qsl(query) if name in CAMPAIGN_PARAMETERS} if query else {}
    whence = {column: said[name] for column, name in _NAMED if name in said}
    source = said.get("utm_source") or said.get("ref") or said.get("source")
    if source:
        known = _by_name().get(source.lower()) or _known(source.lower())
        whence["source"] = known.name if known else source
        if known:
            whence["medium"] = known.medium
    if "utm_medium" in said:
        whence["medium"] = said["utm_medium"].lower()
    return whence


@lru_cache(maxsize=8192)
def recognise(host: str) -> Referrer:
    """Name the one behind a referring host: a known one, else its registrable domain."""
    name = host.rpartition(":")[0] if host[-1:].isdigit() and ":" in host else host
    if not name[-1:].isalpha():  # an address, which has no suffix
        return Referrer(host, "referral")
    return _known(name) or Referrer(_all_suffixes().privatesuffix(name) or name, "referral")


def _known(host: str) -> Referrer | None:
    """Look a host up as it is and without its first labels, then the same with any public suffix (`google.*`)."""
    by_host = _by_host()
    suffix = _national_suffixes().publicsuffix(host) or ""
    stem = host.removesuffix(f".{suffix}")
    for name, end in ((host, ""), (stem, ".*")):
        labels = name.split(".")
        for first in range(len(labels)):
            found = by_host.get(".".join(labels[first:]) + end)
            if found:
                return found
    return None


@cache
def _by_host() -> dict[str, Referrer]:
    facts = json.loads((Path(__file__).parent / "referrers.json").read_text())
    return {
        host: Referrer(name, medium)
        for medium, names in facts.items()
        for name, hosts in names.items()
        for host in hosts
    }


@cache
def _by_name() -> dict[str, Referrer]:
    return {refers.name.lower(): refers for refers in reversed(_by_host().values())}


@cache
def _all_suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@cache
def _national_suffixes() -> PublicSuffixList:
    """Without those under which anybody may have a name: `google.github.io` is not Google."""
    return PublicSuffixList(only_icann=True)
