"""Asks the database, in one query, for the rounds of an agency with how their last submission went and with
what was asked of a person, or changed, in the plan of each.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    JSONField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, ExtractYear, JSONObject
from django.utils import timezone

from accounts.models import Agency, User
from core.prepared import Given, PreparedQuestion
from core.thai_calendar import BUDDHIST_ERA_OFFSET
from measures.models import Comment, Evidence, Measure, Part, Responsibility
from reports.models import Edition, Publication, Round, Submission, SubmissionOutcome

# What was written to a person is shown until they write there themselves, but no longer than this.
NEWS_DAYS: Final = 14
IN_FORCE: Final = (SubmissionOutcome.PENDING, SubmissionOutcome.RETURNED, SubmissionOutcome.APPROVED)


class JoinedVersion(Func):
    """The version of a division's part from which a measure's report was joined; NULL for none.

    Takes Measure.joined_parts and the key of the division as text.
    """

    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """As SQLite says it."""
        return self.as_sql(
            compiler,
            connection,
            template="""JSON_EXTRACT(%(expressions)s || '"')""",
            arg_joiner=""", '$."' || """,
            **extra,
        )

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """As PostgreSQL says it."""
        return self.as_sql(
            compiler, connection, template="(%(expressions)s)::integer", arg_joiner=" ->> ", **extra
        )


def rounds_with_what_waits(agency: Agency, user: User, *, submits: bool) -> Iterator[Round]:
    """The agency's rounds, the oldest first; one query.

    The twelve-month round of an open plan says what waits in the plan's measures, because one must: count (of
    measures), first (the key of one), of comments also how many there are and the text of one. The names are
    returned, mentioned; for who submits also answered, joined and evidence. Facts of one kind are gathered in
    one object, because the database is to be asked once.

    Args:
        submits: whether the person is the agency's officer.
    """
    since = timezone.now() - timedelta(days=NEWS_DAYS)
    reports = bool(user.own_divisions)
    for round_ in ROUNDS.ask(submits, reports, agency=agency.pk, user=user.pk, since=since):
        round_.plan.agency = agency
        yield round_


AGENCY: Final = Given("agency", IntegerField())
USER: Final = Given("user", IntegerField())
SINCE: Final = Given("since", DateTimeField())


def _rounds(submits: bool, reports: bool) -> QuerySet[Round]:
    last = Submission.objects.filter(round=OuterRef("pk"), outcome__in=IN_FORCE)
    last = last.order_by("-submitted_at", "-id")
    return (
        Round.objects.filter(plan__agency=AGENCY)
        .select_related("plan")
        .annotate(
            last=Subquery(
                last.values(found=JSONObject(outcome="outcome", submitter="submitted_by", reason="reason"))[
                    :1
                ],
                JSONField(),
            ),
            last_at=Subquery(last.values(at=Coalesce("decided_at", "submitted_at"))[:1]),
            has_edition=Exists(Edition.objects.filter(round=OuterRef("pk"))),
            is_public=Exists(Publication.objects.filter(edition__round=OuterRef("pk"))),
            **_news(submits=submits, reports=reports),
        )
        .order_by("plan__fiscal_year", "months")
    )


ROUNDS: Final = PreparedQuestion(_rounds)


def _news(*, submits: bool, reports: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    asked = {"mentioned": _mentions()}
    if reports:
        asked["returned"] = _returned()
    if submits:
        asked |= {"answered": _answers()}
    for name, comments in asked.items():
        found[name] = _of_open_plan(
            comments.filter(measure__plan=OuterRef("plan")),
            "measure__plan",
            count=Count("measure", distinct=True),
            first=Min("measure"),
            comments=Count("pk", distinct=True),
            text=Min("text"),
        )
    if submits:
        for name, measures in (("joined", _to_join()), ("evidence", _with_evidence_of_another_year())):
            of_plan = measures.filter(plan=OuterRef("plan"))
            found[name] = _of_open_plan(of_plan, "plan", count=Count("pk"), first=Min("pk"))
    return found


# --- Comments ----------------------------------------------------------------------------------------


def _returned() -> QuerySet[Comment]:
    """What was returned to one's divisions and not answered; without a division, to all responsible ones."""
    own = User.divisions.through.objects.filter(user=USER).values("division")
    responsible = Responsibility.objects.filter(measure=OuterRef("measure"), division__in=own)
    to_own = Q(division__in=own) | (Q(division__isnull=True) & Exists(responsible))
    return Comment.objects.filter(to_own, returns=True, answered_at__isnull=True)


def _mentions() -> QuerySet[Comment]:
    """Where one was named, until one writes there."""
    later = Comment.objects.filter(
        measure=OuterRef("measure"), written_by=USER, written_at__gt=OuterRef("written_at")
    )
    named = Comment.objects.filter(mentioned=USER, written_at__gte=SINCE).exclude(written_by=USER)
    return named.filter(~Exists(later))


def _answers() -> QuerySet[Comment]:
    """What was answered of what was returned, until the officer writes there."""
    later = Comment.objects.filter(
        measure=OuterRef("measure"), written_by=USER, written_at__gt=OuterRef("answered_at")
    )
    answered = Comment.objects.filter(returns=True, answered_at__gte=SINCE).exclude(answered_by=USER)
    return answered.filter(~Exists(later))


# --- Measures ----------------------------------------------------------------------------------------


def _to_join() -> QuerySet[Measure]:
    """Reported division by division, and not joined as the parts are now.

    A part has changed since it was joined; or nothing was joined yet and every division has reported.
    """
    own = Responsibility.objects.filter(measure=OuterRef("measure"), division=OuterRef("division"))
    parts = Part.objects.filter(Exists(own), measure=OuterRef("pk"))
    joined = JoinedVersion(OuterRef("joined_parts"), Cast("division", TextField()))
    changed = parts.annotate(joined=Coalesce(joined, Value(1))).filter(version__gt=F("joined"))
    reported = parts.filter(reported_at__isnull=False)
    never = Q(joined_parts={}) & Exists(reported) & ~Exists(parts.filter(reported_at__isnull=True))
    since = ~Q(joined_parts={}) & Exists(changed)
    return Measure.objects.filter(never | since, by_division=True)


def _with_evidence_of_another_year() -> QuerySet[Measure]:
    """With evidence whose day lies in no round of the plan: no report would ever name it."""
    month_9 = Q(effective_on__month__lte=9)
    year = Case(When(month_9, then=ExtractYear("effective_on")), default=ExtractYear("effective_on") + 1)
    outside = (
        Evidence.objects.filter(measure=OuterRef("pk"))
        .annotate(fiscal_year=ExpressionWrapper(year + BUDDHIST_ERA_OFFSET, output_field=IntegerField()))
        .exclude(fiscal_year=OuterRef("plan__fiscal_year"))
    )
    return Measure.objects.filter(Exists(outside))


# --- Subqueries --------------------------------------------------------------------------------------


def _of_open_plan(rows: QuerySet[Any], by: str, **facts: Count | Min) -> Case:
    """Facts of all rows, which are of one group; of an open plan alone, and for one of its rounds."""
    gathered = rows.order_by().values(by).annotate(found=JSONObject(**facts)).values("found")
    return Case(
        When(Q(months=12, plan__closed_at__isnull=True), then=Subquery(gathered, JSONField())),
        default=None,
        output_field=JSONField(),
    )
