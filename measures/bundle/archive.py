"""The ZIP itself: every file in the folder of its measure, what other rooms add, and a list of all."""

import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.utils import timezone
from openpyxl import Workbook

from accounts.background.runs import JobProblem, Run
from core.excel_cells import write_text
from core.thai_calendar import numeric_date
from measures.bundle.extras import extras_of
from measures.evidence.files import safe_title
from measures.models import Evidence, Plan

LIST: Final = "รายการหลักฐาน.xlsx"
HEADINGS: Final = (
    *("ตัวชี้วัดที่", "มาตรการ", "หลักฐาน", "วันที่ของหลักฐาน", "ส่วนราชการ"),
    *("ไฟล์ในชุดนี้หรือลิงก์", "ขนาด (ไบต์)", "SHA-256", "หมายเหตุ"),
)
NOT_WHOLE: Final = "ไฟล์หายหรือเสียหาย จึงไม่อยู่ในชุดนี้"
# So that a folder of folders can be unpacked where a path has 260 letters at most.
LONGEST_FOLDER: Final = 50


def name_of(plan: Plan) -> str:
    """Under which a browser stores the bundle of a plan."""
    return safe_title(plan.agency.short_name, f"-หลักฐาน-{plan.fiscal_year}.zip")


def write_bundle(run: Run, archive: ZipFile, plan: Plan, evidence: Sequence[Evidence]) -> None:
    """Write all of it, saying before each file how far it is."""
    total, names = len(evidence) + 1, _Names()
    rows = []
    for place, each in enumerate(evidence):
        run.report(place, total, f"รวมหลักฐานที่ {place + 1}")
        rows.append(_put(archive, each, names))
    run.report(total - 1, total, "ทำรายการหลักฐาน")
    for extra in extras_of(plan):
        # By folders of its own, which no evidence has.
        _add(archive, names.free(extra.name), extra.content, timezone.now())
    _add(archive, LIST, _list(rows), timezone.now(), ZIP_DEFLATED)


def _put(archive: ZipFile, evidence: Evidence, names: "_Names") -> Sequence[str]:
    """Add the file of a piece of evidence, where it is what was stored; its row of the list."""
    measure = evidence.measure
    where, note = evidence.address, ""
    if evidence.file.name:
        data = _whole(evidence)
        where, note = ("", NOT_WHOLE) if data is None else (names.of(evidence), "")
        if data is not None:
            _add(archive, where, data, evidence.added_at)
    return (
        *(str(measure.indicator.number), measure.title, evidence.title, numeric_date(evidence.effective_on)),
        *(evidence.part.division.name if evidence.part else "", where),
        *(str(evidence.size) if evidence.file.name else "", evidence.sha256, note),
    )


def _whole(evidence: Evidence) -> bytes | None:
    """The bytes that were stored; None where they are gone or are others by now."""
    try:
        with evidence.file.open("rb") as file:
            data: bytes = file.read()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == evidence.sha256 else None


def _add(archive: ZipFile, name: str, data: bytes, at: datetime, how: int = ZIP_STORED) -> None:
    info = ZipInfo(name, timezone.localtime(at).timetuple()[:6])
    # Readable by its owner and others, where it is unpacked.
    info.external_attr = 0o644 << 16
    archive.writestr(info, data, how)


class _Names:
    """Names in the ZIP: a folder an indicator, in it one a measure; no two files of one name."""

    def __init__(self) -> None:
        self._taken = {LIST}
        self._folders: dict[int, str] = {}

    def of(self, evidence: Evidence) -> str:
        measure = evidence.measure
        folder = self._folders.get(measure.pk)
        if folder is None:
            indicator = _folder(f"{measure.indicator.number:02d} {measure.indicator.name}")
            number = sum(each.startswith(f"{indicator}/") for each in self._folders.values()) + 1
            folder = f"{indicator}/{_folder(f'{number:02d} {measure.title}')}"
            self._folders[measure.pk] = folder
        return self.free(f"{folder}/{evidence.file_name}")

    def free(self, name: str) -> str:
        stem, dot, ending = name.rpartition(".")
        for candidate in (name, *(f"{stem} ({number}){dot}{ending}" for number in range(2, 10_000))):
            # What many systems cannot tell apart is one name.
            if candidate.casefold() not in self._taken:
                self._taken.add(candidate.casefold())
                return candidate
        raise JobProblem("มีไฟล์ชื่อเดียวกันมากเกินไป")


def _folder(title: str) -> str:
    return safe_title(title[:LONGEST_FOLDER], "")


def _list(rows: Iterable[Sequence[str]]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "หลักฐาน"
    for number, row in enumerate(_with_headings(rows), 1):
        for place, text in enumerate(row, 1):
            write_text(sheet.cell(number, place), text)
    sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _with_headings(rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    yield HEADINGS
    yield from rows
