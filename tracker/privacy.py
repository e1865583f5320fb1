"""What each privacy mode keeps, on the visitor's device and here, and whether the visitor must agree first.

The one place that says so: the settings page, the page for visitors, the docs and the paragraph
for the owner's privacy page are made of these words (`tracker.privacy_words`).
"""

from dataclasses import dataclass

from tracker.languages import marked
from tracker.sites import PRIVACY_MODES


@dataclass(frozen=True)
class Kept:
    """Something that tells visitors apart: the mode from which on it is kept, and what it is.

    `what` is for a list, `told` the sentence for the owner's privacy page. What is kept by
    `consent` is kept of those alone who agreed.
    """

    name: str
    mode: str
    consent: bool
    what: str
    told: str


@dataclass(frozen=True)
class Mode:
    """A privacy mode in words: `gives` is what an owner gets of it, `device` what a browser stores."""

    name: str
    title: str
    gives: str
    device: str
    consent: bool

    @property
    def keeps(self) -> tuple[Kept, ...]:
        """All that tells visitors apart in this mode; each mode keeps what those before it keep."""
        return tuple(one for one in KEPT if _rank(one.mode) <= _rank(self.name))

    @property
    def adds(self) -> tuple[Kept, ...]:
        """What it keeps and the mode before it does not."""
        return tuple(one for one in KEPT if one.mode == self.name)


COLLECTED = (
    marked("which pages are opened, when, and from which site or campaign"),
    marked("the kind of browser and device, the language, and the country"),
    marked("how long and how far down a page is looked at, and how fast it is"),
    marked("searches on the site, links that lead away, and what the site itself counts, such as an order"),
    marked("what is clicked, and where clicks, swipes, forms and scripts do not work"),
)
"""What is noted of a visit in every mode."""

LEFT_OUT = marked("Whoever asks to be left out has one word in local storage that says so, and nothing else.")
"""What the device of such a visitor stores, in every mode."""

NEVER = (
    marked("what is typed into forms, passwords and card numbers among it"),
    marked("the address of the device (IP): it is used for a moment in memory and written nowhere"),
    marked("cookies, or anything that is known from one site to another"),
)
"""What is kept in no mode."""

KEPT = (
    Kept(
        "daily number",
        "cookieless",
        consent=False,
        what=marked(
            "a number for each browser, good for one day: made from its shortened address and its description with "
            "a key that is destroyed after the day"
        ),
        told=marked(
            "Your IP address is used for a moment and never stored: shortened and together with your browser’s "
            "description it is turned into a random-looking number with a key that is destroyed after each day."
        ),
    ),
    Kept(
        "first-party id",
        "consented",
        consent=True,
        what=marked(
            "a random id that the browser keeps, by which it is known when it comes back to this site; it ends "
            "13 months after it was given, whatever happens in between"
        ),
        told=marked(
            "If you agree, your browser keeps a random id, for 13 months at most, by which we know it when it "
            "comes back to this site."
        ),
    ),
    Kept(
        "login",
        "stitched",
        consent=True,
        what=marked("a hash of the account that somebody signs in with, which ties their browsers together"),
        told=marked(
            "If you agree and sign in, we tie your visits on several devices together by your account, of which "
            "we keep a hash here."
        ),
    ),
    Kept(
        "fingerprint",
        "stitched",
        consent=True,
        what=marked(
            "a description of the browser and device (such as screen, fonts and graphics, as hashes), by which a "
            "browser is known although its id is gone"
        ),
        told=marked(
            "If you agree, we also read a description of your browser and device (such as screen, fonts and "
            "graphics) and keep hashes of it, by which we may know your browser although its id is gone."
        ),
    ),
    Kept(
        "link token",
        "stitched",
        consent=True,
        what=marked(
            "a token in links that the site sends to one person, as a hash: who opens such a link is taken for them"
        ),
        told=marked("If you agree, a link that we sent to you alone tells us that it was you who opened it."),
    ),
)
"""Everything that tells visitors apart, with the mode from which on it is kept."""

MODES = (
    Mode(
        "count",
        marked("Count only"),
        marked("Views and clicks are counted; nobody is told apart, so there are no visits, bounces or trails."),
        marked("nothing"),
        consent=False,
    ),
    Mode(
        "cookieless",
        marked("Without cookies"),
        marked("Visits and visitors of a day. Who comes back tomorrow counts again."),
        marked("nothing"),
        consent=False,
    ),
    Mode(
        "consented",
        marked("With consent"),
        marked("Visitors who agreed are known when they come back. All others are counted as without cookies."),
        marked("after consent, one entry in local storage: the id and the day on which it was given"),
        consent=True,
    ),
    Mode(
        "stitched",
        marked("Stitched, with consent"),
        marked("Visitors who agreed are known on all of their devices. All others are counted as without cookies."),
        marked(
            "after consent, one entry in local storage: the id, the day on which it was given, and the day on which "
            "the browser was last looked at"
        ),
        consent=True,
    ),
)
"""The modes in the order of `tracker.sites.PRIVACY_MODES`: each keeps what those before it keep, and more."""

MODE = {mode.name: mode for mode in MODES}


def left_behind(before: str, now: str) -> tuple[Kept, ...]:
    """Return what the mode `before` kept and `now` does not: it stays stored when one follows the other."""
    return tuple(one for one in MODE[before].keeps if one not in MODE[now].keeps)


def _rank(mode: str) -> int:
    return PRIVACY_MODES.index(mode)
