"""What the invented shop hopes for: its goals, and the way of an order."""

from sqlalchemy.orm import Session

from tracker.conditions import Condition
from tracker.funnels import FunnelInfo, StepInfo, save_funnel
from tracker.goals import GoalInfo, save_goal
from tracker.sample.shop import PURCHASE_EVENT, PURCHASE_PAGE

_BY = "sample"
GOALS = (
    GoalInfo("Added to basket", Condition("element", text="Add to basket")),
    GoalInfo("Compared the plans", Condition("path", path="/subscriptions")),
    GoalInfo("Ordered", Condition("event", event=PURCHASE_EVENT), "value", "GBP"),
    GoalInfo("Read the journal", Condition("path", path="/journal/*")),
)
FUNNELS = (
    FunnelInfo(
        "From tea to order",
        (
            StepInfo("Looks at a product", Condition("path", path="/product/*")),
            StepInfo("Adds it to the basket", Condition("element", text="Add to basket")),
            StepInfo("Opens the basket", Condition("path", path="/basket")),
            StepInfo("Goes to the checkout", Condition("path", path="/checkout")),
            StepInfo("Has ordered", Condition("path", path=PURCHASE_PAGE)),
        ),
    ),
)


def save_all(session: Session, site_id: int) -> None:
    """Save the shop's goals and funnels."""
    for goal in GOALS:
        save_goal(session, site_id, goal, _BY)
    for funnel in FUNNELS:
        save_funnel(session, site_id, funnel, _BY)
