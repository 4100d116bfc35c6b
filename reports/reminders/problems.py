"""What went wrong with sending lately, over all agencies: for who keeps the site."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Count

from reports.models import ReminderSending, ReminderState

DAYS: Final = 7


@dataclass(frozen=True)
class SendingProblem:
    """A reason for which reminders did not leave, and how many."""

    error: str
    count: int


def problems_lately(today: date) -> Sequence[SendingProblem]:
    """The reasons of the last days, the most frequent first; one query. Who turned reminders off is none."""
    refused = ReminderSending.objects.filter(
        state=ReminderState.REFUSED, day__gt=today - timedelta(days=DAYS), sent_at=None
    )
    counted = refused.exclude(person__wants_reminders=False).values("error").annotate(count=Count("pk"))
    return [SendingProblem(row["error"], row["count"]) for row in counted.order_by("-count", "error")[:20]]
