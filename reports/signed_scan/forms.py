"""The form with which the officer attaches a scan of a signed report."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from core.dangers import Dangerous
from core.file_kinds import size_text
from core.forms import ReadableForm
from measures.evidence.files import MAX_BYTES, Refused, check_size
from reports.signed_scan.files import TAKEN, CheckedScan, checked_scan

ACCEPT: Final = "application/pdf,image/jpeg,image/png,.pdf,.jpg,.jpeg,.png"
FILE_HELP: Final = f"{TAKEN} ไม่เกิน {size_text(MAX_BYTES)} หนึ่งไฟล์ ตำแหน่งที่ฝังในภาพถ่ายจะถูกลบออกให้"
PUBLIC_HELP: Final = (
    "หากเลือก ประชาชนดาวน์โหลดสำเนานี้ได้เมื่อฉบับนี้เผยแพร่แล้ว ลายมือชื่อเป็นข้อมูลส่วนบุคคล (พ.ร.บ. คุ้มครองข้อมูลส่วนบุคคล PDPA)"
    " โปรดตรวจว่าผู้ลงนามยินยอม และไม่มีข้อมูลอื่นที่เขียนเพิ่มด้วยมือ"
)


class ScanField(forms.FileField):
    """A scan that cleans to a CheckedScan."""

    def clean(self, data: Any, initial: Any = None) -> CheckedScan:
        if not isinstance(data, UploadedFile):
            raise ValidationError(self.error_messages["required"], code="required")
        try:
            # By its length first: what is too long is not looked at.
            check_size(data.size or 0)
            return checked_scan(data.name or "", data.read())
        except (Refused, Dangerous) as refused:
            raise ValidationError(str(refused), code="refused") from refused


class ScanForm(ReadableForm, forms.Form):
    """The scan, and whether everybody may have it."""

    # Fields of two forms stand on one page: no two share an id.
    prefix = "scan"

    file = ScanField(
        label="ไฟล์สแกนที่ลงนามแล้ว",
        help_text=FILE_HELP,
        error_messages={"required": "กรุณาเลือกไฟล์สแกน"},
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    public = forms.BooleanField(label="ให้ประชาชนดาวน์โหลดได้", required=False, help_text=PUBLIC_HELP)
