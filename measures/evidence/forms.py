"""The form in which a person names a piece of evidence."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.http import QueryDict

from core.fields import PlainText, ThaiDateField
from core.file_kinds import BY_TYPE, KINDS, size_text
from core.forms import ReadableForm
from measures.evidence.files import MAX_BYTES, TAKEN, CheckedFile, Refused, check_size, examine
from measures.evidence.services import NewEvidence
from measures.models import Evidence, with_small_scheme
from measures.steps import NumberedStep

# Endings too: a machine without Office does not know Word's and Excel's types by name.
ACCEPT = ",".join([*BY_TYPE, ".jpeg", *(f".{kind.ending}" for kind in KINDS)])
ADDRESS_HELP = "เช่น https://www.example.go.th/ita/66/photo.pdf ผู้อ่านรายงานต้องเปิดดูได้โดยไม่ต้องลงชื่อเข้าใช้"
FILE_HELP = f"{TAKEN} ไม่เกิน {size_text(MAX_BYTES)} ตำแหน่งที่ฝังในภาพถ่ายจะถูกลบออกให้"
PUBLIC_HELP = (
    "ประชาชนเปิดดูได้เมื่อรายงานที่มีหลักฐานนี้ได้รับอนุมัติและเผยแพร่แล้ว หากไม่เลือก รายงานที่เผยแพร่จะไม่มีชื่อ ที่อยู่ และไฟล์ของหลักฐานนี้"
    " ก่อนเผยแพร่ โปรดตรวจว่าไม่มีข้อมูลส่วนบุคคล เช่น เลขประจำตัวประชาชน ที่อยู่ เบอร์โทรศัพท์ ลายมือชื่อ"
    " หรือใบหน้าผู้ที่ไม่ได้ยินยอม (พ.ร.บ. คุ้มครองข้อมูลส่วนบุคคล PDPA)"
)
ONE_OF_TWO = "กรุณาเลือกไฟล์ หรือใส่ลิงก์ อย่างใดอย่างหนึ่ง"
NOT_BOTH = "ใส่ทั้งไฟล์และลิงก์พร้อมกันไม่ได้ กรุณาเลือกอย่างเดียว อีกอย่างเพิ่มเป็นหลักฐานอีกรายการ"


class EvidenceFileField(forms.FileField):
    """A file that cleans to a CheckedFile, or to None where none was chosen."""

    widget = forms.FileInput

    def clean(self, data: Any, initial: Any = None) -> CheckedFile | None:
        if not isinstance(data, UploadedFile):
            return None
        try:
            # By its length first: what is too long is not taken into memory.
            check_size(data.size or 0)
            return examine(data.name or "", data.read())
        except Refused as refused:
            raise ValidationError(str(refused), code="refused") from refused


class EvidenceForm(ReadableForm, forms.Form):
    """A title, a file or a web address, the day that it is evidence of, its step, whether it is public."""

    # Fields of two forms stand on one page: no two share an id.
    prefix = "evidence"

    title = PlainText(label="ชื่อหลักฐาน", max_length=300)
    file = EvidenceFileField(
        label="ไฟล์",
        required=False,
        help_text=FILE_HELP,
        widget=forms.FileInput(attrs={"accept": ACCEPT, "data-max-bytes": MAX_BYTES}),
    )
    address = PlainText(
        label="ลิงก์แทนการแนบไฟล์",
        required=False,
        max_length=1_000,
        help_text=ADDRESS_HELP,
        validators=[
            URLValidator(
                schemes=["http", "https"],
                message="ลิงก์ต้องขึ้นต้นด้วย https:// หรือ http:// และไม่มีช่องว่าง กรุณาคัดลอกจากแถบที่อยู่ของเบราว์เซอร์",
            )
        ],
    )
    effective_on = ThaiDateField(
        label="วันที่ของหลักฐาน",
        max_length=40,
        help_text="วันที่ทำจริง ไม่ใช่วันที่บันทึก เช่น 31/3/2566 ใช้เลือกว่าอยู่ในรายงานรอบใด",
    )
    step = forms.TypedChoiceField(label="เป็นหลักฐานของขั้นตอน", required=False, coerce=int, empty_value=None)
    public = forms.BooleanField(label="เผยแพร่ต่อสาธารณะ", required=False, help_text=PUBLIC_HELP)

    def __init__(self, *args: Any, steps: Sequence[NumberedStep], **options: Any) -> None:
        super().__init__(*args, **options)
        self.steps = {row.step.pk: row.step for row in steps}
        choices = [(str(row.step.pk), f"{row.number} {_shortened(row.step.text)}") for row in steps]
        cast(forms.TypedChoiceField, self.fields["step"]).choices = [("", "ทั้งมาตรการ"), *choices]

    def clean_address(self) -> str:
        """With its beginning in small letters, as every record holds it."""
        return with_small_scheme(self.cleaned_data["address"])

    def clean(self) -> dict[str, Any]:
        """A file or an address, and not both."""
        cleaned = super().clean() or self.cleaned_data
        if "file" not in self.errors and "address" not in self.errors:
            file, address = cleaned.get("file"), cleaned.get("address")
            if not file and not address:
                self.add_error("file", ONE_OF_TWO)
            elif file and address:
                self.add_error("address", NOT_BOTH)
        return cleaned

    @property
    def file_is_fine(self) -> bool:
        """Whether a file was chosen with which nothing is wrong, while something else is."""
        return self.is_bound and bool(self.files.get(self.add_prefix("file"))) and "file" not in self.errors

    @property
    def new_evidence(self) -> NewEvidence:
        """What was named, once the form is valid."""
        cleaned = self.cleaned_data
        return NewEvidence(
            title=cleaned["title"],
            effective_on=cleaned["effective_on"],
            public=cleaned["public"],
            step=self.steps.get(cleaned["step"] or 0),
            address=cleaned["address"],
            file=cleaned["file"],
        )


class HidingForm(ReadableForm, forms.Form):
    """Why evidence that a report refers to is hidden from the public, or shown again."""

    reason = PlainText(label="เหตุผล", max_length=1_000, widget=forms.Textarea(attrs={"rows": 2}))

    @classmethod
    def of(cls, evidence: Evidence, data: QueryDict | None = None) -> "HidingForm":
        """The form of one of the pieces of evidence on a page: no two share an id."""
        return cls(data, auto_id=f"hiding-{evidence.pk}-%s")

    @property
    def bound_forms(self) -> Sequence[forms.Form]:
        """For the summary of what is wrong."""
        return [self]


def _shortened(text: str, length: int = 60) -> str:
    return text if len(text) <= length else f"{text[:length]}…"
