"""What this room keeps of a person."""

from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts.kept.kinds import KeptKind, Row, register, rows_of_table
from accounts.models import AccountEvent, ActingApprover, BackgroundJob, SignInRefusal, SiteSession, User
from ledger.models import LogKind, LogLine

# People are never deleted: reports and histories name them.
WITH_THE_REPORTS = "เท่ากับรายงานและประวัติที่อ้างถึง"
WITH_THE_ACCOUNT = "ตลอดที่มีบัญชี ระงับบัญชีแล้วยังเก็บไว้ เพราะประวัติของรายงานอ้างถึง"


def _account(person: User) -> Iterator[Row]:
    yield {
        "username": person.username,
        "full_name": person.full_name,
        "post": person.post,
        "email": person.email,
        "roles": sorted(role.value for role in person.roles),
        "agency": person.agency.name if person.agency else None,
        "divisions": [division.name for division in person.divisions.order_by("position", "id")],
        "date_joined": person.date_joined,
        "last_login": person.last_login,
        "wants_reminders": person.wants_reminders,
        "has_calendar_address": bool(person.calendar_key),
    }


register(
    KeptKind(
        "account",
        "บัญชี: ชื่อ ตำแหน่ง ชื่อผู้ใช้ อีเมล บทบาท ส่วนราชการ และรหัสผ่านที่เข้ารหัสแบบย้อนกลับไม่ได้",
        "ให้เข้าสู่ระบบ และให้รู้ว่าใครทำหน้าที่ใด",
        WITH_THE_ACCOUNT,
        _account,
        lambda person: 1,
    )
)
register(
    rows_of_table(
        "account_history",
        "ข้อมูลบัญชีในอดีต เมื่อชื่อ ตำแหน่ง หรือบทบาทเปลี่ยน",
        "ตรวจสอบย้อนหลังว่าใครมีสิทธิ์ใดเมื่อใด",
        WITH_THE_ACCOUNT,
        lambda person: person.history.order_by("history_date"),
        ("history_date", "full_name", "post", "email", "is_active"),
    )
)
register(
    rows_of_table(
        "second_factors",
        "การยืนยันตัวตนชั้นที่สอง ถ้าตั้งค่าไว้",
        "ให้ผู้อื่นที่รู้รหัสผ่านเข้าบัญชีไม่ได้",
        "จนกว่าท่านจะยกเลิก",
        lambda person: Authenticator.objects.filter(user=person).order_by("created_at"),
        ("type", "created_at", "last_used_at"),
    )
)
register(
    rows_of_table(
        "sessions",
        "เครื่องที่เข้าสู่ระบบอยู่ ชนิดของเบราว์เซอร์ และหมายเลขเครือข่ายบางส่วน",
        "ให้ท่านเห็นว่าบัญชีถูกใช้ที่ใด",
        "จนออกจากระบบหรือหมดเวลา ไม่เกิน 10 เครื่อง",
        lambda person: SiteSession.objects.filter(person=person).order_by("signed_in_at"),
        ("device", "network", "signed_in_at", "seen_at"),
    )
)
register(
    rows_of_table(
        "refused_sign_ins",
        "เมื่อมีผู้ใส่รหัสผ่านของท่านผิดหลายครั้ง และหมายเลขเครือข่ายของผู้นั้น",
        "ป้องกันการเดารหัสผ่าน เจ้าหน้าที่ ITA ของหน่วยงานและผู้ดูแลระบบเห็นได้",
        "90 วัน ไม่เกิน 20 รายการ",
        lambda person: SignInRefusal.objects.filter(person=person),
        ("kind", "network", "times", "first_at", "last_at"),
    )
)
register(
    rows_of_table(
        "account_events",
        "การเปลี่ยนบัญชีหรือสิทธิ์ของท่าน และผู้ที่เปลี่ยน",
        "ตรวจสอบย้อนหลัง เจ้าหน้าที่ ITA ของหน่วยงานและผู้ดูแลระบบเห็นได้",
        WITH_THE_ACCOUNT,
        lambda person: AccountEvent.objects.filter(person=person),
        ("kind", "detail", "done_by_name", "done_at", "seen_at"),
    )
)
register(
    rows_of_table(
        "account_events_by_me",
        "การเปลี่ยนบัญชีหรือสิทธิ์ของผู้อื่นที่ท่านทำ",
        "ตรวจสอบย้อนหลัง",
        WITH_THE_ACCOUNT,
        lambda person: AccountEvent.objects.filter(done_by=person).exclude(person=person),
        ("kind", "done_at"),
    )
)


def _lines(person: User) -> QuerySet[LogLine]:
    """Those of the provable log that tell of the account."""
    named = Concat(Value("event:"), Cast(F("pk"), CharField()), output_field=CharField())
    events = AccountEvent.objects.filter(person=person).order_by().values_list(named)
    return LogLine.objects.filter(
        Q(kind=LogKind.ACCOUNT, subject__in=events) | Q(kind=LogKind.RIGHTS, subject=f"person:{person.pk}")
    )


register(
    rows_of_table(
        "log_lines",
        "บรรทัดเกี่ยวกับบัญชีของท่านในบันทึกที่พิสูจน์ได้: ชื่อและสิทธิ์อยู่ในรูปค่าแฮชผสมรหัสสุ่ม อ่านกลับไม่ได้",
        "ให้พิสูจน์ได้ว่าสิทธิ์ไม่ถูกแก้ภายหลัง",
        "ตลอดอายุของระบบ เมื่อลบรหัสสุ่มแล้วไม่มีใครเทียบได้อีกว่าบรรทัดใดเป็นของท่าน",
        _lines,
        ("number", "kind", "day", "sha256"),
    )
)
register(
    rows_of_table(
        "acting",
        "การรักษาราชการแทน",
        "ให้รู้ว่าใครอนุมัติได้ในช่วงใด ตามคำสั่งใด",
        WITH_THE_REPORTS,
        lambda person: ActingApprover.objects.filter(person=person),
        ("starts_on", "ends_on", "order", "ended_at"),
    )
)
register(
    rows_of_table(
        "jobs",
        "งานเบื้องหลังที่ท่านสั่ง",
        "ให้ติดตามผลได้",
        "7 วันหลังงานจบ",
        lambda person: BackgroundJob.objects.filter(asked_by=person),
        ("title", "state", "asked_at", "ended_at"),
    )
)
