"""Makes a sheet a tagged PDF (PDF/UA-1), where the extra `pdf` is installed. Nothing but `press` knows typst."""

import subprocess  # nosec B404
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from threading import BoundedSemaphore

import msgspec
import structlog

from reports.pdf.sheet import Sheet
from reports.pdf.text import UNKNOWN
from tracker.errors import FootfallError
from tracker.languages import gettext, marked

MISSING = marked("PDF files need the extra “pdf”, which this server has not got: pip install 'footfall[pdf]'.")
FAILED = marked("The PDF could not be made; the server's log says why.")
BUSY = marked("Other PDF files are being made just now; try again in a minute.")
UNDRAWN = marked("“%(mark)s” stands for letters that this server has no font for.")
TIMEOUT_S = 60
PATIENCE_S = 5  # of somebody before a page, whose request holds a thread
_PRESS = Path(__file__).with_name("press.py")
_seats = BoundedSemaphore(2)  # each takes a processor, and some 100 MB, for as long as it lasts
_log = structlog.get_logger("footfall.pdf")


class TypesetError(FootfallError):
    """No PDF could be made; the text says why, for people."""


class BusyError(TypesetError):
    """As many PDF files are being made as may be at once."""


def can_typeset() -> bool:
    """Tell whether `typeset` works here."""
    return find_spec("typst") is not None


def typeset(sheet: Sheet, patience_s: float = PATIENCE_S) -> bytes:
    """Return a sheet as a PDF; TypesetError without the extra, when it cannot be made, or when it is not its turn."""
    if not can_typeset():
        raise TypesetError(gettext(MISSING))
    noted = replace(sheet, notes=[*sheet.notes, gettext(UNDRAWN, mark=UNKNOWN)])
    texts = msgspec.json.encode([msgspec.json.encode(one).decode() for one in (sheet, noted)])
    if not _seats.acquire(timeout=patience_s):
        raise BusyError(gettext(BUSY))
    try:
        return _pressed(texts)
    finally:
        _seats.release()


def _pressed(texts: bytes) -> bytes:
    try:
        ran = subprocess.run(  # noqa: S603 - of our own words alone  # nosec B603
            [sys.executable, "-I", str(_PRESS)], input=texts, capture_output=True, timeout=TIMEOUT_S, check=True
        )
    except subprocess.TimeoutExpired as error:
        _log.error("a PDF took too long", timeout_s=TIMEOUT_S)
        raise TypesetError(gettext(FAILED)) from error
    except subprocess.CalledProcessError as error:
        _log.error("a PDF could not be made", problem=error.stderr.decode(errors="replace")[:2000])
        raise TypesetError(gettext(FAILED)) from error
    return ran.stdout
