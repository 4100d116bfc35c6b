"""Opening a fiscal year of an agency."""

from django.db import transaction

from accounts.models import Agency
from measures.models import Plan
from measures.rollover import clone_measures
from reports.models import Round, RoundLength


@transaction.atomic
def open_year_from(source: Plan, fiscal_year: int) -> Plan:
    """A later fiscal year's plan and rounds, with the measures of an earlier plan; all of it or nothing.

    Raises:
        PlanNotEmpty: that year has measures already.
        ValueError: the year is not later than the source's.
    """
    if fiscal_year <= source.fiscal_year:
        raise ValueError(f"{fiscal_year} is not after {source.fiscal_year}")
    plan = open_year(source.agency, fiscal_year)
    clone_measures(source, plan)
    return plan


@transaction.atomic
def open_year(agency: Agency, fiscal_year: int) -> Plan:
    """An agency's plan of a fiscal year with both of its rounds; what is there already stays as it is."""
    plan, _ = Plan.objects.get_or_create(agency=agency, fiscal_year=fiscal_year)
    for months in RoundLength.values:
        Round.objects.get_or_create(plan=plan, months=months)
    return plan
