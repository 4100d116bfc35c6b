"""Putting a save of a measure back, by the key with which the history shows it."""

from collections.abc import Iterable
from datetime import date
from typing import Final, cast

from django.core.exceptions import PermissionDenied

from accounts.models import User
from measures.access import can_update
from measures.measure_page.history import FieldChange
from measures.measure_page.saves import Save, saves_of
from measures.models import Measure, Part, PartTick, Step
from measures.parts.putting_back import put_part_back
from measures.parts.services import NotAssigned
from measures.progress.rules import LABELS, STORED_FIELDS
from measures.progress.services import ChangedSince, EarlierReport, ReasonMissing, put_back

GONE: Final = "รายการที่เลือกไม่อยู่ในประวัติแบบเดิมแล้ว กรุณาดูประวัติล่าสุดด้านล่าง แล้วเลือกใหม่"
CHANGED: Final = "ย้อนกลับไม่ได้ เพราะหลังจากนั้นมีการแก้ไข {} กรุณาดูประวัติล่าสุด แล้วแก้ไขในแบบฟอร์มแทน"
NO_REASON: Final = "ย้อนกลับไม่ได้ เพราะมาตรการที่ยกเลิกต้องมีเหตุผล กรุณาแก้ไขในแบบฟอร์มแทน"
STEP: Final = "done_on"


class CannotPutBack(Exception):
    """Nothing was put back; the text is the Thai sentence for the person."""


def put_save_back(measure: Measure, key: str, person: User) -> Save:
    """Give a measure, or a part of it, the values that it had before one of its saves; that save.

    Raises:
        CannotPutBack: the save is not in the history as it was shown, or what it left was changed since.
        PermissionDenied: a report on which the person may not report.
    """
    steps = Step.objects.filter(measure=measure)
    save = next((save for save in saves_of(measure, steps) if save.key == key), None)
    if save is None or not save.reported:
        raise CannotPutBack(GONE)
    if not can_put_back(person, measure, save):
        raise PermissionDenied
    if save.overtaken:
        raise CannotPutBack(CHANGED.format(_named(change.name for change in save.overtaken)))
    if not save.can_be_put_back:
        raise CannotPutBack(GONE)
    part = _part_of(measure, save)
    try:
        if part is None:
            put_back(measure, _earlier(save, Measure, Step), person)
        else:
            put_part_back(part, _earlier(save, Part, PartTick), person)
    except NotAssigned as gone:
        raise CannotPutBack(GONE) from gone
    except ChangedSince as changed:
        names = [*changed.fields, *[STEP] * changed.steps]
        raise CannotPutBack(CHANGED.format(_named(names))) from changed
    except ReasonMissing as missing:
        raise CannotPutBack(NO_REASON) from missing
    return save


def can_put_back(person: User, measure: Measure, save: Save) -> bool:
    """Whoever may report on the measure as a whole, or on the part, may put a report on it back."""
    return can_update(person, _part_of(measure, save) or measure)


def _part_of(measure: Measure, save: Save) -> Part | None:
    return next((part for part in measure.parts.all() if part.pk == save.part), None)


def _earlier(save: Save, report: type[Measure | Part], steps: type[Step | PartTick]) -> EarlierReport:
    def pairs(model: type[Measure | Part | Step | PartTick]) -> list[FieldChange]:
        return [change for change in save.reported if change.thing[0] is model]

    return EarlierReport(
        save.when,
        {change.name: cast(tuple[str, str], change.values) for change in pairs(report)},
        {_step(change): cast(tuple[date | None, date | None], change.values) for change in pairs(steps)},
    )


def _step(change: FieldChange) -> int:
    _, key = change.thing
    return key[1] if isinstance(key, tuple) else key


def _named(names: Iterable[str]) -> str:
    """What was changed since, in the order of the form."""
    changed = set(names)
    labels = [LABELS[name] for name in STORED_FIELDS if name in changed]
    return " และ".join(f"“{label}”" for label in [*labels, *["ขั้นตอน"] * (STEP in changed)])
