"""What this room keeps of a person, for the page that tells them."""

from accounts.kept.kinds import register, rows_of_table
from measures.models import Comment, Evidence, Measure, Part, PlanImport, SavedFilter

WITH_THE_PLAN = "ตลอดอายุของแผน"
TO_PROVE = "ให้ตรวจสอบได้ว่าใครรายงานอะไร"

register(
    rows_of_table(
        "reported_measures",
        "มาตรการที่ท่านเป็นผู้รายงานล่าสุด",
        TO_PROVE,
        WITH_THE_PLAN,
        lambda person: Measure.objects.filter(reported_by=person).order_by("reported_at"),
        ("title", "status", "reported_at"),
    )
)
register(
    rows_of_table(
        "reported_parts",
        "ส่วนของมาตรการที่ท่านเป็นผู้รายงานล่าสุด",
        TO_PROVE,
        WITH_THE_PLAN,
        lambda person: Part.objects.filter(reported_by=person).order_by("reported_at"),
        ("measure__title", "status", "reported_at"),
    )
)
register(
    rows_of_table(
        "saves_of_measures",
        "ประวัติการบันทึกมาตรการที่ท่านทำ",
        TO_PROVE,
        WITH_THE_PLAN,
        lambda person: Measure.history.filter(history_user=person).order_by("history_date"),
        ("id", "title", "status", "history_date"),
    )
)
register(
    rows_of_table(
        "evidence",
        "หลักฐานที่ท่านแนบ",
        TO_PROVE,
        WITH_THE_PLAN,
        lambda person: Evidence.objects.filter(added_by=person).order_by("added_at"),
        ("title", "address", "file_name", "public", "added_at"),
    )
)
register(
    rows_of_table(
        "comments",
        "ความเห็นที่ท่านเขียน",
        "ให้คนในหน่วยงานทำงานร่วมกัน",
        WITH_THE_PLAN,
        lambda person: Comment.objects.filter(written_by=person).order_by("written_at"),
        ("measure__title", "text", "written_at"),
    )
)
register(
    rows_of_table(
        "imports",
        "แผนที่ท่านนำเข้า",
        TO_PROVE,
        WITH_THE_PLAN,
        lambda person: PlanImport.objects.filter(made_by=person).order_by("made_at"),
        ("name", "made_at", "applied_at"),
    )
)
register(
    rows_of_table(
        "saved_filters",
        "ตัวกรองที่ท่านบันทึกไว้",
        "ให้ท่านเปิดดูได้เร็วขึ้น",
        "จนกว่าท่านจะลบ",
        lambda person: SavedFilter.objects.filter(person=person),
        ("name", "status", "text"),
    )
)
