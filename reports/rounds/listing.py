"""The list of reports: rounds by fiscal year, each with where it stands and what the person does next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from accounts.models import User
from measures.models import Plan
from reports.access import can_approve_round, can_submit_round
from reports.models import Round
from reports.rounds.standing import RoundStanding, standing_of

# What the officer does next; of a round that is still running, looking at what is missing is no duty.
OFFICER: Final = {
    RoundStanding.DUE: "ตรวจและส่งรายงาน",
    RoundStanding.RETURNED: "แก้ไขและส่งใหม่",
    RoundStanding.CORRECTING: "แก้ไขและส่งใหม่",
    RoundStanding.APPROVED: "เผยแพร่",
}
EXECUTIVE: Final = {RoundStanding.SUBMITTED: "อ่านและพิจารณา"}


@dataclass(frozen=True)
class ListedRound:
    """A line of the list."""

    round: Round
    standing: RoundStanding
    action: str
    """What waits for the person, as a button says it; empty where nothing does."""
    is_first: bool
    """Whether nothing above it waits for the person."""
    days_left: int | None
    """Until its last day, while reports come in."""


@dataclass(frozen=True)
class ListedYear:
    """A fiscal year of the list with its rounds."""

    plan: Plan
    rounds: Sequence[ListedRound]


def next_action(user: User, reporting_round: Round, standing: RoundStanding) -> str:
    """What waits for the person, as a button says it; empty where nothing does."""
    if can_submit_round(user, reporting_round):
        return OFFICER.get(standing, "")
    if can_approve_round(user, reporting_round):
        return EXECUTIVE.get(standing, "")
    return ""


def by_year(rounds: Iterable[Round], user: User, today: date) -> Sequence[ListedYear]:
    """The rounds in their order, a group a year; no query after rounds_in_view()."""
    years: list[ListedYear] = []
    waits = False
    for _, group in groupby(rounds, key=lambda found: found.plan_id):
        listed: list[ListedRound] = []
        for round_ in group:
            standing = standing_of(round_, today)
            action = next_action(user, round_, standing)
            is_first = bool(action) and not waits
            days_left = (round_.ends_on - today).days if standing == RoundStanding.OPEN else None
            listed.append(ListedRound(round_, standing, action, is_first, days_left))
            waits = waits or bool(action)
        years.append(ListedYear(listed[0].round.plan, listed))
    return years
