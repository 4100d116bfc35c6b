"""manage.py create_administrator: the first account of a site, with a one-time password."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError

from accounts.models import Role
from accounts.set_up.forms import clean_username
from accounts.set_up.services import NewPerson, create_administrator, prepared


class Command(BaseCommand):
    """Adds who looks after the site. Ends with 0, or 1 where the name cannot be used."""

    help = "เพิ่มผู้ดูแลระบบพร้อมรหัสผ่านครั้งเดียว"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", default="admin", help="ชื่อผู้ใช้")
        parser.add_argument("--name", default="ผู้ดูแลระบบ", help="ชื่อ-นามสกุล")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            username = clean_username(options["username"].strip() or "admin")
        except ValidationError as error:
            raise CommandError(f"“{options['username']}” {' '.join(error.messages)}", returncode=1) from error
        issued = prepared(NewPerson(username, options["name"][:150], Role.ADMIN), None)
        try:
            create_administrator(issued)
        except IntegrityError as error:
            raise CommandError(f"“{username}” เพิ่งมีผู้ใช้ชื่อนี้", returncode=1) from error
        self.stdout.write(f"ชื่อผู้ใช้ {username}")
        self.stdout.write(f"รหัสผ่านครั้งเดียว {issued.password}")
        self.stdout.write("เข้าสู่ระบบ แล้วตั้งรหัสผ่านใหม่และเพิ่มหน่วยงานที่ /start/")
