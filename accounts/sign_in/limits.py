"""Limits of refused sign-ins: by name and address together, and by address. What is stored is bounded."""

from datetime import datetime
from ipaddress import ip_address
from typing import Any, Final

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.db import transaction
from django.db.models import F, Sum
from django.http import HttpRequest

from accounts.models import User

# A whole office is often behind one address; so many wrong passwords within the time are no slips.
MAX_FAILURES_OF_ADDRESS: Final = 100
# With the longest names about 10 MB. Whoever has more addresses than this can have the oldest forgotten, and
# with so many addresses could try as often anyway.
MAX_ROWS: Final = 10_000
ROWS_DROPPED_AT_ONCE: Final = MAX_ROWS // 10

Credentials = dict[str, Any] | None


class CountedRequest(HttpRequest):
    """A request of which axes has noted who sends it, and when."""

    axes_ip_address: str
    axes_attempt_time: datetime
    axes_locked_out: bool
    axes_credentials: Credentials


def counted_name(request: HttpRequest, credentials: Credentials = None) -> str:
    """The name by which tries are counted: one that a column can hold, whatever was sent."""
    name = (credentials or request.POST).get(User.USERNAME_FIELD) or ""
    longest = User._meta.get_field("username").max_length
    return str(name).replace("\0", "")[:longest]


class SignInLimits(AxesDatabaseHandler):
    """Counts refused sign-ins in one short row for each name and address.

    The handler of axes has a row for each browser too, and appends to it at every try what was sent.
    """

    def user_login_failed(
        self, sender: object, credentials: Credentials, request: CountedRequest | None = None, **_: Any
    ) -> None:
        """Count a refused sign-in, unless it was refused without looking at the password."""
        if request is None:
            return
        if not request.axes_locked_out:
            self._count(request, counted_name(request, credentials))
        if request.axes_locked_out or self.is_locked(request, credentials):
            request.axes_locked_out = True
            request.axes_credentials = credentials
            user_locked_out.send("axes", request=request, username=None, ip_address=request.axes_ip_address)

    def is_locked(self, request: CountedRequest, credentials: Credentials = None) -> bool:
        """Whether this name from this address, or every name from this address, has to wait."""
        return bool(super().is_locked(request, credentials)) or _address_is_locked(request)

    def _count(self, request: CountedRequest, name: str) -> None:
        self.clean_expired_user_attempts(request)
        with transaction.atomic():
            attempt, created = AccessAttempt.objects.get_or_create(
                username=name,
                ip_address=request.axes_ip_address,
                user_agent="",
                defaults={"failures_since_start": 1},
            )
            if not created:
                AccessAttempt.objects.filter(pk=attempt.pk).update(
                    failures_since_start=F("failures_since_start") + 1,
                    attempt_time=request.axes_attempt_time,
                )
        if created:
            _drop_the_oldest()


def _address_is_locked(request: CountedRequest) -> bool:
    address = ip_address(request.axes_ip_address)
    # Behind a proxy that TRUSTED_PROXIES does not count everybody has this machine's address.
    if address.is_loopback or address.is_unspecified:
        return False
    recent = AccessAttempt.objects.filter(
        ip_address=str(address), attempt_time__gt=get_cool_off_threshold(request)
    )
    failures = recent.aggregate(sum=Sum("failures_since_start"))["sum"] or 0
    return bool(failures >= MAX_FAILURES_OF_ADDRESS)


def _drop_the_oldest() -> None:
    if AccessAttempt.objects.count() > MAX_ROWS:
        oldest = AccessAttempt.objects.order_by("attempt_time", "pk").values_list("pk", flat=True)
        AccessAttempt.objects.filter(pk__in=list(oldest[:ROWS_DROPPED_AT_ONCE])).delete()
