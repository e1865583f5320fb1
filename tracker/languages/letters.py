"""The first letter of what is said, by where it stands."""


def first_upper(text: str) -> str:
    """Write the first letter of a sentence or title great."""
    return text[:1].upper() + text[1:]


def first_lower(text: str) -> str:
    """Write a title as it stands inside a sentence."""
    return text[:1].lower() + text[1:]
