"""What an owner needs to know of each product before its export is taken in."""

from dataclasses import dataclass

from tracker.imports.titles import OF_EVENTS, title_of
from tracker.languages import marked


@dataclass(frozen=True)
class Product:
    """A product: `where` its export is made, what of it `comes` along and what `stays` there.

    `accept` is what its files end with, `asks_kind` whether one may have to say what it counts.
    """

    name: str
    where: str
    comes: str
    stays: str
    accept: str
    asks_kind: bool = False

    @property
    def title(self) -> str:
        """What it is called."""
        return title_of(self.name)

    @property
    def of_events(self) -> bool:
        """Whether its export holds single events, which become ours."""
        return self.name in OF_EVENTS


PRODUCTS = (
    Product(
        "plausible",
        marked(
            "In Plausible: Site settings › Imports & exports › Prepare download. It sends you a link to a zip "
            "archive; send that as it is."
        ),
        marked(
            "Visitors, visits, views, bounces and time of each day, and of each page, entry and exit page, "
            "source, campaign, country, region, device, browser, system and custom event."
        ),
        marked("Single visits, which it does not export. Goals, funnels and segments are made here anew."),
        ".zip,.csv",
    ),
    Product(
        "ga4",
        marked(
            "In Google Analytics: Explore › Free form, with Date among the rows and one dimension more, such as "
            "Page path; then Export data › CSV. Its Data API gives the same as JSON. Titles of columns must be "
            "in English."
        ),
        marked(
            "Users, sessions, views, bounces (sessions that were not engaged) and time of each day, and of what "
            "each file tells of beside: pages, sources, campaigns, countries, devices, browsers, systems or "
            "events. Send several files at once."
        ),
        marked("Single visits, tables without days, and those with two dimensions beside the day."),
        ".csv,.json,.zip,.gz",
    ),
    Product(
        "matomo",
        marked(
            "By Matomo’s reporting API, each for period=day and a range of days, as JSON, or as CSV with "
            "translateColumnNames=0: API.get for days, Actions.getPageUrls with flat=1 for pages, "
            "Referrers.getAll for sources, UserCountry.getCountry for countries."
        ),
        marked(
            "Visitors, visits, views, bounces and time of each day, and of what each file tells of beside: pages "
            "with entries and exits, sources, countries and so on."
        ),
        marked("Single visits, goals, and what was set up there."),
        ".csv,.json,.zip,.gz",
        asks_kind=True,
    ),
    Product(
        "umami",
        marked(
            "From Umami’s cloud: Settings › Data › Export, which sends you an archive; send that as it is. Of an "
            "Umami of your own: the tables website_event, session and event_data of its database as CSV with a "
            "header."
        ),
        marked(
            "Views with title, referrer and campaign, and custom events with their data; browser, system, device,"
            " language, country, region and city."
        ),
        marked("Links, pixels and performance, the size of the screen, tags, and ids that it gave to people."),
        ".zip,.csv,.gz",
    ),
    Product(
        "goatcounter",
        marked("In GoatCounter: Settings › Export, as CSV of version 1 or 2; send it gzipped, as it is."),
        marked(
            "Views with title, referrer and campaign, and events by their name; browser, system, country and "
            "region; what is a bot stays marked as one."
        ),
        marked("The size of the screen, and the page of an event: it is not told, and the event is counted on /."),
        ".csv,.gz,.zip",
    ),
)


def product_of(name: str | None) -> Product:
    """Return the product of a name, the first one for any other."""
    return next((one for one in PRODUCTS if one.name == name), PRODUCTS[0])
