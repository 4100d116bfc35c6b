"""What everybody may read of the log: heads, proofs, and lines of what is published; of others the hash."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from core.http import NotFound
from ledger.heads import LogHead
from ledger.merkle import leaf_hash
from ledger.models import LogKind, LogLine
from ledger.selectors import InclusionProof, day_count, day_heads, prove_lines, size_of_log
from reports.models import Edition

PUBLIC_KINDS: Final = frozenset(
    {
        LogKind.APPROVED.value,
        LogKind.FILE_STORED.value,
        LogKind.FILES_WITHDRAWN.value,
        LogKind.PUBLISHED.value,
        LogKind.UNPUBLISHED.value,
    }
)
# Of the text file that is kept elsewhere: more than a year.
DAYS: Final = 400
NO_LINE: Final = "บันทึกไม่มีบรรทัดนี้"


@dataclass(frozen=True)
class SignedOffHead:
    """The head at the end of a day; of the present day it may still grow."""

    day: date
    head: LogHead
    final: bool


@dataclass(frozen=True)
class PublicLine:
    """A line as everybody may see it, with the proof that it stands in the log."""

    line: LogLine
    proof: InclusionProof
    edition: Edition | None
    """Of which it tells, if that is published; only then is its text for everybody."""

    @property
    def leaf(self) -> str:
        """The hash of the leaf of the tree (hexadecimal)."""
        return leaf_hash(bytes.fromhex(self.line.sha256)).hex()

    @property
    def text(self) -> str:
        return self.line.text if self.edition else ""

    @property
    def facts(self) -> dict[str, Any]:
        """What the text says."""
        return dict(json.loads(self.text)) if self.text else {}


def signed_off(today: date, first: int = 0, count: int = DAYS) -> Sequence[SignedOffHead]:
    """Heads of days on which lines were written, newest first; two queries."""
    return [SignedOffHead(each.day, each.head, each.day < today) for each in day_heads(first, count)]


def signed_off_count() -> int:
    """Of how many days there are heads."""
    return day_count()


def public_line(number: int, size: int | None = None) -> PublicLine:
    """A line with its proof in the log of a size, as it is now when left out; four queries.

    Raises:
        NotFound: there is no such line, or not yet at that size, or the log never had that size.
    """
    now = size_of_log()
    size = now if size is None else size
    line = LogLine.objects.filter(number=number).first()
    if line is None or not number <= size <= now:
        raise NotFound(NO_LINE)
    (proof,) = prove_lines([line], size)
    return PublicLine(line, proof, _published_edition(line))


def line_of_edition(code: str) -> int | None:
    """The line of the approval of a published edition, by its code."""
    edition = Edition.objects.published().filter(code=code.strip().upper()).only("pk").first()
    if edition is None:
        return None
    lines = LogLine.objects.filter(subject=f"edition:{edition.pk}", kind=LogKind.APPROVED)
    return lines.values_list("number", flat=True).first()


def _published_edition(line: LogLine) -> Edition | None:
    if line.kind not in PUBLIC_KINDS:
        return None
    editions = Edition.objects.published().defer("document").select_related("round__plan__agency")
    of, _, key = line.subject.partition(":")
    if of == "scan":
        # As long as the officer offers it.
        return editions.filter(scans=int(key), scans__publication__isnull=False).first()
    return editions.filter(pk=int(key)).first()
