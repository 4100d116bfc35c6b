"""Rules of people that no single column can hold; each answers with Thai sentences by the name of a field."""

from collections.abc import Collection, Iterable
from typing import Final

from accounts.models import Agency, Division, Role, User

LAST_OFFICER: Final = "หน่วยงานต้องมีเจ้าหน้าที่ผู้รับผิดชอบ ITA ที่ใช้งานอยู่อย่างน้อยหนึ่งคน กรุณาให้บทบาทนี้แก่ผู้อื่นก่อน"


def division_problems(
    agency: Agency | None, roles: Collection[Role], divisions: Iterable[Division]
) -> dict[str, str]:
    """Staff have divisions, and all of them are of their agency."""
    chosen = list(divisions)
    foreign = [division for division in chosen if agency is None or division.agency_id != agency.pk]
    if foreign:
        names = ", ".join(division.name for division in foreign)
        return {"divisions": f"“{names}” ไม่ใช่ส่วนราชการของหน่วยงานนี้ กรุณาเลือกใหม่"}
    if Role.STAFF in roles and not chosen:
        return {"divisions": "เจ้าหน้าที่ของส่วนราชการต้องอยู่ในส่วนราชการอย่างน้อยหนึ่งแห่ง"}
    return {}


def loses_last_officer(
    person: User, roles: Collection[Role], agency: Agency | None, *, is_active: bool
) -> bool:
    """Whether a change would leave an agency without an officer in use.

    True only if nobody changes the agency's people meanwhile: whoever stores it holds the agency's row.
    """
    stays = Role.OFFICER in roles and is_active and agency is not None and agency.pk == person.agency_id
    return not stays and person.is_last_officer
