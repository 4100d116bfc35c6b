"""manage.py send_reminders: reminds everybody whose day it is; to be called once a day."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Agency
from reports.models import RoundState
from reports.reminders.digests import digests_on
from reports.reminders.services import give_up_on_broken_off, note_reminders, to_send
from reports.reminders.tasks import deliver_reminders


class Command(BaseCommand):
    """Notes and sends the reminders of a day; called twice it sends nothing twice."""

    help = "ส่งการเตือนของวันนี้ทางอีเมลและ LINE เรียกวันละครั้ง เรียกซ้ำก็ไม่ส่งซ้ำ"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="แสดงว่าจะส่งอะไรถึงใคร โดยไม่ส่ง")
        parser.add_argument("--on", metavar="DATE", help="ส่งเสมือนเป็นวันนี้ เช่น 2027-03-01")

    def handle(self, *args: Any, **options: Any) -> None:
        today = _day(options["on"]) if options["on"] else timezone.localdate()
        if not settings.PUBLIC_URL:
            raise CommandError("ยังไม่ได้ตั้ง PUBLIC_URL ข้อความเตือนต้องมีที่อยู่ของระบบ (ดู README.md)")
        if not (settings.MAIL_IS_SET_UP or settings.LINE_CHANNEL_TOKEN) and not options["dry_run"]:
            raise CommandError("ยังไม่ได้ตั้ง EMAIL_URL หรือ LINE_CHANNEL_TOKEN จึงส่งไม่ได้ (ดู README.md)")
        agencies = Agency.objects.filter(
            plans__closed_at=None, plans__rounds__state=RoundState.OPEN
        ).distinct()
        if options["dry_run"]:
            self._show(list(agencies), today)
            return
        unknown = give_up_on_broken_off()
        noted = sum(note_reminders(agency, today) for agency in agencies.iterator())
        parcels = to_send(today)
        for parcel in parcels:
            deliver_reminders.enqueue(list(parcel))
        self.stdout.write(
            f"บันทึกการเตือนใหม่ {noted} รายการ ส่งต่อให้ระบบส่ง {sum(map(len, parcels))} รายการ"
            f" ไม่ทราบผล {unknown} รายการ"
        )

    def _show(self, agencies: list[Agency], today: date) -> None:
        count = 0
        for agency in agencies:
            for digest in digests_on(agency, today):
                count += 1
                to = digest.person.get_full_name() if digest.person else "กลุ่ม LINE"
                self.stdout.write(f"{agency.name}: {to} <{digest.address}> {digest.message.subject}")
        self.stdout.write(f"ทั้งหมด {count} รายการ ยังไม่ได้ส่ง")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"ไม่รู้จักวันที่ “{text}” ใช้รูปแบบ 2027-03-01") from error
