"""A large workbook that comes back, read by a worker: its rows are kept for the one who sent it."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from django.urls import reverse

from accounts.background.files import GivenFile, facts_of, keep_facts, read_given
from accounts.background.kinds import register
from accounts.background.runs import JobProblem, Run
from accounts.background.services import ask
from accounts.models import BackgroundJob, JobState, User
from core.http import NotFound
from core.text import only_text
from measures.access import can_update_some
from measures.models import Plan
from measures.plan_import.model import Unreadable

if TYPE_CHECKING:
    from measures.workbook.services import SheetRow

KIND: Final = "read_workbook"
GONE: Final = "ไม่พบแผนที่จะรายงานแล้ว"
NOT_KEPT: Final = "สิ่งที่อ่านจากไฟล์ Excel นี้ไม่อยู่แล้ว เก็บไว้ 7 วัน กรุณานำไฟล์เข้ามาใหม่"


def ask_to_read(plan: Plan, name: str, content: bytes, person: User) -> BackgroundJob:
    """Queue the reading of a workbook; nothing is stored of what is in it before the person has seen it.

    Raises:
        TooManyJobs: the person has as many under way as one may have.
    """
    name = only_text(name) or "ไฟล์ Excel"
    digest = hashlib.sha256(content).hexdigest()[:24]
    return ask(
        KIND,
        f"{plan.pk} {person.pk} {digest}",
        f"อ่านผลปีงบประมาณ พ.ศ. {plan.fiscal_year} จาก {name}",
        agency=plan.agency,
        person=person,
        total=2,
        arguments={"plan": plan.pk},
        given=GivenFile(name, content),
    )


def rows_read(plan: Plan, job: int, person: User) -> Sequence["SheetRow"]:
    """The rows that a job has read of a workbook for a plan.

    Raises:
        NotFound: there is no such job of this person and plan, or what it has read is not there.
    """
    found = BackgroundJob.objects.filter(pk=job, kind=KIND, asked_by=person, state=JobState.DONE).first()
    if found is None or found.arguments["plan"] != plan.pk:
        raise NotFound(NOT_KEPT)
    facts = facts_of(found)
    if facts is None:
        raise NotFound(NOT_KEPT)
    from measures.workbook.services import SheetRow

    return [SheetRow(**row) for row in facts]


def may_report(person: User, job: BackgroundJob) -> bool:
    """Whoever may still report on a measure of the plan, and has sent the workbook."""
    plan = _plan_of(job)
    return person.pk == job.asked_by_id and (plan is None or can_update_some(person, plan))


@register(KIND, may_cancel=True, allowed=may_report, is_heavy=True)
def read_large_workbook(run: Run) -> str:
    """Read it and keep its rows."""
    # What reads and writes workbooks is loaded where it is needed.
    from measures.workbook.services import rows_of

    plan = _plan_of(run.job)
    if plan is None:
        raise JobProblem(GONE)
    given = read_given(run)
    address = reverse("sheet", args=[plan.fiscal_year])
    run.report(0, 2, "อ่านไฟล์")
    try:
        rows = rows_of(given.name, given.content)
    except Unreadable as error:
        raise JobProblem(str(error), address=address) from error
    run.report(1, 2, "เก็บสิ่งที่อ่านได้")
    keep_facts(run, [asdict(row) for row in rows])
    return f"{address}?job={run.job.pk}"


def _plan_of(job: BackgroundJob) -> Plan | None:
    return Plan.objects.select_related("agency").filter(pk=job.arguments["plan"]).first()
