"""A check of a release as JUnit's XML, which GitHub's actions, GitLab and Jenkins read as tests.

A test case is a page and a measure. All texts are escaped by ElementTree, after letters that XML cannot have are gone.
"""

from xml.etree.ElementTree import Element, SubElement, tostring  # nosec B405 - nothing is read by it

from tracker.client import Comparison
from tracker.commands.checking_text import details, figures, printable, where
from tracker.commands.checking_verdict import FINE, Judged


def as_junit(judged: Judged) -> str:
    """Write a suite whose first case says whether enough was seen; with too little all others are skipped."""
    check, failed = judged.check, {id(one) for one in judged.failed}
    enough_failed = judged.is_too_little and judged.code != FINE
    skipped = len(check.comparisons) + (not enough_failed) if judged.is_too_little else 0
    counts = {
        "tests": str(len(check.comparisons) + 1),
        "failures": str(len(failed) + enough_failed),
        "errors": "0",
        "time": f"{check.took_ms / 1000:.3f}",
    }
    of_suite = {"skipped": str(skipped), "timestamp": f"{check.after.end:%Y-%m-%dT%H:%M:%S}", **counts}
    name = printable(f"{judged.site} since {check.release}")
    root = Element("testsuites", {"name": "footfall check", **counts})
    suite = SubElement(root, "testsuite", {"name": name, **of_suite})
    _enough(suite, judged, enough_failed)
    for one in check.comparisons:
        _case(suite, one, is_failed=id(one) in failed, is_skipped=judged.is_too_little)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _enough(suite: Element, judged: Judged, is_failed: bool) -> None:
    case = SubElement(suite, "testcase", {"classname": "footfall", "name": "Enough visits to tell", "time": "0"})
    check = judged.check
    told = f"{check.before.visits} visits before and {check.after.visits} after; {check.min_visits} are wanted of each"
    if is_failed:
        SubElement(case, "failure", {"message": told, "type": "too little"})
    elif judged.is_too_little:
        SubElement(case, "skipped", {"message": told})
    else:
        SubElement(case, "system-out").text = told


def _case(suite: Element, one: Comparison, *, is_failed: bool, is_skipped: bool) -> None:
    case = SubElement(
        suite,
        "testcase",
        {"classname": printable(where(one)), "name": printable(f"{one.title} on {where(one)}"), "time": "0"},
    )
    told = "\n".join(map(printable, details(one)))
    if is_failed:
        kind = "new" if one.is_new else one.verdict if one.verdict == "worse" else "risen"
        failure = SubElement(case, "failure", {"message": printable(figures(one)), "type": kind})
        failure.text = told
    elif is_skipped:
        SubElement(case, "skipped", {"message": "too few visits to tell"})
    else:
        SubElement(case, "system-out").text = told
