"""The room that an agency's files may take together: its evidence, and what rooms above keep."""

from typing import Final

from django.db.models import Max, Sum

from accounts.agency_settings.usage import counts, usage_of
from accounts.models import Agency
from measures.models import Evidence

FULL: Final = (
    "ไฟล์ของหน่วยงานจะเกินพื้นที่ที่กำหนดไว้ {} MB จึงยังไม่ได้บันทึก กรุณานำไฟล์หลักฐานที่ไม่ใช้แล้วออก ย่อขนาดไฟล์"
    " ใช้ลิงก์แทน หรือขอเพิ่มพื้นที่จากผู้ดูแลระบบ"
)


class QuotaUsedUp(Exception):
    """The agency's files would take more room than they may; the text is the sentence for the person."""


@counts
def room_of_evidence(agency: Agency) -> int:
    """Bytes of the agency's files of evidence, of which several measures may share one."""
    files = Evidence.objects.filter(measure__plan__agency=agency).exclude(file="")
    total = files.order_by().values("file").annotate(bytes=Max("size")).aggregate(total=Sum("bytes"))["total"]
    return total or 0


def lock_quota(agency: int) -> None:
    """Let whoever else stores files of the agency wait until the transaction of this one ends."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency)


def check_quota(agency: int) -> None:
    """To be asked in the transaction that stores files, after lock_quota() and after they are stored.

    Raises:
        QuotaUsedUp: nothing may be stored.
    """
    usage = usage_of(Agency.objects.get(pk=agency))
    if usage.is_full:
        raise QuotaUsedUp(FULL.format(usage.quota_mb))
