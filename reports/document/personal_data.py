"""What in a report looks like personal data: national ID numbers, telephone numbers, e-mail addresses and
bank accounts. It points at places for a person to judge; it neither changes nor stops anything.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from reports.document.changes import changes_in
from reports.document.earlier import EarlierMeasure
from reports.document.facts import MeasureRow, ReportDocument

ID_LENGTH: Final = 13
EXCERPT: Final = 30
"""How many characters before and after a finding are shown with it."""

# One digit for one: places in the text stay what they are.
ARABIC: Final = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
# Between the groups of a number people write a space, a hyphen of any width, a bracket, or nothing.
GAP: Final = r"[ \-‐‑–.()]{0,2}"


class PersonalData(Enum):
    """Kinds of personal data that can be told by their form; the value is what people read."""

    NATIONAL_ID = "เลขประจำตัวประชาชน"
    PHONE = "หมายเลขโทรศัพท์"
    EMAIL = "อีเมล"
    BANK_ACCOUNT = "เลขที่บัญชีธนาคาร"


@dataclass(frozen=True, slots=True)
class PersonalDataPlace:
    """A place in a report that looks like personal data."""

    kind: PersonalData
    measure: int
    """The number by which the system knows the measure; 0 where it knows none."""
    measure_title: str
    field: str
    """The part of the measure, as people read it: ผลการดำเนินงาน."""
    before: str
    text: str
    """What looks like personal data, as it was typed."""
    after: str
    anchor: str = ""
    """The part of the measure's page where it can be changed: #evidence; empty for the page as a whole."""


MOBILE: Final = rf"[689]{GAP}\d(?:{GAP}\d){{7}}"
LANDLINE: Final = rf"[2-57]{GAP}\d(?:{GAP}\d){{6}}"
# In the order in which they are looked for: what one has found is no longer looked at by the next.
FORMS: Final = (
    (PersonalData.EMAIL, re.compile(r"[\w.+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")),
    (PersonalData.NATIONAL_ID, re.compile(rf"(?<!\d)(?:\d{GAP}){{12}}\d(?!\d)")),
    # 081-234-5678, 0 2123 4567, +66 81 234 5678.
    (PersonalData.PHONE, re.compile(rf"(?<![\d/])(?:\+66|0){GAP}(?:{MOBILE}|{LANDLINE})(?![\d/])")),
    # 123-4-56789-0, as banks print it.
    (PersonalData.BANK_ACCOUNT, re.compile(r"(?<!\d)\d{3}[ \-‐‑–]\d[ \-‐‑–]\d{5}[ \-‐‑–]\d(?!\d)")),
    # Ten to twelve digits in any groups, where the words before them speak of an account.
    (
        PersonalData.BANK_ACCOUNT,
        re.compile(rf"(?<=บัญชี)[^\d\n]{{0,40}}?(?P<number>\d(?:{GAP}\d){{9,11}})(?!\d)"),
    ),
)
# Numbers of other kinds: of a web address, of a day, of years one after the other.
OTHER_NUMBERS: Final = re.compile(
    r"https?://\S+|\d{1,2}[ ./\-]\d{1,2}[ ./\-](?:25|20)\d\d|(?:25\d\d[ ,\-–]{1,3}){1,9}25\d\d(?!\d)",
    re.IGNORECASE,
)


def is_national_id(digits: str) -> bool:
    """Whether digits are a Thai national ID number: 13, of which the last checks the twelve before it."""
    if len(digits) != ID_LENGTH or digits[0] == "0":
        return False
    weighted = sum(int(digit) * (ID_LENGTH - place) for place, digit in enumerate(digits[:-1]))
    return (11 - weighted % 11) % 10 == int(digits[-1])


def findings_in(
    document: ReportDocument, file_names: Mapping[int, str] | None = None
) -> Sequence[PersonalDataPlace]:
    """Everything in a document that looks like personal data, in printed order.

    Args:
        document: as it will leave the agency (redaction.for_everybody), so that what stays is not pointed at.
        file_names: of its public evidence, by the number of the evidence: whoever downloads a file reads it.
    """
    return [
        PersonalDataPlace(
            kind,
            measure.id,
            measure.title,
            field,
            _tail(text[:start]),
            text[start:end],
            _head(text[end:]),
            "#evidence" if "หลักฐาน" in field else "",
        )
        for measure, field, text in _places(document, file_names or {})
        for kind, start, end in places_in(text)
    ]


def _places(
    document: ReportDocument, file_names: Mapping[int, str]
) -> Iterator[tuple[MeasureRow | EarlierMeasure, str, str]]:
    """Every text with its measure and what people call it; of the earlier report what is printed beside."""
    for measure in document.measures:
        for field, text in _texts(measure, file_names):
            yield measure, field, text
    if changes := changes_in(document):
        field = f"ผลการดำเนินงานในรายงานรอบ {changes.earlier.months} เดือน"
        for change in changes.changed:
            if change.before and change.result_changed:
                yield change.before, field, change.result_before


def places_in(text: str) -> Sequence[tuple[PersonalData, int, int]]:
    """Where a text looks like personal data: the kind, where it begins, and where the text goes on.

    The numbers in a web address are its own business, unless they are a national ID number.
    """
    plain = text.translate(ARABIC)
    others = [found.span() for found in OTHER_NUMBERS.finditer(plain)]
    places: list[tuple[PersonalData, int, int]] = []
    for kind, form in FORMS:
        for found in form.finditer(plain):
            start, end = found.span("number" if "number" in form.groupindex else 0)
            taken = [(first, last) for _, first, last in places]
            if kind is PersonalData.NATIONAL_ID:
                if not is_national_id(re.sub(r"\D", "", found[0])):
                    continue
            else:
                taken += others
            if not any(start < last and first < end for first, last in taken):
                places.append((kind, start, end))
    return sorted(places, key=lambda place: place[1])


def _texts(measure: MeasureRow, file_names: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    yield "ชื่อมาตรการ", measure.title
    for step in measure.steps:
        yield f"ขั้นตอน {step.label}", step.text
    yield "กำหนดแล้วเสร็จ", measure.due_text
    yield "เหตุผล", measure.reason
    yield "ผลการดำเนินงาน", measure.result
    yield "ปัญหา/อุปสรรค และข้อเสนอแนะ", measure.obstacle
    for part in measure.parts:
        yield f"เหตุผลของ{part.division}", part.reason
        yield f"ผลการดำเนินงานของ{part.division}", part.result
        yield f"ปัญหา/อุปสรรคของ{part.division}", part.obstacle
    for line in measure.evidence:
        yield f"ชื่อหลักฐานลำดับที่ {line.number}", line.title
        yield f"ที่อยู่ของหลักฐานลำดับที่ {line.number}", line.address
        if line.public:
            yield f"ชื่อไฟล์ของหลักฐานลำดับที่ {line.number}", file_names.get(line.id, "")


def _tail(text: str) -> str:
    line = text.rpartition("\n")[2]
    return line if len(line) <= EXCERPT else f"…{line[-EXCERPT:]}"


def _head(text: str) -> str:
    line = text.partition("\n")[0]
    return line if len(line) <= EXCERPT else f"{line[:EXCERPT]}…"
