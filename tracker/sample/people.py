"""Who visits the invented shop: from where, with what, sent by whom. Each entry begins with its weight."""

from typing import NamedTuple

_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"
_ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X)"
_APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0"


class Device(NamedTuple):
    """A user agent and its window."""

    weight: float
    user_agent: str
    viewport: tuple[int, int]


class Home(NamedTuple):
    """Where somebody lives."""

    weight: float
    country: str
    region: str
    city: str
    language: str


class Way(NamedTuple):
    """How somebody comes: who refers, which page is entered, with which query, and how likely they leave at once."""

    weight: float
    referrer: str | None
    entry: str
    query: str = ""
    leaves: float = 0.0


DEVICES = (
    Device(22, f"{_WINDOWS} Safari/537.36", (1536, 730)),
    Device(8, f"{_WINDOWS} Safari/537.36 Edg/141.0.0.0", (1920, 950)),
    Device(5, "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0", (1280, 660)),
    Device(9, f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_APPLE} Safari/605.1.15", (1440, 790)),
    Device(25, f"{_IPHONE} {_APPLE} Mobile/15E148 Safari/604.1", (393, 660)),
    Device(24, f"{_ANDROID} Mobile Safari/537.36", (412, 780)),
    Device(4, f"{_ANDROID} Safari/537.36", (800, 1180)),
    Device(3, "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", (1680, 900)),
)
HOMES = (
    Home(26, "GB", "England", "London", "en-GB"),
    Home(9, "GB", "Scotland", "Edinburgh", "en-GB"),
    Home(17, "PL", "Mazovia", "Warsaw", "pl-PL"),
    Home(8, "PL", "Lesser Poland", "Kraków", "pl-PL"),
    Home(13, "DE", "Berlin", "Berlin", "de-DE"),
    Home(8, "FR", "Île-de-France", "Paris", "fr-FR"),
    Home(5, "NL", "North Holland", "Amsterdam", "nl-NL"),
    Home(9, "US", "New York", "New York", "en-US"),
    Home(3, "JP", "Tokyo", "Tokyo", "ja-JP"),
    Home(2, "EG", "Cairo", "Cairo", "ar-EG"),
)
WAYS = (
    Way(24, None, "/"),
    Way(22, "www.google.com/", "/"),
    Way(9, "www.google.com/", "/journal/cold-brew", leaves=0.45),
    Way(5, "duckduckgo.com/", "/teas"),
    Way(4, "www.bing.com/", "/product/river-mug"),
    Way(5, "chatgpt.com/", "/journal/cold-brew", "?utm_source=chatgpt.com", leaves=0.3),
    Way(2, "www.perplexity.ai/", "/product/smoky-pine"),
    Way(8, "l.instagram.com/", "/product/river-mug", leaves=0.25),
    Way(3, "www.reddit.com/r/tea/", "/product/smoky-pine"),
    Way(5, "slowmornings.example/best-mugs", "/product/river-mug"),
    Way(
        9,
        "l.facebook.com/",
        "/subscriptions",
        "?utm_source=facebook&utm_medium=paid&utm_campaign=spring-launch",
        leaves=0.86,
    ),
    Way(4, None, "/teas", "?utm_source=newsletter&utm_medium=email&utm_campaign=april-letter"),
)
BOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
)
# How busy each hour of the visitor's day is, from midnight on, and each weekday from Monday on.
HOURS = (2, 1, 1, 0.6, 0.5, 1, 2, 4, 6, 8, 9, 9, 9, 8, 8, 8, 8, 9, 10, 12, 13, 11, 7, 4)
WEEKDAYS = (10, 10, 10.5, 10, 9, 8, 9.5)
