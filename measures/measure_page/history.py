"""The history of a measure in words: who changed which field when, from what to what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, cast

from django.db.models import BigIntegerField, Field, OuterRef, QuerySet, Subquery

from core.prepared import Given, PreparedQuestion
from core.thai_calendar import long_date
from measures.models import Evidence, EvidenceHiding, Measure, Part, PartTick, Step
from measures.progress.rules import STORED_FIELDS
from measures.progress.services import undone_save
from measures.status import SHORT_WORDS

MEASURE_FIELDS: Final = (*STORED_FIELDS, "title", "due_text", "due_on", "by_division")
STEP_FIELDS: Final = ("done_on", "text")
FIELDS: Final = {Measure: MEASURE_FIELDS, Part: STORED_FIELDS, Step: STEP_FIELDS}
# What a line of the history is called after.
LINES: Final = {Measure: "m", Part: "p", Step: "s"}
PUBLIC, PRIVATE = "เผยแพร่ต่อสาธารณะ", "ไม่เผยแพร่"
STEPS, EVIDENCE = "ขั้นตอน", "หลักฐาน"
# How many lines of the history are read at most: an old measure may have been saved hundreds of times.
MAX_LINES: Final = 500
# Two values as long as this stand on one line.
SHORT_TEXT: Final = 40
Thing = tuple[type[Measure | Part | PartTick | Step | Evidence], int | tuple[int, int]]
"""What was changed, by its key; a tick by those of its part and its step: a new one has another key."""
Value = str | date | bool | None


@dataclass(frozen=True)
class FieldChange:
    """One field that somebody changed; before and after as people read them, empty for "nothing"."""

    when: datetime
    who: str
    field: str
    before: str
    after: str
    kind: str
    """The field, or what all steps and all evidence have in common: what the history is filtered by."""
    line: str
    """The line of the history that tells it, m12 or s40."""
    thing: Thing
    name: str = ""
    values: tuple[Value, Value] = ("", "")
    """As stored, before and after."""
    undoes: datetime | None = None
    """When that was saved which this change puts back."""
    follows: bool = False
    """Whether it follows from what divisions did in their parts, and cannot be put back on its own."""

    @property
    def is_typed(self) -> bool:
        """Whether its values are what a person typed, to be shown to the letter."""
        return self.name not in ("status", "due_on", "done_on", "by_division")

    @property
    def is_long(self) -> bool:
        """Whether its values stand below each other, each with its own name."""
        return any(len(text) > SHORT_TEXT or "\n" in text for text in (self.before, self.after))

    @property
    def is_reported(self) -> bool:
        """Whether it belongs to a report, on the measure as a whole or on a part, and so can be put back."""
        model, _ = self.thing
        if model in (Measure, Part):
            return self.name in STORED_FIELDS
        return model in (Step, PartTick) and self.name == "done_on" and not self.follows

    @property
    def part(self) -> int | None:
        """The key of the part to which it belongs; None for what is of the measure as a whole."""
        model, key = self.thing
        if model is PartTick and isinstance(key, tuple):
            return key[0]
        return key if model is Part and isinstance(key, int) else None


def _lines(records: QuerySet[Any]) -> QuerySet[Any]:
    """The lines of a history with who wrote them, the newest first."""
    return records.select_related("history_user").order_by("-history_date", "-history_id")


def _evidence() -> QuerySet[Any]:
    hidings = EvidenceHiding.objects.filter(
        evidence=OuterRef("id"), done_at=OuterRef("history_date")
    ).exclude(hidden=OuterRef("public"))
    return _lines(Evidence.history.annotate(reason=Subquery(hidings.values("reason")[:1])))


# Every page of a measure asks them.
KEY: Final = Given("measure", BigIntegerField())
LINES_OF_MEASURE: Final = PreparedQuestion(lambda: _lines(Measure.history.filter(id=KEY))[:MAX_LINES])
LINES_OF_STEPS: Final = PreparedQuestion(lambda: _lines(Step.history.filter(measure_id=KEY))[:MAX_LINES])
LINES_OF_EVIDENCE: Final = PreparedQuestion(lambda: _evidence().filter(measure_id=KEY)[:MAX_LINES])


def recent_changes(
    measure: Measure, limit: int = 20, seen: QuerySet[Evidence] | None = None
) -> Sequence[FieldChange]:
    """The latest changes of a measure, its steps and its evidence, newest first; three queries.

    Two more where divisions have parts of it, whose changes are among them. The measure comes with_parts().

    Args:
        seen: the only evidence that is told of; None for all, also what is gone.
    """
    evidence = (
        LINES_OF_EVIDENCE.ask(measure=measure.pk)
        if seen is None
        else _evidence().filter(measure_id=measure.pk, id__in=seen.values("pk"))[:MAX_LINES]
    )
    changes = [
        *_changes(LINES_OF_MEASURE.ask(measure=measure.pk), Measure),
        *_changes(LINES_OF_STEPS.ask(measure=measure.pk), Step, follows=measure.by_division),
        *_evidence_changes(evidence),
        *_part_changes(measure),
    ]
    return sorted(changes, key=lambda change: change.when, reverse=True)[:limit]


def _part_changes(measure: Measure) -> Iterable[FieldChange]:
    """What divisions changed in their parts; each field says whose it is."""
    names = {part.pk: part.division.name for part in measure.parts.all()}
    if not names:
        return
    records = _lines(Part.history.filter(measure_id=measure.pk))
    for change in _changes(records[:MAX_LINES], Part):
        yield replace(change, field=f"{change.field} ({names[change.part or 0]})")
    texts = {step.pk: step for step in measure.steps.all()}
    for record in _lines(PartTick.history.filter(part_id__in=names))[:MAX_LINES]:
        # A tick that was made with its part tells nothing that somebody did.
        if record.step_id not in texts or record.history_user is None:
            continue
        day, gone = _readable("done_on", record.done_on), record.history_type == "-"
        yield FieldChange(
            record.history_date,
            _who(record),
            f"ขั้นตอน “{_shortened(texts[record.step_id].text)}” ({names[record.part_id]})",
            day if gone else "",
            "ยังไม่รายงาน" if gone else day,
            kind=STEPS,
            line=f"t{record.history_id}",
            thing=(PartTick, (record.part_id, record.step_id)),
            name="done_on",
            values=(record.done_on, None) if gone else (None, record.done_on),
            undoes=undone_save(record.history_change_reason or ""),
            # A day that was moved with the whole measure: nobody ticked it.
            follows=record.history_type == "~",
        )


def _changes(
    records: Iterable[Any], model: type[Measure | Part | Step], *, follows: bool = False
) -> Iterable[FieldChange]:
    """Compare each record with the one before it of the same object; the oldest has nothing to compare."""
    later: dict[int, Any] = {}
    for record in records:
        if record.id in later:
            for change in _differences(record, later[record.id], model):
                yield replace(change, follows=follows)
        later[record.id] = record


def _differences(before: Any, after: Any, model: type[Measure | Part | Step]) -> Iterable[FieldChange]:
    for name in FIELDS[model]:
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        label = kind = str(cast(Field[Any, Any], model._meta.get_field(name)).verbose_name)
        if model is Step:
            kind = STEPS
        if model is Step and name == "done_on":
            label = f"ขั้นตอน “{_shortened(after.text)}”"
        yield FieldChange(
            after.history_date,
            _who(after),
            label,
            _readable(name, old),
            _readable(name, new),
            kind=kind,
            line=f"{LINES[model]}{after.history_id}",
            thing=(model, after.id),
            name=name,
            values=(old, new),
            undoes=undone_save(after.history_change_reason or ""),
        )


def _evidence_changes(records: Iterable[Any]) -> Iterable[FieldChange]:
    """Evidence comes and goes as a whole: its line says its title on the side where it is there.

    In between it can become public and be taken back, for a reason where a report refers to it.
    """
    for record in records:
        label = EVIDENCE
        if record.history_type == "~":
            label = f"หลักฐาน “{_shortened(record.title)}”"
            after, before = (PUBLIC, PRIVATE) if record.public else (PRIVATE, PUBLIC)
            if record.reason:
                after = f"{'เลิกซ่อนจากสาธารณะ' if record.public else 'ซ่อนจากสาธารณะ'}: {record.reason}"
        else:
            gone = record.history_type == "-"
            before, after = (record.title, "") if gone else ("", record.title)
        yield FieldChange(
            record.history_date,
            _who(record),
            label,
            before,
            after,
            kind=EVIDENCE,
            line=f"e{record.history_id}",
            thing=(Evidence, record.id),
        )


def _who(record: Any) -> str:
    return str(record.history_user.get_full_name()) if record.history_user else "ระบบ"


def _shortened(text: str, length: int = 40) -> str:
    return text if len(text) <= length else f"{text[:length]}…"


def _readable(name: str, value: Value) -> str:
    if isinstance(value, bool):
        return "แยกตามส่วนราชการ" if value else "รายงานร่วมกัน"
    if isinstance(value, date):
        return f"เสร็จ {long_date(value)}" if name == "done_on" else long_date(value)
    if name == "status" and value:
        return SHORT_WORDS[value]
    return value or ("ยังไม่รายงาน" if name == "done_on" else "")
