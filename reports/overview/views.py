"""The overseer's list of agencies: who has published, who is late, who has no plan."""

from typing import Any, Final, cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Max, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.access import agencies_overseen, can_see_overview
from accounts.models import Agency, AgencyKind
from accounts.request import Request
from core.http import file_response, year_asked
from core.text import number_in
from core.thai_calendar import FiscalYear, RoundMonths
from measures.models import Plan
from reports.models import RoundLength
from reports.overview.selectors import (
    SORTS,
    STANDINGS,
    Asked,
    agencies_asked_for,
    counts_by_standing,
    months_to_look_at,
    rows_of,
)
from reports.overview.table import table_csv

PAGE_SIZE: Final = 50
# What a plan may be of.
YEARS: Final = range(2500, 2701)


class CountedPaginator(Paginator[Agency]):
    """A paginator of what was counted already."""

    def __init__(self, *args: Any, known: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = known

    @cached_property
    def count(self) -> int:
        return self.known


@require_safe
def overview(request: Request) -> HttpResponse:
    """Every agency and where it stands in a round, a page at a time; filters and order are in the address."""
    asked = _asked(request)
    today = timezone.localdate()
    among = agencies_overseen(request.user)
    counts = counts_by_standing(asked, today, among)
    known = counts[asked.standing] if asked.standing else sum(counts.values())
    pages = CountedPaginator(agencies_asked_for(asked, today, among), PAGE_SIZE, known=known)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "page": page,
        "rows": rows_of(page.object_list, asked, today),
        "round_end": FiscalYear(asked.year).round_end(asked.months),
        "standings": [
            (name, label, counts[name], urlencode(asked.query(standing=name)))
            for name, label in STANDINGS.items()
        ],
        "total": sum(counts.values()),
        "everywhere": urlencode(asked.query(standing="")),
        "heads": [_head(asked, *head) for head in HEADS],
        "rounds": RoundLength.choices,
        "provinces": _provinces(among),
        "kinds": AgencyKind.choices,
        "query": urlencode(asked.query()),
        "is_filtered": bool(asked.text or asked.province or asked.kind or asked.standing),
        "unfiltered": urlencode(asked.query(text="", province="", kind="", standing="")),
    }
    return render(request, "reports/overview/page.html", context)


@require_safe
def agencies_csv(request: Request) -> HttpResponse:
    """All agencies that the filters leave, in the order asked for, as a file."""
    asked = _asked(request)
    today = timezone.localdate()
    rows = rows_of(agencies_asked_for(asked, today, agencies_overseen(request.user)), asked, today)
    return file_response(
        table_csv(rows, asked),
        "text/csv; charset=utf-8",
        f"agencies-{asked.year}-{asked.months}.csv",
        cache="private, no-store",
    )


# What the table's heads say, and the one that the table may be sorted by; numbers begin with the largest.
HEADS: Final = (
    ("name", "หน่วยงาน", ""),
    ("province", "จังหวัด", ""),
    ("standing", "รายงานของรอบ", ""),
    ("total", "มาตรการ", "-"),
    ("done", "แล้วเสร็จ", "-"),
    ("late", "ล่าช้า", "-"),
)


def _head(asked: Asked, name: str, label: str, first: str) -> dict[str, Any]:
    present = asked.sort if asked.sort.removeprefix("-") == name else ""
    other = "" if present.startswith("-") else "-"
    return {
        "label": label,
        "is_number": first == "-",
        "query": urlencode(asked.query(sort=f"{other if present else first}{name}")),
        "sorted": present and ("descending" if present.startswith("-") else "ascending"),
    }


def _asked(request: Request) -> Asked:
    """What the address asks for; what it says wrongly is ignored.

    Raises:
        PermissionDenied: not the overseer.
    """
    if not can_see_overview(request.user):
        raise PermissionDenied
    newest = Plan.objects.aggregate(newest=Max("fiscal_year"))["newest"]
    today = timezone.localdate()
    named = year_asked(request)
    year: int = newest or FiscalYear.containing(today).number
    if named is not None and named in YEARS:
        year = named
    # The top of the page shows it.
    request.year = year

    # PostgreSQL refuses to be asked for a NUL.
    def read(name: str) -> str:
        return request.GET.get(name, "").replace("\x00", "").strip()

    months = number_in(read("months"))
    sort, standing, kind = read("sort"), read("standing"), read("kind")
    return Asked(
        year=year,
        months=cast(RoundMonths, months)
        if months in RoundLength.values
        else months_to_look_at(FiscalYear(year), today),
        text=read("text")[:100],
        province=read("province")[:60],
        kind=kind if kind in AgencyKind.values else "",
        standing=standing if standing in STANDINGS else "",
        sort=sort if sort.removeprefix("-") in SORTS else "province",
    )


def _provinces(among: QuerySet[Agency]) -> list[str]:
    named = among.exclude(province="").order_by("province")
    return list(named.values_list("province", flat=True).distinct())
