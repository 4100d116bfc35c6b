"""The four steps of an agency's first run: what is done, where each is, and the next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from accounts.models import Agency

AGENCY: Final = "agency"
DIVISIONS: Final = "divisions"
PEOPLE: Final = "people"
PLAN: Final = "plan"


@dataclass(frozen=True)
class SetUpStep:
    """A step as the page shows it; progress is done, now or later."""

    name: str
    label: str
    said: str
    progress: str
    address: str = ""
    """Where it is done or changed; empty where one cannot go yet."""


def steps_of(agency: Agency | None, current: str) -> Sequence[SetUpStep]:
    """The steps of an agency; of one that is still to be made, none is done."""
    divisions = agency.divisions.count() if agency else 0
    people = agency.users.filter(is_active=True).count() if agency else 0
    known = (
        (
            AGENCY,
            "หน่วยงาน",
            agency.short_name if agency else "ชื่อ ประเภท และที่ตั้ง",
            agency is not None,
            "agency",
        ),
        (
            DIVISIONS,
            "ส่วนราชการ",
            f"{divisions} ส่วนราชการ" if divisions else "ผู้รับผิดชอบมาตรการ",
            divisions > 0,
            "start_divisions",
        ),
        (PEOPLE, "ผู้ใช้", f"{people} คน" if people > 1 else "ผู้บริหารและเจ้าหน้าที่", people > 1, "start_people"),
        (PLAN, "แผนปีนี้", "นำเข้า คัดลอก หรือเริ่มใหม่", False, "start_plan"),
    )
    return [
        SetUpStep(
            name,
            label,
            said,
            "now" if name == current else "done" if is_done else "later",
            reverse(address) if agency else "",
        )
        for name, label, said, is_done, address in known
    ]


def next_step(agency: Agency) -> str:
    """The name of the address of the first step that is not done; the last one where all before it are."""
    if not agency.divisions.exists():
        return "start_divisions"
    return "start_people" if agency.users.filter(is_active=True).count() < 2 else "start_plan"
