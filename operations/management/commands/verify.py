"""manage.py verify: are editions, their files, their evidence, rights and the log still what was noted?"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ledger.heads import LogHead, heads_in
from operations.verify.selectors import verify

SHOWN = 20


class Command(BaseCommand):
    """Changes nothing. Ends with 0 if everything fits, 1 if something does not, 2 if it cannot compare."""

    help = "ตรวจบันทึก ฉบับ ไฟล์ หลักฐาน และสิทธิ์ว่าตรงกับที่บันทึกไว้ จบด้วย 0 เมื่อตรงทั้งหมด และ 1 เมื่อไม่ตรง"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head",
            type=Path,
            action="append",
            default=[],
            help="ไฟล์ข้อความที่มีหัวบันทึกซึ่งเก็บไว้ที่อื่น เช่น heads.txt หรือจดหมายที่บันทึกไว้ ใส่ซ้ำได้",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        kept = [head for path in options["head"] for head in self._kept(path)]
        done = verify(kept)
        if done.misfits:
            for misfit in done.misfits[:SHOWN]:
                self.stderr.write(str(misfit))
            raise CommandError(
                f"ไม่ตรง {len(done.misfits)} แห่ง แห่งแรก: {done.misfits[0]}"
                f" ({len(done.misfits)} do not fit; the first is line {done.misfits[0].number})",
                returncode=1,
            )
        self.stdout.write(
            f"ตรงทั้งหมด (all fits): บันทึก {done.head.size} บรรทัด ฉบับ {done.editions} ไฟล์ {done.files}"
            f" หลักฐาน {done.evidence} บัญชี {done.people} หัวบันทึกที่เทียบ {len(kept)}"
        )
        # Alone on its line, to be kept elsewhere.
        self.stdout.write(str(done.head))

    def _kept(self, path: Path) -> list[LogHead]:
        try:
            found = list(heads_in(path.read_text(encoding="utf-8", errors="replace")))
        except OSError as error:
            raise CommandError(f"อ่านไฟล์ไม่ได้ (cannot read): {error}", returncode=2) from error
        if not found:
            raise CommandError(f"ไม่พบหัวบันทึกในไฟล์ (no head in the file): {path}", returncode=2)
        return found
