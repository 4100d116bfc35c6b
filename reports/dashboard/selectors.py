"""What the dashboard asks the database: a plan's measures, and the steps of two years."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils import timezone

from measures.models import Indicator, Measure, Plan
from measures.status import Status
from reports.dashboard.figures import Dashboard, dashboard
from reports.dashboard.trend import WorkItem


def measures_of_plan(plan: Plan) -> Sequence[Measure]:
    """All measures of a plan in report order, with their parties and parts; three queries."""
    return list(Measure.objects.filter(plan=plan).with_parties().with_parts().in_report_order())


def dashboard_of(plan: Plan, measures: Sequence[Measure], on: date) -> Dashboard:
    """A plan's dashboard on a day; two queries more."""
    return dashboard(measures, Indicator.objects.all(), list(work_of(plan)), plan.year, on)


def work_of(plan: Plan) -> Iterator[WorkItem]:
    """The steps of a plan and of that of the year before, without those of cancelled measures.

    A measure without steps counts as one. Where a measure is done its steps are, also where nobody ticked
    them: since its last report, if nothing else is known.
    """
    found = (
        Measure.objects.filter(
            plan__agency=plan.agency_id, plan__fiscal_year__in=(plan.fiscal_year - 1, plan.fiscal_year)
        )
        .exclude(status=Status.CANCELLED)
        .order_by()
        .values_list("plan__fiscal_year", "indicator_id", "status", "reported_at", "steps__done_on")
    )
    for fiscal_year, indicator, status, reported_at, done_on in found:
        is_done = done_on is not None or status == Status.DONE
        since = done_on or (timezone.localdate(reported_at) if is_done and reported_at else None)
        yield WorkItem(fiscal_year, indicator, is_done, since)
