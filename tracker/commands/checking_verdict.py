"""What a check comes to for a build: which comparisons fail it, and with which exit code."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tracker.client import Check, Comparison

FINE, WORSE, UNASKED, TOO_LITTLE = 0, 1, 2, 3
"""Exit codes. UNASKED is also what a command exits with that was written wrongly."""

FAIL_ON: Mapping[str, Callable[[Comparison], bool]] = {
    "worse": lambda one: one.verdict == "worse",
    "new": lambda one: one.verdict == "worse" and one.is_new,
    "any": lambda one: one.verdict == "worse" or one.difference > 0,
}
IF_TOO_LITTLE = {"fail": TOO_LITTLE, "pass": FINE}


@dataclass(frozen=True)
class Judged:
    """A check of a site's release; `failed` are the comparisons on which the build was to fail.

    With too little seen nothing fails; `code` is then what was agreed for that.
    """

    site: str
    check: Check
    failed: Sequence[Comparison]
    code: int

    @property
    def is_too_little(self) -> bool:
        """Whether either side has fewer visits than were wanted."""
        return self.check.verdict == "too little"


def judge(site: str, check: Check, fail_on: str, if_too_little: str) -> Judged:
    """Judge a check by what the build was told: one of FAIL_ON, and one of IF_TOO_LITTLE."""
    if check.verdict == "too little":
        return Judged(site, check, (), IF_TOO_LITTLE[if_too_little])
    failed = [one for one in check.comparisons if FAIL_ON[fail_on](one)]
    return Judged(site, check, failed, WORSE if failed else FINE)
