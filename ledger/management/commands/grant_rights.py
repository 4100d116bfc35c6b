"""manage.py grant_rights ROLE: what the application may do on PostgreSQL; as the owner, after a migrate."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from ledger.rights import UnknownRole, grant


class Command(BaseCommand):
    """Ends with 0 when the role has its rights, 1 when there is no such role or it owns everything anyway."""

    help = "ให้สิทธิ์ที่ระบบต้องใช้แก่บทบาทของ PostgreSQL: อ่านเขียนได้ แต่แก้ตาราง ถอดทริกเกอร์ หรือล้างตารางไม่ได้"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="บทบาทที่เว็บและ worker ใช้ต่อฐานข้อมูล")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("มีสองบทบาทได้บน PostgreSQL เท่านั้น (only PostgreSQL has roles)")
        try:
            kept = grant(connection, options["role"])
        except UnknownRole as error:
            raise CommandError(
                f"ไม่มีบทบาท {error} หรือเป็นเจ้าของตารางหรือ superuser (unknown role, owner or superuser)"
            ) from error
        self.stdout.write(f"{options['role']}: เพิ่มได้อย่างเดียว (append only): {', '.join(kept)}")
