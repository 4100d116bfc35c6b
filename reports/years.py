"""Opening a fiscal year of an agency."""

from django.db import transaction

from accounts.models import Agency
from measures.models import Plan
from reports.models import Round


@transaction.atomic
def open_year(agency: Agency, fiscal_year: int) -> Plan:
    """An agency's plan of a fiscal year with both of its rounds; what is there already stays as it is."""
    plan, _ = Plan.objects.get_or_create(agency=agency, fiscal_year=fiscal_year)
    for months in Round.Months.values:
        Round.objects.get_or_create(plan=plan, months=months)
    return plan
