"""What the manual consists of: its parts, one for each role, and where in it a feature is explained."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from accounts.models import Role


@dataclass(frozen=True, slots=True)
class ManualPart:
    """What people of one role do, task by task; its text is a template of the role's name."""

    role: Role
    purpose: str
    """In one sentence, for who looks for their part."""

    @property
    def template(self) -> str:
        return f"reports/help/_{self.role.value}.html"

    @property
    def title(self) -> str:
        return f"คู่มือสำหรับ{self.role.label}"


PARTS: Final = (
    ManualPart(Role.STAFF, "ทำเครื่องหมายขั้นตอน รายงานผล และแนบหลักฐานของส่วนราชการ"),
    ManualPart(Role.OFFICER, "จัดทำแผน ติดตามส่วนราชการ ส่งรายงาน และเผยแพร่"),
    ManualPart(Role.EXECUTIVE, "ดูภาพรวม และอนุมัติรายงาน"),
    ManualPart(Role.OVERSEER, "ดูว่าหน่วยงานใดรายงานแล้ว และหน่วยงานใดยังไม่รายงาน"),
    ManualPart(Role.ADMIN, "เพิ่มหน่วยงานและผู้ใช้ ตั้งรหัสผ่านใหม่ และปิดบัญชี"),
)
PART_OF: Final = {part.role.value: part for part in PARTS}
# Everything in one file.
BOOK: Final = "book"

# By role and feature, the task of its part that the feature's pages are for. What is not named here leads to
# the beginning of the part.
TASKS: Final[Mapping[str, Mapping[str, str]]] = {
    Role.STAFF: {
        "measures.work": "staff-work",
        "measures.measure_page": "staff-report",
        "measures.plan_list": "staff-list",
        "measures.bulk_update": "staff-list",
        "measures.workbook": "staff-excel",
        "reports.reminders": "staff-reminders",
    },
    Role.OFFICER: {
        "accounts.divisions": "officer-divisions",
        "accounts.people": "officer-people",
        "accounts.agency_settings": "officer-divisions",
        "accounts.set_up": "officer-divisions",
        "measures.bulk_update": "officer-bulk",
        "measures.measure_page": "officer-chase",
        "measures.outline": "officer-edit",
        "measures.plan_import": "officer-import",
        "measures.plan_list": "officer-bulk",
        "measures.workbook": "officer-chase",
        "reports.dashboard": "officer-chase",
        "reports.new_year": "officer-year",
        "reports.publication_pack": "officer-publish",
        "reports.reminders": "officer-reminders",
        "reports.rounds": "officer-submit",
    },
    Role.EXECUTIVE: {
        "accounts.people": "executive-acting",
        "measures.measure_page": "executive-late",
        "measures.plan_list": "executive-late",
        "reports.dashboard": "executive-dashboard",
        "reports.rounds": "executive-approve",
    },
    Role.OVERSEER: {
        "measures.measure_page": "overseer-agency",
        "measures.plan_list": "overseer-agency",
        "reports.dashboard": "overseer-agency",
        "reports.overview": "overseer-overview",
        "reports.rounds": "overseer-agency",
    },
}
