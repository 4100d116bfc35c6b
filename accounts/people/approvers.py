"""Saying yes or no to an executive whom an officer has proposed."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.access import can_decide_on
from accounts.events import executives_of, note_event
from accounts.models import AccountEventKind, Role, User
from accounts.people.holding import hold_person
from accounts.people.passwords import give_password
from accounts.second_factor.services import remove_second_factors
from core.locking import StaleEdit
from ledger.services import appends_last


@transaction.atomic
@appends_last()
def confirm_executive(person: User, by: User) -> str:
    """Let a proposed executive approve from now on, with a one-time password that is handed over to them.

    Whoever proposed them may have had the account in hand until now: its password, its sessions and its
    second factors are over.

    Raises:
        StaleEdit: somebody has decided in between.
        PermissionDenied: not to be confirmed by this one.
    """
    stored = _proposed(person, by)
    stored.awaits_confirmation = False
    stored.save(update_fields=["awaits_confirmation"])
    remove_second_factors(stored, by)
    note_event(AccountEventKind.EXECUTIVE_CONFIRMED, stored, by, tell=[*executives_of(stored), stored])
    return give_password(stored, by)


@transaction.atomic
def decline_executive(person: User, by: User) -> None:
    """Say no: the role goes, and whoever has no other is taken out of use.

    Raises:
        StaleEdit: somebody has decided in between.
        PermissionDenied: not to be decided by this one.
    """
    stored = _proposed(person, by)
    if stored.roles == {Role.EXECUTIVE}:
        stored.is_active = False
        stored.save(update_fields=["is_active"])
        note_event(AccountEventKind.DEACTIVATED, stored, by, "ไม่ยืนยันให้เป็นผู้บริหาร", [stored])
        return
    stored.is_executive = stored.awaits_confirmation = False
    stored.save(update_fields=["is_executive", "awaits_confirmation"])
    note_event(AccountEventKind.CHANGED, stored, by, "ไม่ยืนยันให้เป็นผู้บริหาร", [stored])


def _proposed(person: User, by: User) -> User:
    stored = hold_person(person, by, can_decide_on)
    if not stored.is_active:
        raise PermissionDenied
    if not stored.awaits_confirmation:
        raise StaleEdit
    return stored
