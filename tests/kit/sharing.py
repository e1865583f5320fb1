"""How tests are shared out among processes: file by file, the longest first, and one file at a time in a browser.

Tests in a browser wait more than they work, so there is one process more than there are cores: while one of them
waits, the others compute. Two that drive a browser at once would wait together, and disturb each other's clocks.
"""

import os
import re
from functools import cache
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

ROOT = Path(__file__).parents[2]
LENGTHENED = re.compile(r"pytest\.mark\.timeout\((\d+)\)")


@cache
def in_browser(file: str) -> bool:
    """Tell whether a file's tests drive a browser."""
    return "pytest.mark.browser" in (ROOT / file).read_text()


@cache
def longest_s(file: str) -> int:
    """Return the longest time that a file asks for one of its tests; 0 where the usual one is enough."""
    return max(map(int, LENGTHENED.findall((ROOT / file).read_text())), default=0)


class Sharing(LoadScopeScheduling):
    """Whoever is done takes the next file."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("::")[0]

    def _assign_work_unit(self, node: WorkerController) -> None:
        others = (scope for other, taken in self.assigned_work.items() if other is not node for scope in _left(taken))
        browsing = any(map(in_browser, others))

        def rank(file: str) -> tuple[bool, int, int]:
            return in_browser(file) is not browsing, longest_s(file), len(self.workqueue[file])

        self.workqueue.move_to_end(max(self.workqueue, key=rank), last=False)
        super()._assign_work_unit(node)


def _left(taken: dict[str, dict[str, bool]]) -> list[str]:
    """Return the files of which a process has not run all tests yet."""
    return [file for file, done in taken.items() if not all(done.values())]


def pytest_xdist_auto_num_workers() -> int:
    return (os.cpu_count() or 1) + 1


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Sharing:
    return Sharing(config, log)
