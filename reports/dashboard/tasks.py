"""What waits for the person at the rounds of an agency: to approve, to correct, to submit, to publish."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Exists, OuterRef, Prefetch, Subquery, prefetch_related_objects

from accounts.models import User
from measures.models import Evidence, Measure, Plan
from reports.access import can_approve_round, can_submit_round
from reports.models import Publication, Round, RoundState, Submission, SubmissionOutcome
from reports.rounds.selectors import gaps_of

# From how many days before the end of a round on the officer is told what it lacks, or that it lacks nothing.
NEAR: Final = 15
# The most pressing first.
KINDS: Final = ("approve", "returned", "lacking", "ready", "publish")


@dataclass(frozen=True)
class WaitingRound:
    """Something that waits for the person at a round."""

    kind: str
    """One of KINDS."""
    round: Round
    at: datetime | None = None
    """When it was submitted, or returned."""
    by: str = ""
    """Who submitted it."""
    reason: str = ""
    """Why it was returned."""
    lacking: int = 0
    """How many measures stand in the way of submitting it."""


def tasks_of(user: User, plan: Plan, measures: Sequence[Measure], on: date) -> Sequence[WaitingRound]:
    """What waits for a person at the rounds of a plan's agency, also at those of other years.

    One query; another one, at the end of a round, where the agency demands evidence.

    Args:
        measures: those of the plan.
    """
    any_round = Round(plan=plan)
    if not (can_approve_round(user, any_round) or can_submit_round(user, any_round)):
        return ()
    found = [task for round_ in _rounds(plan) if (task := _task(user, round_, plan, measures, on))]
    return sorted(found, key=lambda task: KINDS.index(task.kind))


def _task(
    user: User, round_: Round, plan: Plan, measures: Iterable[Measure], on: date
) -> WaitingRound | None:
    found = vars(round_)
    if can_approve_round(user, round_):
        if round_.state != RoundState.SUBMITTED:
            return None
        return WaitingRound("approve", round_, at=found["submitted_at"], by=found["submitter"] or "")
    if round_.state == RoundState.APPROVED:
        return None if found["is_public"] else WaitingRound("publish", round_)
    if round_.state == RoundState.OPEN and found["outcome"] == SubmissionOutcome.RETURNED:
        return WaitingRound("returned", round_, at=found["decided_at"], reason=found["why"])
    if round_.state != RoundState.OPEN or round_.plan_id != plan.pk or (round_.ends_on - on).days > NEAR:
        return None
    lacking = len(gaps_of(round_, _with_evidence(round_, measures)))
    return WaitingRound("lacking", round_, lacking=lacking) if lacking else WaitingRound("ready", round_)


def _with_evidence(round_: Round, measures: Iterable[Measure]) -> Sequence[Measure]:
    listed = list(measures)
    if round_.plan.agency.demands_evidence:
        evidence = Evidence.objects.within(round_.starts_on, round_.ends_on)
        prefetch_related_objects(listed, Prefetch("evidence", evidence))
    return listed


def _rounds(plan: Plan) -> Iterator[Round]:
    """The agency's rounds, the oldest first, with how their last submission went."""
    last = Submission.objects.filter(round=OuterRef("pk")).order_by("-submitted_at", "-id")
    # What the officer took back answers nothing: what was returned before it still waits.
    last = last.exclude(outcome=SubmissionOutcome.WITHDRAWN)
    rounds = (
        Round.objects.filter(plan__agency=plan.agency_id)
        .select_related("plan")
        .annotate(
            outcome=Subquery(last.values("outcome")[:1]),
            submitted_at=Subquery(last.values("submitted_at")[:1]),
            submitter=Subquery(last.values("submitted_by__full_name")[:1]),
            decided_at=Subquery(last.values("decided_at")[:1]),
            why=Subquery(last.values("reason")[:1]),
            is_public=Exists(Publication.objects.filter(edition__round=OuterRef("pk"))),
        )
        .order_by("plan__fiscal_year", "months")
    )
    for round_ in rounds:
        round_.plan.agency = plan.agency
        yield round_
