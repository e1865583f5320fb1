"""The heatmap's page: a map of one page's clicks or bars of how it was read, and the way onto the live page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import desc, func
from werkzeug.wrappers import Response as AnyResponse

from reports import elements
from reports.dashboard.asked import Asked, Choice, read_request
from reports.dashboard.developers import Ways, curl, python
from reports.heatmap import SCREENS, Heatmap, of_page, parse_path, parse_screen, read_heatmap
from reports.pages import first as pages
from reports.query.chosen import events
from reports.render import heat, png
from reports.run import TIMEOUT_S, run_report, status_of
from reports.wording import words
from reports.wording.cells import rows_shown
from reports.wording.columns import columns_shown
from reports.wording.screens import screen_name
from tracker.checking import check_length, one_of
from tracker.errors import InvalidInputError
from tracker.gate import current_site
from tracker.headers import CONTENT_SECURITY_POLICY
from tracker.house import current_house
from tracker.languages import counted, gettext
from tracker.languages.lists import listed
from tracker.overlays import create_overlay_token
from tracker.sites import SiteInfo
from tracker.store.schema import event

OWN_WORDS = ("path", "screen", "layer")
_PAGES, _ROWS = 40, 50
_LONGEST_ADDRESS, _LONGEST_SCOPE = 2048, 4096
_LOOPBACK = ("127.", "localhost", "[::1]")


@dataclass(frozen=True)
class View:
    """What of which page is looked at, among what there is."""

    path: str
    screen: str
    layer: str
    paths: Sequence[Choice]
    screens: Sequence[Choice]
    layers: Sequence[Choice]

    @property
    def of_clicks(self) -> bool:
        """Whether the layer is one of clicks, rather than of the page's height."""
        return self.layer in elements.NUMBERS


@dataclass(frozen=True)
class Picture:
    """A layer as SVG with its size in px, and the same as rows of a table where it is one of the page's height."""

    svg: Markup
    rows: Sequence[tuple[str, str]]
    note: str


def heatmap(site_key: str) -> Response:
    """Show one page's heatmap."""
    asked = read_request(compare="none", also=OWN_WORDS)
    view = _view(asked)
    found = read_heatmap(asked.scope, view.path, view.screen, current_house().store) if view.path else None
    ranked = elements.ranked(view.layer if view.of_clicks else "clicks")
    scope = of_page(asked.scope, view.path, view.screen)
    answer = run_report(ranked, replace(scope, limit=_ROWS), current_house().store)
    columns = [column for column in columns_shown(answer.report.columns) if column.name not in ("path", "exempt")]
    page = render_template(
        "heatmap.html",
        site=asked.site,
        asked=asked,
        view=view,
        found=found,
        picture=_picture(found, view.layer) if found else None,
        answer=answer,
        columns=columns,
        rows=rows_shown(columns, answer.rows, asked.address),
        live=_live_address(asked, view) if found else "",
        scope_text=urlencode(asked.address.words),
        png=asked.address.at(url_for("dashboard.heatmap_png", site_key=site_key)) if png.can_draw() else None,
        ways=_ways(asked, view),
    )
    status = status_of(answer if found is None or found.error is None else found)
    return _leading_to(make_response(page, status), asked.site)


def heatmap_png(site_key: str) -> Response:
    """Send the map or the bars as a picture."""
    asked = read_request(compare="none", also=OWN_WORDS)
    view = _view(asked)
    if not png.can_draw() or not view.path:
        abort(404)
    found = read_heatmap(asked.scope, view.path, view.screen, current_house().store)
    if found.error:
        abort(status_of(found), found.error)
    response = Response(png.render(_picture(found, view.layer).svg, heat.PAINT), mimetype="image/png")
    file_name = f"{asked.site.key}-{view.layer}-{view.screen}-{asked.scope.range.first}.png"
    response.headers.set("Content-Disposition", "attachment", filename=file_name)
    return response


def open_overlay(site_key: str) -> AnyResponse:
    """Make a one-time token and lead to the live page, which draws the heatmap over itself."""
    site = current_site()
    address = request.form.get("address", "").strip()
    scope = check_length("scope", request.form.get("scope", ""), _LONGEST_SCOPE)
    if not _is_of(site, address):
        raise InvalidInputError(
            "address", gettext("must be a page of this site, which is %(hosts)s", hosts=listed(site.hosts))
        )
    with current_house().database.session() as store:
        token = create_overlay_token(store, site.id, scope)
    return redirect(f"{address}#footfall-overlay={token}", code=303)


def _view(asked: Asked) -> View:
    """Understand what is looked at: unless it is said, the page and the screens that most views are of."""
    given = dict(asked.address.words)
    layer = given.get("layer", "clicks")
    one_of("layer", layer, heat.LAYERS)
    paths = [str(row["path"]) for row in asked.first_rows(pages, _PAGES).rows]
    path = parse_path(given["path"]) if "path" in given else next(iter(paths), "")
    if path and path not in paths:
        paths.insert(0, path)
    screen = parse_screen(given["screen"]) if "screen" in given else _commonest_screen(asked, path)
    return View(
        path,
        screen,
        layer,
        [Choice(one, asked.address.having(path=one, screen=None), chosen=one == path) for one in paths],
        [Choice(screen_name(one), asked.address.having(screen=one), chosen=one == screen) for one in _all()],
        [
            Choice(gettext(title), asked.address.having(layer=name), chosen=name == layer)
            for name, title in heat.LAYERS.items()
        ],
    )


def _all() -> tuple[str, ...]:
    return ("all", *SCREENS)


def _commonest_screen(asked: Asked, path: str) -> str:
    return _commonest(asked, path, "screen") if path else "all"


def _commonest(asked: Asked, path: str, name: str) -> str:
    """Return the value of a column that most of a page's views have; "all" when none has any."""
    column = event.c[name]
    statement = events(of_page(asked.scope, path, "all"), "view", column).where(column.is_not(None))
    rows = current_house().store.query(
        statement.group_by(column).order_by(desc(func.count()), column).limit(1), TIMEOUT_S
    )
    return str(rows.rows[0][0]) if rows.rows else "all"


def _picture(found: Heatmap, layer: str) -> Picture:
    if layer == "scroll":
        rows = [(heat.part_name(number), words.share(value)) for number, value in enumerate(found.scrolled)]
        svg = heat.bands(
            found.scrolled, words.share, gettext("Share of views that saw each part of the page"), full=1.0
        )
        note = counted(
            "Of %(n)s view that told how far it scrolled.",
            "Of %(n)s views that told how far they scrolled.",
            found.views_scrolled,
        )
        return Picture(svg, rows, note)
    if layer == "attention":
        rows = [(heat.part_name(number), words.duration(value)) for number, value in enumerate(found.attention_ms)]
        svg = heat.bands(found.attention_ms, words.duration, gettext("Mean time for which each part was on the screen"))
        note = counted("Of %(n)s view that told it.", "Of %(n)s views that told it.", found.views_attended)
        return Picture(svg, rows, note)
    return Picture(
        heat.click_map(found, layer),
        [],
        gettext(
            "Dots lie where the clicks fell on the page, greater where there were more. On the live page they lie on "
            "the elements themselves, also where these have moved."
        ),
    )


def _live_address(asked: Asked, view: View) -> str:
    """Guess the page's own address: the host that most of its views had, by https unless it is this machine."""
    host = _commonest(asked, view.path, "host")
    host = asked.site.hosts[0] if host == "all" else host
    scheme = "http" if host.startswith(_LOOPBACK) else "https"
    return f"{scheme}://{host}{view.path}"


def _is_of(site: SiteInfo, address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    plain = (
        address.isprintable() and len(address) <= _LONGEST_ADDRESS and "\\" not in address and "@" not in parts.netloc
    )
    return bool(plain and parts.scheme in ("http", "https") and host and site.owns(host))


def _leading_to(response: Response, site: SiteInfo) -> Response:
    """Allow the page's form to lead to the site's own pages, and nowhere else."""
    hosts = [host for host in site.hosts if ":" not in host]  # no policy can name an IPv6 address
    sources = " ".join(f"http://{host}:* http://*.{host}:*" for host in hosts)  # each means its https too
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
        "form-action 'self'", f"form-action 'self' {sources}".rstrip()
    )
    return response


def _ways(asked: Asked, view: View) -> Ways:
    key = asked.site.key
    in_scope = asked.address.having(layer=None, compare=None, limit=None, path=view.path, screen=view.screen)
    json = str(in_scope.at(url_for("api.heatmap", site_key=key)))
    rows = in_scope.having(path=None, screen=None).filtered("path", view.path)
    if view.screen != "all":
        rows = rows.filtered("screen", view.screen)
    csv = str(rows.at(url_for("api.report", site_key=key, name="elements.csv")))
    return Ways(json=json, csv=csv, curl=curl(json), python=python(json, "elements"))
