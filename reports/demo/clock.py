"""The clock of the story: what is done inside acting() is done by a person, at a moment of the past."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from django.utils import timezone
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record

from accounts.models import User
from reports.demo.drafts import REASON


@contextmanager
def acting(person: User, moment: datetime) -> Iterator[None]:
    """Let a person act at a moment: the services and the history take both from here.

    The clock is set for the whole process. That is harmless in a command; a site must not call this.
    """
    context = HistoricalRecords.context
    before = getattr(context, "request", None)
    # simple-history takes who did it from the request, which a command does not have.
    context.request = SimpleNamespace(user=person)
    pre_create_historical_record.connect(_give_reason)
    try:
        with patch.object(timezone, "now", return_value=moment):
            yield
    finally:
        pre_create_historical_record.disconnect(_give_reason)
        context.request = before
        if before is None:
            del context.request


def _give_reason(sender: Any, history_instance: Any, **_: Any) -> None:
    history_instance.history_change_reason = REASON
