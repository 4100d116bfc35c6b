"""The form in which a person names a piece of evidence."""

from django import forms
from django.core.validators import URLValidator

from accounts.forms import PlainText, ReadableForm
from measures.forms.fields import ThaiDateField

ADDRESS_HELP = "เช่น https://www.example.go.th/ita/66/photo.pdf ผู้อ่านรายงานต้องเปิดดูได้โดยไม่ต้องลงชื่อเข้าใช้"


class EvidenceForm(ReadableForm, forms.Form):
    """A title, a web address and the day that it is evidence of."""

    # Fields of two forms stand on one page: no two share an id.
    prefix = "evidence"

    title = PlainText(label="ชื่อหลักฐาน", max_length=300)
    address = PlainText(
        label="ที่อยู่เว็บ",
        max_length=1_000,
        help_text=ADDRESS_HELP,
        validators=[
            URLValidator(
                schemes=["http", "https"],
                message="ที่อยู่ต้องขึ้นต้นด้วย https:// หรือ http:// และไม่มีช่องว่าง กรุณาคัดลอกจากแถบที่อยู่ของเบราว์เซอร์",
            )
        ],
    )
    effective_on = ThaiDateField(
        label="วันที่ของหลักฐาน",
        max_length=40,
        help_text="วันที่ทำจริง ไม่ใช่วันที่บันทึก เช่น 31/3/2566 ใช้เลือกว่าอยู่ในรายงานรอบใด",
    )
