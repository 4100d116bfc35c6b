"""A large import, applied by a worker: nobody looks at a page that does not answer for half a minute."""

from typing import Final

from django.urls import reverse

from accounts.background.kinds import register
from accounts.background.runs import JobProblem, Run
from accounts.background.services import ask
from accounts.models import BackgroundJob, User
from core.locking import StaleEdit
from measures.models import PlanImport
from measures.plan_import.readings import may_take_in
from measures.plan_import.weight import is_for_a_worker

KIND: Final = "import_plan"
# In bytes, as of a pasted plan of 80 measures with eight steps; below it the page answers within seconds.
LARGE: Final = 60_000
STOPPED: Final = "ยังนำเข้าไม่ได้ กรุณาเปิดหน้าตรวจการนำเข้าแล้วแก้ไขรายการที่ระบุว่า “ต้องแก้ไข” ก่อน"
MEANWHILE: Final = "มีผู้นำเข้าชุดนี้ไปก่อนแล้วในขณะเดียวกัน กรุณาตรวจแผนก่อนสั่งอีกครั้ง"


def is_large(plan_import: PlanImport) -> bool:
    """Whether applying it is for a worker."""
    content = bytes(plan_import.content)
    return len(content) > LARGE or is_for_a_worker(content)


def ask_to_apply(plan_import: PlanImport, person: User) -> BackgroundJob:
    """Queue the applying of an import as it is now; where that is queued already, nothing changes.

    Raises:
        TooManyJobs: the person has as many under way as one may have.
    """
    plan = plan_import.plan
    return ask(
        KIND,
        str(plan_import.pk),
        f"นำเข้าแผนปีงบประมาณ พ.ศ. {plan.fiscal_year} จาก {plan_import.name or 'ข้อความที่วาง'}",
        agency=plan.agency,
        person=person,
        total=2,
        arguments={"plan_import": plan_import.pk, "applied_at": _applied(plan_import)},
    )


@register(KIND, may_cancel=True, allowed=may_take_in, is_heavy=True)
def apply_large_import(run: Run) -> str:
    """Read it, then store all of it in one transaction, or nothing."""
    # What reads office files is loaded where it is needed.
    from measures.plan_import.parsing import Unreadable
    from measures.plan_import.preview import preview
    from measures.plan_import.services import NotApplicable, apply

    plan_import = (
        PlanImport.objects.select_related("plan__agency").filter(pk=run.job.arguments["plan_import"]).first()
    )
    if plan_import is None:
        raise JobProblem("ไม่พบชุดที่จะนำเข้าแล้ว")
    address = reverse("edit_plan", args=[plan_import.plan.fiscal_year])
    mended_at = reverse("import_preview", args=[plan_import.pk])
    if _applied(plan_import) != run.job.arguments["applied_at"]:
        if plan_import.applied_by_id == run.job.asked_by_id:
            # A worker that was killed afterwards has stored all of it.
            return address
        raise JobProblem(MEANWHILE)
    try:
        run.report(0, 2, "อ่านไฟล์")
        if not preview(plan_import).may_apply:
            raise JobProblem(STOPPED, address=mended_at)
        run.report(1, 2, "บันทึกลงแผน")
        apply(plan_import, run.job.asked_by)
    except NotApplicable as error:
        raise JobProblem(STOPPED, address=mended_at) from error
    except StaleEdit as error:
        raise JobProblem(MEANWHILE) from error
    except Unreadable as error:
        # The machine may only have been too busy.
        raise JobProblem(str(error), again=True) from error
    return address


def _applied(plan_import: PlanImport) -> str:
    return plan_import.applied_at.isoformat() if plan_import.applied_at else ""
