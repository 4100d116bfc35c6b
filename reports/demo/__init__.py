"""The demonstration: one agency's real six-month report, an invented story around it, a person of every role.

Nothing here overwrites what a person has changed since. A second run adds only what is missing: an account,
an agency, or an agency's plan of a fiscal year. A plan that is there stays as it is, however old: a
demonstration that was loaded in October is the same after it was loaded again in May. The first run of a new
fiscal year adds that year's plans.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import Agency
from measures.indicators import load_indicators
from reports.demo.account_log import load_account_log
from reports.demo.neighbours import load_neighbours
from reports.demo.own_years import load_own_years
from reports.demo.people import DEFAULT_PASSWORD, PEOPLE, Password
from reports.demo.real_report import load_agency_and_people, load_plan, publish_report, read_report
from reports.demo.stage import Stage

__all__ = ["DEFAULT_PASSWORD", "ONLY_WITH_DEBUG", "PEOPLE", "load_demo", "load_real_report", "read_report"]

SITE: Final = "http://127.0.0.1:8000"
ONLY_WITH_DEBUG: Final = (
    "คำสั่งนี้ใส่ข้อมูลตัวอย่าง จึงใช้ได้เฉพาะเมื่อเปิด DEBUG: ตั้ง DEBUG=True บนเครื่องทดลอง และอย่าใช้กับระบบจริง"
)


def load_demo(password: str, now: datetime | None = None, site: str = "") -> Stage:
    """Load whatever of the demonstration is missing, all of it or nothing.

    Args:
        password: becomes that of every demo account.
        now: until when the story is told; this moment when left out.
        site: the address that is printed on approved reports.

    Returns:
        The people by their names, and what there is to say.
    """
    stage = Stage(now or timezone.now(), site or SITE, Password(password))
    report = read_report()
    with stage.files_go_if_it_fails(), transaction.atomic():
        stage.indicators = load_indicators()
        agency = load_agency_and_people(stage, report)
        plan = load_plan(agency, report, stage.indicators, reported_by=stage.people["officer"])
        if plan is not None:
            publish_report(stage, plan, report)
        load_own_years(stage, agency)
        load_account_log(stage, agency)
        load_neighbours(stage)
    return stage


@transaction.atomic
def load_real_report(password: str) -> Agency:
    """The real report and the people alone, its rounds open: in a quarter of a second, for tests."""
    stage = Stage(timezone.now(), SITE, Password(password), load_indicators())
    report = read_report()
    agency = load_agency_and_people(stage, report)
    load_plan(agency, report, stage.indicators, reported_by=stage.people["officer"])
    return agency
