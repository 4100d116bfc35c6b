"""manage.py load_indicators: the first thing that a new site needs before anyone can write a plan."""

from typing import Any

from django.core.management.base import BaseCommand

from measures.indicators import load_indicators


class Command(BaseCommand):
    """Adds those of the ten indicators that are missing."""

    help = "ใส่ตัวชี้วัด ITA ทั้งสิบที่ยังไม่มี (เรียกซ้ำได้ ไม่แก้ของที่มีอยู่)"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"มีตัวชี้วัด {len(load_indicators())} ตัวชี้วัด")
