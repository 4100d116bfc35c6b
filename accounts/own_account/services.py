"""Changes of one's own account."""

from django.db import transaction
from django.db.models import F

from accounts.events import note_event
from accounts.mails import send_mail
from accounts.models import AccountEventKind, User
from accounts.own_account.forms import OwnAccountForm


def save_own_account(form: OwnAccountForm, email_before: str) -> None:
    """Store what a person has changed of themselves, and nothing that somebody else has changed meanwhile."""
    person = form.save(commit=False)
    new, old = person.email or "ไม่มีอีเมล", email_before or "ไม่มีอีเมล"
    changes_email = "email" in form.changed_data
    with transaction.atomic():
        person.save(update_fields=form.changed_data)
        if changes_email:
            note_event(AccountEventKind.CHANGED, person, person, f"อีเมล {old} เป็น {new}")
    if not changes_email:
        return
    send_mail(
        email_before,
        "อีเมลของท่านในระบบถูกเปลี่ยน",
        [
            f"เรียน {person.get_full_name()}",
            "",
            f"อีเมลของชื่อผู้ใช้ {person.username} ถูกเปลี่ยนเป็น {new} จดหมายจากระบบจะไม่ส่งมาที่อีเมลนี้อีก",
            "หากท่านไม่ได้เปลี่ยนเอง กรุณาแจ้งเจ้าหน้าที่ผู้รับผิดชอบ ITA ของหน่วยงานทันที",
        ],
    )


@transaction.atomic
def end_all_sessions(person: User) -> None:
    """Sign a person out on every device; the caller may keep its session by update_session_auth_hash."""
    User.objects.filter(pk=person.pk).update(sessions_ended=F("sessions_ended") + 1)
    person.refresh_from_db(fields=["sessions_ended"])
    note_event(AccountEventKind.SIGNED_OUT_EVERYWHERE, person, person)
