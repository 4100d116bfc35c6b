"""manage.py clone_plan: a new fiscal year's plan from the measures of an earlier one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from measures.models import Plan
from measures.rollover import PlanNotEmpty
from reports.new_year.services import open_year_from


class Command(BaseCommand):
    """Copies a plan into a later year, whole or not at all."""

    help = "เปิดแผนปีใหม่จากมาตรการของปีก่อน: ไม่คัดลอกสถานะ ผล หลักฐาน และเลื่อนกำหนดไปตามปี"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", required=True, help="ชื่อของหน่วยงานในที่อยู่เว็บ เช่น kongkoi")
        parser.add_argument("--from", required=True, type=int, dest="source", help="ปีต้นทาง เช่น 2566")
        parser.add_argument("--to", required=True, type=int, dest="target", help="ปีที่จะเปิด เช่น 2567")

    def handle(self, *args: Any, **options: Any) -> None:
        slug, source, target = options["agency"], options["source"], options["target"]
        if not source < target <= 2700:
            raise CommandError(f"ปีใน --to ต้องหลังปีใน --from ({source}) และเป็น พ.ศ.")
        plans = Plan.objects.select_related("agency").filter(agency__slug=slug)
        plan = plans.filter(fiscal_year=source).first()
        if plan is None:
            years = ", ".join(map(str, sorted(plans.values_list("fiscal_year", flat=True)))) or "ไม่มี"
            raise CommandError(f"“{slug}” ไม่มีแผนปีงบประมาณ {source}: ปีที่มีคือ {years}")
        try:
            made = open_year_from(plan, target)
        except PlanNotEmpty as error:
            raise CommandError(f"แผนปี {target} ของ “{slug}” มีมาตรการอยู่แล้ว จึงไม่คัดลอกทับ") from error
        self.stdout.write(f"เปิดแผนปี {target} แล้ว: {made.measures.count()} มาตรการจากปี {source}")
