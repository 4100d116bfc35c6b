"""The form in which a person names a piece of evidence."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.http import QueryDict

from core.dangers import Dangerous
from core.fields import PlainText, ThaiDateField
from core.file_kinds import BY_TYPE, KINDS, size_text
from core.forms import ReadableForm
from core.virus_scan import scan
from measures.evidence.files import (
    MAX_BYTES,
    MAX_FILES,
    TAKEN,
    TOGETHER_TOO_BIG,
    TOO_MANY,
    CheckedFile,
    Refused,
    check_size,
    examine,
)
from measures.evidence.services import NewEvidence
from measures.models import Evidence, Measure, with_small_scheme
from measures.steps import NumberedStep

# Endings too: a machine without Office does not know Word's and Excel's types by name.
ACCEPT = ",".join([*BY_TYPE, ".jpeg", *(f".{kind.ending}" for kind in KINDS)])
ADDRESS_HELP = "เช่น https://www.example.go.th/ita/66/photo.pdf ผู้อ่านรายงานต้องเปิดดูได้โดยไม่ต้องลงชื่อเข้าใช้"
FILE_HELP = (
    f"{TAKEN} เลือกได้ครั้งละไม่เกิน {MAX_FILES} ไฟล์ รวมกันไม่เกิน {size_text(MAX_BYTES)} ตำแหน่งที่ฝังในภาพถ่ายจะถูกลบออกให้"
)
PUBLIC_HELP = (
    "ประชาชนเปิดดูได้เมื่อรายงานที่มีหลักฐานนี้ได้รับอนุมัติและเผยแพร่แล้ว หากไม่เลือก รายงานที่เผยแพร่จะไม่มีชื่อ ที่อยู่ และไฟล์ของหลักฐานนี้"
    " ก่อนเผยแพร่ โปรดตรวจว่าไม่มีข้อมูลส่วนบุคคล เช่น เลขประจำตัวประชาชน ที่อยู่ เบอร์โทรศัพท์ ลายมือชื่อ"
    " หรือใบหน้าผู้ที่ไม่ได้ยินยอม (พ.ร.บ. คุ้มครองข้อมูลส่วนบุคคล PDPA)"
)
MAX_TITLE = 300
ONE_OF_TWO = "กรุณาเลือกไฟล์ หรือใส่ลิงก์ อย่างใดอย่างหนึ่ง"
NOT_BOTH = "ใส่ทั้งไฟล์และลิงก์พร้อมกันไม่ได้ กรุณาเลือกอย่างเดียว อีกอย่างเพิ่มเป็นหลักฐานอีกรายการ"


class SeveralFiles(forms.FileInput):
    """Lets several files be chosen at once."""

    allow_multiple_selected = True


class EvidenceFilesField(forms.FileField):
    """Files that clean to a list of CheckedFile in the order in which they were chosen; empty for none."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> Sequence[CheckedFile]:
        chosen = [each for each in data or () if isinstance(each, UploadedFile)]
        if len(chosen) > MAX_FILES:
            raise ValidationError(TOO_MANY.format(count=len(chosen)), code="refused")
        # By their length first: what is too long is not looked at.
        if len(chosen) > 1 and sum(each.size or 0 for each in chosen) > MAX_BYTES:
            raise ValidationError(TOGETHER_TOO_BIG, code="refused")
        files: list[CheckedFile] = []
        problems: list[str] = []
        for each in chosen:
            try:
                check_size(each.size or 0)
                content = each.read()
                scan(content)
                files.append(examine(each.name or "", content))
            except (Refused, Dangerous) as refused:
                problems.append(f"{each.name}: {refused}" if len(chosen) > 1 else str(refused))
        if problems:
            raise ValidationError(problems, code="refused")
        return files


class EvidenceForm(ReadableForm, forms.Form):
    """A title, a file or a web address, the day that it is evidence of, its step, whether it is public."""

    # Fields of two forms stand on one page: no two share an id.
    prefix = "evidence"

    title = PlainText(
        label="ชื่อหลักฐาน", max_length=MAX_TITLE, help_text="หากเลือกหลายไฟล์ ระบบจะใส่ (1) (2) (3) ต่อท้ายชื่อให้"
    )
    file = EvidenceFilesField(
        label="ไฟล์",
        required=False,
        help_text=FILE_HELP,
        widget=SeveralFiles(attrs={"accept": ACCEPT, "data-max-bytes": MAX_BYTES}),
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
    def new_evidence(self) -> Sequence[NewEvidence]:
        """What was named, once the form is valid: a piece for each file, numbered where there are several."""
        cleaned = self.cleaned_data
        files = cleaned["file"] or [None]
        return [
            NewEvidence(
                title=cleaned["title"] if len(files) == 1 else _with_number(cleaned["title"], number),
                effective_on=cleaned["effective_on"],
                public=cleaned["public"],
                step=self.steps.get(cleaned["step"] or 0),
                address=cleaned["address"],
                file=file,
            )
            for number, file in enumerate(files, 1)
        ]


class ReuseForm(ReadableForm, forms.Form):
    """Which other measures a piece of evidence proves too.

    Args:
        measures: those from which to choose.
    """

    measures = forms.TypedMultipleChoiceField(
        label="มาตรการ", coerce=int, error_messages={"required": "กรุณาเลือกอย่างน้อยหนึ่งมาตรการ"}
    )

    def __init__(self, data: QueryDict | None = None, *, measures: Sequence[Measure]) -> None:
        super().__init__(data)
        field = cast(forms.TypedMultipleChoiceField, self.fields["measures"])
        field.choices = [(measure.pk, measure.title) for measure in measures]

    @property
    def chosen(self) -> Sequence[str]:
        """The keys of the measures as they were chosen, for the page that is shown again."""
        return cast(QueryDict, self.data).getlist("measures") if self.is_bound else ()

    @property
    def bound_forms(self) -> Sequence[forms.Form]:
        """For the summary of what is wrong."""
        return [self] if self.is_bound else []


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


def _with_number(title: str, number: int) -> str:
    end = f" ({number})"
    return f"{title[: MAX_TITLE - len(end)]}{end}"


def _shortened(text: str, length: int = 60) -> str:
    return text if len(text) <= length else f"{text[:length]}…"
