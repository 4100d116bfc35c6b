"""The divisions that an agency of a kind usually has, as the standards of local administration name them.

Of each kind, those that every office has, and others that are offered beside them.
"""

from dataclasses import dataclass
from typing import Final

from accounts.models import AgencyKind

AUDIT: Final = "หน่วยตรวจสอบภายใน"


@dataclass(frozen=True)
class TypicalDivisions:
    """Names in the order of an office's own lists."""

    usual: tuple[str, ...]
    offered: tuple[str, ...] = ()


_MUNICIPALITY: Final = TypicalDivisions(
    ("สำนักปลัดเทศบาล", "กองคลัง", "กองช่าง", "กองสาธารณสุขและสิ่งแวดล้อม", "กองการศึกษา"),
    ("กองยุทธศาสตร์และงบประมาณ", "กองสวัสดิการสังคม", "กองการเจ้าหน้าที่", AUDIT),
)
TYPICAL: Final = {
    AgencyKind.SUBDISTRICT: TypicalDivisions(
        ("สำนักปลัด", "กองคลัง", "กองช่าง", "กองการศึกษา ศาสนา และวัฒนธรรม"),
        ("กองสวัสดิการสังคม", "กองสาธารณสุขและสิ่งแวดล้อม", "กองส่งเสริมการเกษตร", AUDIT),
    ),
    AgencyKind.SUBDISTRICT_MUNICIPALITY: _MUNICIPALITY,
    AgencyKind.TOWN_MUNICIPALITY: _MUNICIPALITY,
    AgencyKind.CITY_MUNICIPALITY: TypicalDivisions(
        ("สำนักปลัดเทศบาล", "สำนักคลัง", "สำนักช่าง", "สำนักสาธารณสุขและสิ่งแวดล้อม", "สำนักการศึกษา"),
        ("กองยุทธศาสตร์และงบประมาณ", "กองสวัสดิการสังคม", "กองการเจ้าหน้าที่", AUDIT),
    ),
    AgencyKind.PROVINCIAL: TypicalDivisions(
        (
            "สำนักปลัดองค์การบริหารส่วนจังหวัด",
            "กองยุทธศาสตร์และงบประมาณ",
            "กองคลัง",
            "กองช่าง",
            "กองสาธารณสุข",
            "กองการศึกษา ศาสนา และวัฒนธรรม",
        ),
        ("สำนักงานเลขานุการองค์การบริหารส่วนจังหวัด", "กองพัสดุและทรัพย์สิน", "กองการเจ้าหน้าที่", AUDIT),
    ),
    AgencyKind.CENTRAL: TypicalDivisions(
        ("สำนักงานเลขานุการกรม", "กองยุทธศาสตร์และแผนงาน"),
        ("กองคลัง", "กองการเจ้าหน้าที่", "กองกฎหมาย", "กลุ่มพัฒนาระบบบริหาร", "กลุ่มตรวจสอบภายใน"),
    ),
}


def typical_divisions(kind: str) -> TypicalDivisions:
    """What is offered to an agency of a kind; nothing where the kind says nothing of its divisions."""
    return (
        TYPICAL.get(AgencyKind(kind), TypicalDivisions(()))
        if kind in AgencyKind.values
        else TypicalDivisions(())
    )
