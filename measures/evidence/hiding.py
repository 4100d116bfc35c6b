"""Hiding evidence that a report refers to from the public, and showing it again.

What a report says cannot be changed any more, so that this is an act of its own: who, when and why is written
to a log that the database keeps. It also stops the file. Evidence of no report is simply ticked or not.
"""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from ledger.services import append
from measures.evidence.noting import hiding_noted
from measures.models import Evidence, EvidenceHiding


def needs_reason(evidence: Evidence, *, public: bool) -> bool:
    """Whether letting the public see a piece of evidence, or no longer, is an act that is logged.

    Args:
        evidence: read with_hiding().
        public: what is asked for.
    """
    return evidence.is_hidden if public else evidence.public and evidence.in_edition


def hide(evidence: Evidence, person: User, reason: str) -> bool:
    """Take a piece of evidence back from the public; False where it was so already, and nothing is logged."""
    return _log(evidence, person, reason, hidden=True)


def show_again(evidence: Evidence, person: User, reason: str) -> bool:
    """Undo hide(); False where nothing is hidden, and nothing is logged."""
    return _log(evidence, person, reason, hidden=False)


@transaction.atomic
def _log(evidence: Evidence, person: User, reason: str, *, hidden: bool) -> bool:
    # Of two people at once the second waits here and finds it done.
    stored = Evidence.objects.with_hiding().select_for_update().get(pk=evidence.pk)
    if stored.public != hidden or stored.is_hidden == hidden:
        return False
    now = timezone.now()
    hiding = EvidenceHiding.objects.create(
        evidence=stored, hidden=hidden, reason=reason, done_by=person.get_full_name(), done_at=now
    )
    stored.public = evidence.public = not hidden
    # The line in the history of the measure is found by its time.
    stored._history_date = now
    stored.save(update_fields=["public"])
    append(hiding_noted(hiding))
    return True
