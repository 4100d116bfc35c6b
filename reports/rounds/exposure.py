"""Editions that tell what is not for everybody: made before private evidence was left out, or with evidence
that was hidden since. An edition never changes; a correction takes its place, and its files are withdrawn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from measures.models import Evidence
from reports.document.facts import EvidenceLine, ReportDocument
from reports.document.redaction import private_lines
from reports.document.serialization import from_json
from reports.models import Edition, EditionQuerySet

BATCH: Final = 20
# Printed on the corrected report: it says what was done and nothing of what it was done for.
REASON: Final = "แก้ไขเพื่อนำรายละเอียดของหลักฐานที่ไม่เผยแพร่ออกจากรายงาน"


@dataclass(frozen=True)
class Exposure:
    """What an edition tells that is not for everybody."""

    edition: Edition
    private: Sequence[EvidenceLine]
    """Evidence that nobody had ticked as public when the report was submitted."""
    hidden: Sequence[EvidenceLine]
    """Evidence that was public then and is so no longer."""

    @property
    def count(self) -> int:
        return len(self.private) + len(self.hidden)


def exposures(editions: EditionQuerySet) -> Iterator[Exposure]:
    """Those of the editions that tell something; two queries for every BATCH of them."""
    rows = editions.iterator(chunk_size=BATCH)
    while batch := list(islice(rows, BATCH)):
        documents = {edition: from_json(edition.document.encode()) for edition in batch}
        public = {line.id for document in documents.values() for line in document.evidence if line.public}
        still = set(Evidence.objects.filter(pk__in=public, public=True).values_list("pk", flat=True))
        for edition, document in documents.items():
            private = private_lines(document)
            hidden = [line for line in document.evidence if line.public and line.id not in still]
            if private or hidden:
                yield Exposure(edition, private, hidden)


def hidden_since(document: ReportDocument) -> Sequence[EvidenceLine]:
    """Evidence that a document tells as public and that is so no longer; one query."""
    public = [line for line in document.evidence if line.public]
    still = Evidence.objects.filter(pk__in=[line.id for line in public], public=True)
    shown = set(still.values_list("pk", flat=True)) if public else set()
    return [line for line in public if line.id not in shown]
