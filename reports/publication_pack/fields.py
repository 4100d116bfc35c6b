"""The fields that a Word template may have: their names, what they say, and an example of each."""

import re
from dataclasses import dataclass
from typing import Any, Final

from reports.publication_pack.facts import BLANK, MeasureFacts, PackFacts


@dataclass(frozen=True, slots=True)
class PackField:
    """One field, written in a template as {{ name }}."""

    name: str
    attribute: str
    """Of PackFacts, or of MeasureFacts for a column."""
    meaning: str

    @property
    def tag(self) -> str:
        """As it is written in Word."""
        return f"{{{{ {self.name} }}}}"

    @property
    def example(self) -> str:
        """What would stand there."""
        whose = EXAMPLE.rows[0] if self in COLUMNS else EXAMPLE
        return str(getattr(whose, self.attribute)) or "(ว่าง)"


FIELDS: Final = (
    PackField("ชื่อหน่วยงาน", "agency", "ชื่อเต็มตามรายงาน"),
    PackField("ชื่อย่อหน่วยงาน", "agency_short", "ชื่อย่อตามรายงาน"),
    PackField("จังหวัด", "province", "จังหวัดของหน่วยงาน"),
    PackField("ที่อยู่หน่วยงาน", "agency_address", "ตามหน้าข้อมูลหน่วยงาน"),
    PackField("เว็บไซต์หน่วยงาน", "website", "ตามหน้าข้อมูลหน่วยงาน"),
    PackField("ส่วนราชการเจ้าของเรื่อง", "owner", "ส่วนราชการของผู้จัดทำ (ถ้ามี) และชื่อหน่วยงาน"),
    PackField("วันที่จัดทำ", "made_on", "วันที่กดจัดทำเอกสาร"),
    PackField("ชื่อรายงาน", "title", "ชื่อรายงาน ปีงบประมาณ และรอบ"),
    PackField("ปีงบประมาณ", "fiscal_year", "ปี พ.ศ."),
    PackField("รอบเดือน", "months", "๖ หรือ ๑๒"),
    PackField("ช่วงเวลา", "period", "เดือนแรกและเดือนสุดท้ายของรอบ"),
    PackField("วันที่ของข้อมูล", "as_of", "รายงานเป็นข้อมูล ณ วันใด"),
    PackField("เลขฉบับ", "revision", "ฉบับที่เท่าใด"),
    PackField("รหัสฉบับ", "code", "รหัสที่พิมพ์ในรายงาน"),
    PackField("เหตุผลที่แก้ไข", "correction", "ว่าง หากเป็นฉบับที่ ๑"),
    PackField("ที่อยู่หน้ารายงาน", "address", "ที่อยู่เว็บที่ทุกคนเปิดดูและตรวจสอบรายงานได้"),
    PackField("ผู้รายงาน", "reporter", "ชื่อผู้ลงนามในรายงาน"),
    PackField("ตำแหน่งผู้รายงาน", "reporter_post", "ตำแหน่งของผู้ลงนามในรายงาน"),
    PackField("วันที่รายงาน", "reported_on", "วันที่ส่งรายงานให้ผู้บริหาร"),
    PackField("ผู้อนุมัติ", "approver", "ชื่อผู้อนุมัติรายงานในระบบ"),
    PackField("ตำแหน่งผู้อนุมัติ", "approver_post", "ตำแหน่งของผู้อนุมัติ"),
    PackField("วันที่อนุมัติ", "approved_on", "วันที่อนุมัติรายงานในระบบ"),
    PackField("หัวหน้าหน่วยงาน", "head", "ผู้อนุมัติตามหน้าข้อมูลหน่วยงาน"),
    PackField("ตำแหน่งหัวหน้าหน่วยงาน", "head_post", "ใช้หลังคำว่า เรียน"),
    PackField("ผู้นำขึ้นเผยแพร่", "publisher", "ผู้กดเผยแพร่ในระบบ เป็นเส้นประหากยังไม่เผยแพร่"),
    PackField("ตำแหน่งผู้นำขึ้นเผยแพร่", "publisher_post", "ตำแหน่งของผู้กดเผยแพร่"),
    PackField("วันที่เผยแพร่", "published_on", "วันที่กดเผยแพร่ในระบบ"),
    PackField("จำนวนมาตรการ", "measures", "ทั้งหมด"),
    PackField("จำนวนแล้วเสร็จ", "done", "มาตรการที่ดำเนินการแล้วเสร็จ"),
    PackField("จำนวนอยู่ระหว่างดำเนินการ", "in_progress", "มาตรการที่อยู่ระหว่างดำเนินการ"),
    PackField("จำนวนยังไม่ได้ดำเนินการ", "not_started", "มาตรการที่ยังไม่ได้ดำเนินการ"),
    PackField("จำนวนยกเลิก", "cancelled", "มาตรการที่ยกเลิก"),
    PackField("จำนวนล่าช้า", "late", "มาตรการที่ล่าช้ากว่ากำหนด"),
    PackField("ร้อยละแล้วเสร็จ", "done_percent", "ปัดเป็นจำนวนเต็ม"),
    PackField("สรุปผล", "summary", "ผลการดำเนินงานในหนึ่งประโยค"),
    PackField("ข้อความทดลอง", "sample", "บอกว่าเป็นเรื่องสมมุติ ว่างในแผนจริง"),
)

# A space after a Thai number, before a word.
COUNTED: Final = re.compile("(?<=[๐-๙]) (?=[ก-๙])")

LIST_NAME: Final = "รายการมาตรการ"
COLUMNS: Final = (
    PackField("ตัวชี้วัด", "indicator", "เลขของตัวชี้วัด"),
    PackField("มาตรการ", "title", "ชื่อมาตรการ"),
    PackField("ผู้รับผิดชอบ", "parties", "คั่นด้วยจุลภาค"),
    PackField("สถานะ", "status", "ผลการดำเนินงาน"),
)

EXAMPLE: Final = PackFacts(
    agency="องค์การบริหารส่วนตำบลตัวอย่าง",
    agency_short="อบต.ตัวอย่าง",
    province="ตัวอย่าง",
    agency_address="๑ หมู่ที่ ๑ ตำบลตัวอย่าง",
    website="https://www.example.go.th/",
    owner="สำนักปลัด องค์การบริหารส่วนตำบลตัวอย่าง",
    made_on="๑๐ เมษายน ๒๕๖๖",
    title="รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. ๒๕๖๖ รอบ ๖ เดือน",
    fiscal_year="๒๕๖๖",
    months="๖",
    period="ตุลาคม ๒๕๖๕ - มีนาคม ๒๕๖๖",
    as_of="๓ เมษายน ๒๕๖๖",
    revision="๑",
    code="AB12-CD34",
    correction="",
    address="https://ita.example.go.th/public/example/2566/6/1/",
    reporter=BLANK,
    reporter_post="หัวหน้าสำนักปลัด",
    reported_on="๓ เมษายน ๒๕๖๖",
    approver=BLANK,
    approver_post="นายกองค์การบริหารส่วนตำบล",
    approved_on="๕ เมษายน ๒๕๖๖",
    head=BLANK,
    head_post="นายกองค์การบริหารส่วนตำบล",
    publisher=BLANK,
    publisher_post="นักวิเคราะห์นโยบายและแผน",
    published_on=BLANK,
    measures="๑๐",
    done="๗",
    in_progress="๓",
    not_started="๐",
    cancelled="๐",
    late="๑",
    done_percent="๗๐",
    summary="มีมาตรการทั้งสิ้น ๑๐ มาตรการ ดำเนินการแล้วเสร็จ ๗ มาตรการ และอยู่ระหว่างดำเนินการ ๓ มาตรการ "
    "ในจำนวนนี้ล่าช้ากว่ากำหนด ๑ มาตรการ",
    sample="",
    rows=(
        MeasureFacts("๑", "จัดทำคู่มือการปฏิบัติงาน", "สำนักปลัด, กองคลัง", "ดำเนินการแล้วเสร็จ"),
        MeasureFacts("๗", "เผยแพร่ข้อมูลบนเว็บไซต์", "สำนักปลัด", "อยู่ระหว่างดำเนินการ"),
    ),
)


def values_of(facts: PackFacts) -> dict[str, Any]:
    """The facts under the names of the fields: plain texts and one list, what a template is filled with."""
    values: dict[str, Any] = {field.name: _kept(getattr(facts, field.attribute)) for field in FIELDS}
    values[LIST_NAME] = [
        {column.name: getattr(row, column.attribute) for column in COLUMNS} for row in facts.rows
    ]
    return values


def _kept(text: str) -> str:
    """A number and what it counts, a day and its month: no line ends between them."""
    return COUNTED.sub("\u00a0", text)
