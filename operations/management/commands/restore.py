"""manage.py restore: a backup onto an empty site."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.file_kinds import size_text
from operations.backup.passphrase import passphrase_in
from operations.backup.problems import BackupProblem
from operations.backup.services import restore


class Command(BaseCommand):
    """Restores all or nothing. Ends with 0, or 1 with what is wrong; the site is as before then."""

    help = "กู้คืนไฟล์สำรองลงระบบที่ว่าง (ฐานข้อมูลยังไม่มีตาราง และโฟลเดอร์ไฟล์ว่าง) ทั้งหมดหรือไม่กู้คืนเลย"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="ไฟล์สำรอง")
        parser.add_argument("--passphrase-file", default="", help="ไฟล์ที่บรรทัดแรกคือรหัสผ่านของไฟล์สำรอง")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            contents = restore(options["file"], passphrase_in(options["passphrase_file"]))
        except BackupProblem as error:
            raise CommandError(str(error), returncode=1) from error
        except OSError as error:
            raise CommandError(f"ไม่สำเร็จ: {error}", returncode=1) from error
        self.stdout.write(
            f"กู้คืนแล้ว ข้อมูลของ {contents.about['made_at']} ไฟล์ {contents.files} รวม {size_text(contents.size)}"
            " ต่อไปสั่ง manage.py migrate"
        )
