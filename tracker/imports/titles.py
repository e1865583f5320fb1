"""What products are called whose counts are kept."""

# By the name under which an import keeps them.
TITLES = {"plausible": "Plausible", "ga4": "Google Analytics 4", "matomo": "Matomo"}


def title_of(product: str) -> str:
    """Return a product's name for people; its short one where it is known no more."""
    return TITLES.get(product, product)
