"""`footfall identity`."""

from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from tracker.commands.persons import erase_person, export_person, rebuild_profiles, tombstones
from tracker.errors import FootfallError
from tracker.identity.book import OWN_WEIGHTS
from tracker.identity.linker.learning.fit import Pair
from tracker.identity.linker.learning.learn import learn as learn_weights
from tracker.identity.linker.weights import save_weights
from tracker.settings import Settings

_LOOK = dict[str, str | int]


@click.group()
def identity() -> None:
    """Look after how footprints become profiles."""


for command in (export_person, erase_person, tombstones, rebuild_profiles):
    identity.add_command(command)


@identity.command()
@click.option("--browsers", type=click.IntRange(100, 100_000), default=3000, show_default=True, help="Made-up ones.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--pairs",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Labelled pairs to learn from besides: JSON lines [fingerprint, fingerprint, days between, same browser].",
)
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), help="File to write them to.")
@click.pass_obj
def learn(settings: Settings, browsers: int, seed: int, pairs: Path | None, target: Path | None) -> None:
    """Learn anew how fingerprints change and how common they are, for linking them.

    The weights are written into the data folder, where a server finds them when it starts.
    Needs the extra footfall[learn], and minutes.
    """
    labelled = _labelled(pairs) if pairs else ()
    weights = learn_weights(browsers, seed, labelled, lambda line: click.echo(f"{line} …", err=True))
    target = target or settings.data / OWN_WEIGHTS
    target.parent.mkdir(parents=True, exist_ok=True)
    save_weights(weights, target)
    told = weights.figures
    click.echo(f"{target}: learned from {weights.learned_from}.")
    for name in ("online", "settled"):
        parts = (f"{part} {told[f'{name}_{part}']:.3f}" for part in ("precision", "recall", "f1"))
        click.echo(f"{name}, on {told['browsers']:.0f} others: {', '.join(parts)}")


def _labelled(file: Path) -> Iterator[Pair]:
    decode = msgspec.json.Decoder(tuple[_LOOK, _LOOK, float, bool]).decode
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield decode(line)
            except msgspec.DecodeError as error:
                raise FootfallError(f"{file}, line {number}: {error}") from error
