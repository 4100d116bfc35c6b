"""Holding a person for a change, and asking once more whether it is allowed."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied

from accounts.models import Agency, User


def hold_person(person: User, by: User, may: Callable[[User, User], bool]) -> User:
    """The person as stored, whom nobody else in the agency changes until the transaction ends.

    Args:
        may: the question of access to whether the one may do it to the other.

    Raises:
        PermissionDenied: not, or not any more.
    """
    Agency.objects.select_for_update(of=("self",)).get(users=person)
    stored: User = User.objects.get(pk=person.pk)
    # Whoever lost the right a moment ago has lost it.
    if not may(User.objects.get(pk=by.pk), stored):
        raise PermissionDenied
    return stored
