"""`footfall check`."""

from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

import click
import msgspec

from tracker.client import Check, Client
from tracker.client.connection import URL_VARIABLE
from tracker.client.reports import ChosenWords
from tracker.commands.asking import ask_once
from tracker.commands.checking_junit import as_junit
from tracker.commands.checking_text import as_text
from tracker.commands.checking_verdict import FAIL_ON, IF_TOO_LITTLE, UNASKED, Judged, judge
from tracker.commands.options import of_site
from tracker.errors import FootfallError
from tracker.settings import Settings

LOOK_AGAIN_S = 30
FORMS: Mapping[str, Callable[[Judged], str]] = {
    "text": as_text,
    "json": lambda judged: msgspec.json.encode(judged.check).decode() + "\n",
    "junit": as_junit,
}


class Question(NamedTuple):
    """What is asked: of which site, since which release (None: the newest), and of whom."""

    site: str | None
    since: str | None
    min_visits: int | None
    chosen: ChosenWords


@click.command()
@of_site
@click.option("--since", help="The release to compare before with after.  [default: the newest]")
@click.option("--filter", "filters", multiple=True, help="As in `footfall report`; may be repeated.")
@click.option("--segment", help="The name of a saved segment, whose filters must hold too.")
@click.option(
    "--fail-on",
    type=click.Choice(tuple(FAIL_ON)),
    default="worse",
    show_default=True,
    help="worse: beyond chance; new: that, and never seen before; any: whatever rose at all.",
)
@click.option(
    "--min-visits",
    type=click.IntRange(min=0),
    help="So many visits are wanted before the release and after it.  [default: 100]",
)
@click.option(
    "--if-too-little",
    type=click.Choice(tuple(IF_TOO_LITTLE)),
    default="fail",
    show_default=True,
    help="What fewer visits come to: fail exits with 3, pass with 0.",
)
@click.option(
    "--wait",
    "wait_minutes",
    type=click.IntRange(0, 24 * 60),
    default=0,
    metavar="MINUTES",
    help="Wait so long for enough visits.  [default: not at all]",
)
@click.option(
    "--url",
    envvar=URL_VARIABLE,
    help="Ask this server, with the key in FOOTFALL_KEY, in place of the one that runs here.",
)
@click.option("--format", "form", type=click.Choice(tuple(FORMS)), default="text", show_default=True)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file for that; the text goes to standard output then.",
)
@click.pass_context
def check(
    ctx: click.Context,
    *,
    site: str | None,
    since: str | None,
    filters: tuple[str, ...],
    segment: str | None,
    fail_on: str,
    min_visits: int | None,
    if_too_little: str,
    wait_minutes: int,
    url: str | None,
    form: str,
    output: Path | None,
) -> None:
    """Tell a build whether a release made the site harder to use.

    Exits with 0 where it did not, 1 where it did, 2 where that could not be asked, and 3 where too little was seen.
    """
    chosen: ChosenWords = {"filters": filters} if segment is None else {"filters": filters, "segment": segment}
    question = Question(site, since, min_visits, chosen)
    try:
        name, found = patiently(
            lambda: _of_server(url, question) if url else _of_house(ctx.obj, question), 60 * wait_minutes
        )
        judged = judge(name, found, fail_on, if_too_little)
        if output is not None:
            output.write_text(FORMS[form](judged), encoding="utf-8")
    except (FootfallError, OSError) as error:
        click.echo(f"footfall: {error}", err=True)
        ctx.exit(UNASKED)
    click.echo(as_text(judged) if output is not None else FORMS[form](judged), nl=False)
    ctx.exit(judged.code)


def _of_server(url: str, question: Question) -> tuple[str, Check]:
    with Client.from_environment(url) as client:
        site = client.site(question.site)
        return site.name, site.check(question.since, min_visits=question.min_visits, **question.chosen)


def _of_house(settings: Settings, question: Question) -> tuple[str, Check]:
    """Ask the server that runs here, or open what it would have open."""
    given = {"since": question.since, "segment": question.chosen.get("segment")}
    words = {word: [value] for word, value in given.items() if value}
    words |= {} if question.min_visits is None else {"min_visits": [str(question.min_visits)]}
    words |= {"filter": list(question.chosen["filters"])}
    piece = ask_once(settings, "check_release", site=question.site, words=words)
    return piece["site"], msgspec.convert(piece["check"], Check)


def patiently(ask: Callable[[], tuple[str, Check]], wait_s: float) -> tuple[str, Check]:
    """Ask until enough was seen, or the wait is over."""
    until = monotonic() + wait_s
    while True:
        name, found = ask()
        if found.verdict != "too little" or monotonic() + LOOK_AGAIN_S > until:
            return name, found
        sleep(LOOK_AGAIN_S)
