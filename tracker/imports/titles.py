"""What products are called whose exports are taken in."""

# Those whose counts are kept, by the name under which an import keeps them.
TITLES = {"plausible": "Plausible", "ga4": "Google Analytics 4", "matomo": "Matomo"}
# Those whose events become ours.
OF_EVENTS = {"umami": "Umami", "goatcounter": "GoatCounter"}


def title_of(product: str) -> str:
    """Return a product's name for people; its short one where it is known no more."""
    return (TITLES | OF_EVENTS).get(product, product)
