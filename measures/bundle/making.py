"""All files of a plan in one ZIP with a list of them, made by a worker.

Also a plan with three small files: one way, of which the limit, the permission and the page are the same.
"""

import shutil
from pathlib import Path
from typing import Final
from zipfile import ZIP_STORED, ZipFile

from django.conf import settings

from accounts.background.files import file_address, making
from accounts.background.kinds import register
from accounts.background.runs import JobProblem, Run
from accounts.background.services import ask
from accounts.models import BackgroundJob, User
from core.disk_space import DISK_FULL, is_disk_full
from measures.access import can_bundle_evidence, evidence_in_view
from measures.models import Plan

KIND: Final = "bundle"
GONE: Final = "ไม่พบแผนนี้แล้ว"
# What must be left on the disk when it is done.
ROOM_TO_LEAVE: Final = 200 * 1024 * 1024


def ask_for_bundle(plan: Plan, person: User) -> BackgroundJob:
    """Queue the bundle of a plan; where that is queued already, nothing changes. The one before goes then.

    Raises:
        TooManyJobs: the person has as many under way as one may have.
    """
    return ask(
        KIND,
        str(plan.pk),
        f"ไฟล์หลักฐานทั้งปีงบประมาณ พ.ศ. {plan.fiscal_year}",
        agency=plan.agency,
        person=person,
        arguments={"plan": plan.pk},
    )


def newest_bundle(plan: Plan) -> BackgroundJob | None:
    """The newest job that makes or has made the bundle of a plan."""
    return BackgroundJob.objects.about(KIND, str(plan.pk)).first()


def may_have_bundle(person: User, job: BackgroundJob) -> bool:
    """Whoever may take the files of the plan now, also where they were bundled for somebody else."""
    plan = Plan.objects.select_related("agency").filter(pk=job.arguments["plan"]).first()
    return plan is not None and can_bundle_evidence(person, plan)


@register(KIND, may_cancel=True, allowed=may_have_bundle, is_heavy=True)
def make_bundle(run: Run) -> str:
    """Put every file into the ZIP, one after the other, and the list of all evidence at the end."""
    # What writes workbooks is loaded where it is needed.
    from measures.bundle.archive import name_of, write_bundle

    plan = Plan.objects.select_related("agency").filter(pk=run.job.arguments["plan"]).first()
    if plan is None or run.job.asked_by is None:
        raise JobProblem(GONE)
    evidence = list(
        evidence_in_view(run.job.asked_by, plan)
        .select_related("measure__indicator", "part__division")
        .order_by("measure__indicator__number", "measure__position", "measure_id", "effective_on", "id")
    )
    run.report(0, len(evidence) + 1, "เตรียมพื้นที่")
    _look_for_room(sum(each.size for each in evidence))
    try:
        with making(run, name_of(plan), "application/zip") as file, ZipFile(file, "w", ZIP_STORED) as archive:
            write_bundle(run, archive, plan, evidence)
    except OSError as error:
        if is_disk_full(error):
            raise JobProblem(DISK_FULL) from error
        raise
    return file_address(run.job)


def _look_for_room(size: int) -> None:
    media = Path(settings.MEDIA_ROOT)
    # Of a new site the folder is not there yet.
    there = next(each for each in (media, *media.parents) if each.exists())
    if shutil.disk_usage(there).free < size + ROOM_TO_LEAVE:
        raise JobProblem(DISK_FULL)
