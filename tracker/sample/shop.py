"""The invented shop: its pages, what is clicked there, and what follows a click."""

from dataclasses import dataclass
from typing import Literal

Reaction = Literal["page", "change", "answer", "dead", "slow", "error"]


@dataclass(frozen=True)
class Control:
    """Something that is clicked on a view with the probability `chance`."""

    text: str
    selector: str
    reaction: Reaction
    chance: float
    tag: str = "button"
    affordance: Literal["native", "role", "pointer", "link"] = "native"
    disabled: bool = False


@dataclass(frozen=True)
class Page:
    """A page: where people go from it by weight ("" is away), and how long they stay at the median."""

    title: str
    next: dict[str, float]
    stay_s: float
    controls: tuple[Control, ...] = ()


_SIZE_GUIDE = Control("Size guide", "main>div.details>span.guide", "dead", 0.21, tag="span", affordance="link")
_PICTURE = Control("", "main>figure.product>img", "dead", 0.09, tag="img", affordance="pointer")
_ADD = Control("Add to basket", "main>form.buy>button.add", "answer", 0.34)
_PRODUCT_NEXT = {"": 0.34, "/teas": 0.2, "/basket": 0.26, "/product/river-mug": 0.1, "/help/delivery": 0.04, "/": 0.06}
_PRODUCT = (_SIZE_GUIDE, _PICTURE, _ADD)

PAGES: dict[str, Page] = {
    "/": Page(
        "Fern & Kettle - tea and pottery",
        {"": 0.3, "/teas": 0.36, "/product/river-mug": 0.12, "/subscriptions": 0.08, "/about": 0.06, "/journal": 0.08},
        18,
        (
            Control("Next", "main>section.carousel>button.next", "change", 0.12),
            Control("Meet the potters", "main>section.hero>div.card", "dead", 0.05, tag="div", affordance="pointer"),
        ),
    ),
    "/teas": Page(
        "All teas - Fern & Kettle",
        {"": 0.24, "/product/smoky-pine": 0.26, "/product/meadow-mint": 0.26, "/product/river-mug": 0.14, "/": 0.1},
        26,
        (Control("Sort by price", "main>div.tools>button.sort", "change", 0.22),),
    ),
    "/product/smoky-pine": Page("Smoky Pine, 100 g - Fern & Kettle", _PRODUCT_NEXT, 42, _PRODUCT),
    "/product/meadow-mint": Page("Meadow Mint, 100 g - Fern & Kettle", _PRODUCT_NEXT, 38, _PRODUCT),
    "/product/river-mug": Page("River mug, 300 ml - Fern & Kettle", _PRODUCT_NEXT, 47, _PRODUCT),
    "/basket": Page(
        "Your basket - Fern & Kettle",
        {"": 0.34, "/checkout": 0.5, "/teas": 0.16},
        24,
        (
            Control("Apply coupon", "main>form.coupon>button", "dead", 0.24, disabled=True),
            Control("Work out delivery", "main>section.delivery>button", "slow", 0.3),
            Control("Remove", "main>ul.lines>li:nth-of-type(1)>button", "answer", 0.1),
        ),
    ),
    "/checkout": Page(
        "Checkout - Fern & Kettle",
        {"": 0.42, "/thanks": 0.46, "/basket": 0.12},
        71,
        (Control("Pay now", "main>form.pay>button.primary", "error", 0.16),),
    ),
    "/thanks": Page("Thank you - Fern & Kettle", {"": 0.9, "/": 0.1}, 9),
    "/subscriptions": Page(
        "Tea by post: prices - Fern & Kettle",
        {"": 0.78, "/teas": 0.12, "/": 0.1},
        14,
        (Control("Compare plans", "main>section.plans>h3.compare", "dead", 0.3, tag="h3", affordance="pointer"),),
    ),
    "/about": Page("Who we are - Fern & Kettle", {"": 0.6, "/": 0.2, "/teas": 0.2}, 33),
    "/journal": Page("Journal - Fern & Kettle", {"": 0.35, "/journal/cold-brew": 0.5, "/": 0.15}, 20),
    "/journal/cold-brew": Page("Cold-brewed green tea - Fern & Kettle", {"": 0.72, "/teas": 0.2, "/journal": 0.08}, 88),
    "/help/delivery": Page("Delivery - Fern & Kettle", {"": 0.5, "/basket": 0.3, "/": 0.2}, 22),
}


def link_to(path: str) -> Control:
    """Return the link by which people go on to a page."""
    return Control(PAGES[path].title.partition(" - ")[0], f'a[href="{path}"]', "page", 1, tag="a")


PURCHASE_PAGE = "/thanks"
