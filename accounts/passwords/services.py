"""Setting a password, and sending the links with which one is set."""

from typing import Final

from django.db import transaction
from django_tasks import task

from accounts.access import is_to_approve
from accounts.events import note_event
from accounts.mails import send_mail
from accounts.models import AccountEventKind, User
from accounts.passwords.links import password_link


def set_own_password(person: User, password: str, detail: str = "") -> None:
    """Store the password that a person has chosen, note it, and tell them by mail.

    Every session of the person is over then; the caller may keep its own by update_session_auth_hash.
    """
    person.set_password(password)
    person.must_change_password = False
    with transaction.atomic():
        # No line in the history: it says what changed, and must not say this.
        User.objects.filter(pk=person.pk).update(password=person.password, must_change_password=False)
        note_event(AccountEventKind.PASSWORD_CHANGED, person, person, detail)
    send_mail(
        person.email,
        "รหัสผ่านของท่านถูกเปลี่ยน",
        [
            f"เรียน {person.get_full_name()}",
            "",
            f"รหัสผ่านของชื่อผู้ใช้ {person.username} ถูกเปลี่ยนแล้ว",
            "หากท่านไม่ได้เปลี่ยนเอง กรุณาแจ้งเจ้าหน้าที่ผู้รับผิดชอบ ITA ของหน่วยงานทันที",
        ],
    )


# Who reads a mailbox that several share could set the approver's password.
OF_AN_APPROVER: Final = "ผู้นี้อนุมัติรายงาน และอีเมลนี้มีหลายคนใช้ร่วมกัน ขอรหัสผ่านใหม่จากผู้บริหารคนอื่นหรือผู้ดูแลระบบ"


@task()
def mail_password_links(address: str, site: str) -> None:
    """Send one mail with a link for each account that has this address; none where no account has it.

    Args:
        site: the beginning of the site's address, without the last slash.
    """
    people = list(User.objects.filter(email__iexact=address, is_active=True).order_by("username"))
    if not people:
        return
    lines = ["มีผู้ขอตั้งรหัสผ่านใหม่ของบัญชีที่ใช้อีเมลนี้", ""]
    for person in people:
        lines.append(f"ชื่อผู้ใช้ {person.username} ({person.get_full_name()})")
        if len(people) > 1 and is_to_approve(person):
            lines += [OF_AN_APPROVER, ""]
            continue
        lines += [f"{site}{password_link(person)}", ""]
        note_event(AccountEventKind.RESET_MAILED, person, person, "ขอจากหน้าลืมรหัสผ่าน")
    lines += [
        "แต่ละลิงก์ใช้ได้ครั้งเดียว ภายใน 24 ชั่วโมง",
        "หากท่านไม่ได้ขอ ไม่ต้องทำอะไร รหัสผ่านเดิมยังใช้ได้",
    ]
    send_mail(people[0].email, "ตั้งรหัสผ่านใหม่", lines)
