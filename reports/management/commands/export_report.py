"""manage.py export_report: the report of a round as a file, the same that its page hands out."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from measures.models import Plan
from reports.document.figures import NO_PICTURES
from reports.models import Edition, Round, RoundLength
from reports.renderers import FORMATS, Format, Rendered, RendererUnavailable
from reports.renderers.stored import content_key, stored_rendering
from reports.rounds.edition_files import make_file, store_file
from reports.rounds.pictures import pictures_for
from reports.rounds.selectors import document_in_force, document_of, edition_in_force


class Command(BaseCommand):
    """Writes a report, whole or not at all."""

    help = "เขียนรายงานของรอบหนึ่งลงไฟล์ โดยไม่ต้องเปิดเบราว์เซอร์"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", required=True, help="ชื่อของหน่วยงานในที่อยู่เว็บ เช่น kongkoi")
        parser.add_argument("--year", required=True, type=int, help="ปีงบประมาณ พ.ศ. เช่น 2566")
        parser.add_argument(
            "--months", required=True, type=int, choices=RoundLength.values, help="รอบ 6 หรือ 12"
        )
        parser.add_argument("--format", default="pdf", choices=sorted(FORMATS), help="รูปแบบไฟล์")
        parser.add_argument("--output", required=True, help="ไฟล์ปลายทาง หรือ - สำหรับ stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            round_ = find_round(options["agency"], options["year"], options["months"])
            report_format = FORMATS[options["format"]]
            edition = edition_in_force(round_)
            rendered = stored_file(edition, report_format) if edition else made_file(round_, report_format)
        except (OperationalError, ProgrammingError) as error:
            # A table that is missing is the first of these on SQLite and the second on PostgreSQL.
            raise CommandError("ฐานข้อมูลยังไม่พร้อม: เรียก manage.py migrate ก่อน") from error
        except RendererUnavailable as error:
            raise CommandError(str(error)) from error
        for note in rendered.notes:
            self.stderr.write(f"หมายเหตุ: {note}")
        if options["output"] == "-":
            sys.stdout.buffer.write(rendered.content)
            return
        write_whole(Path(options["output"]), rendered.content)
        which = f" ฉบับที่ {edition.revision} ซึ่งอนุมัติแล้ว" if edition else ""
        pages = f" {rendered.pages} หน้า" if rendered.pages else ""
        self.stdout.write(f"เขียน {options['output']} แล้ว:{which}{pages} {len(rendered.content):,} ไบต์")


def find_round(slug: str, year: int, months: int) -> Round:
    """The round with its plan and agency.

    Raises:
        CommandError: there is none; the message names what there is.
    """
    plans = Plan.objects.filter(agency__slug=slug)
    years = sorted(plans.values_list("fiscal_year", flat=True))
    if not years:
        raise CommandError(
            f"ไม่พบหน่วยงาน “{slug}” ที่มีแผน: ตรวจชื่อใน --agency หรือใช้ manage.py demo เพื่อใส่ข้อมูลตัวอย่าง"
        )
    if year not in years:
        raise CommandError(f"“{slug}” ไม่มีแผนปีงบประมาณ {year}: ปีที่มีคือ {', '.join(map(str, years))}")
    round_ = (
        Round.objects.filter(plan__agency__slug=slug, plan__fiscal_year=year, months=months)
        .select_related("plan__agency")
        .first()
    )
    if round_ is None:
        others = Round.objects.filter(plan__agency__slug=slug, plan__fiscal_year=year).order_by("months")
        rounds = ", ".join(f"{other.months} เดือน" for other in others) or "ไม่มี"
        raise CommandError(f"แผนปี {year} ของ “{slug}” ไม่มีรอบ {months} เดือน: รอบที่มีคือ {rounds}")
    return round_


def stored_file(edition: Edition, report_format: Format) -> Rendered:
    """A file of an approved edition, byte for byte; where no worker has made it yet, it is made and kept now.

    Raises:
        RendererUnavailable: it has to be made and something is not installed.
    """
    files = edition.files.filter(format=report_format.name)
    if not files.exists():
        document = document_of(edition)
        pictures = pictures_for(document) if report_format.has_pictures else NO_PICTURES
        store_file(edition, report_format.name, make_file(document, report_format.name, pictures))
    return Rendered(bytes(files.get().content))


def made_file(reporting_round: Round, report_format: Format) -> Rendered:
    """The document as submitted, else as things stand, as a file.

    Raises:
        RendererUnavailable: it has to be made and something is not installed.
    """
    document = document_in_force(reporting_round)
    return stored_rendering(content_key(document, report_format), document, report_format, pictures_for)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that whoever looks sees the old one or the whole new one, never a part.

    What is no file but takes content, such as a pipe or /dev/stdout, is written to and stays what it is.

    Raises:
        CommandError: the folder is missing or may not be written to; nothing is left behind.
    """
    temporary = None
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(content)
            return
        # Not named after the file: its name may be as long as a name can be.
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".report-", delete=False) as file:
            temporary = Path(file.name)
            file.write(content)
        # A temporary file is its owner's alone; a report is written like any other file.
        temporary.chmod(0o666 & ~current_umask())
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        reason = error.strerror or "ไม่ทราบสาเหตุ"
        raise CommandError(f"เขียน {path} ไม่ได้ ({reason}): ตรวจว่าโฟลเดอร์มีอยู่และเขียนได้") from error


def current_umask() -> int:
    """The permissions that this process takes from new files; reading it means setting it twice."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
