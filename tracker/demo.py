"""A small shop with planted faults, on which a newcomer can click and watch the reports fill."""

import time
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

import tracker

HOME = Path(tracker.__file__).parent.parent / "static" / "demo"
SLOW_S = 3.0


@dataclass(frozen=True)
class Product:
    """Something that could be for sale."""

    slug: str
    name: str
    line: str
    size: str
    pence: int
    colour: str
    shape: str = "tin"

    @property
    def price(self) -> str:
        """The price as a label says it."""
        return f"£{self.pence / 100:.2f}"


@dataclass(frozen=True)
class Fault:
    """Something broken on purpose: where, what, how, and what a report should call it."""

    page: str
    what: str
    wrong: str
    shows_as: str


PRODUCTS = (
    Product("smoky-pine", "Smoky Pine", "Black tea, dried over pine", "Tin of 100 g", 890, "#7a4a3a"),
    Product("meadow-mint", "Meadow Mint", "Mint, balm and a little thyme", "Tin of 80 g", 720, "#4f7f5d"),
    Product("river-mug", "River mug", "Stoneware with a blue bend", "300 ml", 2400, "#4c6f8f", "mug"),
    Product("first-frost", "First Frost", "White tea, picked in March", "Tin of 60 g", 1450, "#8a8fa3"),
    Product("barn-mug", "Barn mug", "Red clay, thrown thick", "380 ml", 2600, "#a5573c", "mug"),
    Product("late-plum", "Late Plum", "Oolong that smells of fruit", "Tin of 90 g", 1180, "#74486b"),
)
FAULTS = (
    Fault("/", "“Surprise me”, beside the running clock", "The button does nothing.", "dead click"),
    Fault("/", "“All 214 reviews”, beside the turning quotes", "The button does nothing.", "dead click"),
    Fault("/", "The turning quotes", "Their arrows turn them, a finger does not.", "dead swipe"),
    Fault("/", "“Meet the potters”", "Lifts under the pointer like a link, and is none.", "false affordance"),
    Fault("/product/river-mug", "“Size guide”", "Underlined like a link, and is none.", "false affordance"),
    Fault("/product/river-mug", "The picture", "Promises to grow, and does not.", "false affordance"),
    Fault("/teas", "The search", "Knows “matcha” and “decaf” are asked for, and has none.", "search without result"),
    Fault("/subscriptions", "While it loads", "A script fails.", "script error"),
    Fault("/subscriptions", "The three plans", "Lift under the pointer, and cannot be chosen.", "false affordance"),
    Fault("/basket", "“Apply coupon”", "The server fails, and the page keeps quiet.", "error click"),
    Fault("/basket", "“Work out delivery”", "Answers after three seconds without a sign.", "slow click"),
    Fault("/basket", "“Add gift wrap”", "Ends in a script error.", "error click"),
    Fault("/basket", "“Express checkout”", "Always disabled, and does not say why.", "disabled click"),
    Fault("/delivery", "“Costs and times” leads here", "The page has neither at first sight.", "quick back"),
    Fault("/delivery", "The costs", "They are there, in the middle of much else.", "scroll hunt"),
    Fault(
        "/checkout",
        "“Phone”",
        "Refused unless written as +44 1234 567890; nobody is told.",
        "form sent again, form abandoned",
    ),
)


def create_demo(tag_html: str, slow_s: float = SLOW_S) -> Flask:
    """Return the shop as an app of its own, with `tag_html` in the head of every page.

    `tag_html` is the owner's script tag and goes in as it is; `slow_s` is how long the slow answer takes.
    """
    app = Flask("footfall-demo", template_folder=str(HOME / "pages"), static_folder=str(HOME / "files"))
    by_slug = {product.slug: product for product in PRODUCTS}
    prices = {product.slug: {"name": product.name, "pence": product.pence} for product in PRODUCTS}
    tag = Markup(tag_html)  # noqa: S704  # nosec B704 - it is ours, made by who starts the shop

    @app.context_processor
    def facts() -> dict[str, object]:
        return {"tag": tag, "products": PRODUCTS, "prices": prices, "faults": FAULTS}

    @app.get("/product/<slug>")
    def product(slug: str) -> str:
        if slug not in by_slug:
            abort(404)
        return render_template("product.html", title=by_slug[slug].name, product=by_slug[slug])

    @app.get("/teas")
    def teas() -> str:
        asked = request.args.get("q", "").strip()
        found = [one for one in PRODUCTS if asked.lower() in f"{one.name} {one.line} {one.shape}".lower()]
        return render_template("teas.html", title="Teas and mugs", asked=asked, found=found)

    @app.post("/checkout")
    def pay() -> ResponseReturnValue:
        return redirect("/thanks", 303)

    @app.post("/api/coupon")
    def coupon() -> ResponseReturnValue:
        return {"error": "no such drawer"}, 500

    @app.get("/api/delivery")
    def delivery() -> ResponseReturnValue:
        time.sleep(slow_s)
        return {"cost": "£3.20, in two days"}

    for path, template, title in (
        ("/", "home.html", "Tea and pottery"),
        ("/subscriptions", "subscriptions.html", "Tea by post"),
        ("/basket", "basket.html", "Your basket"),
        ("/delivery", "delivery.html", "Costs and times"),
        ("/checkout", "checkout.html", "Checkout"),
        ("/thanks", "thanks.html", "Thank you"),
        ("/about-these-faults", "faults.html", "What is broken here"),
    ):
        app.add_url_rule(path, path, render_template, defaults={"template_name_or_list": template, "title": title})
    return app
