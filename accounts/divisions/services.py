"""Changes to an agency's list of divisions."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import uuid4

from django.db import transaction
from django.db.models import ProtectedError
from django.dispatch import Signal

from accounts.models import Agency, Division
from core.locking import StaleEdit

# Sent with a division, in the same transaction, before it is removed: whoever keeps something for it that
# nobody has used yet takes that away.
division_is_removed: Final = Signal()


class DivisionInUse(Exception):
    """A division that is to be removed still has measures or people; str() is its name."""


def list_version(divisions: Iterable[Division]) -> str:
    """A short text that changes when any name or place in the list does."""
    state = "\n".join(f"{division.pk} {division.name}" for division in divisions)
    return hashlib.sha256(state.encode()).hexdigest()[:16]


@transaction.atomic
def save_divisions(agency: Agency, version: str, wanted: Sequence[tuple[int | None, str]]) -> None:
    """Store the list of divisions as it stands in the form: renamed, reordered, added and removed.

    Args:
        version: list_version() of the list that the form was shown with.
        wanted: id (None for a new one) and name, in order; no name twice.

    Raises:
        StaleEdit: somebody else changed the list in between.
        DivisionInUse: one that is to be removed is still named by a measure or a person.
        Nothing is stored in both cases.
    """
    Agency.objects.select_for_update().get(pk=agency.pk)
    stored = list(agency.divisions.order_by("position", "id"))
    if list_version(stored) != version:
        raise StaleEdit
    kept = {pk for pk, _ in wanted}
    for division in stored:
        if division.pk not in kept:
            _remove(division)
    by_id = {division.pk: division for division in stored}
    _free_names(by_id, wanted)
    for position, (pk, name) in enumerate(wanted, 1):
        division = by_id.get(pk or 0) or Division(agency=agency)
        if division.pk is None or (division.name, division.position) != (name, position):
            division.name, division.position = name, position
            division.save()


def _remove(division: Division) -> None:
    name = division.name
    # The database would take the division from its people, and keep them as staff of none.
    if division.users.exists():
        raise DivisionInUse(name)
    try:
        division_is_removed.send(Division, division=division)
        division.delete()
    except ProtectedError as error:
        raise DivisionInUse(name) from error


def _free_names(stored: dict[int, Division], wanted: Sequence[tuple[int | None, str]]) -> None:
    """Two divisions may swap names: a name that moves is set aside first, for the unique constraint."""
    holders = {division.name: pk for pk, division in stored.items()}
    for pk, name in wanted:
        holder = holders.get(name)
        if holder is not None and holder != pk:
            Division.objects.filter(pk=holder).update(name=str(uuid4()))
