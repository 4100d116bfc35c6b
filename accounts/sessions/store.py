"""Sessions in the database: they end by themselves, and their person sees them.

The end of each stands in its row, which is what the store asks for: after the idle time, and at the latest
after the absolute one.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.models import SiteSession
from core.prepared import Given, PreparedQuestion

SIGNED_IN = "signed_in_at"
SEEN = "seen_at"
DEVICE = "device"
NETWORK = "network"


def _going_on() -> QuerySet[SiteSession]:
    return SiteSession.objects.filter(
        session_key=Given("key", models.CharField()), expire_date__gt=Given("now", models.DateTimeField())
    )


# Every page of somebody who is signed in asks it.
GOING_ON: Final = PreparedQuestion(_going_on)


class SessionStore(DatabaseStore):
    """Django's store with rows of SiteSession."""

    @classmethod
    def get_model_class(cls) -> type[SiteSession]:
        return SiteSession

    def _get_session_from_db(self) -> SiteSession | None:
        for row in GOING_ON.ask(key=self.session_key, now=timezone.now()):
            return row
        self._session_key = None
        return None

    def _get_new_session_key(self) -> str:
        # Django asks first whether there is one already; create() tries another where the database says so.
        return get_random_string(32, VALID_KEY_CHARS)

    def create_model_instance(self, data: dict[str, Any]) -> SiteSession:
        """The row of what the session holds, with its end."""
        row: SiteSession = super().create_model_instance(data)  # type: ignore[assignment]
        seen, signed_in = moment(data.get(SEEN)), moment(data.get(SIGNED_IN))
        ends = (seen or timezone.now()) + timedelta(minutes=settings.SESSION_IDLE_MINUTES)
        if signed_in is not None:
            ends = min(ends, signed_in + timedelta(hours=settings.SESSION_HOURS))
        row.expire_date = min(ends, row.expire_date)
        row.person_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.device, row.network = data.get(DEVICE, ""), data.get(NETWORK, "")
        row.signed_in_at, row.seen_at = signed_in, seen
        return row


def moment(stored: float | None) -> datetime | None:
    """A moment as sessions keep it, in seconds since 1970."""
    return None if stored is None else datetime.fromtimestamp(stored, tz=timezone.get_current_timezone())
