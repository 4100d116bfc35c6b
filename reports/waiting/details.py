"""What a first screen says of what waits beyond the numbers: what a round lacks, what has changed in it."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import Final

from django.db.models import OuterRef, Prefetch, Subquery, prefetch_related_objects

from measures.models import Evidence, Measure
from reports.document.serialization import from_json
from reports.models import Edition, Round, Submission, SubmissionOutcome
from reports.rounds.comparison import differences
from reports.rounds.selectors import gaps_of
from reports.waiting.items import WaitingItem

COMPLETE: Final = "ข้อมูลครบทุกมาตรการ พร้อมส่งแล้ว"


def with_details(items: Sequence[WaitingItem]) -> Sequence[WaitingItem]:
    """The same with what takes a closer look.

    A query where rounds wait for approval; one where rounds can be submitted, and one for each of them where
    the agency demands evidence.
    """
    changes = _changes_since_last_edition([i.round for i in items if i.round and i.kind == "approve"])
    lacking = _lacking([item.round for item in items if item.round and item.kind == "ready"])
    return [_detailed(item, changes, lacking) for item in items]


def _detailed(item: WaitingItem, changes: Mapping[int, int], lacking: Mapping[int, int]) -> WaitingItem:
    if item.round is None:
        return item
    if item.kind == "approve" and item.round.pk in changes:
        return replace(item, detail=f"{item.detail} · ต่างจากฉบับก่อน {changes[item.round.pk]} จุด")
    if item.kind == "ready":
        if count := lacking[item.round.pk]:
            said = f"ยังส่งไม่ได้ · ข้อมูลไม่ครบ {count} มาตรการ"
            return replace(item, kind="lacking", detail=said, button="ดูสิ่งที่ยังขาด")
        return replace(item, detail=f"กำลังแก้ไขฉบับเดิม · {COMPLETE}" if item.quote else COMPLETE)
    return item


def _changes_since_last_edition(rounds: Sequence[Round]) -> Mapping[int, int]:
    """By round: in how many places what was submitted differs from the newest edition of the plan."""
    if not rounds:
        return {}
    editions = Edition.objects.filter(
        round__plan=OuterRef("round__plan"), round__months__lte=OuterRef("round__months")
    )
    before = Subquery(editions.order_by("-approved_at").values("document")[:1])
    pending = Submission.objects.filter(round__in=rounds, outcome=SubmissionOutcome.PENDING)
    found = pending.annotate(before=before).exclude(before=None).values_list("round", "before", "document")
    return {
        round_: len(differences(from_json(old.encode()), from_json(new.encode())))
        for round_, old, new in found
    }


def _lacking(rounds: Sequence[Round]) -> Mapping[int, int]:
    """By round: how many measures stand in the way of submitting it."""
    if not rounds:
        return {}
    measures = list(Measure.objects.filter(plan__in=[round_.plan_id for round_ in rounds]))
    return {
        round_.pk: len(gaps_of(round_, _with_evidence(round_, [copy(m) for m in measures])))
        for round_ in rounds
    }


def _with_evidence(round_: Round, measures: Sequence[Measure]) -> Sequence[Measure]:
    """Those of a round's plan, with the evidence that it may refer to where the agency demands it."""
    own = [measure for measure in measures if measure.plan_id == round_.plan_id]
    if round_.plan.agency.demands_evidence:
        evidence = Evidence.objects.within(round_.starts_on, round_.ends_on)
        prefetch_related_objects(own, Prefetch("evidence", evidence))
    return own
