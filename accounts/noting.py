"""What the provable log holds of an event of an account."""

from accounts.models import AccountEvent
from ledger.entries import LogDraft
from ledger.models import LogKind


def event_noted(event: AccountEvent) -> LogDraft:
    """The line of an event; whom it names, and the details, are personal."""
    return LogDraft(
        LogKind.ACCOUNT,
        f"event:{event.pk}",
        event.done_at,
        {"event": event.pk, "what": event.kind, "agency": event.agency_id},
        {"person": str(event.person_id), "by": event.done_by_name, "detail": event.detail},
    )
