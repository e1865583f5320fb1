"""Brings an event store's tables to the version of this code, by the numbered steps of migrations/events."""

import runpy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import tracker
from tracker.errors import FootfallError

STEPS = Path(tracker.__file__).parent.parent / "migrations" / "events"
FIRST_VERSION = 1  # made from `schema` without a step


@dataclass(frozen=True)
class Step:
    """One numbered change, which leaves a store at version `number`."""

    number: int
    file: Path

    def run(self, execute: Callable[[str], object], engine: str) -> frozenset[str]:
        """Apply it by the engine's own `execute(statement)`; returns the derived tables to be made again afterwards."""
        step = runpy.run_path(str(self.file))
        step["upgrade"](execute, engine)
        return frozenset(step.get("DERIVED", ()))


def newest_version(folder: Path = STEPS) -> int:
    """Return the version that this code works with."""
    return max((step.number for step in _steps(folder)), default=FIRST_VERSION)


def missing_steps(version: int, folder: Path = STEPS) -> list[Step]:
    """Return what a store of `version` lacks, in order; FootfallError when it is newer than this code."""
    if version > newest_version(folder):
        raise FootfallError(
            f"the event store is of version {version}, this Footfall knows {newest_version(folder)}: "
            "upgrade Footfall, or restore a backup made with this version"
        )
    return [step for step in _steps(folder) if step.number > version]


def _steps(folder: Path) -> list[Step]:
    files = sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.py"))
    return [Step(int(file.name[:4]), file) for file in files]
