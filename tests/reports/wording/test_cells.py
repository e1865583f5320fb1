"""What stands in the cells of a report's table: words, not colours alone, and links that filter."""

from typing import Any

from reports import (
    attention,
    bounce_paths,
    exit_paths,
    form_fields,
    forms,
    funnels,
    goals,
    outbound_links,
    releases,
    script_errors,
    struggles,
    vitals,
)
from reports.report import Report
from reports.wording.cells import rows_shown, told_in_words
from reports.wording.columns import columns_shown
from reports.wording.links import Address
from reports.wording.shown import Shown

HERE = Address("/sites/k/reports/r", (("range", "7d"),))


def cells(report: Report, **row: Any) -> dict[str, Shown]:
    """The cells of a row by column; what is not given is None."""
    columns = columns_shown(report.columns)
    whole = {column.name: row.get(column.name) for column in report.columns}
    return dict(zip((column.name for column in columns), rows_shown(columns, [whole], HERE)[0], strict=True))


def test_a_vital_has_its_rating_in_words_and_its_number_of_views() -> None:
    shown = cells(
        vitals.report, lcp_ms=2600, lcp_rating="needs improvement", lcp_views=1234, cls=0.26, cls_rating="poor"
    )
    lcp, cls = shown["lcp_ms"], shown["cls"]
    assert (lcp.text, lcp.badge, lcp.mood, lcp.small) == ("2.6 s", "Needs improvement", "", "1,234 views")
    assert (cls.text, cls.badge, cls.mood) == ("0.26", "Poor", "hurts")
    assert not {"lcp_rating", "lcp_views"} & set(shown)
    few = cells(vitals.report, lcp_ms=900, lcp_rating="few views", lcp_views=1, rating="few views")
    assert (few["lcp_ms"].badge, few["lcp_ms"].small, few["rating"].badge) == ("", "1 view", "Few views")


def test_the_views_of_a_vital_are_told_where_they_are_not_all_of_the_row() -> None:
    assert cells(vitals.report, lcp_ms=900, lcp_views=40, views=40)["lcp_ms"].small == ""
    assert cells(vitals.report, lcp_ms=900, lcp_views=39, views=40)["lcp_ms"].small == "39 views"


def test_a_difference_of_shares_is_in_points_with_its_sign() -> None:
    dead = {"signal": "dead"}
    grown = cells(releases.report, **dead, difference=0.268, difference_low=0.2105, difference_high=0.329)["difference"]
    assert (grown.text, grown.small) == ("+26.8 points", "+21.1 to +32.9")
    assert cells(releases.report, **dead, difference=-0.031)["difference"].text == "−3.1 points"
    assert cells(releases.report, **dead)["difference"].text == "–"


def test_an_estimate_has_no_more_digits_than_it_is_worth() -> None:
    def lost(low: float, high: float) -> str:
        estimate = {"visits_lost": 1.0, "visits_lost_low": low, "visits_lost_high": high}
        return cells(struggles.report, signal="dead", **estimate)["visits_lost"].small

    assert [lost(50.6, 71.52), lost(0, 9.99), lost(0, 0.22), lost(0, 0)] == ["51–72", "0–10", "0–0.2", ""]


def test_a_rating_is_a_badge() -> None:
    shown = cells(vitals.report, rating="good", device="mobile")
    assert (shown["rating"].badge, shown["rating"].mood, shown["rating"].text) == ("Good", "good", "")
    assert str(shown["device"].link).endswith("filter=device%3Ais%3Amobile")


def test_a_share_has_its_interval_below() -> None:
    shown = cells(forms.report, completion_rate=0.4, completion_rate_low=0.1176, completion_rate_high=0.7693)
    assert (shown["completion_rate"].text, shown["completion_rate"].small) == ("40%", "12–77%")
    assert "completion_rate_low" not in shown
    assert cells(forms.report)["completion_rate"] == Shown("share", "–")


def test_a_form_is_named_and_says_where_it_is_given_up() -> None:
    shown = cells(
        forms.report, element="main>form", form_label="Order", last_field="main>form>input", left_at_last_field=2 / 3
    )
    assert shown["element"].text == "“Order” form"
    last = shown["last_field"]
    assert (last.text, last.badge, last.small) == ("Field", "66.7%", "main>form>input")
    assert cells(forms.report)["last_field"].text == "–"


def test_a_field_is_no_filter_and_its_form_is() -> None:
    assert cells(form_fields.report, field="form>input", field_kind="email")["field"].text == "Email field"
    shown = cells(form_fields.report, element="#order", field="#order>select", field_kind="select-one")
    assert (shown["field"].text, shown["field"].link) == ("Menu", None)
    assert shown["element"].link is not None


def test_an_error_shows_its_script_below_its_message_and_whether_it_is_new() -> None:
    shown = cells(script_errors.report, message="x is null", script="shop.example/app.js:10", age="new")
    assert (shown["message"].text, shown["message"].small) == ("x is null", "shop.example/app.js:10")
    assert (shown["age"].badge, shown["age"].mood) == ("New", "hurts")
    assert cells(script_errors.report, message="")["message"].text == "No message"


def test_an_address_shows_what_was_written_on_it() -> None:
    shown = cells(outbound_links.report, href="other.example/", element_text="Elsewhere", what="download")
    assert (shown["href"].text, shown["href"].small, shown["what"].badge) == ("other.example/", "Elsewhere", "Download")


def test_a_band_is_told_by_its_two_ends() -> None:
    shown = cells(attention.report, from_depth=0.05, to_depth=0.1)
    assert shown["from_depth"].text == "5% – 10%"
    assert "to_depth" not in shown


def test_a_total_is_told_with_its_rating() -> None:
    by_name = {column.name: column for column in vitals.report.columns}
    row = {"lcp_ms": 900, "lcp_rating": "good", "lcp_views": 40, "rating": "poor"}
    assert told_in_words(by_name["lcp_ms"], row) == "900 ms, good"
    assert told_in_words(by_name["rating"], row) == "Poor"


def test_the_number_of_visits_leads_to_those_that_took_the_way() -> None:
    told = {"trail": ["/a", "/b"], "visits": 3, "last_signal": "dead", "last_signal_element": "#x"}
    assert str(cells(exit_paths.report, **told)["visits"].link) == (
        "/sites/k/visits?range=7d&signal=dead&element=%23x&last=%2Fa&last=%2Fb"
    )
    told = {"trail": ["/a"], "visits": 3, "ending": "bounce"}
    assert str(cells(bounce_paths.report, **told)["visits"].link) == (
        "/sites/k/visits?range=7d&filter=source%3Ais%3A&ending=bounce&signal=none&trail=%2Fa"
    )
    assert cells(bounce_paths.report, **{**told, "trail": [""]})["visits"].link is None


def test_a_goal_says_when_it_is_reached_and_leads_to_its_visits() -> None:
    row = cells(goals.report, goal="Ordered", reached_when="“buy” happens", revenue=1234.5, currency="EUR")
    assert (row["goal"].text, row["goal"].small) == ("Ordered", "“buy” happens")
    assert str(row["goal"].link).endswith("filter=goal%3Ais%3AOrdered")
    assert row["revenue"].text == "1,234.50\u00a0EUR"
    assert cells(goals.report, goal="A", revenue=500, currency="JPY")["revenue"].text == "500\u00a0JPY"
    assert "revenue" not in [one.name for one in columns_shown(goals.report.columns, [{"revenue": None}])]


def test_a_step_says_where_those_went_who_left() -> None:
    row = cells(funnels.report, step="Cart", done_when="/cart is seen", next="/help", next_visits=3, left=1200)
    assert (row["step"].text, row["step"].small) == ("Cart", "/cart is seen")
    assert (row["next"].text, row["next"].small) == ("/help", "3 of the 1,200 who left")
    assert cells(funnels.report, step="A", done_when="A", next=funnels.LEFT)["next"].text == "Left the site"
    assert cells(funnels.report, step="A", done_when="A")["step"].small == ""
