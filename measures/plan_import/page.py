"""The page on which an import is looked at and mended, whatever brought a person there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.background.limits import TooManyJobs, too_many
from accounts.request import Request
from core.http import NotFound
from measures.access import get_import
from measures.models import PlanImport
from measures.plan_import.choices import Choices
from measures.plan_import.copied import untouched
from measures.plan_import.forms import CopiedForm, YearForm
from measures.plan_import.model import Unreadable
from measures.plan_import.preview import Prepared, Preview, Section, preview, sections_of
from measures.plan_import.reading_form import ReadingForm
from measures.plan_import.readings import Mapped, NotReadYet, ask_to_read, plan_in_view, reading_of
from measures.plan_import.state import state_of
from measures.plan_import.undoing import can_be_undone
from measures.plan_import.words import kept_words

View = Callable[..., HttpResponse]

PAGE_SIZE: Final = 50
# A plan that is no longer than this is shown whole.
SHORT: Final = 20
CHANGED: Final = (
    "ชุดนี้ถูกแก้ไขหรือนำเข้าไปแล้วในอีกหน้าต่างหนึ่งหรือโดยผู้อื่น จึงยังไม่บันทึกสิ่งที่กด หน้านี้แสดงสภาพล่าสุดแล้ว กรุณาตรวจแล้วกดอีกครั้ง"
)


@dataclass(frozen=True)
class Listed:
    """The measures of a preview that one page shows.

    Args:
        show: "check" for those that a person has to look at, "all" for all.
        to_check: how many those are.
    """

    show: str
    to_check: int
    page: Page[Prepared]

    @property
    def sections(self) -> Sequence[Section]:
        return sections_of(list(self.page))

    @property
    def query(self) -> str:
        """What an address says of it beside the page."""
        return urlencode({"show": self.show})

    @property
    def here(self) -> str:
        """What the address of this very page says."""
        return urlencode({"show": self.show, "page": self.page.number})


def listed(found: Preview, show: str, number: str, mending: int | None = None) -> Listed:
    """The measures that are asked for.

    Args:
        show: as Listed.show; anything else for what a plan of this length begins with.
        number: of the page, as an address says it.
        mending: the place of a measure that has to be among them.
    """
    every = [measure for section in found.sections for measure in section.measures]
    to_check = [measure for measure in every if measure.stops or measure.guesses]
    if show not in {"check", "all"}:
        show = "check" if to_check and len(every) > SHORT else "all"
    shown = to_check if show == "check" else every
    if mending is not None:
        if mending not in {measure.place for measure in shown}:
            show, shown = "all", every
        at = next(at for at, measure in enumerate(shown) if measure.place == mending)
        number = str(at // PAGE_SIZE + 1)
    return Listed(show, len(to_check), Paginator(shown, PAGE_SIZE).get_page(number))


def import_page(
    request: Request,
    plan_import: PlanImport,
    status: int = 200,
    *,
    mending: int | None = None,
    posted: bool = False,
    **more: Any,
) -> HttpResponse:
    """The preview of an import.

    Args:
        mending: the place of the measure whose form (mend_form) is open.
        posted: its form of columns, headings and names was sent, and is shown as it was.
        more: what else its template takes.
    """
    found = preview(plan_import, plan_in_view(plan_import))
    asked = request.POST if request.method == "POST" else request.GET
    data = request.POST if posted else None
    choices = Choices.of(plan_import.choices)
    context = {
        "plan_import": plan_import,
        "preview": found,
        "list": listed(found, asked.get("show", ""), asked.get("page", ""), mending),
        "form": ReadingForm(data, plan_import=plan_import, preview=found),
        "year_form": YearForm(question=found.plan.year) if found.plan.year else None,
        "copied_form": CopiedForm(initial={"copied": choices.copied}),
        "untouched": untouched(found.copied).count() if found.copied else 0,
        "undoable": can_be_undone(plan_import),
        "choices": choices,
        "joined_rows": _joined_rows(found, choices),
        "learned": kept_words(plan_import.plan.agency),
        "state": state_of(plan_import),
        "mending": mending,
        "problem": "",
        **more,
    }
    return render(request, "measures/plan_import/preview.html", context, status=status)


def _joined_rows(found: Preview, choices: Choices) -> Sequence[tuple[str, str, str]]:
    """Rows that were brought in and are parts of other measures: key, table and row."""
    own = {measure.imported.key for measure in found.measures} | {row.key for row in found.plan.left_out}
    names = {table.key: table.name for table in found.plan.tables}
    keys = (key for key in sorted(choices.brought_in) if "." in key and key not in own)
    return [(key, names.get(key.split(".")[0], ""), key.split(".")[1]) for key in keys]


def back_to(request: Request, plan_import: PlanImport, anchor: str = "") -> HttpResponse:
    """To the preview as it was shown, at the place where something was mended."""
    said = {name: value for name in ("show", "page") if (value := request.POST.get(name))}
    query = f"?{urlencode(said)}" if said else ""
    return redirect(f"{reverse('import_preview', args=[plan_import.pk])}{query}{anchor and f'#{anchor}'}")


def changed_meanwhile(request: Request, plan_import: PlanImport) -> HttpResponse:
    """The import as it is now, to whoever pressed something on an older page of it."""
    return import_page(request, get_import(request, plan_import.pk), 409, problem=CHANGED)


def read_later(request: Request, plan_import: PlanImport, mapping: Mapped | None = None) -> HttpResponse:
    """To the page of the job that reads it; where the person has too many, what was sent is kept."""
    try:
        return redirect("job", ask_to_read(plan_import, request.user, mapping).pk)
    except TooManyJobs as limit:
        return too_many(request, limit, reverse("import_preview", args=[plan_import.pk]))


def readable(view: View) -> View:
    """What could be read when it came in can be given up now, on a machine that is too busy: say so.

    Of what a worker reads, its page, or one that says how it is read again.
    """

    @wraps(view)
    def wrapped(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Unreadable as error:
            raise NotFound(str(error)) from error
        except NotReadYet:
            return _not_read(request, get_import(request, kwargs["pk"]))

    return wrapped


def _not_read(request: Request, plan_import: PlanImport) -> HttpResponse:
    job = reading_of(plan_import)
    if job and job.is_unfinished:
        return redirect("job", job.pk)
    return render(request, "measures/plan_import/not_read.html", {"plan_import": plan_import, "job": job})
