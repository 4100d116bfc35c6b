"""Questions about comments: those of a measure, and who can be named in one."""

from collections.abc import Sequence
from typing import Final

from django.db.models import (
    BigIntegerField,
    DateField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    prefetch_related_objects,
)
from django.utils import timezone

from accounts.models import User
from core.prepared import Given, PreparedQuestion
from measures.models import Comment, CommentQuerySet, Measure

# How many of the newest stand on the page of a measure before somebody asks for all.
SHOWN: Final = 20


def _comments() -> CommentQuerySet:
    found = Comment.objects.filter(measure=Given("measure", BigIntegerField()))
    return found.select_related("division", "written_by", "answered_by")


def _people() -> QuerySet[User]:
    day, agency = Given("day", DateField()), Given("agency", BigIntegerField())
    in_agency = User.objects.on_day(day).filter(agency=agency)
    of_measure = Q(divisions__responsibilities__measure=Given("measure", BigIntegerField()))
    concerned = Q(is_officer=True) | Q(is_executive=True) | of_measure
    near = in_agency.filter(concerned, pk=OuterRef("pk"))
    people = in_agency.filter(is_active=True).annotate(is_concerned=Exists(near))
    return people.order_by("full_name", "username")


# The page of every measure asks them.
COMMENTS: Final = PreparedQuestion(_comments)
PEOPLE: Final = PreparedQuestion(_people)


def comments_of(measure: Measure) -> Sequence[Comment]:
    """All comments on a measure, the newest last, with who wrote and answered and whom they name.

    One query where there is none, two where there are some.
    """
    comments = list(COMMENTS.ask(measure=measure.pk))
    prefetch_related_objects(comments, "mentioned")
    for comment in comments:
        comment.measure = measure
    return comments


def people_to_name(measure: Measure) -> Sequence[User]:
    """Whom a comment on a measure can name: everybody of the agency whose account is in use; one query.

    is_concerned says of each whether to offer them first: the officer, the executives, and staff of the
    divisions that are responsible.
    """
    today = timezone.localdate()
    return list(PEOPLE.ask(measure=measure.pk, agency=measure.plan.agency_id, day=today))
