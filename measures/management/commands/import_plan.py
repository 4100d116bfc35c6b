"""manage.py import_plan: a plan from a file, with the same findings as the page shows."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from core.text import only_text
from measures.models import Plan
from measures.plan_import.copied import ADD, REPLACE
from measures.plan_import.machine import READY, STOPPED, STORED, facts_of, refused
from measures.plan_import.parsing import Choices, Finding, Severity, Unreadable
from measures.plan_import.preview import Preview, preview
from measures.plan_import.services import NotApplicable, apply, looked_at

CLOSED = "แผนนี้ปิดแล้ว จึงนำเข้าไม่ได้"
MARKS = {Severity.STOP: "ต้องแก้", Severity.GUESS: "ตีความ", Severity.NOTE: "สังเกต"}


class Command(BaseCommand):
    """Takes a plan in, whole or not at all. Ends with 0, 1 if something stops it, or 2 if it cannot read."""

    help = "นำเข้าแผนจากไฟล์ .docx .xlsx .html .csv หรือ .tsv ทั้งหมดหรือไม่นำเข้าเลย"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="ไฟล์แผน")
        parser.add_argument("--agency", required=True, help="ชื่อของหน่วยงานในที่อยู่เว็บ เช่น kongkoi")
        parser.add_argument("--year", required=True, type=int, help="ปีงบประมาณ พ.ศ. ของแผนที่เปิดไว้")
        parser.add_argument(
            "--years", type=int, help="เอกสารของปีอื่น: 0 คงวันเดิม หรือจำนวนปีที่ให้เลื่อนวันในเอกสารไป เช่น 1"
        )
        parser.add_argument(
            "--copied",
            choices=[ADD, REPLACE],
            help="แผนที่คัดลอกจากปีก่อน: add เพิ่มต่อ หรือ replace ใช้แทนมาตรการที่ยังไม่มีผู้แก้ไขหรือรายงาน",
        )
        parser.add_argument("--json", action="store_true", help="พิมพ์ผลเป็น JSON หนึ่งรายการ สำหรับโปรแกรมอื่น")
        parser.add_argument("--dry-run", action="store_true", help="แสดงผลโดยไม่บันทึก")

    def handle(self, *args: Any, **options: Any) -> None:
        self._is_json, self._has_said = options["json"], False
        try:
            self._run(options)
        except CommandError as error:
            if self._is_json and not self._has_said:
                self.stdout.write(json.dumps(refused(str(error)), ensure_ascii=False))
            raise

    def _run(self, options: Mapping[str, Any]) -> None:
        path = Path(options["file"])
        plan = (
            Plan.objects.select_related("agency")
            .filter(agency__slug=options["agency"], fiscal_year=options["year"])
            .first()
        )
        if plan is None:
            raise CommandError(
                f"“{options['agency']}” ไม่มีแผนปี {options['year']}: เปิดปีงบประมาณก่อน", returncode=2
            )
        try:
            self._import(
                plan,
                path,
                years=options["years"],
                copied=options["copied"] or "",
                is_rehearsal=options["dry_run"],
            )
        except OSError as error:
            raise CommandError(f"อ่าน {_shown(path)} ไม่ได้: {error.strerror}", returncode=2) from error
        # Reading is done anew at each step, and may be given up at each.
        except Unreadable as error:
            raise CommandError(f"อ่าน {_shown(path)} ไม่ได้: {error}", returncode=2) from error

    def _import(self, plan: Plan, path: Path, *, years: int | None, copied: str, is_rehearsal: bool) -> None:
        taken = looked_at(plan, _shown(Path(path.name)), path.read_bytes(), None)
        choices = Choices(years=years, copied=copied)
        taken.choices = choices.facts
        found = preview(taken)
        may_apply = found.may_apply and not plan.is_closed
        if self._is_json:
            if is_rehearsal or not may_apply:
                self._tell(facts_of(found, choices, READY if may_apply else STOPPED))
        else:
            self._say(found)
        if not found.may_apply:
            raise CommandError("ยังนำเข้าไม่ได้: แก้รายการที่ขึ้นต้นด้วย “ต้องแก้” ก่อน", returncode=1)
        if plan.is_closed:
            raise CommandError(CLOSED, returncode=1)
        if is_rehearsal:
            if not self._is_json:
                self.stdout.write("ทดลองเท่านั้น ยังไม่บันทึก")
            return
        try:
            # What cannot be applied is not kept either.
            with transaction.atomic():
                taken.save()
                found = apply(taken, None)
        except NotApplicable as error:
            raise CommandError(CLOSED, returncode=1) from error
        if self._is_json:
            self._tell(facts_of(found, choices, STORED))
        else:
            self.stdout.write("นำเข้าแล้ว")

    def _tell(self, facts: Mapping[str, Any]) -> None:
        """The one answer of --json."""
        self.stdout.write(json.dumps(facts, ensure_ascii=False))
        self._has_said = True

    def _say(self, found: Preview) -> None:
        for finding in found.general:
            self._finding(finding)
        for measure in found.measures:
            what = "ปรับปรุง" if measure.existing else "เพิ่มใหม่"
            self.stdout.write(
                f"{what}: ตัวชี้วัดที่ {measure.imported.indicator or '?'} {measure.imported.title}"
                f" ({len(measure.imported.steps)} ขั้นตอน)"
            )
            for finding in measure.findings:
                self._finding(finding)
        counts = found.counts
        said = {"new": "เพิ่มใหม่", "updated": "ปรับปรุง", "guesses": "ตีความ", "stops": "ต้องแก้"}
        self.stdout.write(" ".join(f"{word} {counts[key]}" for key, word in said.items()))

    def _finding(self, finding: Finding) -> None:
        row = f"แถว {finding.row}" if finding.row else ""
        place = " ".join(filter(None, [finding.table, row, finding.column]))
        self.stdout.write(f"  {MARKS[finding.severity]}: {place}: {finding.message} “{finding.text}”")


def _shown(path: Path) -> str:
    """A path as it can be printed and stored: Linux takes names that are no text."""
    return only_text(str(path)) or "ไฟล์"
