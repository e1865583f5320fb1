"""The corpus' tables in Markdown, made from what was measured."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from tests.signals.corpus import HARD, Rage, Result
from tests.signals.labels import labels
from tests.signals.score import Case, Score, score, shown
from tests.signals.survey import Click
from tests.signals.trials import ALL, CONDITIONS, Condition

NAMES = {
    "footfall": "**Footfall**",
    "posthog": "PostHog",
    "datadog": "Datadog",
    "amplitude": "Amplitude",
    "mixpanel": "Mixpanel",
    "sentry": "Sentry",
}
# Who has a signal of this kind at all.
SIGNALS = {
    "dead": ALL,
    "disabled": ALL,
    "slow": ("footfall", "sentry"),
    "error": ("footfall", "datadog", "amplitude"),
}
OPEN = "the truth is open: chosen already, a consent banner, a page that moves, or answered after 2.5 s"
NATIVE = {"button", "input", "select", "textarea", "summary", "label"}


def group(click: Click) -> str:
    """Tell what kind of thing was clicked: native, aria, pointer (only looks like a control) or plain."""
    if click.kind == "native" and click.role and click.tag not in NATIVE:
        return "aria"
    return click.kind


def cases(results: Iterable[Result], condition: Condition, detector: str, signal: str) -> list[Case]:
    """Return the clicks on controls that can be judged, with their truth and what the detector said."""
    found = []
    for result in results:
        if result.condition != condition.name or result.unclear or result.click.kind == "plain":
            continue
        if detector not in result.watching:
            continue
        truth = labels(result.click, condition.scripts)[signal]
        if truth is None:
            continue
        if signal == "disabled" and not result.click.disabled:
            continue
        said = result.found.get(detector, [])
        found.append(Case(result.click.name, group(result.click), truth, _says(said, signal, detector)))
    return found


def _says(said: Sequence[str], signal: str, detector: str) -> bool:
    if signal == "disabled":
        return "disabled" in said if detector == "footfall" else "dead" in said
    return signal in said


def plain_flagged(results: Iterable[Result], condition: Condition, detector: str) -> tuple[int, int]:
    """Return (flagged, all) of the clicks on plain text and pictures after which nothing followed."""
    flagged = every = 0
    for result in results:
        plain = result.condition == condition.name and not result.unclear and result.click.kind == "plain"
        if plain and detector in result.watching and labels(result.click, condition.scripts)["dead"]:
            every += 1
            flagged += bool(result.found.get(detector))
    return flagged, every


def dead_table(results: Sequence[Result], condition: Condition) -> str:
    """How right each detector is about dead clicks under the condition that these results are of.

    All are judged on the clicks that all of them watched.
    """
    shared = [result for result in results if set(ALL) <= set(result.watching)]
    rows = [_dead_row(NAMES[detector], shared, condition, detector) for detector in ALL] if shared else []
    if len(shared) < len(results):
        rows.append(_dead_row(NAMES["footfall"] + ", all its clicks", results, condition, "footfall"))
    names = ("detector", "dead / live", "precision", "recall", "F1", "native P/R", "ARIA P/R", "pointer P/R")
    return f"**Dead clicks, {condition.title}**\n\n" + _table((*names, "plain flagged"), rows)


def _dead_row(name: str, results: Sequence[Result], condition: Condition, detector: str) -> tuple[str, ...]:
    every = cases(results, condition, detector, "dead")
    dead = sum(case.truth for case in every)
    groups = [[case for case in every if case.group == group] for group in ("native", "aria", "pointer")]
    return (
        name,
        f"{dead} / {len(every) - dead}",
        *_three(score(every)),
        *(_pair(some) for some in groups),
        _part(*plain_flagged(results, condition, detector)),
    )


def signal_table(results: Sequence[Result], signal: str, conditions: Sequence[Condition]) -> str:
    """How right those who have it are about another signal."""
    rows = []
    for condition in conditions:
        for detector in SIGNALS[signal]:
            every = cases(results, condition, detector, signal)
            true = sum(case.truth for case in every)
            if not true:
                continue
            rows.append((condition.title, NAMES[detector], f"{true} of {len(every)}", *_three(score(every))))
    head = f"**{signal.capitalize()} clicks**\n\n"
    return head + _table(("condition", "detector", "so", "precision", "recall", "F1"), rows)


def rage_table(bursts: Sequence[Rage]) -> str:
    """Who found the planted rages, and who took patient clicking for one."""
    judged = [burst for burst in bursts if not burst.unclear]
    rows = []
    for detector in ALL:
        angry = [bool("rage" in burst.found.get(detector, [])) for burst in judged if burst.rage]
        patient = [bool("rage" in burst.found.get(detector, [])) for burst in judged if not burst.rage]
        rows.append((NAMES[detector], f"{sum(angry)} of {len(angry)}", f"{sum(patient)} of {len(patient)}"))
    return "**Rage**\n\n" + _table(("detector", "planted, found", "steppers, pagers, texts … flagged"), rows)


def left_out(results: Iterable[Result]) -> str:
    """What could not be judged, counted by why."""
    titles = {condition.name: condition for condition in (*CONDITIONS, *HARD)}
    counts: Counter[tuple[str, str]] = Counter()
    for result in results:
        condition = titles[result.condition]
        truth = result.click.truths[condition.scripts]
        if result.unclear:
            counts[condition.title, "the click could not be made: " + _why(result.unclear)] += 1
        elif truth.unclear:
            counts[condition.title, "no truth: " + _why(truth.unclear)] += 1
        elif result.click.kind == "plain" or result.click.disabled:
            continue
        elif labels(result.click, condition.scripts)["dead"] is None:
            counts[
                condition.title,
                "the truth is open: chosen already, a consent banner, a page that moves, or answered after 2.5 s",
            ] += 1
    rows = [(*key, str(number)) for key, number in sorted(counts.items())]
    return "**Left out**\n\n" + _table(("condition", "why", "clicks"), rows)


def misjudged(results: Iterable[Result], detector: str = "footfall") -> list[str]:
    """One line for each click on a control that the detector got wrong, and each plain one that it flagged."""
    titles = {condition.name: condition for condition in (*CONDITIONS, *HARD)}
    lines = []
    for result in results:
        condition = titles[result.condition]
        click = result.click
        if result.unclear:
            continue
        said = result.found.get(detector, [])
        told = labels(click, condition.scripts)
        for signal in ("dead", "slow", "error"):
            truth = told[signal]
            if click.kind == "plain":
                wrong = signal in said and truth is not None
            else:
                wrong = truth is not None and truth != (signal in said)
            if wrong:
                verb = "missed" if truth and click.kind != "plain" else "wrongly said"
                what = f"{click.kind} {click.tag} {click.text!r}".strip()
                seen = dict(click.truths[condition.scripts].seen)
                lines.append(f"{condition.title}: {verb} {signal}: {what} on {click.page} ({click.name}); truth {seen}")
    return lines


def report(results: Sequence[Result], bursts: Sequence[Rage]) -> str:
    """The whole of it."""
    every = (*CONDITIONS, *HARD)
    by_condition = [
        (condition, [result for result in results if result.condition == condition.name]) for condition in every
    ]
    parts = [dead_table(of_condition, condition) for condition, of_condition in by_condition]
    makers: Sequence[Callable[[], str]] = (
        lambda: signal_table(results, "disabled", every),
        lambda: signal_table(results, "slow", every),
        lambda: signal_table(results, "error", every),
        lambda: rage_table(bursts),
        lambda: left_out(results),
    )
    return "\n\n".join([*parts, *(make() for make in makers)])


def _three(result: Score) -> tuple[str, str, str]:
    return (
        shown(result.precision, result.precision_interval),
        shown(result.recall, result.recall_interval),
        shown(result.f1, result.f1_interval),
    )


def _pair(some: Sequence[Case]) -> str:
    counted = score(some, resampled=0)
    return f"{shown(counted.precision, None)} / {shown(counted.recall, None)}"


def _part(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} % of {whole}" if whole else "–"


def _why(text: str) -> str:
    return text.split(":", maxsplit=1)[0].split("(", maxsplit=1)[0].strip() if "Timeout" not in text else "time ran out"


def _table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])
