"""Whose visits they are: the one definition of profiles that all reports on people share.

A profile is what the identity graph holds together: several browsers of a person who signed in, or
one browser that agreed to be known. A visitor who is tied to nothing is a profile of their own; most
of those go by a hash that is another one every day, so that they come back as somebody new. Only
*known* profiles can be recognised on another day: they are tied to something, or were seen on several days.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Subquery, case, func, select

from reports.profiles.belonging import membership, profile_id
from reports.query.buckets import day_number
from reports.query.chosen import events, visits
from reports.query.dimensions import EVENT_KINDS
from reports.query.ranges import EARLIEST
from reports.scope import Scope
from tracker.languages import counted, gettext, numbers
from tracker.store.functions import count_distinct
from tracker.store.schema import event, member, visit

PROFILE = profile_id(visit.c.visitor_id)
"""The profile of a visit that `visits_of_profiles` selects."""

TIED = member.c.profile_id.is_not(None)
"""Whether it is tied to anything: the visitor agreed to be known longer than a day."""


def visits_of_profiles(scope: Scope, *columns: Any) -> Select[Any]:
    """Select from the visits of a scope, each with the membership that holds at its beginning."""
    return visits(scope, *columns).outerjoin(member, membership(visit, visit.c.started_at))


def look_of(table: FromClause) -> ColumnElement[str]:
    """Return on what a visit or event was: class of device, system and browser. Two phones of one model are one."""
    parts = [func.coalesce(table.c[name], "") for name in ("device", "os", "browser")]
    found: ColumnElement[str] = parts[0]
    for part in parts[1:]:
        found = found + ", " + part
    return found


def look_in_words(look: str) -> str:
    """Write what `look_of` returned: mobile, iOS, Mobile Safari."""
    return ", ".join(part for part in look.split(", ") if part) or gettext("unknown")


def sign_ins(scope: Scope) -> Subquery:
    """Return `profile`, `look` and `first_at`: when each was first seen signed in on it, whatever is filtered by."""
    columns = profile_id(event.c.visitor_id).label("profile"), look_of(event).label("look")
    happened = events(unfiltered(scope), EVENT_KINDS, *columns)
    return (
        happened.add_columns(func.min(event.c.occurred_at).label("first_at"))
        .outerjoin(member, membership(event, event.c.occurred_at))
        .where(event.c.login_id.is_not(None), event.c.visitor_id.is_not(None))
        .group_by("profile", "look")
        .subquery("sign_ins")
    )


def signed_in(scope: Scope) -> Subquery:
    """Return `profile` and `first_at`: when each was first seen signed in, in the range, whatever is filtered by."""
    seen = sign_ins(scope)
    first = select(seen.c.profile, func.min(seen.c.first_at).label("first_at")).group_by(seen.c.profile)
    return first.subquery("signed_in")


def firsts(scope: Scope) -> Subquery:
    """Return `profile`, `first_at` and `tied` (1 or 0) of all that were ever seen up to the range's end.

    The first visit is the first that is stored of the profile on the site, whatever is filtered by.
    """
    return (
        visits_of_profiles(
            replace(unfiltered(scope), range=replace(scope.range, first=EARLIEST, since=None)),
            PROFILE.label("profile"),
            func.min(visit.c.started_at).label("first_at"),
            func.max(case((TIED, 1), else_=0)).label("tied"),
        )
        .group_by("profile")
        .subquery("firsts")
    )


def begun(scope: Scope) -> Subquery:
    """Return the known profiles whose first visit ever is one that the scope chooses.

    Columns: `profile`, `first_at`, and `first_day`, the number of the site's day.
    """
    known = firsts(scope)
    seen = visits_of_profiles(scope, PROFILE.label("profile"), visit.c.started_at.label("at")).where(TIED)
    chosen = seen.distinct().subquery("chosen")
    return (
        select(known.c.profile, known.c.first_at, day_number(known.c.first_at, scope.range).label("first_day"))
        .select_from(chosen.join(known, same_profile(chosen, known) & (chosen.c.at == known.c.first_at)))
        .subquery("begun")
    )


def since(scope: Scope) -> Scope:
    """Return the scope of all that happened from the range's first day to this day, whatever is filtered by."""
    today = scope.now.astimezone(scope.range.zone).date()
    span = replace(scope.range, end_day=max(scope.range.end_day, today + timedelta(days=1)), until=None)
    return replace(unfiltered(scope), range=span)


def unfiltered(scope: Scope) -> Scope:
    """Return the scope without its filters: what a visitor did otherwise too."""
    return replace(scope, filters=())


def known_in_range(scope: Scope) -> Select[Any]:
    """Select `visitors`, how many profiles a scope has, and `known`, how many of these can be known on another day."""
    days = count_distinct(day_number(visit.c.started_at, scope.range))
    seen = visits_of_profiles(
        scope,
        PROFILE.label("profile"),
        func.max(case((TIED, 1), else_=0)).label("tied"),
        days.label("days"),
    )
    each = seen.group_by("profile").subquery("each_profile")
    known = func.count().filter((each.c.tied > 0) | (each.c.days > 1))
    columns: tuple[Any, ...] = func.count().label("visitors"), known.label("known")
    return select(*columns)


def known_note(visitors: int, known: int) -> str:
    """Say how far reports on people can see: most visitors are strangers again on the next day."""
    return counted(
        "Of %(n)s visitor, %(known)s agreed to be known longer than a day; the others count as new each day.",
        "Of %(n)s visitors, %(known)s agreed to be known longer than a day; the others count as new each day.",
        visitors,
        known=numbers.whole(known),
    )


def same_profile(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    """Say that rows of two subqueries are of one profile."""
    return one.c.profile == other.c.profile
