"""Which columns a page has room for, by the rows there are."""

from reports import (
    attention,
    cohorts,
    form_fields,
    forms,
    outbound_links,
    script_errors,
    site_search,
    struggles,
    vitals,
)
from reports.wording.columns import columns_shown


def test_the_trend_has_a_column_where_a_row_has_one() -> None:
    def names(*trends: str | None) -> list[str]:
        return [one.name for one in columns_shown(struggles.report.columns, [{"trend": trend} for trend in trends])]

    assert "trend" in names("worse", None)
    assert "trend" not in names(None, None)


def test_no_two_columns_of_a_page_have_one_title() -> None:
    for report in (attention, form_fields, forms, outbound_links, script_errors, site_search, vitals):
        titles = [column.title for column in columns_shown(report.report.columns)]
        assert len(titles) == len(set(titles)), report.report.name


def test_cohorts_have_a_column_for_what_is_over_for_any_row() -> None:
    rows = [{"after_0": 0.5, "after_1": None}, {"after_0": None, "after_1": 0.25}]
    names = [column.name for column in columns_shown(cohorts.report.columns, rows)]
    assert names == ["time", "profiles", "after_0", "after_1"]
