"""Every setting of Footfall: one typed object, read from `FOOTFALL_…` variables."""

import os
from collections.abc import Mapping
from pathlib import Path

import environ

from tracker.errors import FootfallError


def _whole(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError("must not be negative")
    return number


@environ.config(prefix="FOOTFALL")
class Settings:
    """How this installation runs. Every field is documented in docs/settings.md."""

    data: Path = environ.var("footfall-data", converter=Path, help="Folder that holds everything Footfall keeps.")
    host: str = environ.var("127.0.0.1", help="Address to listen on.")
    port: int = environ.var("8600", converter=_whole, help="Port to listen on.")
    public_url: str = environ.var(
        "",
        help="Address under which visitors and mail reach this server, "
        "as https://stats.example.org. Empty: the address it listens on.",
    )
    mail_url: str = environ.var(
        "",
        help="Server that takes letters, smtp://user:password@mail.example.org:587 or smtps://…; "
        "smtp:// is encrypted as soon as the server offers it. Empty: no letters are sent.",
    )
    mail_from: str = environ.var(
        "", help="Whom letters are from, as Footfall <stats@example.org>. Empty: footfall at the public address's host."
    )
    own_hosts: str = environ.var(
        "",
        help="Hosts inside your own network that webhooks may reach, by http too, separated by commas. "
        "Empty: webhooks reach public addresses alone.",
    )
    database_url: str = environ.var(
        "", help="SQLAlchemy URL of the relational store. Empty: SQLite in the data folder."
    )
    events_url: str = environ.var(
        "",
        help="URL of a ClickHouse server, "
        "clickhouse://user:password@host:8123/database. Empty: DuckDB in the data folder.",
    )
    geoip: str = environ.var(
        "", help="Path of your own GeoIP database (.mmdb). Empty: country guessed from the browser's time zone."
    )
    trusted_proxies: int = environ.var(
        "0",
        converter=_whole,
        help="How many proxies of your own stand before this server; their X-Forwarded-For entries are believed.",
    )
    spool_cap_mb: int = environ.var(
        "4096", converter=_whole, help="Above this much waiting data the collector answers 503."
    )
    free_space_floor_mb: int = environ.var(
        "256", converter=_whole, help="Below this much free disk the collector answers 503."
    )
    queue_limit: int = environ.var(
        "10000", converter=_whole, help="Requests that may wait for one commit before the collector answers 503."
    )
    address_rate: int = environ.var(
        "50",
        converter=_whole,
        help="Beacons a second one address may send to one site, with bursts of ten times as many. 0: no limit.",
    )
    site_rate: int = environ.var(
        "5000",
        converter=_whole,
        help="Beacons a second one site may receive, with bursts of ten times as many. 0: no limit.",
    )
    api_rate: int = environ.var(
        "600",
        converter=_whole,
        help="Requests a minute that one API key, or one person, may make; as many may come at once. 0: no limit.",
    )
    upload_cap_mb: int = environ.var(
        "512",
        converter=_whole,
        help="Megabytes of files that may be sent at once by a page, to be imported. 0: none are taken there.",
    )
    store_memory_mb: int = environ.var("384", converter=_whole, help="Memory the embedded event store may use.")
    log_level: str = environ.var("info", help="debug, info, warning or error.")

    @property
    def address(self) -> str:
        """Where people and programs reach this server, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url.rstrip("/") or f"http://{host}:{self.port}"

    @property
    def hosts_of_ours(self) -> frozenset[str]:
        """Hosts that webhooks may reach though they are inside."""
        return frozenset(self.own_hosts.replace(",", " ").lower().split())

    @property
    def relational_url(self) -> str:
        """The relational store's URL, SQLite in the data folder unless one is set."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'footfall.sqlite'}"

    @property
    def spool_folder(self) -> Path:
        """Where acknowledged events wait for the loader."""
        return self.data / "spool"

    @property
    def archive_folder(self) -> Path:
        """Where loaded events are kept as Parquet, from which the store can be rebuilt."""
        return self.data / "archive"

    @property
    def batch_folder(self) -> Path:
        """Where the loader keeps what it is loading, until it is in the archive."""
        return self.data / "batches"

    @property
    def export_folder(self) -> Path:
        """Where files are written that somebody is taking away; none outlives its download."""
        return self.data / "exports"

    @property
    def upload_folder(self) -> Path:
        """Where files lie that were sent by a page, until they are imported."""
        return self.data / "uploads"

    @property
    def dead_folder(self) -> Path:
        """Where events are kept that could not be loaded, with the reason."""
        return self.data / "dead"

    @property
    def store_file(self) -> Path:
        """The embedded event store's file."""
        return self.data / "events.duckdb"

    @property
    def socket_file(self) -> Path:
        """The socket on which a running server answers command-line tools."""
        return self.data / "control.sock"


def load_settings(variables: Mapping[str, str] | None = None) -> Settings:
    """Read settings from `variables` (the process's environment when None).

    Raises FootfallError, naming the variable, when one cannot be understood.
    """
    variables = os.environ if variables is None else variables
    try:
        return environ.to_config(Settings, environ=dict(variables))
    except ValueError as error:
        for name, kind in Settings.__annotations__.items():
            given = variables.get(f"FOOTFALL_{name.upper()}", "0")
            if kind is int and not given.isdigit():
                raise FootfallError(f"FOOTFALL_{name.upper()}: {given!r} is not a whole number of 0 or more") from error
        raise FootfallError(f"settings: {error}") from error
