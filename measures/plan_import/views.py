"""Taking a plan in: a file or a text, what it will become, mending it, and storing all of it or nothing."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import agency_in_view, can_manage_agency
from accounts.background.limits import TooManyJobs, too_many
from accounts.request import Request
from core.dangers import Dangerous
from core.http import NotFound, file_response, year_asked
from core.locking import StaleEdit
from core.thai_calendar import FiscalYear
from core.virus_scan import scan
from measures.access import get_import, plans_in_view, plans_to_edit
from measures.models import Plan, PlanImport
from measures.plan_import.background import ask_to_apply, is_large
from measures.plan_import.forms import ImportForm
from measures.plan_import.page import changed_meanwhile, import_page, read_later, readable
from measures.plan_import.parsing import Unreadable
from measures.plan_import.samples import SAMPLES, sample_file
from measures.plan_import.services import NotApplicable, apply, keep, take_in
from measures.plan_import.state import state_of
from measures.plan_import.undoing import ImportChanged, can_be_undone, undo, undoing_of
from measures.plan_import.weight import is_for_a_worker
from measures.rollover import PlanNotEmpty, clone_measures, plans_to_copy

View = Callable[..., HttpResponse]

STOPPED = "ยังนำเข้าไม่ได้ กรุณาแก้ไขรายการที่ระบุว่า “ต้องแก้ไข” ก่อน"
MEANWHILE = "มีผู้นำเข้าชุดนี้ไปก่อนแล้วในขณะเดียวกัน กรุณาตรวจแผนก่อนกดอีกครั้ง"


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: Request) -> HttpResponse:
    """Choose a file, paste a table, or copy an earlier year."""
    agency = agency_in_view(request)
    if not can_manage_agency(request.user, agency):
        raise PermissionDenied
    plans = plans_to_edit(request)
    if not plans:
        return redirect("no_plan")
    asked = year_asked(request)
    closed = None
    if asked is not None and all(plan.fiscal_year != asked for plan in plans):
        closed = plans_in_view(request).select_related("agency").filter(fiscal_year=asked).first()
    posted = request.method == "POST"
    # The page is about the plan that it was reached from.
    request.plan = next((plan for plan in plans if plan.fiscal_year == asked), plans[0])
    form = ImportForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        plans=plans,
        sources=plans_to_copy(plans_in_view(request), plans),
        initial={"year": request.plan.fiscal_year},
    )
    if form.is_valid():
        plan = next(plan for plan in plans if plan.fiscal_year == form.cleaned_data["year"])
        if form.cleaned_data["source"]:
            return _copied(request, plan, form)
        file = form.cleaned_data["file"]
        name, content = (file.name, file.read()) if file else ("", form.pasted.encode())
        try:
            if file:
                scan(content)
            if is_for_a_worker(content):
                return read_later(request, keep(plan, name, content, request.user))
            return redirect("import_preview", take_in(plan, name, content, request.user).pk)
        except (Unreadable, Dangerous) as error:
            form.add_error("file" if file else "text", str(error))
    return _start_page(request, form, closed)


@require_safe
def sample(request: Request, name: str) -> HttpResponse:
    """A sample plan, or a blank form to be filled in, for the year that is asked for."""
    if not can_manage_agency(request.user, agency_in_view(request)):
        raise PermissionDenied
    if name not in SAMPLES:
        raise NotFound("ไม่มีไฟล์ตัวอย่างชื่อนี้")
    year = year_asked(request) or FiscalYear.containing(timezone.localdate()).number
    found = SAMPLES[name]
    file_name = f"{found.name}-{year}.{found.kind.ending}"
    content = sample_file(found, year)
    return file_response(content, found.kind.content_type, file_name, cache="private, no-store")


def _copied(request: Request, plan: Plan, form: ImportForm) -> HttpResponse:
    source = plans_in_view(request).get(fiscal_year=form.cleaned_data["source"])
    try:
        count = clone_measures(source, plan)
    except PlanNotEmpty:
        form.add_error("source", "แผนของปีนี้มีมาตรการแล้ว คัดลอกได้เฉพาะแผนที่ยังไม่มีมาตรการ")
        return _start_page(request, form)
    messages.success(request, f"คัดลอก {count} มาตรการแล้ว กรุณาตรวจกำหนดและผู้รับผิดชอบ")
    return redirect("edit_plan", plan.fiscal_year)


def _start_page(request: Request, form: ImportForm, closed: Plan | None = None) -> HttpResponse:
    """The page with its form; closed is a plan that was asked for and takes nothing in any more."""
    status = 422 if form.errors else 200
    return render(request, "measures/plan_import/start.html", {"form": form, "closed": closed}, status=status)


@require_POST
def read_import(request: Request, pk: int) -> HttpResponse:
    """Have a large import read, once more where what was read is no longer kept."""
    return read_later(request, get_import(request, pk))


@require_safe
@readable
def show(request: Request, pk: int) -> HttpResponse:
    """Every measure as it will become, with what was guessed and what has to be mended."""
    return import_page(request, get_import(request, pk))


@require_POST
@readable
def apply_import(request: Request, pk: int) -> HttpResponse:
    """Store all of it, or nothing."""
    plan_import = get_import(request, pk)
    seen = request.POST.get("state", "")
    if seen and seen != state_of(plan_import):
        return changed_meanwhile(request, plan_import)
    if is_large(plan_import):
        try:
            return redirect("job", ask_to_apply(plan_import, request.user).pk)
        except TooManyJobs as limit:
            return too_many(request, limit)
    try:
        done = apply(plan_import, request.user, seen)
    except NotApplicable:
        return import_page(request, plan_import, problem=STOPPED, status=422)
    except StaleEdit:
        return import_page(request, get_import(request, pk), problem=MEANWHILE, status=409)
    counts = done.counts
    messages.success(request, f"นำเข้าแล้ว เพิ่มใหม่ {counts['new']} มาตรการ ปรับปรุง {counts['updated']} มาตรการ")
    return redirect("edit_plan", plan_import.plan.fiscal_year)


@require_http_methods(["GET", "HEAD", "POST"])
def undo_import(request: Request, pk: int) -> HttpResponse:
    """Asks once, naming what goes and what gets its earlier state, then puts an applied import back."""
    plan_import = get_import(request, pk)
    if not can_be_undone(plan_import):
        raise NotFound("การนำเข้านี้ยังไม่ได้ใช้กับแผน หรือย้อนกลับไปแล้ว")
    if request.method != "POST":
        return _undo_page(request, plan_import)
    try:
        done = undo(plan_import, request.user)
    except ImportChanged:
        return _undo_page(request, get_import(request, pk), 409)
    except StaleEdit as stale:
        raise NotFound("มีผู้ย้อนการนำเข้านี้ไปก่อนแล้วในขณะเดียวกัน") from stale
    said = f"ย้อนการนำเข้าแล้ว นำออก {len(done.made)} มาตรการ คืนค่าเดิม {len(done.changed)} มาตรการ"
    messages.success(request, said)
    return redirect("edit_plan", plan_import.plan.fiscal_year)


def _undo_page(request: Request, plan_import: PlanImport, status: int = 200) -> HttpResponse:
    context = {"plan_import": plan_import, "undoing": undoing_of(plan_import)}
    return render(request, "measures/plan_import/undo.html", context, status=status)
