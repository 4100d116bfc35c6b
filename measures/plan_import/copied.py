"""Measures copied from an earlier year, in a plan into which a file is imported: added to, or replaced.

What somebody has reported on, proved, remarked or edited since it was copied is never taken out.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from measures.models import Comment, Evidence, Measure, Part, PartTick, Step
from measures.plan_import.model import Finding, Severity
from measures.status import Status

ADD: Final = "add"
REPLACE: Final = "replace"
ASKED: Final = "แผนปีนี้มีมาตรการที่คัดลอกจากปีก่อน {count} มาตรการซึ่งไม่อยู่ในต้นฉบับ กรุณาเลือกว่าจะเพิ่มต่อหรือใช้แทน"


def in_the_way(there: Iterable[Measure], updated: Iterable[Measure | None]) -> Sequence[Measure]:
    """The copied measures of a plan that an import does not update, where it adds others beside them.

    Args:
        there: the measures of the plan.
        updated: for each measure of the import the one that it updates, or None where it is new.
    """
    known = list(updated)
    if all(measure is not None for measure in known):
        return ()
    pks = {measure.pk for measure in known if measure is not None}
    return [measure for measure in there if measure.continues_id is not None and measure.pk not in pks]


def question(copied: Sequence[Measure], answer: str) -> Sequence[Finding]:
    """What stops an import beside copied measures until the officer has answered."""
    if not copied or answer in {ADD, REPLACE}:
        return ()
    titles = " · ".join(measure.title for measure in copied)[:120]
    return [Finding(Severity.STOP, "", 0, "", titles, ASKED.format(count=len(copied)))]


def untouched(copied: Iterable[Measure]) -> QuerySet[Measure]:
    """Those of copied measures that are as they were copied: nothing would be lost with them."""
    steps = Step.objects.filter(measure=OuterRef("pk"))
    parts = Part.objects.filter(measure=OuterRef("pk"))
    return Measure.objects.filter(
        ~Exists(Evidence.objects.filter(measure=OuterRef("pk"))),
        ~Exists(Comment.objects.filter(measure=OuterRef("pk"))),
        ~Exists(steps.filter(done_on__isnull=False)),
        ~Exists(parts.filter(Q(reported_at__isnull=False) | Q(version__gt=1))),
        ~Exists(PartTick.objects.filter(step__measure=OuterRef("pk"))),
        pk__in=[measure.pk for measure in copied],
        continues__isnull=False,
        status=Status.NOT_STARTED,
        reported_at__isnull=True,
        version=1,
        outline_version=1,
    )


def take_out(copied: Iterable[Measure]) -> int:
    """Delete those that are untouched, in a transaction of the caller; the history keeps them. How many."""
    list(Measure.objects.filter(pk__in=[each.pk for each in copied]).order_by("pk").select_for_update())
    going = list(untouched(copied))
    for measure in going:
        measure.delete()
    return len(going)
