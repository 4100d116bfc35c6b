"""manage.py renew_timestamps: signed copies of editions' files go on holding when time stamps end."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.signatures.renewal import renew
from reports.signatures.selectors import DAYS


class Command(BaseCommand):
    """Makes the next copy of each file whose newest time stamp ends soon, or that waits for a signature."""

    help = "ต่ออายุตราประทับเวลาของไฟล์ที่ลงลายมือชื่อ เป็นสำเนาข้างไฟล์เดิม ไฟล์เดิมไม่เปลี่ยน"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=DAYS, help=f"ต่ออายุก่อนหมดกี่วัน (ถ้าไม่ระบุ {DAYS} วัน)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SIGNING.has_certificate:
            raise CommandError("ยังไม่ได้ตั้งใบรับรองสำหรับลงลายมือชื่อ: ดู SIGNING_CERTIFICATE_FILE ใน README.md")
        made, failed = 0, 0
        for each in renew(options["days"]):
            if each.problem:
                failed += 1
                self.stderr.write(f"{each.signature.file}: {each.problem}")
            elif each.copy is not None:
                made += 1
                self.stdout.write(f"{each.signature.file}: สำเนาที่ {each.copy.number}")
        self.stdout.write(f"เพิ่มแล้ว {made} ไฟล์")
        if failed:
            raise CommandError("เพิ่มไม่ได้บางไฟล์ ดูสาเหตุด้านบน สั่งอีกครั้งได้โดยไม่ซ้ำ")
