"""Writes the letters that ask: whether somebody wants reports or alerts, and to join those who look after a site."""

from dataclasses import dataclass

from reports.mail.writing import written
from reports.wording.places import isolated
from tracker.languages import gettext, marked
from tracker.mail import Letter
from tracker.sites import SiteInfo


@dataclass(frozen=True)
class Asking:
    """What somebody is asked whether they want: the page's title, and the question."""

    title: str
    question: str


REPORTS = Asking(marked("Reports on %(site)s"), marked("Do you want reports on %(site)s?"))
ALERTS = Asking(marked("Alerts on %(site)s"), marked("Do you want alerts on %(site)s?"))


def ask_to_confirm(site: SiteInfo, name: str, asking: Asking, confirm: str, never: str) -> Letter:
    """Write the letter that asks somebody who is not of the team whether they want the others, or never want any."""
    question = gettext(asking.question, site=isolated(site.name))
    told = {
        "site": site,
        "schedule": name,
        "question": question,
        "confirm": confirm,
        "never": never,
        "title": gettext(asking.title, site=isolated(site.name)),
    }
    return Letter(subject=question, text=written("confirm.txt", told), html=written("confirm.html", told))


def ask_to_join(site: SiteInfo, who: str, link: str) -> Letter:
    """Write the letter by which somebody is invited to a site."""
    title = gettext("You are invited to %(site)s", site=isolated(site.name))
    told = {"site": site, "who": who, "link": link, "title": title}
    return Letter(subject=title, text=written("join.txt", told), html=written("join.html", told))
