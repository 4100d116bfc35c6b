"""manage.py list_exposed_editions: published reports that tell what is not for everybody."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError
from django.urls import reverse

from reports.models import Edition
from reports.rounds.exposure import Exposure, exposures


class Command(BaseCommand):
    """Changes nothing. Ends with 0 if there is none, 1 if there is one or more, 2 if it cannot read."""

    help = "แสดงรายงานที่เผยแพร่แล้วซึ่งมีรายละเอียดของหลักฐานที่ไม่เผยแพร่ จบด้วย 0 เมื่อไม่มี และ 1 เมื่อมี"

    def handle(self, *args: Any, **options: Any) -> None:
        published = Edition.objects.published().standing().select_related("round__plan__agency")
        count = 0
        try:
            for exposure in exposures(published.order_by("pk")):
                self.stdout.write(_line(exposure))
                count += 1
        except (OperationalError, ProgrammingError) as error:
            raise CommandError("ฐานข้อมูลยังไม่พร้อม: เรียก manage.py migrate ก่อน", returncode=2) from error
        if count:
            raise CommandError(
                f"พบ {count} ฉบับ: เจ้าหน้าที่ของหน่วยงานแก้ไขได้ที่หน้าของรอบ เมื่ออนุมัติฉบับแก้ไข ไฟล์ของฉบับเดิมจะถูกถอน",
                returncode=1,
            )
        self.stdout.write("ไม่พบรายงานที่เผยแพร่ซึ่งมีรายละเอียดของหลักฐานที่ไม่เผยแพร่")


def _line(exposure: Exposure) -> str:
    """Agency, year, round, revision, code, how many of both kinds, where to correct it; between tabs."""
    edition, plan = exposure.edition, exposure.edition.round.plan
    place = reverse("report", args=[plan.fiscal_year, edition.round.months])
    kinds = (("ไม่เผยแพร่", exposure.private), ("ซ่อนภายหลัง", exposure.hidden))
    counts = " ".join(f"{kind} {len(lines)}" for kind, lines in kinds if lines)
    return "\t".join(
        (
            plan.agency.slug,
            str(plan.fiscal_year),
            f"รอบ {edition.round.months} เดือน",
            f"ฉบับที่ {edition.revision}",
            edition.code,
            counts,
            place,
        )
    )
