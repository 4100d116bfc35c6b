"""manage.py create_agencies: all agencies of a table, each with its officer, or none."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.set_up.spreadsheet import BadTable, checked, hashed, passwords_csv, read_table, store_all
from core.locking import StaleEdit
from core.text import only_text


class Command(BaseCommand):
    """Adds many agencies, all of them or none. Ends with 0, 1 with what is wrong, or 2 if it cannot read."""

    help = "เพิ่มหน่วยงานทั้งหมดจากตาราง .xlsx หรือ .csv ทั้งหมดหรือไม่เพิ่มเลย"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="ตาราง ดาวน์โหลดตารางเปล่าได้ที่หน้าผู้ดูแลระบบ (/site/)")
        parser.add_argument("--output", default="", help="ไฟล์ CSV ของชื่อผู้ใช้และรหัสผ่านครั้งเดียว")
        parser.add_argument("--dry-run", action="store_true", help="ตรวจโดยไม่บันทึก")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        shown = only_text(str(path)) or "ไฟล์"
        try:
            rows = read_table(path.name, path.read_bytes())
        except OSError as error:
            raise CommandError(f"อ่าน {shown} ไม่ได้: {error.strerror}", returncode=2) from error
        except BadTable as error:
            raise CommandError(f"อ่าน {shown} ไม่ได้: {error}", returncode=2) from error
        read, problems = checked(rows)
        for problem in problems:
            self.stderr.write(str(problem))
        if problems:
            raise CommandError(f"ยังไม่ได้เพิ่มหน่วยงานใด ต้องแก้ {len(problems)} จุดข้างต้นก่อน", returncode=1)
        for row in read:
            self.stdout.write(f"{row.agency.name} {row.agency.slug} {row.officer.username}")
        if options["dry_run"]:
            self.stdout.write(f"ทดลองเท่านั้น ยังไม่บันทึก: {len(read)} หน่วยงาน")
            return
        output = Path(options["output"] or path.with_name(f"{path.stem}-passwords.csv"))
        agencies = hashed(read)
        content = passwords_csv(agencies)
        try:
            # Passwords that nobody can read are worse than no accounts: the file is there before the rows.
            with transaction.atomic():
                self._write(output, content)
                store_all(agencies)
        except StaleEdit as error:
            self._drop(output)
            raise CommandError("มีชื่อที่เพิ่งถูกใช้ไป กรุณาสั่งอีกครั้ง", returncode=1) from error
        except FileExistsError as error:
            raise CommandError(f"มีไฟล์ {output} อยู่แล้ว เลือกชื่ออื่นด้วย --output", returncode=1) from error
        except OSError as error:
            raise CommandError(f"เขียน {output} ไม่ได้: {error.strerror}", returncode=1) from error
        except BaseException:
            self._drop(output)
            raise
        self.stdout.write(f"เพิ่มแล้ว {len(agencies)} หน่วยงาน รหัสผ่านครั้งเดียวอยู่ใน {output}")

    def _write(self, path: Path, content: bytes) -> None:
        """A new file that nobody else on this machine can read."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def _drop(self, path: Path) -> None:
        with suppress(OSError):
            path.unlink()
