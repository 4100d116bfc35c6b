"""What waits for a person of an agency: reports to make, rounds to move on, comments to answer."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import Count, DateField, IntegerField, Q, QuerySet

from accounts.models import Agency, User
from core.prepared import Given, PreparedQuestion
from core.thai_calendar import FiscalYear, short_date
from measures.awaited import PlanInRound, plans_at_work, reports_awaited, silent_in_round
from measures.listing import internal_deadline
from measures.models import Plan, Responsibility
from reports.access import can_approve_round, can_submit_round
from reports.models import Round, RoundState
from reports.waiting.items import WaitingItem, days_in_words, page
from reports.waiting.questions import rounds_with_what_waits
from reports.waiting.rounds import waiting_round

Counts = Mapping[str, int]
NOTHING: Final[Counts] = {"late": 0, "due": 0, "silent": 0}


def waiting_in_office(user: User, agency: Agency, today: date) -> Sequence[WaitingItem]:
    """What waits for a person at the plans and rounds of an agency; two queries."""
    blank = Round(plan=Plan(agency=agency))
    submits, approves = can_submit_round(user, blank), can_approve_round(user, blank)
    if not (submits or approves or user.own_divisions):
        return ()
    rounds = list(rounds_with_what_waits(agency, user, submits=submits))
    plans = _reported_on(rounds, today)
    counts = _counts(user, plans, today, submits=submits) if plans and (submits or user.own_divisions) else {}
    found: list[WaitingItem] = []
    present = FiscalYear.containing(today).number
    for round_ in rounds:
        if round_.months == 12 and not round_.plan.is_closed:
            found += _asked_of(user, round_, present)
    for plan in plans:
        found += _own_reports(plan, counts.get(plan.pk, NOTHING), today)
    for round_ in rounds:
        at_work = round_.plan in plans
        silent = counts.get(round_.plan_id, NOTHING)["silent"] if _is_present(round_, today) else 0
        item = waiting_round(
            user, round_, today, submits=submits, approves=approves, at_work=at_work, silent=silent
        )
        found += [item] if item else []
    if submits and rounds:
        found += _next_year(rounds[-1].plan, today)
    return sorted(found, key=lambda item: ORDER.index(item.kind))


# The most pressing first.
ORDER: Final = (
    "approve",
    "returned_round",
    "returned",
    "late",
    "due",
    "ready",
    "silent",
    "lacking",
    "next_year",
    "answered",
    "joined",
    "mentioned",
    "evidence",
    "publish",
)


def _reported_on(rounds: Sequence[Round], today: date) -> Sequence[Plan]:
    """The plans on which divisions report; not a year that is over and whose report was submitted."""
    sent = {round_.plan_id for round_ in rounds if round_.months == 12 and round_.state != RoundState.OPEN}
    plans = plans_at_work(dict.fromkeys(round_.plan for round_ in rounds), today)
    return [plan for plan in plans if plan.pk not in sent or today <= plan.year.end]


def _is_present(round_: Round, today: date) -> bool:
    return round_.plan.year.round_on(today).months == round_.months


def _counts(user: User, plans: Sequence[Plan], today: date, *, submits: bool) -> Mapping[int, Counts]:
    """By plan: how many of the person's own measures are late and due, how many divisions are silent."""
    values: dict[str, object] = {"user": user.pk, "today": today}
    for number, plan in enumerate(plans):
        values |= PlanInRound.on(plan, today).values_of(number)
    return {
        row["measure__plan"]: {
            "late": row["late"],
            "due": row["all_own"] - row["late"],
            "silent": row["silent"],
        }
        for row in COUNTS.ask(len(plans), submits, bool(user.own_divisions), **values)
    }


def _counted(number: int, submits: bool, reports: bool) -> QuerySet[Responsibility, Any]:
    plans = [PlanInRound.given(each) for each in range(number)]
    divisions = User.divisions.through.objects.filter(user=Given("user", IntegerField())).values("division")
    own = Q(division__in=divisions) if reports else Q(pk__in=[])
    late = Q(measure__due_on__lt=Given("today", DateField()))
    awaited = reports_awaited(plans)
    counted = (awaited if submits else awaited.filter(own)).values("measure__plan")
    return counted.annotate(
        late=Count("measure", distinct=True, filter=own & late),
        all_own=Count("measure", distinct=True, filter=own),
        silent=Count("division", distinct=True, filter=silent_in_round(plans)),
    )


COUNTS: Final = PreparedQuestion(_counted)


def _own_reports(plan: Plan, counts: Counts, today: date) -> Iterator[WaitingItem]:
    """What staff have to report; on their own screen it is listed one by one."""
    round_ = plan.year.round_on(today)
    until = internal_deadline(plan, round_.months)
    address = page("work", year=plan.fiscal_year)
    of_round = f"รอบ {round_.months} เดือน ปี {plan.fiscal_year}"
    if late := counts["late"]:
        yield WaitingItem(
            "late",
            f"{late} มาตรการเกินกำหนด",
            late,
            address,
            "รายงานผล",
            "work",
            detail=of_round,
            is_late=True,
            own_year=plan.fiscal_year,
        )
    if due := counts["due"]:
        yield WaitingItem(
            "due",
            f"{due} มาตรการรอรายงาน",
            due,
            address,
            "รายงานผล",
            "work",
            detail=f"{of_round} ภายใน {short_date(until)} · {days_in_words((until - today).days)}",
            own_year=plan.fiscal_year,
        )


def _next_year(newest: Plan, today: date) -> Iterator[WaitingItem]:
    """That no plan is open for the year that has begun, or that the newest plan is closed."""
    present = FiscalYear.containing(today)
    if newest.fiscal_year < present.number:
        year, why = present.number, f"ปีงบประมาณเริ่มแล้วเมื่อ {short_date(present.start)} แต่ยังไม่มีแผน"
    elif newest.is_closed:
        year, why = newest.fiscal_year + 1, f"แผนปี {newest.fiscal_year} ปิดแล้ว จัดทำแผนปีถัดไปได้เลย"
    else:
        return
    yield WaitingItem(
        "next_year", f"เปิดแผนปีงบประมาณ {year}", 1, page("no_plan"), "เปิดแผนปีใหม่", "plan", detail=why
    )


def _asked_of(user: User, round_: Round, present: int) -> Iterator[WaitingItem]:
    """What others have written or changed in a plan, from what was annotated to one of its rounds."""
    found: Mapping[str, Any] = vars(round_)
    year = round_.plan.fiscal_year
    room = "work" if user.is_division_staff else "plan"
    for kind, sentence, button, place in (
        ("returned", "ส่งกลับให้แก้ไข {} มาตรการ", "แก้ไขและตอบ", room),
        ("mentioned", "มีผู้กล่าวถึงคุณใน {} มาตรการ", "อ่านและตอบ", room),
        ("answered", "ส่วนราชการตอบสิ่งที่ส่งกลับ {} มาตรการ", "อ่านคำตอบ", "plan"),
        ("joined", "รอรวมผล {} มาตรการ", "รวมผล", "plan"),
        ("evidence", "หลักฐานลงวันที่นอกปีงบประมาณ {} มาตรการ", "ตรวจวันที่", "plan"),
    ):
        if not (facts := found.get(kind)):
            continue
        count = facts["count"]
        said = ["ส่วนราชการรายงานเพิ่มแล้ว"] if kind == "joined" else []
        said += [] if year == present else [f"แผนปี {year}"]
        yield WaitingItem(
            kind,
            sentence.format(count),
            count,
            reverse_measure(facts["first"], kind),
            button,
            place,
            detail=" · ".join(said),
            quote=facts["text"] if facts.get("comments") == 1 else "",
        )


def reverse_measure(pk: int, kind: str) -> str:
    """The place of a measure's page where a kind is answered."""
    part = {"evidence": "#evidence", "joined": "?join=1#progress"}.get(kind, "#comments")
    return page("measure", pk) + part
