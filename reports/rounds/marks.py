"""What a new edition says of itself: its number and code, by whom it is approved, the head of the log."""

import secrets
from datetime import datetime
from typing import Final

from django.utils import timezone

from accounts.access import post_of_approver
from accounts.models import User
from ledger.selectors import current_head
from reports.document.facts import EditionMark
from reports.models import Submission

# Without letters and digits that are taken for one another when read out or copied by hand.
CODE_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def mark_of(submission: Submission, person: User, address: str, now: datetime) -> EditionMark:
    """The mark of the edition that is made when a person approves a submission now; four queries.

    Args:
        submission: with its round.
        address: the public page of the round; with the revision behind it, it is printed on the report.
    """
    revision = submission.round.editions.count() + 1
    return EditionMark(
        revision=revision,
        code=_new_code(),
        address=f"{address}{revision}/",
        approved_by=person.get_full_name(),
        approved_post=post_of_approver(person),
        approved_on=timezone.localdate(now),
        correction=submission.round.correction,
        reported_on=timezone.localdate(submission.submitted_at),
        # As the log stood a moment before: it need not be the very last head, any head before binds it.
        log_head=str(current_head()),
    )


def _new_code() -> str:
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"
