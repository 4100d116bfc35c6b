"""What people do to a round: submit, take back, approve, return, publish, correct.

Each is one POST, and answers with the round's page: with what was done, or with the sentence that says why
nothing was.
"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.request import Request
from accounts.sessions.again import ask_password_again
from core.http import site_address
from core.locking import StaleEdit
from core.text import number_in
from reports.access import get_round_to_approve, get_round_to_submit
from reports.document.builder import measures_of
from reports.models import Edition, OitAnswer, Round, RoundState, Submission, SubmissionOutcome
from reports.rounds.edition_files import FilesNotReady
from reports.rounds.exposure import exposures
from reports.rounds.forms import OitForm, ReasonForm
from reports.rounds.questions import CONFIRMED, Question, about_approving, about_submitting_early
from reports.rounds.selectors import closes_plan, document_of, newest_edition, personal_data_in
from reports.rounds.services import (
    NothingToReport,
    NotReady,
    OwnSubmission,
    approve,
    check_ready,
    give_back,
    publish,
    reopen,
    submit,
    unpublish,
    withdraw,
)
from reports.rounds.views import round_page

MOVED = "รอบนี้มีผู้ดำเนินการไปก่อนแล้ว ยังไม่มีอะไรเปลี่ยนจากการกดครั้งนี้ ด้านล่างคือสถานะล่าสุด"
NOT_SUBMITTED = "รอบนี้ยังไม่ได้ส่ง จึงยังพิจารณาไม่ได้"
NO_MEASURES = "แผนปีนี้ยังไม่มีมาตรการ จึงยังไม่มีอะไรให้รายงาน กรุณาเพิ่มมาตรการในแผนก่อน แล้วจึงส่ง"
NOTHING_TO_WITHDRAW = "รอบนี้ไม่มีรายงานที่รอพิจารณา จึงไม่มีอะไรให้ถอนคืน"
WITHDRAWN = "เจ้าหน้าที่ผู้รับผิดชอบ ITA ถอนรายงานฉบับนี้คืนไปแล้ว จึงพิจารณาไม่ได้ เมื่อส่งใหม่จะแสดงที่หน้านี้"
NOT_APPROVED = "รอบนี้ยังไม่ได้รับอนุมัติ"
TELLS_PRIVATE = "ฉบับนี้มีรายละเอียดของหลักฐานที่ไม่เผยแพร่ จึงเผยแพร่ไม่ได้ กรุณาแก้ไขเป็นฉบับใหม่ก่อน"
NOT_CHECKED = "ข้อความในรายงานอาจมีข้อมูลส่วนบุคคล กรุณาเปิดดูตามรายการด้านล่าง ทำเครื่องหมายว่าตรวจแล้ว แล้วกดเผยแพร่อีกครั้ง"

FILES_NOT_READY = "ไฟล์ของฉบับนี้ยังทำไม่ครบ จึงยังเผยแพร่ไม่ได้ กรุณารอให้ไฟล์ครบก่อน"


@require_POST
def submit_round(request: Request, year: int, months: int) -> HttpResponse:
    """Freeze the report and hand it to the executive."""
    round_ = get_round_to_submit(request, year, months)
    try:
        if question := _asked_before_submitting(request, round_):
            return round_page(request, round_, {"question": question})
        submit(round_, request.user)
    except NothingToReport:
        return _refused(request, round_, NO_MEASURES, 422)
    except NotReady as error:
        problem = f"ยังส่งไม่ได้ ขาดข้อมูล {len(error.gaps)} รายการ แก้ไขตามรายการด้านล่างก่อน"
        return _refused(request, round_, problem, 422)
    except StaleEdit:
        return _refused(request, round_, MOVED)
    return _done(request, round_, "ส่งรายงานให้ผู้บริหารแล้ว ส่วนราชการยังปรับปรุงข้อมูลต่อได้โดยไม่กระทบฉบับที่ส่ง")


@require_POST
def withdraw_round(request: Request, year: int, months: int) -> HttpResponse:
    """Take back what was submitted and not decided on."""
    round_ = get_round_to_submit(request, year, months)
    submission = _submission(request, round_)
    if submission is None:
        return _refused(request, round_, MOVED if round_.was_submitted else NOTHING_TO_WITHDRAW)
    try:
        withdraw(submission, request.user)
    except StaleEdit:
        return _refused(request, round_, MOVED)
    return _done(request, round_, "ถอนรายงานคืนแล้ว แก้ไขแล้วส่งใหม่ได้จากหน้านี้")


@require_POST
def approve_round(request: Request, year: int, months: int) -> HttpResponse:
    """Approve exactly what was seen; asks once before."""
    round_ = get_round_to_approve(request, year, months)
    submission = _submission(request, round_)
    if submission is None:
        return _refused(request, round_, _why_not(request, round_))
    ask_password_again(request)
    if not request.POST.get(CONFIRMED) and not _is_own(submission, request.user):
        return round_page(request, round_, {"question": about_approving(submission)})
    closes = closes_plan(round_)
    try:
        edition = approve(submission, request.user, public_address(request, round_))
    except OwnSubmission:
        problem = "หน่วยงานนี้กำหนดให้ผู้ส่งกับผู้อนุมัติเป็นคนละคน คุณเป็นผู้ส่งรายงานนี้ จึงอนุมัติเองไม่ได้"
        return _refused(request, round_, problem, 403)
    except StaleEdit:
        return _refused(request, round_, MOVED)
    said = f"อนุมัติแล้ว เป็นฉบับที่ {edition.revision} รหัส {edition.code}"
    if closes:
        said += f" และแผนปีงบประมาณ พ.ศ. {year} ปิดแล้ว จึงรายงานและแก้ไขแผนไม่ได้อีก จนกว่าจะเปิดรอบเพื่อแก้ไข"
    return _done(request, round_, said)


@require_POST
def return_round(request: Request, year: int, months: int) -> HttpResponse:
    """Give what was submitted back to the officer, with a reason."""
    round_ = get_round_to_approve(request, year, months)
    form = ReasonForm(request.POST)
    submission = _submission(request, round_)
    if submission is None:
        return _refused(request, round_, _why_not(request, round_))
    if not form.is_valid():
        return round_page(request, round_, {"reason_form": form}, status=422)
    try:
        give_back(submission, request.user, form.cleaned_data["reason"])
    except StaleEdit:
        return _refused(request, round_, MOVED)
    return _done(request, round_, "ส่งกลับให้เจ้าหน้าที่แก้ไขแล้ว")


@require_POST
def reopen_round(request: Request, year: int, months: int) -> HttpResponse:
    """Open an approved round for a correction, with a reason."""
    round_ = get_round_to_submit(request, year, months)
    form = ReasonForm(request.POST)
    if round_.state != RoundState.APPROVED:
        return _refused(request, round_, NOT_APPROVED)
    if not form.is_valid():
        return round_page(request, round_, {"reason_form": form}, status=422)
    try:
        reopen(round_, form.cleaned_data["reason"])
    except StaleEdit:
        return _refused(request, round_, MOVED)
    return _done(request, round_, "เปิดรอบเพื่อแก้ไขแล้ว ฉบับที่อนุมัติไปแล้วยังอยู่เหมือนเดิมจนกว่าจะอนุมัติฉบับใหม่")


@require_POST
def publish_round(request: Request, year: int, months: int) -> HttpResponse:
    """Show the newest edition to everybody."""
    round_ = get_round_to_submit(request, year, months)
    edition = newest_edition(round_)
    if edition is None:
        return _refused(request, round_, NOT_APPROVED)
    # Made before private evidence was left out: what is out already is corrected, nothing new goes out.
    if any(found.private for found in exposures(Edition.objects.filter(pk=edition.pk))):
        return _refused(request, round_, TELLS_PRIVATE)
    if request.POST.get("checked") != "1" and personal_data_in(document_of(edition)):
        return _refused(request, round_, NOT_CHECKED, 422)
    try:
        publish(edition, request.user)
    except FilesNotReady:
        return _refused(request, round_, FILES_NOT_READY)
    return _done(request, round_, f"เผยแพร่ฉบับที่ {edition.revision} แล้ว ทุกคนเปิดดูได้โดยไม่ต้องลงชื่อเข้าใช้")


@require_POST
def unpublish_round(request: Request, year: int, months: int) -> HttpResponse:
    """Hide every edition of the round from the public."""
    round_ = get_round_to_submit(request, year, months)
    if not unpublish(round_, request.user):
        return _refused(request, round_, "รอบนี้ยังไม่ได้เผยแพร่")
    return _done(request, round_, "หยุดเผยแพร่แล้ว ฉบับที่อนุมัติยังเก็บไว้ครบในระบบ")


@require_POST
def answer_oit(request: Request, year: int, months: int) -> HttpResponse:
    """Note which OIT item the report answers."""
    round_ = get_round_to_submit(request, year, months)
    form = OitForm(request.POST)
    if not form.is_valid():
        return round_page(request, round_, {"oit_form": form}, status=422)
    OitAnswer.objects.update_or_create(round=round_, defaults=form.cleaned_data)
    return _done(request, round_, "บันทึกข้อ OIT แล้ว")


def public_address(request: Request, round_: Round) -> str:
    """Where everybody finds the round's report, as it is printed on it."""
    path = reverse("public_report", args=[round_.plan.agency.slug, round_.plan.fiscal_year, round_.months])
    return site_address(request, path)


def _asked_before_submitting(request: Request, round_: Round) -> Question | None:
    """What the officer is to be asked first: only where the round can be submitted, and nobody was asked."""
    if request.POST.get(CONFIRMED) or round_.state != RoundState.OPEN:
        return None
    measures = measures_of(round_)
    check_ready(round_, measures)
    return about_submitting_early(round_, measures, timezone.localdate())


def _is_own(submission: Submission, person: User) -> bool:
    """Whether an approval would be refused because the person has submitted: then nothing is asked."""
    return submission.submitted_by_id == person.pk and not submission.round.plan.agency.allows_own_approval


def _seen(request: Request) -> int | None:
    """The key of the submission that the person saw."""
    return number_in(request.POST.get("submission", ""), 18)


def _submission(request: Request, round_: Round) -> Submission | None:
    """The submission that the person saw, if it is still waiting for a decision."""
    seen = _seen(request)
    if seen is None:
        return None
    submission = round_.submissions.filter(pk=seen, outcome=SubmissionOutcome.PENDING).first()
    if submission is not None:
        submission.round = round_
    return submission


def _why_not(request: Request, round_: Round) -> str:
    if round_.submissions.filter(pk=_seen(request) or 0, outcome=SubmissionOutcome.WITHDRAWN).exists():
        return WITHDRAWN
    return NOT_SUBMITTED if round_.state == RoundState.OPEN and not round_.edition_count else MOVED


def _refused(request: Request, round_: Round, problem: str, status: int = 409) -> HttpResponse:
    # The state that was read may be a step behind what somebody else did meanwhile.
    round_.refresh_from_db(fields=["state"])
    return round_page(request, round_, {"problem": problem}, status=status)


def _done(request: Request, round_: Round, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect(reverse("report", args=[round_.plan.fiscal_year, round_.months]))
