"""The tools that an assistant is given. All of them read; there is none that changes anything."""

from typing import Annotated, Any

from pydantic import Field

from tracker.client import Client, ReportWords
from tracker.mcp.answers import MOST_ROWS, USUAL_ROWS, of_check, of_question, of_report, of_story, written

SiteWord = Annotated[
    str | None, Field(description="The site's key, name or host; may be left out where there is only one.")
]
Range = Annotated[
    str,
    Field(
        description="Days of the site: today, yesterday, 7d, 28d, month, last_month, year, all, 2026-03-01..2026-03-07."
    ),
]
Filters = Annotated[
    list[str],
    Field(
        description="DIMENSION:is|is_not|contains|matches:VALUE, such as path:is:/cart; all must hold.", max_length=20
    ),
]
Limit = Annotated[int, Field(description="Most rows.", ge=1, le=MOST_ROWS)]


class Tools:
    """The tools of one client; each public method is one, its docstring is what the assistant is told."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def list_sites(self) -> str:
        """List the websites whose usability is tracked here, with key, name, hosts and time zone."""
        return written({}, {"sites": [one.info for one in self._client.sites()]}, "sites")

    def list_reports(self, site: SiteWord = None) -> str:
        """List the reports that can be run: name, title and the question that each answers."""
        told = [
            {"name": one.name, "title": one.title, "question": one.question}
            for one in self._client.site(site).reports()
        ]
        return written({"reports": told}, {}, "reports")

    def run_report(  # noqa: PLR0917 - the assistant names them
        self,
        report: Annotated[str, Field(description="A name from list_reports, such as overview, pages or dead-clicks.")],
        site: SiteWord = None,
        range: Range = "28d",  # noqa: A002 - the API's own word
        filters: Filters = [],  # noqa: B006 - never changed; its schema says so
        compare: Annotated[
            str | None, Field(description="Compare with the range before it: previous, year or weekday.")
        ] = None,
        release: Annotated[str | None, Field(description="For the report releases: which one.")] = None,
        funnel: Annotated[str | None, Field(description="For the report funnels: which one.")] = None,
        limit: Limit = USUAL_ROWS,
    ) -> str:
        """Run a report and get its totals, its rows and what the columns mean."""
        words: ReportWords = {"range": range, "filters": filters, "limit": limit}
        if compare:
            words["compare"] = compare
        if release:
            words["release"] = release
        if funnel:
            words["funnel"] = funnel
        return of_report(self._client.site(site).report(report, **words))

    def query(  # noqa: PLR0917 - the assistant names them
        self,
        metrics: Annotated[
            list[str], Field(description="Measures from schema, such as visitors.", min_length=1, max_length=20)
        ],
        site: SiteWord = None,
        dimensions: Annotated[
            list[str], Field(description="Dimensions from schema, such as path or time:day.", max_length=6)
        ] = [],  # noqa: B006
        date_range: Annotated[str, Field(description="day, yesterday, 7d, 28d, month, 6mo, year or all.")] = "28d",
        filters: Annotated[list[Any], Field(description='Such as [["is", "path", ["/cart"]]].')] = [],  # noqa: B006
        order_by: Annotated[list[list[str]] | None, Field(description='Such as [["visitors", "desc"]].')] = None,
        limit: Limit = USUAL_ROWS,
    ) -> str:
        """Ask which measures a site had by which dimensions, where no report fits. Call schema first for the names."""
        more = {"order_by": order_by} if order_by else {}
        question = {"date_range": date_range, "filters": filters, "pagination": {"limit": limit}, **more}
        return of_question(self._client.site(site).query(metrics, dimensions, **question))

    def schema(self) -> str:
        """Tell what query can be asked: measures with their units and the dimensions with which they go, dimensions."""
        found = self._client.schema()
        told = {
            "measures": [
                {"name": one.name, "unit": one.unit, "means": one.meanings[:1], "goes_with": " ".join(one.goes_with)}
                for one in found.measures
            ],
            "dimensions": [{"name": one.name, "title": one.title} for one in found.dimensions if one.groups],
            "date_ranges": found.date_ranges,
            "filters": found.filters,
        }
        return written(told, {}, "measures")

    def struggles(
        self,
        site: SiteWord = None,
        range: Range = "28d",  # noqa: A002 - the API's own word
        filters: Filters = [],  # noqa: B006 - never changed; its schema says so
        limit: Limit = USUAL_ROWS,
    ) -> str:
        """List where people struggle, what should be mended first at first: dead and rage clicks, errors, forms left.

        Each has ids of examples, for story.
        """
        return of_report(self._client.site(site).report("struggles", range=range, filters=filters, limit=limit))

    def story(
        self,
        event_id: Annotated[str, Field(description="One of the examples of a struggle.", max_length=32)],
        site: SiteWord = None,
        signal: Annotated[str | None, Field(description="The signal of the struggle.")] = None,
    ) -> str:
        """Tell one incident of a struggle: what the visitor did before, what followed or did not, and then."""
        return of_story(self._client.site(site).story(event_id, signal))

    def check_release(
        self,
        site: SiteWord = None,
        since: Annotated[str | None, Field(description="The release's name; without it the newest.")] = None,
        min_visits: Annotated[int, Field(description="So many visits are wanted on either side.", ge=0)] = 100,
    ) -> str:
        """Tell what a release made worse or better, page by page: struggles and web vitals, with intervals."""
        return of_check(self._client.site(site).check(since, min_visits=min_visits))


NAMES = ("list_sites", "list_reports", "run_report", "query", "schema", "struggles", "story", "check_release")
