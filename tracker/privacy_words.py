"""Says what `tracker.privacy` knows: lists, the docs' table, the paragraph for an owner's privacy page."""

from collections.abc import Sequence

from tracker.languages import gettext
from tracker.languages.lists import semicolons
from tracker.privacy import COLLECTED, MODES, Kept, Mode
from tracker.retention import retention_in_words

_ADDRESS = "https://stats.example.org/privacy/YOUR-SITE-KEY"


def consent_in_words(mode: Mode) -> str:
    """Say whether visitors must agree."""
    return gettext("needed") if mode.consent else gettext("not needed")


def kept_in_words(mode: Mode) -> tuple[str, ...]:
    """List all that tells visitors apart in a mode; of what needs consent, that it does."""
    return tuple(_listed(one) for one in mode.keeps) or (gettext("nothing that tells visitors apart"),)


def added_in_words(mode: Mode) -> str:
    """Say in one line what tells visitors apart in a mode, beside what the mode before it keeps."""
    if not mode.adds:
        return gettext("nothing")
    what = semicolons(gettext(one.what) for one in mode.adds)
    told = _of_those_who_agree(what) if mode.consent else what
    before = MODES[MODES.index(mode) - 1]
    return gettext("as “%(mode)s”, and %(what)s", mode=gettext(before.title), what=told) if before.keeps else told


def _listed(one: Kept) -> str:
    return _of_those_who_agree(gettext(one.what)) if one.consent else gettext(one.what)


def _of_those_who_agree(what: str) -> str:
    return gettext("of those who agree: %(what)s", what=what)


def paragraph(mode: Mode, retention_days: int | None, address: str = _ADDRESS) -> str:
    """Return the paragraph for the owner's privacy page; `address` is that of the page for visitors."""
    parts = [
        gettext(
            "We count visits to this site with Footfall, which runs on our own server. It sets no cookies and stores "
            "something on your device only if you agree."
        )
        if mode.consent
        else gettext(
            "We count visits to this site with Footfall, which runs on our own server. It sets no cookies and stores "
            "nothing on your device."
        ),
        gettext("It notes %(what)s, so that we can repair what does not work.", what=_joined(COLLECTED)),
        *(gettext(one.told) for one in mode.keeps),
    ]
    if not mode.keeps:
        parts.append(gettext("Your IP address is used for a moment and never stored, and nobody is told apart."))
    elif not mode.consent:
        parts.append(gettext("So we can neither recognise you on another day nor tell who you are."))
    else:
        parts.append(
            gettext(
                "Without your consent we can neither recognise you on another day nor tell who you are. You can take "
                "your consent back at any time; the id is then removed from your browser."
            )
        )
    parts.append(gettext("What you type into forms is never read. Nothing is passed on to others."))
    if mode.keeps:
        parts.append(
            gettext("If your browser sends the “Global Privacy Control” signal, nothing that tells you apart is kept.")
        )
    parts.append(retention_in_words(retention_days))
    parts.append(gettext("How to be left out: %(address)s", address=address))
    return " ".join(parts)


def modes_table() -> str:
    """Return the table of modes in Markdown."""
    head = "| mode | what tells visitors apart here | on the visitor's device | consent |\n|---|---|---|---|"
    return "\n".join([head, *(_row(mode) for mode in MODES)])


def _row(mode: Mode) -> str:
    return f"| `{mode.name}`: {mode.title} | {added_in_words(mode)} | {mode.device} | {consent_in_words(mode)} |"


def _joined(parts: Sequence[str]) -> str:
    said = [gettext(part) for part in parts]
    return gettext("%(these)s; and %(last)s", these=semicolons(said[:-1]), last=said[-1])
