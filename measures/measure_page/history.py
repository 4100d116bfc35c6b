"""The history of a measure in words: who changed what, when, from what to what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, cast

from django.db.models import Field, OuterRef, Subquery

from core.thai_calendar import long_date
from measures.models import Evidence, EvidenceHiding, Measure, Step
from measures.status import Status

MEASURE_FIELDS: Final = ("status", "status_reason", "result", "obstacle", "title", "due_text", "due_on")
STEP_FIELDS: Final = ("done_on", "text")
PUBLIC, PRIVATE = "เผยแพร่ต่อสาธารณะ", "ไม่เผยแพร่"


@dataclass(frozen=True)
class FieldChange:
    """One field that somebody changed; before and after as people read them, empty for "nothing"."""

    when: datetime
    who: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class History:
    """The changes of a measure that were asked for, and what there is to ask for."""

    changes: Sequence[FieldChange]
    people: Sequence[str]
    fields: Sequence[str]
    who: str
    field: str

    @property
    def is_filtered(self) -> bool:
        return bool(self.who or self.field)


def history_of(measure: Measure, who: str = "", field: str = "", limit: int = 20) -> History:
    """The latest changes of a measure, of one person or of one field where they are named; three queries."""
    changes = recent_changes(measure, 10 * limit)
    found = [each for each in changes if who in ("", each.who) and field in ("", each.field)]
    people = sorted({each.who for each in changes})
    fields = list(dict.fromkeys(each.field for each in changes))
    return History(found if who or field else found[:limit], people, fields, who, field)


def recent_changes(measure: Measure, limit: int = 20) -> Sequence[FieldChange]:
    """The latest changes of a measure, its steps and its evidence, newest first; three queries."""
    # A window, not the whole history: an old measure may have been saved hundreds of times.
    records = measure.history.select_related("history_user").order_by("-history_date", "-history_id")
    steps = (
        Step.history.filter(measure_id=measure.pk)
        .select_related("history_user")
        .order_by("-history_date", "-history_id")
    )
    hidings = EvidenceHiding.objects.filter(
        evidence=OuterRef("id"), done_at=OuterRef("history_date")
    ).exclude(hidden=OuterRef("public"))
    evidence = (
        Evidence.history.filter(measure_id=measure.pk)
        .annotate(reason=Subquery(hidings.values("reason")[:1]))
        .select_related("history_user")
        .order_by("-history_date", "-history_id")
    )
    window = limit * 10
    changes = [
        *_changes(records[:window], Measure),
        *_changes(steps[:window], Step),
        *_evidence_changes(evidence[:window]),
    ]
    return sorted(changes, key=lambda change: change.when, reverse=True)[:limit]


def _changes(records: Iterable[Any], model: type[Measure] | type[Step]) -> Iterable[FieldChange]:
    """Compare each record with the one before it of the same object; the oldest has nothing to compare."""
    later: dict[int, Any] = {}
    for record in records:
        if record.id in later:
            yield from _differences(record, later[record.id], model)
        later[record.id] = record


def _differences(before: Any, after: Any, model: type[Measure] | type[Step]) -> Iterable[FieldChange]:
    for name in MEASURE_FIELDS if model is Measure else STEP_FIELDS:
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        label = str(cast(Field[Any, Any], model._meta.get_field(name)).verbose_name)
        if model is Step and name == "done_on":
            label = f"ขั้นตอน “{_shortened(after.text)}”"
        yield FieldChange(after.history_date, _who(after), label, _readable(name, old), _readable(name, new))


def _evidence_changes(records: Iterable[Any]) -> Iterable[FieldChange]:
    """Evidence comes and goes as a whole: its line says its title on the side where it is there.

    In between it can become public and be taken back, for a reason where a report refers to it.
    """
    for record in records:
        if record.history_type == "~":
            label = f"หลักฐาน “{_shortened(record.title)}”"
            after, before = (PUBLIC, PRIVATE) if record.public else (PRIVATE, PUBLIC)
            if record.reason:
                after = f"{'เลิกซ่อนจากสาธารณะ' if record.public else 'ซ่อนจากสาธารณะ'}: {record.reason}"
            yield FieldChange(record.history_date, _who(record), label, before, after)
            continue
        gone = record.history_type == "-"
        before, after = (record.title, "") if gone else ("", record.title)
        yield FieldChange(record.history_date, _who(record), "หลักฐาน", before, after)


def _who(record: Any) -> str:
    return str(record.history_user.get_full_name()) if record.history_user else "ระบบ"


def _shortened(text: str, length: int = 40) -> str:
    return text if len(text) <= length else f"{text[:length]}…"


def _readable(name: str, value: str | date | None) -> str:
    if isinstance(value, date):
        return f"เสร็จ {long_date(value)}" if name == "done_on" else long_date(value)
    if name == "status" and value:
        return str(Status(value).label)
    return value or ("ยังไม่รายงาน" if name == "done_on" else "")
