"""Every component of the look on one page, for who builds the next page. Only with DEBUG on."""

from datetime import date
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import BackgroundJob, JobState
from core.http import NotFound
from core.thai_calendar import FiscalYear
from measures.meter import stacked
from measures.status import SHORT_WORDS
from reports.dashboard.trend import WorkItem, trend_of

ICONS: Final = (
    "home list document inbox person people building adjust chart clock warning check shield search plus "
    "trash pencil camera clip link download upload eye chevron-down chevron-left chevron-right menu drag "
    "calendar comment lock undo printer screen filter external copy help sign-out close bell star"
).split()
COLOURS: Final = (
    "ink muted line edge paper page sunk brand brand-soft mast mast-deep gold done done-tint in-progress "
    "in-progress-tint not-started not-started-tint late late-tint cancelled cancelled-tint"
).split()


YEAR: Final = 2569
TODAY: Final = date(2026, 3, 13)


def example_work(year: int) -> list[WorkItem]:
    """Ten steps of a year, of which one was done in the middle of each of the first months."""
    days = [date(year - 544 + (month < 10), month, 15) for month in (10, 11, 12, 1, 2, 3)]
    done = [WorkItem(year, 1, is_done=True, done_on=day) for day in days]
    return done + [WorkItem(year, 1, is_done=False, done_on=None)] * 4


class ExampleForm(forms.Form):
    """A form with one field that is right and one that is wrong."""

    title = forms.CharField(label="ชื่อมาตรการ", help_text="ตามที่ปรากฏในแผน", required=False)
    due = forms.CharField(label="กำหนดแล้วเสร็จ", error_messages={"required": "กรุณาระบุกำหนดแล้วเสร็จ"})


@login_not_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """The components, each once, with the partials that pages use.

    Raises:
        NotFound: the site is not being developed.
    """
    if not settings.DEBUG:
        raise NotFound
    form = ExampleForm({"title": "ประกาศนโยบายไม่รับของขวัญ"})
    form.is_valid()
    context: dict[str, Any] = {
        "form": form,
        "icons": ICONS,
        "colours": COLOURS,
        "statuses": list(SHORT_WORDS),
        "forms": [form],
        "segments": stacked([("done", 6), ("in_progress", 3), ("not_started", 1), ("cancelled", 1)]),
        "job": BackgroundJob(
            title="ไฟล์ของรายงาน", state=JobState.RUNNING, doing="ทำไฟล์ Word", done=2, total=5
        ),
        "today": TODAY,
        "trend": trend_of(example_work(YEAR), example_work(YEAR - 1), FiscalYear(YEAR), TODAY),
    }
    return render(request, "site/styleguide.html", context)
