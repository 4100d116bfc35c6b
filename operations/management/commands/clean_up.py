"""manage.py clean_up: removes what killed processes have left, as the worker does each night."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from operations.debris.services import clean_up


class Command(BaseCommand):
    """Removes files that no row names and unfinished ones, none younger than a day. Ends with 0."""

    help = "ลบไฟล์ที่ไม่มีข้อมูลใดอ้างถึงและไฟล์ชั่วคราวที่ค้างอยู่ เฉพาะที่เก่ากว่าหนึ่งวัน (ทำเองทุกคืนอยู่แล้ว)"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="แสดงว่าจะลบอะไร โดยไม่ลบ")

    def handle(self, *args: Any, **options: Any) -> None:
        gone = clean_up(only_look=options["dry_run"])
        for name in gone:
            self.stdout.write(name)
        said = "จะลบ" if options["dry_run"] else "ลบแล้ว"
        self.stdout.write(f"{said} {len(gone)} รายการ")
