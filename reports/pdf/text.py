"""Makes what visitors send fit for paper: nothing that steers, and no word that does not fit its column."""

import re
import unicodedata

LONGEST = 400
"""Characters of one text; what is longer is cut, for a page has an end."""
LONGEST_RUN = 16
"""Characters that stand together in a column; longer runs get a place to break that nobody sees."""
BREAK = "\u200b"
UNKNOWN = "\ufffd"
_MARKS = "\u200e\u200f"  # directions that a line has anyway, and no font a shape for
_JOINERS = "\u200c\u200d"  # Persian and many emoji need them; they turn nothing around
_KEPT = re.compile("\u2068([^\u2066-\u2069]*)\u2069")  # a name kept whole in a line that goes the other way
_BREAKS = re.compile(r"(?<=[\s/-])(?=[^\s/\d-])")  # where lines break by themselves (UAX 14)
_STEPS = re.compile(r"(?<=[>_,;:&?=)\]])(?=\w)|(?<=\w)(?=[.\[])")  # where a long run breaks rather than in a word


def printable(text: str) -> str:
    """Return a text in one line, without what could turn its neighbours around or has no shape at all."""
    parts = _KEPT.split(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")
    shown = ["".join(map(_shown, part)) for part in parts]
    return "".join(f"\u2068{part}\u2069" if number % 2 else part for number, part in enumerate(shown))


def fitting(text: str, longest_run: int = LONGEST_RUN) -> str:
    """Return a printable text whose long runs may break, so that it fits into a narrow column."""
    return "".join(_broken(run, longest_run) for run in _BREAKS.split(printable(text)))


def _shown(letter: str) -> str:
    if letter.isprintable() or letter in _JOINERS:
        return letter
    if letter in _MARKS:
        return ""
    if letter.isspace():
        return "\u00a0" if unicodedata.category(letter) == "Zs" else " "
    return UNKNOWN


def _broken(run: str, longest: int) -> str:
    if len(run) <= longest:
        return run
    return BREAK.join(BREAK.join(_pieces(step, longest)) for step in _STEPS.split(run))


def _pieces(run: str, longest: int) -> list[str]:
    """Cut a run into pieces, never between a letter and the marks that belong to it."""
    pieces = [""]
    for letter in run:
        if len(pieces[-1]) >= longest and not unicodedata.combining(letter) and letter not in f"{_JOINERS} ":
            pieces.append("")
        pieces[-1] += letter
    return pieces
