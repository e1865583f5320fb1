"""Writes down what `tracker.privacy` says: lists, the docs' table, the paragraph for an owner's privacy page."""

from tracker.privacy import COLLECTED, MODES, Kept, Mode
from tracker.retention import retention_in_words

_ADDRESS = "https://stats.example.org/privacy/YOUR-SITE-KEY"


def consent_in_words(mode: Mode) -> str:
    """Say whether visitors must agree."""
    return "needed" if mode.consent else "not needed"


def kept_in_words(mode: Mode) -> tuple[str, ...]:
    """List all that tells visitors apart in a mode; of what needs consent, that it does."""
    return tuple(_listed(one) for one in mode.keeps) or ("nothing that tells visitors apart",)


def added_in_words(mode: Mode) -> str:
    """Say in one line what tells visitors apart in a mode, beside what the mode before it keeps."""
    agreed = "of those who agree: " if mode.consent else ""
    before = MODES[MODES.index(mode) - 1]
    and_more = f"as “{before.title}”, and " if before.keeps and mode.keeps else ""
    return and_more + agreed + ("; ".join(one.what for one in mode.adds) or "nothing")


def _listed(one: Kept) -> str:
    return f"{'of those who agree: ' if one.consent else ''}{one.what}"


def paragraph(mode: Mode, retention_days: int | None, address: str = _ADDRESS) -> str:
    """Return the paragraph for the owner's privacy page; `address` is that of the page for visitors."""
    stores = "stores something on your device only if you agree" if mode.consent else "stores nothing on your device"
    parts = [
        f"We count visits to this site with Footfall, which runs on our own server. It sets no cookies and {stores}.",
        f"It notes {_joined(COLLECTED)}, so that we can repair what does not work.",
        *(one.told for one in mode.keeps),
    ]
    if not mode.keeps:
        parts.append("Your IP address is used for a moment and never stored, and nobody is told apart.")
    elif not mode.consent:
        parts.append("So we can neither recognise you on another day nor tell who you are.")
    else:
        parts.append(
            "Without your consent we can neither recognise you on another day nor tell who you are. You can take "
            "your consent back at any time; the id is then removed from your browser."
        )
    parts.append("What you type into forms is never read. Nothing is passed on to others.")
    if mode.keeps:
        parts.append("If your browser sends the “Global Privacy Control” signal, nothing that tells you apart is kept.")
    parts.append(f"{retention_in_words(retention_days)} How to be left out: {address}")
    return " ".join(parts)


def modes_table() -> str:
    """Return the table of modes in Markdown."""
    head = "| mode | what tells visitors apart here | on the visitor's device | consent |\n|---|---|---|---|"
    return "\n".join([head, *(_row(mode) for mode in MODES)])


def _row(mode: Mode) -> str:
    return f"| `{mode.name}`: {mode.title} | {added_in_words(mode)} | {mode.device} | {consent_in_words(mode)} |"


def _joined(parts: tuple[str, ...]) -> str:
    return "; ".join(parts[:-1]) + f"; and {parts[-1]}"
