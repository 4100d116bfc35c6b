"""What the provable log holds of accounts: each event, and what a person might do after it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from accounts.models import ROLE_FIELDS, AccountEvent, ActingApprover, User
from ledger.entries import LogDraft, canonical
from ledger.models import LogKind
from ledger.services import append

_SWITCHES = ("is_active", "is_staff", "is_superuser", *ROLE_FIELDS.values())
_SCOPE = ("oversees_everywhere", "overseen_provinces", "sees_private_evidence")


def note_account(event: AccountEvent) -> None:
    """Add the line of an event, with the person's rights as the transaction leaves them; its last step."""
    append(lambda: event_noted(event, rights_of(event.person_id)))


def note_rights(person: int) -> None:
    """Add a line with a person's rights where no event tells of them; the transaction's last step."""
    append(lambda: rights_noted(person, rights_of(person), timezone.now()))


def event_noted(event: AccountEvent, rights: str = "") -> LogDraft:
    """The line of an event; whom it names, the details, and the rights are personal.

    Args:
        rights: of the person after the event; empty where nobody knows them any more.
    """
    return LogDraft(
        LogKind.ACCOUNT,
        f"event:{event.pk}",
        event.done_at,
        {"event": event.pk, "what": event.kind, "agency": event.agency_id},
        {
            "person": str(event.person_id),
            "by": event.done_by_name,
            "detail": event.detail,
            "rights": rights,
        },
    )


def rights_noted(person: int, rights: str, at: datetime) -> LogDraft:
    """The line of a person's rights of which no event tells."""
    return LogDraft(LogKind.RIGHTS, f"person:{person}", at, {"person": person}, {"rights": rights})


def rights_of(person: int) -> str:
    """What a person may do, as canonical JSON; four queries."""
    return rights_by_person([person])[person]


def rights_by_person(people: Sequence[int] | None) -> dict[int, str]:
    """What people may do: roles, agency, divisions, what they oversee, acting as approver; four queries.

    Args:
        people: whose; None for everybody.

    Only what a person has is named. A right that is added here later is left out of whoever lacks it, so that
    lines of before still fit. An executive who waits to be confirmed approves nothing yet, nor does who was
    only proposed to act; what an account would oversee counts with that role alone.
    """
    found: dict[int, dict[str, object]] = {}
    chosen = User.objects.all() if people is None else User.objects.filter(pk__in=people)
    overseers = set()
    for row in chosen.order_by().values("pk", "agency_id", "awaits_confirmation", *_SWITCHES, *_SCOPE):
        held: dict[str, object] = {name: True for name in _SWITCHES if row[name]}
        if row["awaits_confirmation"]:
            del held["is_executive"]
            held["awaits_confirmation"] = True
        if row["is_overseer"]:
            overseers.add(row["pk"])
            held |= {name: row[name] for name in _SCOPE if row[name]}
        found[row["pk"]] = held | ({"agency": row["agency_id"]} if row["agency_id"] else {})
    scopes = User.overseen_agencies.through.objects.filter(user__in=overseers).order_by("agency_id")
    for person, agency in scopes.values_list("user_id", "agency_id") if overseers else ():
        found[person].setdefault("overseen_agencies", []).append(agency)  # type: ignore[attr-defined]
    divisions = User.divisions.through.objects.order_by("division_id")
    divisions = divisions if people is None else divisions.filter(user__in=people)
    for person, division in divisions.values_list("user_id", "division_id"):
        found[person].setdefault("divisions", []).append(division)  # type: ignore[attr-defined]
    acts = ActingApprover.objects.filter(confirmed_at__isnull=False).order_by("pk")
    for acting in acts if people is None else acts.filter(person__in=people):
        days = [acting.pk, acting.agency_id, str(acting.starts_on), str(acting.ends_on)]
        found[acting.person_id].setdefault("acting", []).append(  # type: ignore[attr-defined]
            [*days, acting.ended_at is not None]
        )
    return {person: canonical(rights) for person, rights in found.items()}
