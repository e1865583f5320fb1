"""Typesets in a process of its own, started by this file's path: what typst remembers of a document goes with it.

Two JSON texts in a list come by standard input, a sheet and the same with the note that letters are
missing; a PDF goes to standard output. What went wrong goes to standard error, with 1 as the exit code.
"""

import json
import re
import sys
from pathlib import Path

import typst

UNKNOWN = "\ufffd"
_TEMPLATE = Path(__file__).with_name("sheet.typ")
_NO_FONT = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
# What typst's own fonts have: Latin; what joins and breaks words; quotes, arrows and the like; Persian.
_SURE = re.compile(
    "[\u0000-\u024f\u200b-\u200d\u2010-\u25ff\u2066-\u2069"
    "\u060c\u061b\u061f\u0621-\u063a\u0640-\u0655\u066a-\u066c\u067e\u0686\u0698\u06a9\u06af\u06cc\u06f0-\u06f9]"
)


def typeset(plain: str, noted: str, fonts: typst.Fonts) -> bytes:
    """Return the PDF; letters that no font has, which PDF/UA does not allow, become UNKNOWN, and the note is added."""
    try:
        return _compile(plain, fonts)
    except typst.TypstError as error:
        unknown = _named(error)
    try:
        return _compile(_without(noted, unknown), fonts)
    except typst.TypstError as error:
        unknown |= _named(error)
    # It names some at a time. What is left is to do without all that may have no font.
    unknown |= {letter for letter in set(noted) if not _SURE.fullmatch(letter)}
    return _compile(_without(noted, unknown), fonts)


def _compile(data: str, fonts: typst.Fonts) -> bytes:
    compiler = typst.Compiler(_TEMPLATE, font_paths=fonts, sys_inputs={"data": data})
    made = compiler.compile(format="pdf", pdf_standards="ua-1")
    assert isinstance(made, bytes)
    return made


def _named(error: typst.TypstError) -> set[str]:
    """Return the letters that it is said there is no font for; raises the error when it is about something else."""
    named = "".join(_NO_FONT.findall(error.diagnostic))
    told = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), named)
    letters = {letter for letter in told if not letter.isascii()}
    if not letters:
        raise error
    return letters


def _without(data: str, letters: set[str]) -> str:
    return data.translate(dict.fromkeys(map(ord, letters), UNKNOWN))


if __name__ == "__main__":
    [without_note, with_note] = json.load(sys.stdin.buffer)
    try:
        # typst's own fonts come first; those of the machine are for scripts that it brings no letters of.
        sys.stdout.buffer.write(typeset(without_note, with_note, typst.Fonts(include_system_fonts=True)))
    except typst.TypstError as problem:
        sys.exit(str(problem))
