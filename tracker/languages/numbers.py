"""Numbers as the language that is spoken now writes them, by CLDR."""

from babel.numbers import format_compact_decimal, format_decimal, format_percent, get_currency_precision

from tracker.languages.spoken import spoken_language

MINUS = "−"
_LATIN = "0123456789"
# Babel writes each script's separators, but Latin digits throughout.
_DIGITS = {"arabext": str.maketrans(_LATIN, "۰۱۲۳۴۵۶۷۸۹")}
# As keyboards type them: Persian ones, and Arabic ones, which some Persian keyboards give.
_TYPED = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", _LATIN * 2)
_LONGEST_TYPED = 12


def whole(value: float) -> str:
    """Write a whole number: 12,345."""
    return decimal(round(value), 0)


def decimal(value: float, most: int, least: int | None = None) -> str:
    """Write a number with so many decimals: at most `most`, at least `least`, which is as many unless given."""
    language = spoken_language()
    # Rounded before: what is written otherwise rounds its decimal writing, 21.05 to 21.0 rather than 21.1.
    written = format_decimal(
        round(abs(value), most),
        f"#,##0{_decimals(most, least)}",
        locale=language.locale,
        numbering_system=language.numbering,
    )
    return _signed(value, written)


def percent(value: float, most: int, least: int | None = None) -> str:
    """Write a share of 0 to 1 in percent, with so many decimals."""
    language = spoken_language()
    pattern = language.locale.percent_formats[None].pattern.replace("#,##0", f"#,##0{_decimals(most, least)}")
    written = format_percent(
        round(abs(value), most + 2), pattern, locale=language.locale, numbering_system=language.numbering
    )
    return _signed(value, written.replace("%", "٪") if language.numbering == "arabext" else written)


def compact(value: float) -> str:
    """Write a great number in short: 12.3K."""
    language = spoken_language()
    written = format_compact_decimal(
        abs(value), fraction_digits=1, locale=language.locale, numbering_system=language.numbering
    )
    return _signed(value, written)


def money(value: float, currency: str) -> str:
    """Write an amount with its currency (ISO 4217): 1,234.50 EUR."""
    return f"{decimal(value, get_currency_precision(currency))}\u00a0{currency}".strip()


def read_whole(text: str) -> int | None:
    """Return the whole number that somebody typed in the digits of a language spoken; None where it is none."""
    typed = text.strip().translate(_TYPED)
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST_TYPED else None


def digits(text: str) -> str:
    """Return a text with the language's own digits in place of 0 to 9."""
    own = _DIGITS.get(spoken_language().numbering)
    return text.translate(own) if own else text


def _decimals(most: int, least: int | None) -> str:
    least = most if least is None else least
    return "." + "0" * least + "#" * (most - least) if most else ""


def _signed(value: float, written: str) -> str:
    return digits(f"{MINUS}{written}" if value < 0 else written)
