"""What staff are told, on the pages where they report, of rounds that wait for a decision."""

from collections.abc import Iterator

from django.utils import timezone

from core.thai_calendar import short_moment
from measures.models import Plan
from measures.notices import register
from reports.models import Submission, SubmissionOutcome


@register
def submitted_rounds(plan: Plan) -> Iterator[str]:
    """A sentence for each round that was submitted and not decided on."""
    pending = Submission.objects.filter(round__plan=plan, outcome=SubmissionOutcome.PENDING)
    for submission in pending.select_related("round").only("submitted_at", "round__months").order_by("pk"):
        submitted_at = short_moment(timezone.localtime(submission.submitted_at))
        yield (
            f"รอบ {submission.round.months} เดือนส่งให้ผู้บริหารแล้วเมื่อ {submitted_at}"
            " ปรับปรุงต่อได้ สิ่งที่บันทึกหลังจากนั้นจะอยู่ในรายงานฉบับถัดไป"
        )
