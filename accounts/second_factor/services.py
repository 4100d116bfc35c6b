"""What follows a change of a person's second factors, and taking them away from who has lost them."""

from allauth.mfa.models import Authenticator

from accounts.events import note_event
from accounts.mails import send_mail
from accounts.models import AccountEventKind, User


def note(person: User, kind: AccountEventKind, what: str, done_by: User | None = None) -> None:
    """Log the change and tell the person by mail."""
    note_event(kind, person, done_by or person, what)
    send_mail(
        person.email,
        str(kind.label),
        [
            f"เรียน {person.get_full_name()}",
            "",
            f"ชื่อผู้ใช้ {person.username}: {kind.label} ({what})",
            "หากท่านไม่ได้ทำเอง กรุณาแจ้งเจ้าหน้าที่ผู้รับผิดชอบ ITA ของหน่วยงานทันที",
        ],
    )


def remove_second_factors(person: User, done_by: User) -> bool:
    """Take away every second factor of a person who has lost them; whether there were any.

    Who may do that to whom is asked before.
    """
    removed, _ = Authenticator.objects.filter(user=person).delete()
    if removed:
        note(person, AccountEventKind.SECOND_FACTOR_REMOVED, "ทั้งหมด", done_by)
    return bool(removed)
