"""Where every agency stands in a round of a fiscal year; the same number of queries at any size."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Final

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django_stubs_ext import WithAnnotations

from accounts.models import Agency
from core.thai_calendar import FiscalYear, RoundMonths
from measures.models import Plan
from measures.status import FINISHED, Status
from reports.models import Publication, Round, RoundState

PUBLISHED: Final = "published"
SENT: Final = "sent"
WAITING: Final = "waiting"
LATE: Final = "late"
WITHOUT_PLAN: Final = "without_plan"
# Every agency stands at one of them: their counts add up to all agencies.
STANDINGS: Final[Mapping[str, str]] = {
    PUBLISHED: "เผยแพร่แล้ว",
    SENT: "ส่งแล้ว รอเผยแพร่",
    WAITING: "อยู่ระหว่างรายงาน",
    LATE: "พ้นรอบ ยังไม่ส่ง",
    WITHOUT_PLAN: "ยังไม่มีแผน",
}
# A database takes no list of any length in a question.
MANY: Final = 500
SORTS: Final = ("name", "province", "standing", "total", "done", "late")


# An agency with its standing; only from agencies_asked_for().
Found = WithAnnotations[Agency]


@dataclass(frozen=True)
class Asked:
    """What the overseer asks for; what the address says wrongly is not in it."""

    year: int
    months: RoundMonths
    text: str = ""
    province: str = ""
    kind: str = ""
    """One of AgencyKind."""
    standing: str = ""
    sort: str = "province"
    """One of SORTS, with a hyphen in front for the reverse."""

    def query(self, **changes: str) -> dict[str, str]:
        """The parts of an address that ask for this, with changes; what is empty is left out."""
        values = {field.name: str(getattr(self, field.name)) for field in fields(self)} | changes
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True)
class AgencyRow:
    """An agency with its plan of the year, as far as there is one."""

    agency: Agency
    standing: str
    state: str
    """Of the round; empty without a plan."""
    since: datetime | None
    """When the report was published, or else submitted."""
    plan: Plan | None
    total: int = 0
    done: int = 0
    late: int = 0

    @property
    def label(self) -> str:
        return STANDINGS[self.standing]


def months_to_look_at(year: FiscalYear, on: date) -> RoundMonths:
    """The round whose report is asked for on a day: the six-month one until the year is over."""
    return 6 if on <= year.end else 12


def agencies_asked_for(asked: Asked, on: date, among: QuerySet[Agency]) -> QuerySet[Found]:
    """Of some agencies those that match, each with its standing, in the order asked for."""
    found = _matching(asked, on, among)
    if asked.standing:
        found = found.filter(Q(standing=asked.standing))
    key, is_reversed = asked.sort.removeprefix("-"), asked.sort.startswith("-")
    if key in ("total", "done", "late"):
        found = found.annotate(sorted_by=_count(asked.year, key, on))
        order = F("sorted_by").desc(nulls_last=True) if is_reversed else F("sorted_by").asc(nulls_last=True)
        return found.order_by(order, "name", "pk")
    if key == "standing":
        # As STANDINGS have them.
        place = Case(*(When(standing=name, then=Value(n)) for n, name in enumerate(STANDINGS)))
        found = found.annotate(sorted_by=place)
        key = "sorted_by"
    order_by = [f"-{key}" if is_reversed else key, "name", "pk"]
    return found.order_by(*order_by)


def counts_by_standing(asked: Asked, on: date, among: QuerySet[Agency]) -> dict[str, int]:
    """How many agencies stand where, of those that match text and province; all standings are in it."""
    counted = _matching(asked, on, among).order_by().values("standing").annotate(agencies=Count("pk"))  # type: ignore[misc]
    return dict.fromkeys(STANDINGS, 0) | {found["standing"]: found["agencies"] for found in counted}


def rows_of(agencies: Iterable[Found], asked: Asked, on: date) -> Sequence[AgencyRow]:
    """The rows of agencies that were asked for; two queries."""
    listed = list(agencies)
    plans = {plan.agency_id: plan for plan in _plans_with_counts(listed, asked.year, on)}
    rounds = {round_.plan_id: round_ for round_ in _rounds_with_days(listed, asked)}
    return [_row(agency, plans.get(agency.pk), rounds) for agency in listed]


def _row(agency: Agency, plan: Plan | None, rounds: Mapping[int, Round]) -> AgencyRow:
    standing = vars(agency)["standing"]
    if plan is None:
        return AgencyRow(agency, standing, "", None, None)
    plan.agency = agency
    round_, counted = rounds.get(plan.pk), vars(plan)
    days = vars(round_) if round_ else {}
    return AgencyRow(
        agency,
        standing,
        state=round_.state if round_ else "",
        since=days.get("published_at") or (days.get("submitted_at") if standing == SENT else None),
        plan=plan,
        total=counted["total"],
        done=counted["done"],
        late=counted["late"],
    )


# --- Querysets ---------------------------------------------------------------------------------------


def _matching(asked: Asked, on: date, among: QuerySet[Agency]) -> QuerySet[Found]:
    found = among
    if asked.text:
        found = found.filter(Q(name__icontains=asked.text) | Q(province__icontains=asked.text))
    if asked.province:
        found = found.filter(province=asked.province)
    if asked.kind:
        found = found.filter(kind=asked.kind)
    return found.annotate(standing=_standing(asked, on))


def _standing(asked: Asked, on: date) -> Case:
    rounds = Round.objects.filter(
        plan__agency=OuterRef("pk"), plan__fiscal_year=asked.year, months=asked.months
    )
    published = Publication.objects.filter(
        edition__round__plan__agency=OuterRef("pk"),
        edition__round__plan__fiscal_year=asked.year,
        edition__round__months=asked.months,
    )
    plans = Plan.objects.filter(agency=OuterRef("pk"), fiscal_year=asked.year)
    is_over = on > FiscalYear(asked.year).round_end(asked.months)
    return Case(
        When(~Exists(plans), then=Value(WITHOUT_PLAN)),
        When(Exists(published), then=Value(PUBLISHED)),
        When(Exists(rounds.exclude(state=RoundState.OPEN)), then=Value(SENT)),
        default=Value(LATE if is_over else WAITING),
        output_field=CharField(),
    )


def _counts(on: date) -> dict[str, Count]:
    late = Q(measures__due_on__lt=on) & ~Q(measures__status__in=FINISHED)
    return {
        "total": Count("measures"),
        "done": Count("measures", filter=Q(measures__status=Status.DONE)),
        "late": Count("measures", filter=late),
    }


def _count(year: int, what: str, on: date) -> Subquery:
    """How many measures an agency has; nothing without a plan."""
    plans = Plan.objects.filter(agency=OuterRef("pk"), fiscal_year=year).order_by()
    counted = plans.values("pk").annotate(counted=_counts(on)[what])
    return Subquery(counted.values("counted")[:1])


def _plans_with_counts(agencies: Sequence[Agency], year: int, on: date) -> QuerySet[Plan]:
    plans = Plan.objects.filter(fiscal_year=year, **_among("agency", agencies))
    return plans.annotate(**_counts(on)).order_by()


def _among(name: str, agencies: Sequence[Agency]) -> dict[str, Sequence[Agency]]:
    """A condition for a page of agencies; of thousands, all are asked for."""
    return {f"{name}__in": agencies} if len(agencies) <= MANY else {}


def _rounds_with_days(agencies: Sequence[Agency], asked: Asked) -> QuerySet[Round]:
    return (
        Round.objects.filter(
            plan__fiscal_year=asked.year, months=asked.months, **_among("plan__agency", agencies)
        )
        .annotate(
            published_at=Max("editions__publication__published_at"),
            submitted_at=Max("submissions__submitted_at"),
        )
        .order_by()
    )
