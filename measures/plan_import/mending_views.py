"""What is mended on the preview of an import, before anything of it is stored in the plan."""

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from accounts.request import Request
from core.http import NotFound
from core.locking import StaleEdit
from core.text import number_in
from measures.access import get_import
from measures.models import LearnedWord, PlanImport
from measures.plan_import.forms import CopiedForm, MendForm, YearForm
from measures.plan_import.mending import bring_in, leave_out, put_together, split, store_reading
from measures.plan_import.model import ImportedPlan, Unreadable
from measures.plan_import.page import CHANGED, back_to, changed_meanwhile, import_page, read_later, readable
from measures.plan_import.preview import mend, preview
from measures.plan_import.reading_form import ReadingForm
from measures.plan_import.readings import plan_in_view
from measures.plan_import.services import store_choices, store_mended
from measures.plan_import.state import state_of
from measures.plan_import.weight import is_for_a_worker
from measures.plan_import.words import forget

# Of the number of a row.
MOST_DIGITS: Final = 18
NOTHING_THERE: Final = "ไม่มีแถวหรือตารางนี้ในต้นฉบับ"


@require_POST
@readable
def columns(request: Request, pk: int) -> HttpResponse:
    """Say what columns, headings and names mean; with other columns what was mended before goes."""
    plan_import = get_import(request, pk)
    found = preview(plan_import, plan_in_view(plan_import))
    form = ReadingForm(request.POST, plan_import=plan_import, preview=found)
    if not form.is_valid():
        return import_page(request, plan_import, 422, posted=True)
    is_large = is_for_a_worker(bytes(plan_import.content))
    try:
        store_reading(plan_import, form.said, None if is_large else form.mapping, _seen(request))
    except Unreadable as error:
        return import_page(request, get_import(request, pk), 422, problem=str(error))
    except StaleEdit:
        return changed_meanwhile(request, plan_import)
    if is_large:
        return read_later(request, plan_import, form.mapping)
    messages.success(request, "อ่านใหม่ตามที่ระบุแล้ว")
    return back_to(request, plan_import, "import-answer")


@require_POST
@readable
def choose_year(request: Request, pk: int) -> HttpResponse:
    """Keep the days of an original that is of another fiscal year, or move them."""
    plan_import = get_import(request, pk)
    question = plan_in_view(plan_import).year
    if question is None:
        return back_to(request, plan_import)
    form = YearForm(request.POST, question=question)
    if not form.is_valid():
        return import_page(request, plan_import, 422, year_form=form)
    try:
        store_choices(plan_import, _seen(request), years=form.cleaned_data["years"])
    except StaleEdit:
        return changed_meanwhile(request, plan_import)
    return _read_again(request, plan_import)


@require_POST
@readable
def choose_copied(request: Request, pk: int) -> HttpResponse:
    """Add to the measures that were copied from an earlier year, or put the import in their place."""
    plan_import = get_import(request, pk)
    form = CopiedForm(request.POST)
    if not form.is_valid():
        return import_page(request, plan_import, 422, copied_form=form)
    try:
        store_choices(plan_import, _seen(request), copied=form.cleaned_data["copied"])
    except StaleEdit:
        return changed_meanwhile(request, plan_import)
    return back_to(request, plan_import)


@require_POST
@readable
def choose(request: Request, pk: int) -> HttpResponse:
    """One press: leave a row, a measure or a table out, take it in, split a measure, take no statuses."""
    plan_import = get_import(request, pk)
    plan = plan_in_view(plan_import)
    try:
        anchor = _chosen(request, plan_import, plan)
    except StaleEdit:
        return changed_meanwhile(request, plan_import)
    return _read_again(request, plan_import, anchor)


def _chosen(request: Request, plan_import: PlanImport, plan: ImportedPlan) -> str:
    """Does what was pressed; where the person goes on."""
    pressed, seen = request.POST, _seen(request)
    places = {measure.key: place for place, measure in enumerate(plan.measures)}
    if only_plan := pressed.get("only_plan"):
        store_choices(plan_import, seen, only_plan=only_plan == "1")
        return "import-answer"
    if (key := pressed.get("leave", "")) and leave_out(plan_import, plan, key, seen):
        # What came after it stands there now.
        return f"measure-{max(0, min(places[key], len(places) - 2))}" if key in places else "tables"
    if (key := pressed.get("bring", "")) and bring_in(plan_import, plan, key, seen):
        return f"at-{key.replace('.', '-')}" if "." in key else "tables"
    if (key := pressed.get("split", "")) and split(plan_import, plan, key, seen):
        return f"measure-{places[key]}"
    if (key := pressed.get("join", "")) and put_together(plan_import, key, seen):
        return f"at-{key.replace('.', '-')}"
    raise NotFound(NOTHING_THERE)


@require_http_methods(["GET", "HEAD", "POST"])
@readable
def mend_measure(request: Request, pk: int, place: int) -> HttpResponse:
    """Mend one measure where it stands in the preview."""
    plan_import = get_import(request, pk)
    measures = plan_in_view(plan_import).measures
    # Of a form that was sent the measure is the one that it was shown with, whatever stands there now.
    key = request.POST.get("key", "")
    if not key:
        if place >= len(measures):
            raise NotFound("ไม่มีมาตรการลำดับนี้ในไฟล์")
        key = measures[place].key
    place = next((at for at, measure in enumerate(measures) if measure.key == key), -1)
    if place < 0:
        return changed_meanwhile(request, plan_import)
    mended = plan_import.edits.get(key)
    shown = mend(measures[place], mended) if mended else measures[place]
    form = MendForm(request.POST if request.method == "POST" else None, initial=MendForm.initial_of(shown))
    if form.is_valid():
        try:
            store_mended(plan_import, key, form.values, _seen(request))
        except StaleEdit:
            # What was typed stays, beside what is stored now.
            plan_import.refresh_from_db(fields=["edits", "choices", "mapping", "applied_at"])
            return _mending(request, plan_import, form, place, 409, problem=CHANGED)
        messages.success(request, f"แก้ไข “{form.values['title']}” แล้ว ยังไม่บันทึกลงแผนจนกว่าจะกดนำเข้า")
        return back_to(request, plan_import, f"measure-{place}")
    return _mending(request, plan_import, form, place, 422 if form.errors else 200)


def _mending(
    request: Request, plan_import: PlanImport, form: MendForm, place: int, status: int, problem: str = ""
) -> HttpResponse:
    """The preview with the form of one measure in its place."""
    key = plan_in_view(plan_import).measures[place].key
    state = state_of(plan_import, key)
    return import_page(
        request, plan_import, status, mending=place, mend_form=form, mend_state=state, problem=problem
    )


@require_POST
@readable
def forget_word(request: Request, pk: int) -> HttpResponse:
    """Forget what a heading or a name was said to mean at an earlier import."""
    plan_import = get_import(request, pk)
    word = request.POST.get("word", "")
    of_agency = LearnedWord.objects.filter(agency=plan_import.plan.agency)
    learned = get_object_or_404(of_agency, pk=number_in(word, MOST_DIGITS) or 0)
    forget(learned)
    plan_import.refresh_from_db(fields=["choices"])
    messages.success(request, f"ลืม “{learned.text}” แล้ว การนำเข้าครั้งต่อไปจะไม่ใช้ความหมายนี้")
    return _read_again(request, plan_import, "learned")


def _read_again(request: Request, plan_import: PlanImport, anchor: str = "") -> HttpResponse:
    """What a worker reads is read by one again, the rest when the page is shown."""
    if is_for_a_worker(bytes(plan_import.content)):
        return read_later(request, plan_import)
    return back_to(request, plan_import, anchor)


def _seen(request: Request) -> str:
    return request.POST.get("state", "")
