"""Finds in texts and urls what must not be kept: addresses, numbers and keys that belong to somebody."""

import re
from itertools import pairwise
from urllib.parse import quote, unquote

PLACEHOLDER = ":id"

# Every pattern starts at a boundary or a literal, so that a hostile text costs linear time.
_EMAIL = r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
_JWT = r"(?<![\w-])eyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?"
_UUID = r"(?<![0-9a-f])[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}(?![0-9a-f])"
_SURELY_NAMED = r"\b(?:pass(?:word|wd|phrase)?|pwd|secret|api[_-]?key|access[_-]?key)\s*[=:]\s*\S+|\bbearer\s+\S{8,}"
_PERHAPS_NAMED = r"\b(?:token|auth(?:orization)?|session(?:[_-]?id)?|otp|pin|ssn)\s*(?:=\s*\S+|:\s*(?=\S*\d)\S+)"
_SURE = re.compile("|".join((_JWT, _UUID, _EMAIL, _SURELY_NAMED, _PERHAPS_NAMED)), re.IGNORECASE)

_CONTACT = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})*\.[a-z]{2,}", re.IGNORECASE)

_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b", re.IGNORECASE)
_DIGITS = re.compile(r"\d{9,}|\b\d{3}-\d{2}-\d{4}\b")
_SPACED = re.compile(r"(?<!\d)[+(]?\d(?:[ ().-]{0,2}\d){8,18}(?!\d)")
_TELEPHONE = re.compile(r"[+0(]|\d{3}[ .-]\d{3}[ .-]\d{3,4}$")
_CAPITALISED = re.compile(r"[A-Z][a-z]{2,}")
_RUN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9_-]{12,}")
_SUSPICIOUS = re.compile(r"[@=:]|\d[ ().-]{0,2}\d[ ().-]{0,2}\d|[A-Za-z0-9_-]{12}|bearer", re.IGNORECASE)

# After these the next part of a path is a key, however short.
_KEY_FOLLOWS = frozenset({"reset", "token", "invite", "invitation", "unsubscribe", "verify", "confirm", "confirmation"})
_KEY_FOLLOWS |= {"magic", "activate", "auth", "share", "otp", "key"}


def clean_text(text: str) -> str:
    """Return `text` without e-mails, card, account and phone numbers, JWTs, keys and control characters."""
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else " " for letter in text)
    if not _SUSPICIOUS.search(text):
        return text
    text = _SURE.sub(PLACEHOLDER, text)
    text = _RUN.sub(_hide_key, text)  # before numbers, which would leave the rest of a key
    text = _IBAN.sub(_hide_account, text)
    text = _DIGITS.sub(PLACEHOLDER, text)
    return _SPACED.sub(_hide_number, text)


def clean_agent(text: str) -> str:
    """Return a user agent cleaned, with `@:id` for an e-mail address: that there was one tells a bot."""
    return clean_text(_CONTACT.sub(f"@{PLACEHOLDER}", text) if "@" in text else text)


def clean_path(path: str) -> str:
    """Return a url's path with every part that tells of somebody as `:id`, and no `;parameters`."""
    parts = path.split("/")
    after_key_word = False
    for index, part in enumerate(parts):
        bare = part.partition(";")[0]
        plain = unquote(unquote(bare)) if "%" in bare else bare
        if after_key_word and len(plain) >= 6 and any(letter.isdigit() for letter in plain):
            parts[index] = PLACEHOLDER
        else:
            cleaned = clean_text(plain)
            parts[index] = bare if cleaned == plain else quote(cleaned, safe=":@-._~!$&'()*+,=")
        after_key_word = plain.lower() in _KEY_FOLLOWS
    return "/".join(parts)


def is_card(digits: str) -> bool:
    """Tell whether digits are a payment card's: 13 to 19 of them that pass Luhn's check."""
    if not 13 <= len(digits) <= 19 or digits[0] not in "23456":
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def looks_random(word: str) -> bool:
    """Tell whether an unbroken run of letters and digits is a key rather than a word.

    A key is long and has digits among its letters, or changes kind all along; `iPhone15`
    does so twice, and no word has 20 letters and a digit.
    """
    return (len(word) >= 20 and any(letter.isdigit() for letter in word)) or _changes_all_along(word)


def _changes_all_along(word: str) -> bool:
    """Tell whether a run of 12 or more changes between digits, capitals and small letters at every fourth or more."""
    plain = _CAPITALISED.sub(lambda found: found.group(0).lower(), word)
    kinds = ["digit" if letter.isdigit() else letter.isupper() for letter in plain]
    turns = sum(one != other for one, other in pairwise(kinds))
    return len(word) >= 12 and turns >= max(5, len(word) // 4)


def _hide_account(found: re.Match[str]) -> str:
    """Hide what passes the check of an IBAN."""
    plain = found.group(0).replace(" ", "").upper()
    number = "".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])
    return PLACEHOLDER if int(number) % 97 == 1 else found.group(0)


def _hide_number(found: re.Match[str]) -> str:
    """Hide cards, and numbers grouped as telephones' are; leave dates, sizes and prices."""
    text = found.group(0)
    digits = "".join(letter for letter in text if letter.isdigit())
    return PLACEHOLDER if is_card(digits) or _TELEPHONE.match(text) else text


def _hide_key(found: re.Match[str]) -> str:
    word = found.group(0)
    pieces = re.split("[_-]", word)  # of a slug, or of a key into which they fell by chance
    return PLACEHOLDER if any(map(looks_random, pieces)) or _changes_all_along("".join(pieces)) else word
