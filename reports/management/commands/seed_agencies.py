"""manage.py seed_agencies N: made agencies, for measuring at scale."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from measures.models import Measure
from reports.demo import ONLY_WITH_DEBUG
from reports.demo.samples import SLUG_PREFIX, seed_agencies


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError("ใส่จำนวนหน่วยงานเป็นเลขตั้งแต่ 1 ขึ้นไป เช่น 1000")
    return int(text)


class Command(BaseCommand):
    """Makes sure that the sample agencies 1 to N are there."""

    help = "ใส่หน่วยงานสมมุติ sample-1 ถึง sample-N พร้อมแผนและมาตรการ สำหรับวัดความเร็ว (เรียกซ้ำได้)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("count", metavar="N", type=positive, help="จำนวนหน่วยงาน")

    def handle(self, *args: Any, count: int, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(ONLY_WITH_DEBUG)
        added = seed_agencies(count)
        measures = Measure.objects.filter(plan__agency__slug__startswith=SLUG_PREFIX).count()
        self.stdout.write(f"หน่วยงานสมมุติ {SLUG_PREFIX}1 ถึง {SLUG_PREFIX}{count} พร้อมแล้ว")
        self.stdout.write(f"เพิ่มใหม่ {added} หน่วยงาน รวมทั้งหมด {measures} มาตรการ")
