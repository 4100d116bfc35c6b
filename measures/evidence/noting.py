"""What the provable log holds of evidence that was hidden from the public or shown again."""

from ledger.entries import LogDraft
from ledger.models import LogKind
from measures.models import EvidenceHiding


def hiding_noted(hiding: EvidenceHiding) -> LogDraft:
    """The line of a hiding; who did it and why are personal."""
    return LogDraft(
        LogKind.EVIDENCE_HIDDEN if hiding.hidden else LogKind.EVIDENCE_SHOWN,
        f"hiding:{hiding.pk}",
        hiding.done_at,
        {"hiding": hiding.pk, "evidence": hiding.evidence_id},
        {"by": hiding.done_by, "reason": hiding.reason},
    )
