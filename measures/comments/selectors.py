"""Questions about comments: those of a measure, what was returned and waits, who can be named in one."""

from collections.abc import Collection, Sequence
from typing import Final

from django.db.models import Exists, OuterRef, Q

from accounts.models import Division, User
from measures.models import Comment, Measure, Plan

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


def waiting_returns(divisions: Collection[Division], plan: Plan) -> Sequence[Comment]:
    """What was returned to divisions in a plan and waits for an answer, the oldest first; one query.

    Each with its measure and who wrote it. Of a closed plan nothing is waited for.
    """
    if plan.is_closed:
        return ()
    found = Comment.objects.waiting().filter(measure__plan=plan).to_divisions(divisions)
    of_own = found.filter(Exists(Measure.objects.filter(pk=OuterRef("measure_id")).of_divisions(divisions)))
    return list(of_own.select_related("measure", "division", "written_by").order_by("written_at", "id"))


def unanswered_returns(plan: Plan) -> Sequence[Comment]:
    """Everything that was returned in a plan and waits for an answer, the oldest first; one query."""
    if plan.is_closed:
        return ()
    found = Comment.objects.waiting().filter(measure__plan=plan)
    return list(found.select_related("measure", "division", "written_by").order_by("written_at", "id"))


def mentions_waiting(person: User, plan: Plan) -> Sequence[Comment]:
    """The comments of a plan that name a person who has not written on that measure since, the newest first.

    One query; each with its measure and who wrote it.
    """
    later = Comment.objects.filter(measure=OuterRef("measure_id"), written_by=person)
    found = Comment.objects.filter(measure__plan=plan, mentioned=person).exclude(
        Exists(later.filter(written_at__gte=OuterRef("written_at")))
    )
    return list(found.select_related("measure", "division", "written_by").order_by("-written_at", "-id"))


def people_to_name(measure: Measure) -> Sequence[User]:
    """Whom a comment on a measure can name: everybody of the agency whose account is in use; one query.

    is_concerned says of each whether to offer them first: the officer, the executives, and staff of the
    divisions that are responsible.
    """
    concerned = Q(is_officer=True) | Q(is_executive=True) | Q(divisions__in=measure.parties)
    near = User.objects.filter(concerned, agency=measure.plan.agency_id, pk=OuterRef("pk"))
    people = User.objects.filter(agency=measure.plan.agency_id, is_active=True)
    return list(people.annotate(is_concerned=Exists(near)).order_by("full_name", "username"))
