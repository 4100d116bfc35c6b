"""manage.py create_agency: one agency with its officer and a one-time password."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import AgencyKind
from accounts.set_up.spreadsheet import KINDS, checked, hashed, store_all
from core.locking import StaleEdit

WORDS = {kind.value: kind.label for kind in AgencyKind}


class Command(BaseCommand):
    """Adds an agency, its usual divisions and its officer, or nothing. Ends with 0, or 1."""

    help = "เพิ่มหน่วยงานพร้อมเจ้าหน้าที่ผู้รับผิดชอบ ITA และรหัสผ่านครั้งเดียว"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="ชื่อเต็มของหน่วยงาน")
        parser.add_argument("--officer", required=True, help="ชื่อ-นามสกุลของเจ้าหน้าที่ผู้รับผิดชอบ ITA")
        parser.add_argument("--kind", default="", help=f"ประเภท: {' '.join(WORDS)} ไม่ใส่คือดูจากชื่อ")
        parser.add_argument("--short-name", default="", help="ชื่อย่อ ไม่ใส่คือย่อจากชื่อเต็ม")
        parser.add_argument("--province", default="", help="จังหวัด")
        parser.add_argument("--district", default="", help="อำเภอ")
        parser.add_argument("--slug", default="", help="ชื่อในที่อยู่เว็บ ไม่ใส่คือตั้งจากชื่อสถานที่")
        parser.add_argument("--post", default="", help="ตำแหน่งของเจ้าหน้าที่")
        parser.add_argument("--username", default="", help="ชื่อผู้ใช้ ไม่ใส่คือตั้งให้")

    def handle(self, *args: Any, **options: Any) -> None:
        kind = WORDS.get(options["kind"], options["kind"])
        if kind and kind not in KINDS:
            raise CommandError(f"ไม่รู้จักประเภท “{kind}” ใช้ได้: {' '.join(WORDS)}", returncode=1)
        cells = {
            name: options[name] for name in ("name", "short_name", "province", "district", "slug", "username")
        }
        cells |= {"kind": kind, "officer_name": options["officer"], "officer_post": options["post"]}
        read, problems = checked([(1, cells)])
        if problems:
            raise CommandError(
                "\n".join(f"{problem.heading}: {problem.said}" for problem in problems), returncode=1
            )
        ((agency, issued),) = agencies = hashed(read)
        try:
            store_all(agencies)
        except StaleEdit as error:
            raise CommandError("ชื่อนี้เพิ่งถูกใช้ไป กรุณาสั่งอีกครั้ง", returncode=1) from error
        self.stdout.write(f"{agency.name} /public/{agency.slug}/")
        self.stdout.write(f"ชื่อผู้ใช้ {issued.person.username}")
        self.stdout.write(f"รหัสผ่านครั้งเดียว {issued.password}")
