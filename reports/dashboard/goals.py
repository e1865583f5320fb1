"""Goals and funnels as pages: what there is, making one of what visitors do, changing and deleting."""

from re import match

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reports.dashboard import goal_forms
from reports.dashboard.candidates import candidates
from reports.dashboard.goal_forms import Fields, StepFields
from reports.dashboard.meanwhile import check_unchanged, mark_of
from tracker.conditions import in_words
from tracker.errors import InvalidInputError
from tracker.funnels import MOST_STEPS, delete_funnel, find_funnel, save_funnel
from tracker.gate import current_principal, current_site
from tracker.goals import delete_goal, find_goal, save_goal
from tracker.house import current_house
from tracker.languages import gettext, marked

Answer = str | Response | tuple[str, int]

_SHOWN_STEPS = 3
_GOAL_IS = {
    "made": marked("The goal “%(name)s” is made."),
    "changed": marked("The goal “%(name)s” is changed."),
    "deleted": marked("The goal “%(name)s” is deleted."),
    "gone": marked("The goal “%(name)s” is gone already."),
}
_FUNNEL_IS = {
    "made": marked("The funnel “%(name)s” is made."),
    "changed": marked("The funnel “%(name)s” is changed."),
    "deleted": marked("The funnel “%(name)s” is deleted."),
    "gone": marked("The funnel “%(name)s” is gone already."),
}


def goals(site_key: str) -> str:
    """List goals and funnels, with the form for a goal: a new one, or the one that is to be changed."""
    name = request.args.get("change")
    if name is None:
        return _goals_page({}, Fields())
    found = next((one for one in current_site().goals if one.name == name), None) or abort(404)
    form = {"name": found.name, "revenue": found.revenue or "", "currency": found.currency or ""}
    return _goals_page(form, goal_forms.fields_of(found.condition), was=found.name)


def change_goals(site_key: str) -> Answer:
    """Save the goal of the form, or delete one."""
    house, site, form = current_house(), current_site(), request.form
    name, was = form.get("name", ""), form.get("was") or None
    fields = goal_forms.read_fields(form)
    try:
        with house.database.session() as session:
            if form.get("do") == "delete":
                what = "deleted" if delete_goal(session, site.id, name) else "gone"
            else:
                wanted = goal_forms.read_goal(form)
                if was and (stands := find_goal(session, site.id, was)):
                    check_unchanged(form, stands)
                saved, is_new = save_goal(session, site.id, wanted, current_principal().name, was)
                name, what = saved.name, "made" if is_new else "changed"
    except InvalidInputError as error:
        house.sites.forget()  # what is in the way may be new
        return _goals_page(form, fields, goal_forms.in_form(error, fields), was), 400
    house.sites.forget()
    flash(gettext(_GOAL_IS[what], name=name[:64]))
    return redirect(url_for("dashboard.goals", site_key=site_key))


def funnel(site_key: str) -> Answer:
    """Show the form for a funnel: a new one, or the one that is to be changed."""
    name = request.args.get("change")
    if name is None:
        return _funnel_page("", [])
    found = next((one for one in current_site().funnels if one.name == name), None)
    return _funnel_page(found.name, goal_forms.steps_of(found), was=found.name) if found else abort(404)


def change_funnel(site_key: str) -> Answer:
    """Save the funnel of the form, or delete one."""
    house, site, form = current_house(), current_site(), request.form
    name, was = form.get("name", ""), form.get("was") or None
    steps = goal_forms.read_steps(form)
    try:
        with house.database.session() as session:
            if form.get("do") == "delete":
                what = "deleted" if delete_funnel(session, site.id, name) else "gone"
            else:
                wanted = goal_forms.funnel_of(name, steps)
                if was and (stands := find_funnel(session, site.id, was)):
                    check_unchanged(form, stands)
                saved, is_new = save_funnel(session, site.id, wanted, current_principal().name, was)
                name, what = saved.name, "made" if is_new else "changed"
    except InvalidInputError as error:
        house.sites.forget()
        return _funnel_page(name, steps, _of_step(error, steps), was), 400
    house.sites.forget()
    flash(gettext(_FUNNEL_IS[what], name=name[:64]))
    if form.get("do") == "delete":
        return redirect(url_for("dashboard.goals", site_key=site_key))
    return redirect(url_for("dashboard.report", site_key=site_key, name="funnels", funnel=name))


def _goals_page(
    form: goal_forms.Form, fields: Fields, problem: InvalidInputError | None = None, was: str | None = None
) -> str:
    site = current_site()
    return render_template(
        "goals.html",
        site=site,
        asked=None,
        form=form,
        fields=fields,
        problem=problem,
        was=was,
        mark=mark_of(*(one for one in site.goals if one.name == was)),
        kinds=goal_forms.kinds(),
        candidates=candidates(site),
        made={goal.condition for goal in site.goals},
        as_fields=goal_forms.fields_of,
        in_words=in_words,
    )


def _funnel_page(
    name: str, steps: list[StepFields], problem: InvalidInputError | None = None, was: str | None = None
) -> str:
    site = current_site()
    empty = [StepFields("", Fields())] * (MOST_STEPS - len(steps))
    return render_template(
        "funnel.html",
        site=site,
        asked=None,
        name=name,
        steps=[*steps, *empty],
        shown=max(_SHOWN_STEPS, len(steps)),
        problem=problem,
        was=was,
        mark=mark_of(*(one for one in site.funnels if one.name == was)),
        kinds=goal_forms.kinds(),
        candidates=candidates(site),
    )


def _of_step(problem: InvalidInputError, steps: list[StepFields]) -> InvalidInputError:
    """Return a step's problem under the name of its field in the form; any other as it is."""
    found = match(r"step_(\d)_", problem.field)
    return goal_forms.in_form(problem, steps[int(found[1]) - 1].fields, found[0]) if found else problem
