"""manage.py demo: something to look at, and a person of every role to look at it as."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reports.demo import DEFAULT_PASSWORD, ONLY_WITH_DEBUG, PEOPLE, load_demo


class Command(BaseCommand):
    """Loads the demonstration and prints how to sign in."""

    help = "ใส่ข้อมูลตัวอย่าง: ตัวชี้วัด รายงานของ อบต.กองก้อย ปีงบประมาณ พ.ศ. 2566 และผู้ใช้ทุกบทบาท (เรียกซ้ำได้)"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(ONLY_WITH_DEBUG)
        password = os.environ.get("ITA_DEMO_PASSWORD") or DEFAULT_PASSWORD
        address = f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
        stage = load_demo(password, site=settings.PUBLIC_URL or address)
        agency = stage.people["officer"].agency
        self.stdout.write(f"{agency} พร้อมแล้วที่ {address}/")
        for note in stage.notes:
            self.stdout.write(note)
        for person in PEOPLE:
            self.stdout.write(f"  {person.username:<10} {person.full_name}")
        self.stdout.write(f"รหัสผ่านของทุกชื่อ: {password}")
