"""A site's webhooks: made, changed, tried, given another secret, switched off; and what became of what they got."""

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from reports.dashboard import webhook_telling
from reports.webhooks.trying import send_again, send_test
from tracker.errors import InvalidInputError
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.languages import gettext
from tracker.models import Webhook, WebhookMessage
from tracker.outgoing.posting import shown_secret
from tracker.webhooks import book
from tracker.webhooks.kinds import KINDS
from tracker.webhooks.queue import find_message

Answer = str | Response | tuple[str, int]


def webhooks(site_key: str) -> str:
    """List a site's webhooks, with the form for a new one."""
    return _list()


def make(site_key: str) -> Answer:
    """Make a webhook, and show its secret, this once."""
    house, own_hosts = current_house(), current_house().settings.hosts_of_ours
    try:
        with house.database.session() as session:
            made = book.create_webhook(session, current_site().id, _wanted(), own_hosts, current_principal().name)
    except InvalidInputError as error:
        return _list(error), 400
    return _one(made, secret=made.secret)


def webhook(site_key: str, number: int) -> Answer:
    """Show a webhook with its log; POST changes it."""
    house, problem = current_house(), None
    with house.database.session() as session:
        found = _find(session, number)
    if request.method == "POST":
        try:
            with house.database.session() as session:
                own_hosts, who = house.settings.hosts_of_ours, current_principal().name
                book.change_webhook(session, _find(session, number), _wanted(), own_hosts, who)
            flash(gettext("Saved."))
            return redirect(url_for("dashboard.webhook", site_key=site_key, number=number))
        except InvalidInputError as error:
            problem = error
    return _one(found, problem), 400 if problem else 200


def act(site_key: str, number: int) -> Answer:
    """Try a webhook, send it something again, give it another secret, switch it, or delete it."""
    do, house, who = request.form.get("do", ""), current_house(), current_principal().name
    back = url_for("dashboard.webhook", site_key=site_key, number=number)
    with house.database.session() as session:
        found = _find(session, number)
        message = find_message(session, found, request.form.get("message", "")) if do == "again" else None
        if do in ("on", "off"):
            book.switch(session, found, who, on=do == "on")
            flash(gettext("It is on.") if found.on else gettext("It is off: nothing is sent."))
        elif do == "rotate":
            book.rotate(session, found, who)
        elif do == "delete":
            book.delete_webhook(session, found, who)
            flash(gettext("The webhook to %(host)s is deleted.", host=book.host_of(found)))
            back = url_for("dashboard.webhooks", site_key=site_key)
        elif do != "test" and message is None:
            abort(404 if do == "again" else 400)
    if do == "rotate":
        return _one(found, secret=found.secret)
    if do == "test":
        _try(found)
    elif message is not None:
        _say(send_again(house, message))
    return redirect(back)


def _try(found: Webhook) -> None:
    try:
        _say(send_test(current_house(), current_site(), found))
    except InvalidInputError as error:
        flash(gettext("Nothing was sent: %(problem)s.", problem=error.problem))


def _say(message: WebhookMessage) -> None:
    """Say what became of a message."""
    if message.state == "sent":
        flash(gettext("It arrived: the receiver answered %(status)s.", status=str(message.status)))
    elif message.problem is not None:
        flash(gettext("It did not arrive. The log below says why."))
    else:
        flash(gettext("It is on its way."))


def _find(session: Session, number: int) -> Webhook:
    return book.find_webhook(session, current_site().id, number) or abort(404)


def _wanted() -> book.WantedWebhook:
    return book.WantedWebhook(request.form.get("address", ""), request.form.getlist("kinds"))


def _list(problem: InvalidInputError | None = None) -> str:
    site = current_site()
    with current_house().database.session() as session:
        told = webhook_telling.tell_all(session, site)
    return render_template(
        "webhooks.html",
        site=site,
        asked=None,
        told=told,
        kinds=KINDS,
        problem=problem,
        form=request.form if problem else {},
        chosen=request.form.getlist("kinds") if problem else [kind.name for kind in KINDS],
    )


def _one(found: Webhook, problem: InvalidInputError | None = None, secret: str | None = None) -> str:
    site = current_site()
    with current_house().database.session() as session:
        told, log = webhook_telling.tell(session, found, site), webhook_telling.tell_log(session, found, site)
    return render_template(
        "webhook.html",
        site=site,
        asked=None,
        webhook=found,
        told=told,
        log=log,
        most_shown=webhook_telling.MOST_SHOWN,
        kinds=KINDS,
        problem=problem,
        form=request.form if problem else MultiDict({"address": found.address}),
        chosen=request.form.getlist("kinds") if problem else found.kinds,
        secret=shown_secret(secret) if secret else None,
    )
