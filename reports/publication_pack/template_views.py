"""The page on which an officer puts a Word template of the agency's own in place of the system's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.background.limits import TooMuchAtOnce, heavy_answer, too_many
from accounts.models import Agency
from accounts.request import Request
from core.dangers import Dangerous
from core.file_kinds import DOCX, size_text
from core.forms import ReadableForm
from core.http import NotFound, file_response
from core.locking import StaleEdit
from core.virus_scan import scan
from measures.evidence.files import safe_name
from measures.evidence.quota import QuotaUsedUp
from reports.access import get_agency_of_papers
from reports.models import PaperKind, PaperTemplate
from reports.publication_pack.fields import COLUMNS, EXAMPLE, FIELDS, LIST_NAME
from reports.publication_pack.papers import paper_docx, standard_template
from reports.publication_pack.problems import MAX_TEMPLATE, BadTemplate
from reports.publication_pack.selectors import template_choices, templates_in_force
from reports.publication_pack.services import choose_template, examine_template, filled_in

MEANWHILE: Final = "มีผู้อื่นเปลี่ยนแม่แบบนี้ไปก่อนแล้ว ยังไม่มีอะไรเปลี่ยนจากการกดครั้งนี้ ด้านล่างคือแม่แบบล่าสุด"


class TemplateForm(ReadableForm, forms.Form):
    """A template for one paper, or the wish to use the system's again."""

    version = forms.IntegerField(label="รุ่น", min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    back = forms.BooleanField(required=False)
    file = forms.FileField(
        label="ไฟล์แม่แบบ Word (.docx)",
        help_text=f"ไม่เกิน {size_text(MAX_TEMPLATE)} ระบบตรวจและลองกรอกก่อนเก็บ",
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        error_messages={"empty": "ไฟล์นี้ว่างเปล่า กรุณาเลือกไฟล์อื่น"},
    )
    content = b""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].required = not (self.is_bound and self["back"].data)

    def clean(self) -> dict[str, Any]:
        """A file that can be filled in, unless the system's template is wanted."""
        cleaned = super().clean() or self.cleaned_data
        file: UploadedFile[Any] | None = cleaned.get("file")
        if cleaned.get("back") or self.errors or file is None:
            return cleaned
        try:
            self.content = file.read(MAX_TEMPLATE + 1)
            scan(self.content)
            examine_template(self.content)
        except (BadTemplate, Dangerous) as error:
            self.add_error("file", str(error))
        return cleaned


@dataclass(frozen=True)
class TemplateSlot:
    """One paper on the page: what is used for it now, and the form by which that changes."""

    kind: str
    label: str
    chosen: PaperTemplate | None
    form: TemplateForm


@require_http_methods(["GET", "HEAD", "POST"])
def paper_templates(request: Request) -> HttpResponse:
    """Both papers' templates, the fields with an example each. POST puts a file in place, or the system's."""
    agency = get_agency_of_papers(request)
    if request.method != "POST":
        return _page(request, agency)
    form = TemplateForm(request.POST, request.FILES, prefix=_prefix(request))
    try:
        with heavy_answer(request.user):
            is_valid = form.is_valid()
    except TooMuchAtOnce as limit:
        return too_many(request, limit)
    if not is_valid:
        return _page(request, agency, form, status=422)
    return _changed(request, agency, form)


def _changed(request: Request, agency: Agency, form: TemplateForm) -> HttpResponse:
    cleaned = form.cleaned_data
    kind = PaperKind(str(form.prefix))
    name = "" if cleaned["back"] else safe_name(cleaned["file"].name, DOCX)
    try:
        choose_template(agency, kind, cleaned["version"], request.user, name, form.content)
    except StaleEdit:
        return _page(request, agency, problem=MEANWHILE, status=409)
    except QuotaUsedUp as full:
        form.add_error("file", str(full))
        return _page(request, agency, form, status=422)
    said = "เก็บแม่แบบของหน่วยงานแล้ว ใช้กับเอกสารที่จัดทำหลังจากนี้" if name else "กลับไปใช้แม่แบบของระบบแล้ว"
    messages.success(request, f"{kind.label}: {said}")
    return redirect("paper_templates")


@require_safe
def template_file(request: Request, kind: str) -> HttpResponse:
    """A template to take away: the system's, ?of=own the agency's; ?filled=1 filled in with examples."""
    agency = get_agency_of_papers(request)
    if kind not in PaperKind.values:
        raise NotFound("ไม่มีแม่แบบนี้")
    label, today = PaperKind(kind).label, timezone.localdate()
    own = templates_in_force(agency).get(kind) if request.GET.get("of") == "own" else None
    if request.GET.get("of") == "own" and own is None:
        raise NotFound("หน่วยงานยังไม่มีแม่แบบของตนเอง")
    content = bytes(own.content) if own else standard_template(kind)
    name = own.name if own else f"แม่แบบ{label}.docx"
    if "filled" in request.GET:
        name = f"ตัวอย่าง{label}.docx"
        try:
            with heavy_answer(request.user):
                content = filled_in(content, EXAMPLE, today) if own else paper_docx(kind, EXAMPLE, today)
        except BadTemplate as error:
            return _page(request, agency, problem=str(error), status=422)
        except TooMuchAtOnce as limit:
            return too_many(request, limit)
    return file_response(content, DOCX.content_type, name, cache="private, no-store")


def _prefix(request: Request) -> str:
    """Both papers have a form on the page; the button says whose was sent."""
    sent = request.POST.get("paper", "")
    return sent if sent in PaperKind.values else PaperKind.MEMO.value


def _page(
    request: Request, agency: Agency, sent: TemplateForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    chosen = template_choices(agency)
    context: Mapping[str, Any] = {
        "slots": [_slot(kind, chosen[kind], sent) for kind in PaperKind.values],
        "sent": sent,
        "fields": FIELDS,
        "columns": COLUMNS,
        "list_name": LIST_NAME,
        "problem": problem,
    }
    return render(request, "reports/publication_pack/templates.html", context, status=status)


def _slot(kind: str, chosen: PaperTemplate | None, sent: TemplateForm | None) -> TemplateSlot:
    if sent is not None and sent.prefix == kind:
        form = sent
    else:
        form = TemplateForm(prefix=kind, initial={"version": chosen.version if chosen else 0})
    return TemplateSlot(kind, PaperKind(kind).label, chosen, form)
