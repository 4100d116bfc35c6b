"""The PDF of a large report that is not approved yet: laid out by a worker, because it takes many seconds."""

from typing import Final

from django.urls import reverse

from accounts.access import can_see_agency, can_see_private_evidence
from accounts.background.files import file_address, made_by, making
from accounts.background.kinds import register
from accounts.background.runs import JobProblem, Run
from accounts.background.services import ask
from accounts.models import BackgroundJob, JobState, User
from reports.document.facts import ReportDocument
from reports.document.figures import MOST, with_pictures
from reports.document.redaction import for_everybody
from reports.models import Round
from reports.renderers import FORMATS, Format, RendererUnavailable
from reports.renderers.stored import content_key, stored_rendering
from reports.rounds.pictures import pictures_for
from reports.rounds.selectors import document_in_force

KIND: Final = "draft_file"
# Measures. So many are 60 pages, which are laid out in four to five seconds; other formats take none.
LARGE: Final = 100
SLOW: Final = frozenset({"pdf", "docx"})
# A picture of a phone takes as long as so many measures.
PICTURE: Final = 3
GONE: Final = "ไม่พบรอบรายงานนี้แล้ว"
NOT_INSTALLED: Final = "เครื่องที่ทำไฟล์ยังติดตั้งไม่ครบ โปรดแจ้งผู้ดูแลระบบ: {}"


def is_for_a_worker(document: ReportDocument, report_format: Format) -> bool:
    """Whether laying it out takes longer than a person waits for a page."""
    if report_format.name not in SLOW:
        return False
    return document.measure_count + PICTURE * min(len(with_pictures(document)), MOST) > LARGE


def address_of_draft(round_: Round, key: str, report_format: Format, person: User) -> str:
    """Where the file of a draft is, or the page of the job that makes it, which is asked for where needed.

    Args:
        key: content_key() of the document as it is now and the format.

    Raises:
        TooManyJobs: the person has as many under way as one may have.
    """
    private = can_see_private_evidence(person, round_.plan.agency)
    subject = f"{key[:50]} {'all' if private else 'public'}"
    before = BackgroundJob.objects.about(KIND, subject).first()
    if before is not None and before.state == JobState.DONE and made_by(before):
        return before.result_address
    which = f"รอบ {round_.months} เดือน ปีงบประมาณ พ.ศ. {round_.plan.fiscal_year}"
    job = ask(
        KIND,
        subject,
        f"ไฟล์ {report_format.label} ของรายงาน{which} (ยังไม่อนุมัติ)",
        agency=round_.plan.agency,
        person=person,
        total=2,
        arguments={"round": round_.pk, "format": report_format.name, "private": private},
    )
    return reverse("job", args=[job.pk])


def may_have_draft(person: User, job: BackgroundJob) -> bool:
    """Whoever sees the rounds of the agency, and private evidence where that is in the file."""
    if job.agency is None or not can_see_agency(person, job.agency):
        return False
    return not job.arguments["private"] or can_see_private_evidence(person, job.agency)


@register(KIND, may_cancel=True, allowed=may_have_draft, is_heavy=True)
def make_draft_file(run: Run) -> str:
    """Lay out the report as it is when the worker comes to it."""
    arguments = run.job.arguments
    round_ = Round.objects.select_related("plan__agency").filter(pk=arguments["round"]).first()
    if round_ is None:
        raise JobProblem(GONE)
    report_format = FORMATS[arguments["format"]]
    run.report(0, 2, f"จัดหน้าไฟล์ {report_format.label}")
    document = document_in_force(round_)
    if not arguments["private"]:
        document = for_everybody(document)
    try:
        key = content_key(document, report_format)
        content = stored_rendering(key, document, report_format, pictures_for).content
    except RendererUnavailable as error:
        raise JobProblem(NOT_INSTALLED.format(error)) from error
    run.report(1, 2, "เก็บไฟล์")
    plan = round_.plan
    name = f"{plan.agency.slug}-{plan.fiscal_year}-{round_.months}{report_format.extension}"
    with making(run, name, report_format.content_type) as file:
        file.write(content)
    return file_address(run.job)
