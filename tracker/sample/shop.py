"""The invented shop: its pages, what is clicked there, and what follows a click."""

from dataclasses import dataclass
from typing import Literal

HOST = "fern-and-kettle.example"
Reaction = Literal["page", "change", "answer", "dead", "slow", "error"]


@dataclass(frozen=True)
class Control:
    """Something that is clicked on a view with the probability `chance`.

    `works` is how often a faulty one answers all the same; `broken_days` says that it did
    so always, until so many days before the end.
    """

    text: str
    selector: str
    reaction: Reaction
    chance: float
    tag: str = "button"
    affordance: Literal["native", "role", "pointer", "link"] = "native"
    disabled: bool = False
    works: float = 0.0
    broken_days: int | None = None


@dataclass(frozen=True)
class Field:
    """A field of a form: how long it takes at the median, and how likely people stop at it or are refused for it."""

    name: str
    kind: str
    spent_s: float
    stops: float = 0.02
    refused: float = 0.0


@dataclass(frozen=True)
class Form:
    """A form that is begun on a view with the probability `chance`."""

    selector: str
    label: str
    chance: float
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Failure:
    """A script's error, on a view with the probability `chance`, for the last `days`."""

    message: str
    source: str
    line: int
    chance: float
    days: int = 28


@dataclass(frozen=True)
class Page:
    """A page: where people go from it by weight ("" is away), and how long they stay at the median.

    `weight` is how much slower than others it loads. `glance` is how likely somebody who came
    from another page goes straight back, `hunt` how likely one scrolls to and fro in search.
    """

    title: str
    next: dict[str, float]
    stay_s: float
    controls: tuple[Control, ...] = ()
    form: Form | None = None
    failure: Failure | None = None
    weight: float = 1.0
    glance: float = 0.0
    hunt: float = 0.0
    searches: tuple[tuple[str, int], ...] = ()
    leads_out: tuple[str, ...] = ()


_SIZE_GUIDE = Control(
    "Size guide", "main>div.details>span.guide", "dead", 0.21, tag="span", affordance="link", works=0.04
)
_PICTURE = Control("", "main>figure.product>img", "dead", 0.09, tag="img", affordance="pointer")
_ADD = Control("Add to basket", "main>form.buy>button.add", "answer", 0.34)
_PRODUCT_NEXT = {"": 0.34, "/teas": 0.2, "/basket": 0.26, "/product/river-mug": 0.1, "/help/delivery": 0.07, "/": 0.03}
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
        searches=(("smoky pine", 1), ("mug", 2), ("matcha", 0), ("gift card", 0), ("mint", 1), ("decaf", 0)),
    ),
    "/product/smoky-pine": Page("Smoky Pine, 100 g - Fern & Kettle", _PRODUCT_NEXT, 42, _PRODUCT),
    "/product/meadow-mint": Page(
        "Meadow Mint, 100 g - Fern & Kettle",
        _PRODUCT_NEXT,
        38,
        _PRODUCT,
        failure=Failure("TypeError: stock.left is not a function", f"{HOST}/js/stock.js", 41, 0.22, days=9),
    ),
    "/product/river-mug": Page("River mug, 300 ml - Fern & Kettle", _PRODUCT_NEXT, 47, _PRODUCT, weight=1.9),
    "/basket": Page(
        "Your basket - Fern & Kettle",
        {"": 0.3, "/checkout": 0.46, "/teas": 0.1, "/help/delivery": 0.14},
        24,
        (
            Control("Apply coupon", "main>form.coupon>button", "dead", 0.24, disabled=True, broken_days=9),
            Control("Work out delivery", "main>section.delivery>button", "slow", 0.3, works=0.25),
            Control("Remove", "main>ul.lines>li:nth-of-type(1)>button", "answer", 0.1),
        ),
    ),
    "/checkout": Page(
        "Checkout - Fern & Kettle",
        {"": 0.42, "/thanks": 0.46, "/basket": 0.12},
        71,
        (Control("Pay now", "main>form.pay>button.primary", "error", 0.5, works=0.72),),
        form=Form(
            "main>form.pay",
            "Checkout",
            0.82,
            (
                Field("name", "text", 6),
                Field("email", "email", 9, stops=0.04, refused=0.05),
                Field("street", "text", 11),
                Field("phone", "tel", 17, stops=0.19, refused=0.31),
                Field("card", "text", 21, stops=0.05, refused=0.06),
            ),
        ),
    ),
    "/thanks": Page("Thank you - Fern & Kettle", {"": 0.9, "/": 0.1}, 9),
    "/subscriptions": Page(
        "Tea by post: prices - Fern & Kettle",
        {"": 0.78, "/teas": 0.12, "/": 0.1},
        14,
        (Control("Compare plans", "main>section.plans>button.compare", "dead", 0.3),),
    ),
    "/about": Page(
        "Who we are - Fern & Kettle",
        {"": 0.6, "/": 0.2, "/teas": 0.2},
        33,
        glance=0.06,
        leads_out=("www.instagram.com/fernandkettle", "maps.example/fern-and-kettle"),
    ),
    "/journal": Page("Journal - Fern & Kettle", {"": 0.35, "/journal/cold-brew": 0.5, "/": 0.15}, 20),
    "/journal/cold-brew": Page("Cold-brewed green tea - Fern & Kettle", {"": 0.72, "/teas": 0.2, "/journal": 0.08}, 88),
    "/help/delivery": Page("Delivery - Fern & Kettle", {"": 0.5, "/basket": 0.3, "/": 0.2}, 22, glance=0.3, hunt=0.4),
}


def link_to(path: str) -> Control:
    """Return the link by which people go on to a page."""
    return Control(PAGES[path].title.partition(" - ")[0], f'a[href="{path}"]', "page", 1, tag="a")


PURCHASE_PAGE, PURCHASE_EVENT = "/thanks", "purchase"
