"""Limits of wrong passwords: for a name from one address, for an address, and for a name from anywhere.

Each limit slows down and closes nothing for good: after a number of tries at once, one more is let through
in each interval. Who comes with a device on which the person has signed in before is counted by that device
alone, so that nobody else can keep them out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from math import ceil
from typing import Final

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import SignInCount
from accounts.sign_in.client_address import client_address, client_network
from accounts.sign_in.known_devices import device_of


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries at once, then one in each interval; counted in a fixed number of rows.

    Two names may share a row. An interval is short enough that what all workers can look at in a second is
    less than what the rows of a limit forget in a second: a flood of names cannot fill them.
    """

    kind: str
    at_once: int
    interval: int
    """Milliseconds."""
    rows: int


OF_NAME_FROM_HERE: Final = Limit("pair", at_once=10, interval=90_000, rows=8_192)
OF_ADDRESS: Final = Limit("address", at_once=100, interval=9_000, rows=1_024)
OF_NAME: Final = Limit("name", at_once=30, interval=30_000, rows=4_096)
LIMITS: Final = (OF_NAME_FROM_HERE, OF_ADDRESS, OF_NAME)
MAX_ROWS: Final = sum(limit.rows for limit in LIMITS)
"""More rows than these there cannot be, whatever is tried."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A limit as it applies to one try: the row in which it is counted."""

    limit: Limit
    row: str

    @property
    def full_after(self) -> int:
        """How many milliseconds of tries may be counted before the next has to wait."""
        return self.limit.at_once * self.limit.interval


@dataclass(frozen=True, slots=True)
class Try:
    """A password that is being looked at. It counts as wrong from the start, so that a hundred at once do."""

    counted: Sequence[Counted]
    is_known: bool
    """Whether it comes from a device of the person, or from a session of theirs."""

    @transaction.atomic
    def was_right(self) -> None:
        """The right password forgives the wrong ones of its name from here; elsewhere it does not count."""
        for each in self.counted:
            count = SignInCount.objects.filter(row=each.row)
            if each.limit is OF_NAME_FROM_HERE:
                count.update(busy_until=0)
            else:
                count.update(busy_until=F("busy_until") - each.limit.interval)

    @transaction.atomic
    def was_not_looked_at(self) -> None:
        """Nobody has seen whether it was wrong: it does not count."""
        for each in self.counted:
            SignInCount.objects.filter(row=each.row).update(busy_until=F("busy_until") - each.limit.interval)


@dataclass(frozen=True, slots=True)
class HasToWait:
    """A try that was not looked at: for how many seconds, and which limit said so."""

    seconds: int
    limit: Limit


def begin_try(request: HttpRequest, name: str) -> Try | HasToWait:
    """Count a try; what has to wait is not counted, and nothing is written for it."""
    counted, is_known = counted_for(request, name)
    if waits := _waits(counted):
        return waits
    now = _now()
    try:
        with transaction.atomic():
            for each in counted:
                _count(each, now)
    except _Full:
        return _waits(counted) or HasToWait(1, counted[0].limit)
    return Try(counted, is_known)


def wait_after(request: HttpRequest, name: str) -> HasToWait | None:
    """How long the next try would have to wait; None if it would be looked at."""
    return _waits(counted_for(request, name)[0])


def counted_for(request: HttpRequest, name: str) -> tuple[Sequence[Counted], bool]:
    """The rows in which a try counts, in the order in which they are locked, and whether it is known."""
    name = name.lower()
    if key := device_of(request, name):
        return [_row(OF_NAME_FROM_HERE, f"device {key} {name}")], True
    network = client_network(request)
    counted = [_row(OF_NAME_FROM_HERE, f"{network} {name}")]
    if _address_counts(request):
        counted.append(_row(OF_ADDRESS, network))
    counted.append(_row(OF_NAME, name))
    return counted, False


class _Full(Exception):
    """Somebody else counted in between."""


def _count(each: Counted, now: int) -> None:
    counts = SignInCount.objects.filter(row=each.row)
    added = Greatest(F("busy_until"), Value(now)) + Value(each.limit.interval)
    room = now + each.full_after - each.limit.interval
    if counts.filter(busy_until__lte=room).update(busy_until=added):
        return
    SignInCount.objects.bulk_create([SignInCount(row=each.row, busy_until=0)], ignore_conflicts=True)
    if not counts.filter(busy_until__lte=room).update(busy_until=added):
        raise _Full


def _waits(counted: Sequence[Counted]) -> HasToWait | None:
    now = _now()
    rows = [each.row for each in counted]
    until = dict(SignInCount.objects.filter(row__in=rows).values_list("row", "busy_until"))
    longest: HasToWait | None = None
    for each in counted:
        wait = until.get(each.row, 0) - (now + each.full_after - each.limit.interval)
        if wait > 0 and (longest is None or wait > longest.seconds * 1_000):
            longest = HasToWait(ceil(wait / 1_000), each.limit)
    return longest


def _row(limit: Limit, key: str) -> Counted:
    # Keyed, so that nobody can choose a name that shares a row with another.
    digest = salted_hmac("accounts.sign_in.limits", key, algorithm="sha256").digest()
    return Counted(limit, f"{limit.kind}:{int.from_bytes(digest[:8]) % limit.rows}")


def _now() -> int:
    return int(timezone.now().timestamp() * 1_000)


def _address_counts(request: HttpRequest) -> bool:
    """Behind a proxy that TRUSTED_PROXIES does not count everybody has this machine's address."""
    address = ip_address(client_address(request))
    return not (address.is_loopback or address.is_unspecified)
