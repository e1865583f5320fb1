"""Goals and funnels in the relational store: checked, saved, changed, deleted, and known to the site."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.conditions import Condition, as_stored, check_condition, from_stored, in_words
from tracker.database import Database
from tracker.errors import InvalidInputError
from tracker.funnels import MOST_FUNNELS, MOST_STEPS, FunnelInfo, StepInfo, delete_funnel, save_funnel
from tracker.goals import MOST_GOALS, GoalInfo, delete_goal, save_goal
from tracker.site_changes import delete_site
from tracker.sites import SiteBook, SiteInfo

THANKS, BUY = Condition("path", path="/thanks"), Condition("event", event="buy")
STEPS = (StepInfo("", THANKS), StepInfo("Bought", BUY))


def test_goals_and_funnels_are_known_to_their_site_until_it_goes(
    database: Database, site: SiteInfo, sites: SiteBook
) -> None:
    with database.session() as session:
        wanted = GoalInfo(" Thanked ", Condition("path", path=" /thanks "))
        assert save_goal(session, site.id, wanted, "anna") == (GoalInfo("Thanked", THANKS), True)
        save_goal(session, site.id, GoalInfo("Bought", BUY, "value", "eur"), "anna")
        assert save_funnel(session, site.id, FunnelInfo("Way", STEPS), "anna") == (FunnelInfo("Way", STEPS), True)
    found = sites.by_key(site.key)
    assert found is not None
    assert found.goals == (GoalInfo("Bought", BUY, "value", "EUR"), GoalInfo("Thanked", THANKS))
    assert found.funnels == (FunnelInfo("Way", STEPS),)
    assert [step.title for step in found.funnels[0].steps] == ["/thanks is seen", "Bought"]
    with database.session() as session:
        delete_site(session, site.id)


def test_saved_again_or_under_another_name_it_is_the_same_one(
    database: Database, site: SiteInfo, sites: SiteBook
) -> None:
    with database.session() as session:
        save_goal(session, site.id, GoalInfo("One", THANKS), "anna")
        assert save_goal(session, site.id, GoalInfo("One", BUY), "anna") == (GoalInfo("One", BUY), False)
        assert save_goal(session, site.id, GoalInfo("Two", BUY), "anna", was="One")[1] is False
        save_goal(session, site.id, GoalInfo("Three", BUY), "anna")
        with pytest.raises(InvalidInputError, match="another goal's"):
            save_goal(session, site.id, GoalInfo("Three", BUY), "anna", was="Two")
        save_funnel(session, site.id, FunnelInfo("One", STEPS), "anna")
        assert save_funnel(session, site.id, FunnelInfo("Two", STEPS[::-1]), "anna", was="One")[1] is False
        save_funnel(session, site.id, FunnelInfo("Three", STEPS), "anna")
        with pytest.raises(InvalidInputError, match="another funnel's"):
            save_funnel(session, site.id, FunnelInfo("Two", STEPS), "anna", was="Three")
        assert delete_goal(session, site.id, "Three") and not delete_goal(session, site.id, "Three")
        assert delete_funnel(session, site.id, "Three") and not delete_funnel(session, site.id + 1, "Two")
    found = sites.by_key(site.key)
    assert found is not None
    assert ([one.name for one in found.goals], [one.name for one in found.funnels]) == (["Two"], ["Two"])
    assert found.funnels[0].steps == STEPS[::-1]


@pytest.mark.parametrize(
    ("condition", "field"),
    [
        (Condition("path"), "path"),
        (Condition("path", path="  "), "path"),
        (Condition("path", path="thanks"), "path"),
        (Condition("path", path="https://shop.example/thanks"), "path"),
        (Condition("path", path="/thanks?order=1"), "path"),
        (Condition("path", path="/a\nb"), "path"),
        (Condition("path", path="/" + "a" * 512), "path"),
        (Condition("path", path="/a", event="buy"), "event"),
        (Condition("event"), "event"),
        (Condition("event", event="b" * 65), "event"),
        (Condition("event", event="buy", property="plan"), "equals"),
        (Condition("event", event="buy", equals="pro"), "property"),
        (Condition("event", event="buy", property="p'); DROP", equals="1"), "property"),
        (Condition("event", event="buy", path="/a"), "path"),
        (Condition("element"), "element"),
        (Condition("element", element="a", text="b"), "element"),
        (Condition("element", text="b", path="a"), "path"),
    ],
)
def test_conditions_that_cannot_be_name_what_is_wrong(condition: Condition, field: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        check_condition(condition)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("goal", "field"),
    [
        (GoalInfo("", THANKS), "name"),
        (GoalInfo("a/b", THANKS), "name"),
        (GoalInfo("Paid", THANKS, "value", "EUR"), "revenue"),
        (GoalInfo("Paid", BUY, None, "EUR"), "revenue"),
        (GoalInfo("Paid", BUY, "value"), "currency"),
        (GoalInfo("Paid", BUY, "value", "EURO"), "currency"),
        (GoalInfo("Paid", BUY, "my value", "EUR"), "revenue"),
    ],
)
def test_goals_that_cannot_be_name_what_is_wrong(
    goal: GoalInfo, field: str, database: Database, site: SiteInfo
) -> None:
    with database.session() as session, pytest.raises(InvalidInputError) as caught:
        save_goal(session, site.id, goal, "anna")
    assert caught.value.field == field


def test_a_funnel_has_two_to_eight_steps_each_of_which_can_be(database: Database, site: SiteInfo) -> None:
    for steps, field in (
        (STEPS[:1], "steps"),
        (STEPS * MOST_STEPS, "steps"),
        ((STEPS[0], StepInfo("", Condition("path", path="x"))), "step_2_path"),
        ((StepInfo("a\nb", THANKS), STEPS[1]), "step_1_name"),
    ):
        with database.session() as session, pytest.raises(InvalidInputError) as caught:
            save_funnel(session, site.id, FunnelInfo("Way", steps), "anna")
        assert caught.value.field == field


def test_there_is_an_end_to_many(database: Database, site: SiteInfo) -> None:
    with database.session() as session:
        for number in range(MOST_GOALS):
            save_goal(session, site.id, GoalInfo(f"No. {number}", THANKS), "anna")
        save_goal(session, site.id, GoalInfo("No. 1", BUY), "anna")
        with pytest.raises(InvalidInputError, match="delete one first"):
            save_goal(session, site.id, GoalInfo("One more", THANKS), "anna")
        for number in range(MOST_FUNNELS):
            save_funnel(session, site.id, FunnelInfo(f"No. {number}", STEPS), "anna")
        with pytest.raises(InvalidInputError, match="delete one first"):
            save_funnel(session, site.id, FunnelInfo("One more", STEPS), "anna")


TEXTS = st.none() | st.text(max_size=12) | st.sampled_from(["/a", "/b/*", "buy", " plan "])


@given(st.builds(Condition, st.sampled_from(["path", "event", "element"]), *[TEXTS] * 6))
def test_what_is_checked_stays_as_it_is(condition: Condition) -> None:
    try:
        checked = check_condition(condition)
    except InvalidInputError:
        return
    assert check_condition(checked) == checked == from_stored(as_stored(checked))
    assert "None" not in in_words(checked)
