"""What this room keeps of a person, for the page that tells them."""

from accounts.kept.kinds import register, rows_of_table
from reports.models import (
    EditionPaper,
    PaperTemplate,
    Publication,
    ReminderSending,
    ScanPublication,
    SignedScan,
    Submission,
)

WITH_THE_REPORTS = "เท่ากับรายงาน ซึ่งเป็นเอกสารราชการ"

register(
    rows_of_table(
        "submissions",
        "รายงานที่ท่านส่ง",
        "ให้รู้ว่าใครส่งรายงานฉบับใด",
        WITH_THE_REPORTS,
        lambda person: Submission.objects.filter(submitted_by=person).order_by("submitted_at"),
        ("round__plan__fiscal_year", "round__months", "submitted_at", "outcome"),
    )
)
register(
    rows_of_table(
        "decisions",
        "รายงานที่ท่านอนุมัติหรือส่งกลับ ชื่อและตำแหน่งของท่านอยู่ในรายงานที่อนุมัติ",
        "ให้รู้ว่าใครอนุมัติรายงานฉบับใด",
        WITH_THE_REPORTS,
        lambda person: Submission.objects.filter(decided_by=person).order_by("decided_at"),
        ("round__plan__fiscal_year", "round__months", "decided_at", "outcome", "reason"),
    )
)
register(
    rows_of_table(
        "publications",
        "รายงานที่ท่านเผยแพร่",
        "ให้รู้ว่าใครเผยแพร่รายงานฉบับใด",
        WITH_THE_REPORTS,
        lambda person: Publication.objects.filter(published_by=person).order_by("published_at"),
        ("edition__code", "published_at"),
    )
)
register(
    rows_of_table(
        "signed_scans",
        "สำเนาที่ลงนามซึ่งแนบในชื่อของท่าน",
        "ให้รู้ว่าใครแนบสำเนาของรายงานฉบับใด",
        WITH_THE_REPORTS,
        # They name who attached them in words.
        lambda person: SignedScan.objects.filter(
            attached_by=person.get_full_name(), edition__round__plan__agency=person.agency_id
        ).order_by("attached_at"),
        ("edition__code", "attached_at", "pages", "sha256"),
    )
)
register(
    rows_of_table(
        "scan_publications",
        "สำเนาที่ลงนามซึ่งท่านให้ประชาชนดาวน์โหลด",
        "ให้รู้ว่าใครเผยแพร่สำเนาใด",
        WITH_THE_REPORTS,
        lambda person: ScanPublication.objects.filter(published_by=person).order_by("published_at"),
        ("scan__edition__code", "published_at"),
    )
)
register(
    rows_of_table(
        "reminders",
        "การเตือนที่ส่งถึงท่าน",
        "ไม่ให้ส่งซ้ำ และให้รู้ว่าส่งถึงหรือไม่",
        "ตลอดอายุของแผน",
        lambda person: ReminderSending.objects.filter(person=person),
        ("channel", "day", "address", "subject", "state", "sent_at"),
    )
)
register(
    rows_of_table(
        "papers",
        "เอกสารประกอบการเผยแพร่ที่ท่านจัดทำ",
        "ให้รู้ว่าใครจัดทำเอกสารชุดใด",
        WITH_THE_REPORTS,
        lambda person: EditionPaper.objects.filter(made_by=person).order_by("made_at", "id"),
        ("edition__code", "version", "kind", "format", "made_at"),
    )
)
register(
    rows_of_table(
        "paper_templates",
        "แม่แบบเอกสารที่ท่านเปลี่ยน",
        "ให้รู้ว่าใครเปลี่ยนแม่แบบของหน่วยงาน",
        WITH_THE_REPORTS,
        lambda person: PaperTemplate.objects.filter(added_by=person).order_by("added_at", "id"),
        ("kind", "version", "name", "added_at"),
    )
)
