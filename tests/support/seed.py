"""The six-month report that the demonstration loads: the published one with its corrections."""

from functools import cache

from reports.demo import DEFAULT_PASSWORD, load_real_report
from reports.document.builder import build_document
from reports.document.facts import ReportDocument
from reports.models import Round


@cache
def seed_report() -> ReportDocument:
    """Read from the database of the first test that asks; what is read does not change."""
    load_real_report(DEFAULT_PASSWORD)
    reported = Round.objects.select_related("plan__agency").get(months=6)
    return build_document(reported, as_of=reported.ends_on)
