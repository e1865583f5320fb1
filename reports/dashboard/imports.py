"""What was taken in of other products: the list, the form that takes more in, and the way to let some of it go."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reports.dashboard.import_products import PRODUCTS, product_of
from reports.dashboard.import_telling import tell_imports, tell_sent
from tracker.errors import InvalidInputError
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.imports import book, uploads, working
from tracker.imports.counts import KINDS
from tracker.imports.receiving import MOST_FILES, UploadRefusedError, received
from tracker.imports.titles import title_of
from tracker.languages import gettext, spoken_language

Answer = str | Response | tuple[str, int]


def imports(site_key: str) -> str:
    """List a site's imports, with the form for one more."""
    return _page()


def imports_progress(site_key: str) -> str:
    """Answer the page that waits for an export to be taken in: a piece of it."""
    return render_template("imported_so_far.html", waiting=True, asks_to_stop=False, **_so_far())


def upload_export(site_key: str) -> Answer:
    """Keep the files that were sent, for the job that takes them in."""
    try:
        wanted = uploads.wanted_upload(request.form, current_principal().name, spoken_language().tag)
        uploads.begin(current_house().database, current_site().id, wanted, received())
    except InvalidInputError as error:
        return _page(error), 400
    return redirect(url_for("dashboard.imports", site_key=site_key, product=wanted.product, _anchor="sent"))


def refused(error: UploadRefusedError) -> Answer:
    """Say on the page why files were not taken."""
    return _page(error), error.status


def stop_import(site_key: str) -> Response:
    """Let no more of an export be taken in."""
    given, who = request.form.get("number", ""), current_principal().name
    try:
        working.stop(current_house(), current_site().id, given, who)
    except InvalidInputError:
        flash(gettext("That was over already."))
    return redirect(url_for("dashboard.imports", site_key=site_key, _anchor="sent"))


def remove_import(site_key: str) -> Response:
    """Let an import go, with all that it counted."""
    house = current_house()
    try:
        gone = book.remove(house.database, current_site().id, request.form.get("number", ""), current_principal().name)
    except InvalidInputError:
        flash(gettext("That was removed already."))
    else:
        flash(gettext("What %(product)s counted is removed.", product=title_of(gone.product)))
    house.sites.forget()
    return redirect(url_for("dashboard.imports", site_key=site_key))


def _page(problem: InvalidInputError | None = None) -> str:
    # the form of files that were refused was not read
    form = {} if problem is None or isinstance(problem, UploadRefusedError) else request.form
    return render_template(
        "imports.html",
        **_so_far(),
        waiting=False,
        asks_to_stop="stop" in request.args,
        asked=None,
        products=PRODUCTS,
        product=product_of(form.get("product") or request.args.get("product")),
        kinds=[(kind.name, gettext(kind.title)) for kind in KINDS],
        problem=problem,
        form=form,
        most_files=MOST_FILES,
        most_mb=current_house().settings.upload_cap_mb,
    )


def _so_far() -> dict[str, object]:
    site = current_site()
    with current_house().database.session() as session:
        return {"site": site, "sent": tell_sent(session, site), "lines": tell_imports(session, site)}
