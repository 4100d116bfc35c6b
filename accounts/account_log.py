"""The log of accounts and rights: one line for each change, never changed itself."""

from django.utils import timezone

from accounts.models import AccountEvent, AccountEventKind, User


def log_account_event(
    person: User, kind: AccountEventKind, done_by: User | None, detail: str = ""
) -> AccountEvent:
    """Note what was done to a person's account.

    Args:
        done_by: who did it; the person for what they do themselves, None for a command of the server.
        detail: in Thai words; what is longer than the column is cut.
    """
    longest = AccountEvent._meta.get_field("detail").max_length
    return AccountEvent.objects.create(
        agency=person.agency,
        person=person,
        kind=kind,
        detail=detail[:longest],
        done_by=done_by,
        done_by_name=done_by.get_full_name() if done_by else "ผู้ดูแลระบบ",
        done_at=timezone.now(),
        # What one does oneself needs no telling.
        seen_at=timezone.now() if done_by == person else None,
    )
