"""The log of limits that were reached: who, from where, how often; a bounded number of lines."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Agency, RefusalKind, SignInRefusal, User
from accounts.sign_in.client_address import client_network
from accounts.sign_in.limits import Limit

KEPT_FOR: Final = timedelta(days=90)
MAX_OF_PERSON: Final = 20
MAX_OF_NOBODY: Final = 500
# What goes on from the same place is one line a day.
ONE_LINE: Final = timedelta(days=1)


@transaction.atomic
def note_refusal(request: HttpRequest, name: str, limit: Limit) -> None:
    """Note that a limit was reached by a wrong password; what is refused afterwards is not noted again."""
    now = timezone.now()
    # Of an address that tries many names, the last of them says little.
    person = None if limit.kind == RefusalKind.ADDRESS or not name.isprintable() else _named(name)
    lines = SignInRefusal.objects.filter(person=person)
    network = client_network(request)
    same = lines.filter(kind=limit.kind, network=network, first_at__gt=now - ONE_LINE)
    if same.update(times=F("times") + 1, last_at=now):
        return
    SignInRefusal.objects.create(
        person=person, kind=RefusalKind(limit.kind), network=network, first_at=now, last_at=now
    )
    SignInRefusal.objects.filter(last_at__lt=now - KEPT_FOR).delete()
    at_most = MAX_OF_PERSON if person else MAX_OF_NOBODY
    kept = list(lines.order_by("-last_at", "-id").values_list("pk", flat=True)[:at_most])
    lines.exclude(pk__in=kept).delete()


def refusals_of(agency: Agency | None) -> QuerySet[SignInRefusal]:
    """The lines of an agency's people, newest first; with None all, those of no account too."""
    found = SignInRefusal.objects.filter(last_at__gte=timezone.now() - KEPT_FOR)
    found = found.select_related("person").order_by("-last_at", "-id")
    return found if agency is None else found.filter(person__agency=agency)


def _named(name: str) -> User | None:
    found: User | None = User.objects.filter(username=name).first()
    return found
