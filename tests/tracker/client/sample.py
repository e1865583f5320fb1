"""A program that uses the client as docs/api/client.md tells; mypy reads it as strictly as ours."""

from datetime import datetime

from tracker.client import Client, Comparison, InvalidRequestError, Report, Row, Site, Story


def struck_pages(site: Site, days: str = "28d") -> dict[str, int]:
    """Return how many visitors struggled, by the page where most did."""
    found: dict[str, int] = {}
    for struggle in site.struggles(range=days, filters=["device:is:mobile"], limit=20):
        found.setdefault(struggle.path or "", struggle.visitors)
    return found


def newest_story(site: Site, signal: str) -> Story | None:
    """Return the story of a signal's newest example."""
    examples = site.examples(signal, range="7d", limit=1)
    return site.story(examples[0].id, signal) if examples else None


def follow(site: Site, cursor: str | None) -> tuple[list[Row], str | None]:
    """Return what was loaded since, and where to go on."""
    with site.events(cursor=cursor) as events:
        return list(events), events.cursor


def worst(site: Site, release: str) -> Comparison | None:
    """Return what a release made worst."""
    found = site.check(release, min_visits=1)
    return found.comparisons[0] if found.verdict == "worse" else None


def visitors_by_day(site: Site) -> list[Row]:
    """Return a question's rows."""
    return site.query(["visitors"], ["time:day"], date_range="7d", include={"time_labels": True}).rows


def last_event(client: Client, word: str) -> datetime | None:
    """Return when a site was last seen; None where a word of the question was wrong."""
    try:
        report: Report = client.site(word).report("overview", range="7d", compare="previous")
    except InvalidRequestError as error:
        assert error.field
        return None
    return report.seen.until
