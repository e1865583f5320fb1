"""Goals and funnels on the pages: made of what visitors do, changed, deleted, and seen by those who may only read."""

from flask import Flask

from tests.kit.pages import Person, dead_click, load, member, read, visit_of
from tracker.conditions import Condition
from tracker.funnels import FunnelInfo, StepInfo, save_funnel
from tracker.goals import GoalInfo, save_goal
from tracker.house import House
from tracker.sites import SiteInfo

HOSTILE = "<script>alert(1)</script>"


def goals_of(house: House, shop: SiteInfo) -> tuple[GoalInfo, ...]:
    house.sites.forget()
    found = house.sites.by_key(shop.key)
    assert found
    return found.goals


def steps(*paths: str, **more: str) -> dict[str, str]:
    """Return the fields of a funnel's steps, one a page."""
    told = {f"step_{n}_value": path for n, path in enumerate(paths, 1)}
    return {**{f"step_{n}_kind": "path" for n in range(1, 9)}, **told, **more}


def test_a_goal_is_made_of_what_visitors_did(house: House, owner: Person, shop: SiteInfo) -> None:
    click = dead_click("main>button", "Buy now", mutation_ms=40)
    load(house, visit_of(shop, {"url": "https://shop.example/help/faq"}, click, {"kind": "custom", "name": "order"}))
    here = f"/sites/{shop.key}/goals"
    page = owner.get(here)
    offered = {one["value"] for one in read(page).all("option")}
    assert {"/help/faq", "order", "Buy now"} <= offered
    fields = [one for one in read(page).all("input") if one.get("type") == "hidden"]
    names = [one["value"] for one in fields if one["name"] == "name"]
    assert names[0] == "help › faq" and {"order", "Buy now"} <= set(names)
    led_to = owner.send(here, {"name": "Buy now", "kind": "text", "value": "Buy now"})
    assert led_to.location == here
    assert goals_of(house, shop) == (GoalInfo("Buy now", Condition("element", text="Buy now")),)
    again = owner.text(here)
    assert "The goal “Buy now” is made." in again and "a goal</span>" in again
    report = owner.text(f"/sites/{shop.key}/reports/goals")
    assert "click on “Buy now”" in report and "100%" in report


def test_a_goal_is_changed_renamed_and_deleted(house: House, owner: Person, shop: SiteInfo) -> None:
    here = f"/sites/{shop.key}/goals"
    wanted = GoalInfo("Paid", Condition("event", event="buy", property="plan", equals="pro"), "value", "EUR")
    with house.database.session() as session:
        save_goal(session, shop.id, wanted, "anna")
    page = owner.get(f"{here}?change=Paid")
    values = {one["name"]: one["value"] for one in read(page).all("input") if one.get("id")}
    assert values | {"was": "Paid"} == {
        "name": "Paid", "value": "buy", "on": "", "property": "plan", "equals": "pro", "revenue": "value",
        "currency": "EUR", "was": "Paid",
    }  # fmt: skip
    form = {"was": "Paid", "name": "Subscribed", "kind": "path", "value": "/welcome/*"}
    assert owner.send(here, form).status_code == 302
    assert goals_of(house, shop) == (GoalInfo("Subscribed", Condition("path", path="/welcome/*")),)
    assert owner.get(f"{here}?change=Paid").status_code == 404
    owner.send(here, {"do": "delete", "name": "Subscribed"})
    assert goals_of(house, shop) == ()
    assert "is gone already" in owner.send(here, {"do": "delete", "name": "Nobody"}, follow_redirects=True).text


def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(owner: Person, shop: SiteInfo) -> None:
    here = f"/sites/{shop.key}/goals"
    for form, field, said in (
        ({"name": "A", "kind": "path", "value": "thanks"}, "value", "Begins with a slash"),
        ({"name": "A", "kind": "text", "value": "Buy", "on": "cart"}, "on", "Begins with a slash"),
        ({"name": "A", "kind": "event", "value": "buy", "property": "plan"}, "equals", "go together"),
        ({"name": "A", "kind": "event", "value": "buy", "revenue": "value"}, "currency", "three letters"),
        ({"name": "A", "kind": "nothing", "value": "buy"}, "kind", "Choose what it is about"),
        ({"name": "", "kind": "event", "value": "buy"}, "name", "1 to 64 characters"),
    ):
        page = owner.send(here, form)
        assert page.status_code == 400, form
        told = [one for one in read(page).all("p") if one.get("id") == f"{field}-problem"]
        assert told and said in page.text, (field, form)
        assert form["value"] in [one["value"] for one in read(page).all("input") if one["name"] == "value"]


def test_a_funnel_is_made_changed_and_deleted(house: House, owner: Person, shop: SiteInfo) -> None:
    load(house, visit_of(shop, {}, {"url": "https://shop.example/cart"}))
    form_page = f"/sites/{shop.key}/goals/funnel"
    made = owner.send(form_page, {"name": "Way", **steps("/", "", "/cart", step_3_name="In the cart")})
    assert made.location == f"/sites/{shop.key}/reports/funnels?funnel=Way"
    report = owner.text(made.location)
    assert "1. / is seen" in report and "2. In the cart" in report and 'class="chart funnel broad"' in report
    page = read(owner.get(f"{form_page}?change=Way"))
    values = {one["name"]: one["value"] for one in page.all("input") if one.get("id", "").startswith("step_")}
    assert (values["step_1_value"], values["step_2_value"], values["step_2_name"]) == ("/", "/cart", "In the cart")
    owner.send(form_page, {"was": "Way", "name": "Other", **steps("/", "/cart", "/thanks")})
    assert "Other" in owner.text(f"/sites/{shop.key}/goals")
    deleted = owner.send(form_page, {"do": "delete", "name": "Other"})
    assert deleted.location == f"/sites/{shop.key}/goals"
    assert owner.get(f"{form_page}?change=Other").status_code == 404


def test_a_step_that_cannot_be_says_so_at_its_place(owner: Person, shop: SiteInfo) -> None:
    form_page = f"/sites/{shop.key}/goals/funnel"
    page = owner.send(form_page, {"name": "Way", **steps("/", "", "cart")})
    assert page.status_code == 400
    assert [one["id"] for one in read(page).all("p") if one.get("class") == "problem"] == ["step_2_value-problem"]
    alone = owner.send(form_page, {"name": "Way", **steps("/")})
    assert alone.status_code == 400 and "2 to 8 steps" in alone.text


def test_funnels_are_chosen_on_the_report(house: House, owner: Person, shop: SiteInfo) -> None:
    load(house, visit_of(shop, {}))
    with house.database.session() as session:
        for name in ("One", "Two"):
            way = tuple(StepInfo("", Condition("path", path=path)) for path in ("/", f"/{name}"))
            save_funnel(session, shop.id, FunnelInfo(name, way), "anna")
    house.sites.forget()
    page = owner.get(f"/sites/{shop.key}/reports/funnels?range=7d&funnel=Two")
    assert (
        "/Two is seen" in page.text and f"/sites/{shop.key}/reports/funnels?range=7d&funnel=One" in read(page).hrefs()
    )
    assert owner.get(f"/sites/{shop.key}/reports/funnels?funnel=Three").status_code == 400


def test_who_may_only_read_sees_reports_and_no_way_to_change(
    house: House, app: Flask, owner: Person, shop: SiteInfo
) -> None:
    load(house, visit_of(shop, {}))
    viewer, page = member(house, app, shop, "viewer"), f"/sites/{shop.key}/reports/goals"
    assert "Whoever may change the site makes them." in viewer.text(page)
    assert f"/sites/{shop.key}/goals" in read(owner.get(page)).hrefs()
    assert f"/sites/{shop.key}/goals" not in read(viewer.get(page)).hrefs()
    assert viewer.get(f"/sites/{shop.key}/goals").status_code == 403
    assert viewer.send("/account", {"name": "A"}, to=f"/sites/{shop.key}/goals").status_code == 403


def test_what_visitors_send_and_owners_write_is_text_and_no_markup(house: House, owner: Person, shop: SiteInfo) -> None:
    load(house, visit_of(shop, {}, {"kind": "custom", "name": HOSTILE}, dead_click("#a", HOSTILE, mutation_ms=40)))
    with house.database.session() as session:
        save_goal(session, shop.id, GoalInfo("<script>alert(2)", Condition("element", text=HOSTILE)), "anna")
        way = tuple(StepInfo(HOSTILE, Condition("event", event=HOSTILE)) for _ in range(2))
        save_funnel(session, shop.id, FunnelInfo("<script>alert(3)", way), "anna")
    house.sites.forget()
    for path in ("goals", "goals?change=%3Cscript%3Ealert(2)", "goals/funnel", "reports/goals", "reports/funnels"):
        page = owner.get(f"/sites/{shop.key}/{path}")
        assert page.status_code == 200 and "<script>alert" not in page.text, path
