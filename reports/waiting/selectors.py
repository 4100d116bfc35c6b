"""What waits for a person, most pressing first: the same on every page, at any size two queries at most."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.access import agencies_overseen
from accounts.models import Agency, Role, User
from core.thai_calendar import FiscalYear, RoundMonths
from measures.models import Plan
from reports.models import Publication, ReminderSending, ReminderState, Round, RoundState
from reports.overview.selectors import LATE
from reports.waiting.details import with_details
from reports.waiting.items import WaitingItem, page
from reports.waiting.office import waiting_in_office


def waiting_of(request: HttpRequest) -> Sequence[WaitingItem]:
    """What waits for who asks; asked of the database once a request, and for nobody but people."""
    found: Sequence[WaitingItem] | None = getattr(request, "_waiting_items", None)
    if found is None:
        user = request.user
        found = waiting_for(user, timezone.localdate()) if isinstance(user, User) else ()
        request._waiting_items = found  # type: ignore[attr-defined]
    return found


def told_in_full(request: HttpRequest) -> Sequence[WaitingItem]:
    """The same with what takes a closer look; for a first screen."""
    found: Sequence[WaitingItem] | None = getattr(request, "_waiting_in_full", None)
    if found is None:
        found = with_details(waiting_of(request))
        request._waiting_in_full = found  # type: ignore[attr-defined]
    return found


def waiting_for(user: User, today: date) -> Sequence[WaitingItem]:
    """All that waits for a person in all of their roles.

    In an office two queries whatever its size, one for the overseer, two for the administrator.
    """
    found: list[WaitingItem] = []
    if user.agency is not None:
        found += waiting_in_office(user, user.agency, today)
    if user.is_overseer:
        found += _late_agencies(user, today)
    if user.is_administrator:
        found += _unfinished_agencies()
        found += _refused_reminders(today)
    return found


def last_round_ended(today: date) -> tuple[FiscalYear, RoundMonths]:
    """The round whose reports are asked for: the one that ended last."""
    year = FiscalYear.containing(today)
    return (year, 6) if today > year.round_end(6) else (FiscalYear(year.number - 1), 12)


def _late_agencies(user: User, today: date) -> Iterator[WaitingItem]:
    year, months = last_round_ended(today)
    # As the overview counts those that stand at LATE, but without looking at every agency.
    public = Publication.objects.filter(edition__round=OuterRef("pk"))
    rounds = Round.objects.filter(plan__fiscal_year=year.number, months=months, state=RoundState.OPEN)
    if not user.oversees_everywhere:
        rounds = rounds.filter(plan__agency__in=agencies_overseen(user))
    late = rounds.filter(~Exists(public)).count()
    if late:
        yield WaitingItem(
            "agencies_late",
            f"{late} หน่วยงานยังไม่ส่งรายงาน",
            late,
            page("overview", year=year.number, months=months, standing=LATE),
            "ดูหน่วยงานที่ค้าง",
            "overview",
            detail=f"รอบ {months} เดือน ปี {year.number} สิ้นรอบแล้ว {(today - year.round_end(months)).days} วัน",
            is_late=True,
        )


def _refused_reminders(today: date) -> Iterator[WaitingItem]:
    """What a mail server or LINE did not take lately: whoever keeps the site looks after both."""
    refused = ReminderSending.objects.filter(state=ReminderState.REFUSED, day__gt=today - timedelta(days=7))
    if count := refused.exclude(person__wants_reminders=False).count():
        yield WaitingItem(
            "unsent",
            f"{count} การเตือนส่งไม่ได้",
            count,
            page("reminders"),
            "ดูสาเหตุ",
            "site_admin",
            detail="ใน 7 วันที่ผ่านมา",
            is_late=True,
        )


def _unfinished_agencies() -> Iterator[WaitingItem]:
    officers = User.objects.with_role(Role.OFFICER).filter(agency=OuterRef("pk"))
    plans = Plan.objects.filter(agency=OuterRef("pk"))
    counted = Agency.objects.annotate(has_officer=Exists(officers), has_plan=Exists(plans)).aggregate(
        without_officer=Count("pk", filter=Q(has_officer=False)),
        without_plan=Count("pk", filter=Q(has_officer=True, has_plan=False)),
    )
    for kind, said, why in (
        ("without_officer", "ยังไม่มีเจ้าหน้าที่ผู้รับผิดชอบ ITA", "จึงยังไม่มีผู้จัดทำแผนและเพิ่มผู้ใช้"),
        ("without_plan", "ยังไม่มีแผน", "มีเจ้าหน้าที่แล้ว แต่ยังไม่ได้เปิดแผนของปีใด"),
    ):
        if count := counted[kind]:
            yield WaitingItem(
                kind,
                f"{count} หน่วยงาน{said}",
                count,
                reverse("admin:accounts_agency_changelist"),
                "ดูหน่วยงาน",
                "site_admin",
                detail=why,
            )
