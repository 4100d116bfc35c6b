"""All files of a plan in one ZIP with a list of them, made by a worker.

Also a plan with three small files: one way, of which the limit, the permission and the page are the same.
"""

import hashlib
import io
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings
from django.utils import timezone
from openpyxl import Workbook

from accounts.background.files import file_address, making
from accounts.background.kinds import register
from accounts.background.runs import JobProblem, Run
from accounts.background.services import ask
from accounts.models import BackgroundJob, User
from core.disk_space import DISK_FULL, is_disk_full
from core.excel_cells import write_text
from core.thai_calendar import numeric_date
from measures.access import can_bundle_evidence, evidence_in_view
from measures.evidence.files import safe_title
from measures.models import Evidence, Plan

KIND: Final = "bundle"
LIST: Final = "รายการหลักฐาน.xlsx"
HEADINGS: Final = (
    *("ตัวชี้วัดที่", "มาตรการ", "หลักฐาน", "วันที่ของหลักฐาน", "ส่วนราชการ"),
    *("ไฟล์ในชุดนี้หรือลิงก์", "ขนาด (ไบต์)", "SHA-256", "หมายเหตุ"),
)
NOT_WHOLE: Final = "ไฟล์หายหรือเสียหาย จึงไม่อยู่ในชุดนี้"
GONE: Final = "ไม่พบแผนนี้แล้ว"
# So that a folder of folders can be unpacked where a path has 260 letters at most.
LONGEST_FOLDER: Final = 50
# What must be left on the disk when it is done.
ROOM_TO_LEAVE: Final = 200 * 1024 * 1024


@dataclass(frozen=True)
class Extra:
    """A file that another room adds: its name in the ZIP, with its folder, and what is in it."""

    name: str
    content: bytes


_EXTRAS: Final[list[Callable[[Plan], Iterable[Extra]]]] = []


def adds_files(extras: Callable[[Plan], Iterable[Extra]]) -> Callable[[Plan], Iterable[Extra]]:
    """A decorator: what the function says of a plan is put into its bundle too."""
    _EXTRAS.append(extras)
    return extras


def ask_for_bundle(plan: Plan, person: User) -> BackgroundJob:
    """Queue the bundle of a plan; where that is queued already, nothing changes. The one before goes then.

    Raises:
        TooManyJobs: the person has as many under way as one may have.
    """
    return ask(
        KIND,
        str(plan.pk),
        f"ไฟล์หลักฐานทั้งปีงบประมาณ พ.ศ. {plan.fiscal_year}",
        agency=plan.agency,
        person=person,
        arguments={"plan": plan.pk},
    )


def newest_bundle(plan: Plan) -> BackgroundJob | None:
    """The newest job that makes or has made the bundle of a plan."""
    return BackgroundJob.objects.about(KIND, str(plan.pk)).first()


def may_have_bundle(person: User, job: BackgroundJob) -> bool:
    """Whoever may take the files of the plan now, also where they were bundled for somebody else."""
    plan = Plan.objects.select_related("agency").filter(pk=job.arguments["plan"]).first()
    return plan is not None and can_bundle_evidence(person, plan)


@register(KIND, may_cancel=True, allowed=may_have_bundle, is_heavy=True)
def make_bundle(run: Run) -> str:
    """Put every file into the ZIP, one after the other, and the list of all evidence at the end."""
    plan = Plan.objects.select_related("agency").filter(pk=run.job.arguments["plan"]).first()
    if plan is None or run.job.asked_by is None:
        raise JobProblem(GONE)
    evidence = list(
        evidence_in_view(run.job.asked_by, plan)
        .select_related("measure__indicator", "part__division")
        .order_by("measure__indicator__number", "measure__position", "measure_id", "effective_on", "id")
    )
    run.report(0, len(evidence) + 1, "เตรียมพื้นที่")
    _look_for_room(sum(each.size for each in evidence))
    name = safe_title(plan.agency.short_name, f"-หลักฐาน-{plan.fiscal_year}.zip")
    try:
        with making(run, name, "application/zip") as file, ZipFile(file, "w", ZIP_STORED) as archive:
            _write(run, archive, plan, evidence)
    except OSError as error:
        if is_disk_full(error):
            raise JobProblem(DISK_FULL) from error
        raise
    return file_address(run.job)


def _look_for_room(size: int) -> None:
    media = Path(settings.MEDIA_ROOT)
    # Of a new site the folder is not there yet.
    there = next(each for each in (media, *media.parents) if each.exists())
    if shutil.disk_usage(there).free < size + ROOM_TO_LEAVE:
        raise JobProblem(DISK_FULL)


def _write(run: Run, archive: ZipFile, plan: Plan, evidence: Sequence[Evidence]) -> None:
    total, names = len(evidence) + 1, _Names()
    rows = []
    for place, each in enumerate(evidence):
        run.report(place, total, f"รวมหลักฐานที่ {place + 1}")
        rows.append(_put(archive, each, names))
    run.report(total - 1, total, "ทำรายการหลักฐาน")
    for extras in _EXTRAS:
        for extra in extras(plan):
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
