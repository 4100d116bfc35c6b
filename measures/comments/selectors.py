"""Questions about comments: those of a measure, and who can be named in one."""

from collections.abc import Sequence
from typing import Final

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from measures.models import Comment, Measure

# How many of the newest stand on the page of a measure before somebody asks for all.
SHOWN: Final = 20


def comments_of(measure: Measure) -> Sequence[Comment]:
    """All comments on a measure, the newest last, with who wrote and answered and whom they name.

    One query where there is none, two where there are some.
    """
    found = Comment.objects.filter(measure=measure).select_related("division", "written_by", "answered_by")
    comments = list(found.prefetch_related("mentioned"))
    for comment in comments:
        comment.measure = measure
    return comments


def people_to_name(measure: Measure) -> Sequence[User]:
    """Whom a comment on a measure can name: everybody of the agency whose account is in use; one query.

    is_concerned says of each whether to offer them first: the officer, the executives, and staff of the
    divisions that are responsible.
    """
    concerned = Q(is_officer=True) | Q(is_executive=True) | Q(divisions__in=measure.parties)
    near = User.objects.filter(concerned, agency=measure.plan.agency_id, pk=OuterRef("pk"))
    people = User.objects.filter(agency=measure.plan.agency_id, is_active=True)
    return list(people.annotate(is_concerned=Exists(near)).order_by("full_name", "username"))
