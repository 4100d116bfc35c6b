"""Writing a comment, returning a report with one, and answering what was returned.

None is changed or deleted: they are a record.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import Division, User
from core.locking import StaleEdit, claim
from measures.comments.mentions import mentioned_in
from measures.models import Comment, Measure

# No measure needs as many; a page and a search have to read all of them.
MAX_COMMENTS: Final = 300


class TooMany(Exception):
    """The measure has as many comments as it can have; nothing was stored."""


@dataclass(frozen=True)
class NewComment:
    """What a person writes: plain text, and what it is for."""

    text: str
    returns: bool = False
    division: Division | None = None
    """To which division it returns the report; None for all of them, and where it returns none."""
    named: Collection[User] = ()
    """Whom it names besides those who stand in the text."""
    answers: Sequence[Comment] = ()
    """What was returned and is mended now."""


@dataclass(frozen=True)
class Written:
    """A comment as it was stored, and what of that which it answers nobody had answered before."""

    comment: Comment
    answered: Sequence[Comment]


@transaction.atomic
def write_comment(measure: Measure, person: User, new: NewComment, people: Collection[User]) -> Written:
    """Store a comment on a measure; what it answers and somebody else has answered already stays as it is.

    Args:
        people: whom a text can name.

    Raises:
        TooMany: nothing is stored then.
    """
    # Held to the end, so that two at once do not both become the last that fits.
    Measure.objects.select_for_update(no_key=True).get(pk=measure.pk)
    if Comment.objects.filter(measure=measure).count() >= MAX_COMMENTS:
        raise TooMany
    now = timezone.now()
    answered = [each for each in new.answers if _answer(each, person)]
    comment = Comment.objects.create(
        measure=measure,
        division=new.division,
        text=new.text,
        returns=new.returns,
        written_by=person,
        written_at=now,
    )
    comment.mentioned.set({*new.named, *mentioned_in(new.text, people)} - {person})
    return Written(comment, answered)


def _answer(returned: Comment, person: User) -> bool:
    """Note that what was returned is answered; False where somebody else was faster."""
    try:
        claim(
            returned,
            seen={"answered_at": None, "returns": True},
            becomes={"answered_at": timezone.now(), "answered_by": person},
        )
    except StaleEdit:
        return False
    return True
