"""Putting a save of a measure back, by the key with which the history shows it."""

from collections.abc import Iterable
from datetime import date
from typing import Final, cast

from accounts.models import User
from measures.measure_page.history import FieldChange
from measures.measure_page.saves import Save, saves_of
from measures.models import Measure, Step
from measures.progress.rules import LABELS, STORED_FIELDS
from measures.progress.services import ChangedSince, EarlierReport, ReasonMissing, put_back

GONE: Final = "รายการที่เลือกไม่อยู่ในประวัติแบบเดิมแล้ว กรุณาดูประวัติล่าสุดด้านล่าง แล้วเลือกใหม่"
CHANGED: Final = "ย้อนกลับไม่ได้ เพราะหลังจากนั้นมีการแก้ไข {} กรุณาดูประวัติล่าสุด แล้วแก้ไขในแบบฟอร์มแทน"
NO_REASON: Final = "ย้อนกลับไม่ได้ เพราะมาตรการที่ยกเลิกต้องมีเหตุผล กรุณาแก้ไขในแบบฟอร์มแทน"
STEP: Final = "done_on"


class CannotPutBack(Exception):
    """Nothing was put back; the text is the Thai sentence for the person."""


def put_save_back(measure: Measure, key: str, person: User) -> Save:
    """Give a measure the values that it had before one of its saves; that save.

    Raises:
        CannotPutBack: the save is not in the history as it was shown, or what it left was changed since.
    """
    steps = Step.objects.filter(measure=measure)
    save = next((save for save in saves_of(measure, steps) if save.key == key), None)
    if save is None or not save.reported:
        raise CannotPutBack(GONE)
    if save.overtaken:
        raise CannotPutBack(CHANGED.format(_named(change.name for change in save.overtaken)))
    try:
        put_back(measure, _earlier(save), person)
    except ChangedSince as changed:
        names = [*changed.fields, *[STEP] * changed.steps]
        raise CannotPutBack(CHANGED.format(_named(names))) from changed
    except ReasonMissing as missing:
        raise CannotPutBack(NO_REASON) from missing
    return save


def _earlier(save: Save) -> EarlierReport:
    def pairs(model: type[Measure] | type[Step]) -> list[FieldChange]:
        return [change for change in save.reported if change.thing[0] is model]

    return EarlierReport(
        save.when,
        {change.name: cast(tuple[str, str], change.values) for change in pairs(Measure)},
        {change.thing[1]: cast(tuple[date | None, date | None], change.values) for change in pairs(Step)},
    )


def _named(names: Iterable[str]) -> str:
    """What was changed since, in the order of the form."""
    changed = set(names)
    labels = [LABELS[name] for name in STORED_FIELDS if name in changed]
    return " และ".join(f"“{label}”" for label in [*labels, *["ขั้นตอน"] * (STEP in changed)])
