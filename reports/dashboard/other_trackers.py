"""What a site takes of what other trackers send: the list, with what to change there, and the form for one more."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reports.dashboard.developers import public_address
from tracker.errors import InvalidInputError
from tracker.foreign import BY_NAME, PRODUCTS, ForeignInfo, WantedId, add_foreign_id, remove_foreign_id
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.languages import gettext
from tracker.languages.lists import listed
from tracker.privacy import MODE

Answer = str | Response | tuple[str, int]


def other_trackers(site_key: str) -> str:
    """List by what names other trackers know a site."""
    return _page()


def change_other_trackers(site_key: str) -> Answer:
    """Add a name, or remove one."""
    house, site, form, who = current_house(), current_site(), request.form, current_principal().name
    try:
        with house.database.session() as session:
            if form.get("do") == "remove":
                gone = remove_foreign_id(session, site.id, form.get("number", ""), who)
                said = _said(gone) if gone else gettext("That was removed already.")
            else:
                added = add_foreign_id(session, site.id, _wanted(), who)
                title = BY_NAME[added.product].title
                said = gettext(
                    "What %(tracker)s sends as %(id)s is taken from now on.", tracker=title, id=added.their_id
                )
    except InvalidInputError as error:
        return _page(error), 400
    house.sites.forget()
    flash(said)
    return redirect(url_for("dashboard.other_trackers", site_key=site_key))


def _said(gone: ForeignInfo) -> str:
    title = BY_NAME[gone.product].title
    return gettext("Nothing more is taken of what %(tracker)s sends as %(id)s.", tracker=title, id=gone.their_id)


def _wanted() -> WantedId:
    form = request.form
    return WantedId(form.get("product", ""), form.get("their_id", ""), "consented" in form, form.get("secret", ""))


def _page(problem: InvalidInputError | None = None) -> str:
    site, address = current_site(), public_address()
    lines = [(known, BY_NAME[known.product], _setting(known, address)) for known in site.foreign_ids]
    return render_template(
        "other_trackers.html",
        site=site,
        asked=None,
        lines=lines,
        products=PRODUCTS,
        problem=problem,
        form=request.form if problem else {},
        secretive=listed(product.title for product in PRODUCTS if product.has_secret),
        asks_consent=MODE[site.privacy_mode].consent,
    )


def _setting(known: ForeignInfo, address: str) -> str:
    setting = BY_NAME[known.product].setting
    return setting.replace("{address}", address).replace("{id}", known.their_id)
