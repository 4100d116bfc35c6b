"""Where a person is signed in."""

from collections.abc import Sequence

from django.utils import timezone

from accounts.models import SiteSession, User


def sessions_of(person: User) -> Sequence[SiteSession]:
    """The sessions that are not over, the one used last first."""
    found = SiteSession.objects.filter(person=person, expire_date__gt=timezone.now())
    return list(found.defer("session_data").order_by("-seen_at", "-signed_in_at"))
