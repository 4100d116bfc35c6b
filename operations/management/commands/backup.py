"""manage.py backup: the whole site in one file, while people work; with --check whether a file is whole."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.file_kinds import size_text
from operations.backup.passphrase import passphrase_in
from operations.backup.problems import BackupProblem
from operations.backup.services import back_up, check


class Command(BaseCommand):
    """Makes a backup and reads it again. Ends with 0, or 1 with what is wrong; nothing is left then."""

    help = "สำรองฐานข้อมูลและไฟล์ทั้งหมดไว้ในไฟล์เดียว ขณะที่มีคนใช้งานอยู่ก็ได้ หรือตรวจไฟล์สำรองด้วย --check"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="ไฟล์สำรองที่จะทำ ต้องยังไม่มีอยู่")
        parser.add_argument("--check", action="store_true", help="ตรวจว่าไฟล์ครบและกู้คืนได้ โดยไม่เปลี่ยนอะไร")
        parser.add_argument("--passphrase-file", default="", help="ไฟล์ที่บรรทัดแรกคือรหัสผ่านสำหรับเข้ารหัส")

    def handle(self, *args: Any, **options: Any) -> None:
        work = check if options["check"] else back_up
        try:
            contents = work(options["file"], passphrase_in(options["passphrase_file"]))
        except BackupProblem as error:
            raise CommandError(str(error), returncode=1) from error
        except OSError as error:
            raise CommandError(f"ไม่สำเร็จ: {error}", returncode=1) from error
        about = contents.about
        said = "ตรวจแล้ว ครบถ้วน" if options["check"] else "สำรองและตรวจแล้ว"
        self.stdout.write(
            f"{said}: {about['engine']} รุ่น {about['version']} ทำเมื่อ {about['made_at']}"
            f" ไฟล์ {contents.files} รวม {size_text(contents.size)}"
        )
