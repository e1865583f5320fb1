"""Labels what is not a person: bots that say so, and browsers driven by a program. Nothing is dropped."""

from functools import lru_cache

import re2
from crawleruseragents import CRAWLER_USER_AGENTS_DATA

from tracker.event import Footprint
from tracker.ingest.rows import Row
from tracker.sites import SiteInfo

DECLARED_BOT = "declared_bot"
AUTOMATION = "automation"

# Listed, and yet people: browsers inside apps, and one phone's build of Android.
_PEOPLES = frozenset(
    {r"AP3A\.240617\.008", r"Code\/1\.", "Fluid", "MetaIAB Facebook", r"Miniature\.io\/", "Sonic", r"Trae\/", "Viber"}
)
# Bots that are on no list yet, by how they call themselves or what they are made with.
_GENERIC = (
    r"(?i)[\w.-]*(?:bot|crawl(?:er|ing)?|spider|scrap(?:er|y)|fetch(?:er)?|monitor(?:ing)?|validator|scann?er|checker|probe"
    r"|analyzer|preview|proxy|synthetics|healthservice|gomezagent|lighthouse|observatory|googleweblight|pageburst)\b"
    r"|\b(?:mediapartners-google|google-[\w-]+|google (?:page speed|search console)|site24x7)"
    r"|^(?:java|php|ruby|perl|lwp|libwww|guzzlehttp|postmanruntime|restsharp|undici|winhttp|okhttp|jakarta|prometheus"
    r"|collectd|go-http-client|go [\d.]+ package|grpc-[a-z]+|rest-client|kube-probe|elb-|apachebench|claude-code|openai"
    r"|whatsapp)\b[\w./-]*"
    r"|\+?https?://[^\s;)]+|[\w.+-]+@[\w-]+\.[a-z]{2,}"
    r"|(?:[\w.-]+/[\d.]+;? \(?\+?)?@:id"  # as cleaning leaves an e-mail address
)
_DRIVEN = ("headlesschrome", "phantomjs", "selenium", "playwright", "puppeteer", "cypress")
_NOT_BOTS = ("cubot", "camscanner")  # a phone and an app that end like one


def _join(patterns: list[str]) -> "re2._Regexp":
    options = re2.Options()
    options.max_mem = 32 << 20  # with less, matching falls back to a way thirty times slower
    options.log_errors = False
    return re2.compile("|".join(f"(?:{pattern})" for pattern in patterns), options)


_PATTERN = _join([e["pattern"] for e in CRAWLER_USER_AGENTS_DATA if e["pattern"] not in _PEOPLES] + [_GENERIC])


def label_agents(footprint: Footprint, rows: list[Row], site: SiteInfo) -> None:
    """Set `label` and, where it gives one, the `agent`'s name."""
    label, name = declared(footprint.user_agent or "")
    if label is None and footprint.automated:
        label = AUTOMATION
    if label is None:
        return
    for row in rows:
        row["label"] = label
        if name:
            row["agent"] = name


@lru_cache(maxsize=4096)
def declared(user_agent: str) -> tuple[str | None, str | None]:
    """Return (label, name) as far as a user agent gives itself away, (None, None) for a browser."""
    found = _PATTERN.search(user_agent)
    if not found or found.group(0).lower().startswith(_NOT_BOTS):
        return None, None
    text = found.group(0).strip(" /;()+:.^-").removeprefix("https://").removeprefix("http://")
    name = text.partition("/")[0][:64]
    label = AUTOMATION if name.lower().startswith(_DRIVEN) else DECLARED_BOT
    return label, None if not name or name == "id" or "@" in name else name
