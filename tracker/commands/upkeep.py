"""`footfall migrate`, `rebuild` and `doctor`."""

import time

import click

from tracker.commands.asking import ask_house, ask_once
from tracker.commands.signals import show_progress
from tracker.commands.snippet import examine_page
from tracker.errors import FootfallError
from tracker.settings import Settings

_SIGNS = {"ok": "ok  ", "warning": "WARN", "bad": "BAD "}


@click.command()
@click.pass_obj
def migrate(settings: Settings) -> None:
    """Bring both stores to this version. `serve` does it by itself when it starts."""
    state = ask_once(settings, "status")
    click.echo(f"Relational store at {state['relational']}, event store ({state['store']}) at this version.")


@click.command()
@click.option("--site", help="Only this site's.")
@click.option("--signals", "only_signals", is_flag=True, help="Only decide clicks and struggles, by the site's limits.")
@click.pass_obj
def rebuild(settings: Settings, site: str | None, only_signals: bool) -> None:
    """Make all that is derived again from the stored events: signals, struggles, visits, rollups."""
    began = time.monotonic()
    if only_signals:
        changed = _decide(settings, site)
        click.echo(f"Done in {time.monotonic() - began:.1f} s: {changed:,} clicks turned out otherwise than before.")
        return
    for step in ask_house(settings, "rebuild", site=site):
        click.echo(f"{step['site']}: {step['visits']:,} visits")
    click.echo(f"Done in {time.monotonic() - began:.1f} s.")


def _decide(settings: Settings, site: str | None) -> int:
    changed = 0
    for progress in ask_house(settings, "decide", site=site):
        show_progress(progress)
        changed += progress["changed"] if progress["finished"] else 0
    return changed


@click.command()
@click.option("--page", help="URL of a page, to see whether its tag is right.")
@click.pass_obj
def doctor(settings: Settings, page: str | None) -> None:
    """Examine the installation; exits with 1 when something is bad."""
    findings = list(ask_house(settings, "examine"))
    if page:
        findings.append(examine_page(settings, page, list(ask_house(settings, "list_sites"))))
    for finding in findings:
        click.echo(f"{_SIGNS[finding['state']]}  {finding['about']:<10} {finding['text']}")
    if any(finding["state"] == "bad" for finding in findings):
        raise FootfallError("something is wrong; the lines marked BAD say what to do")
