"""What of a report document leaves the agency: of evidence that nobody ticked as public nothing but its
number, its day and, of a file, its SHA-256; obstacles only where the agency has chosen so.
"""

from collections.abc import Sequence
from dataclasses import replace

from reports.document.facts import EvidenceLine, PartLine, ReportDocument


def for_everybody(document: ReportDocument) -> ReportDocument:
    """The document as it may leave the agency; doing it twice is the same as once."""
    indicators = tuple(
        replace(
            indicator,
            measures=tuple(
                replace(
                    measure,
                    obstacle=measure.obstacle if document.obstacles_public else "",
                    parts=measure.parts if document.obstacles_public else tuple(map(_silent, measure.parts)),
                    evidence=tuple(_as_told(line) for line in measure.evidence),
                )
                for measure in indicator.measures
            ),
        )
        for indicator in document.indicators
    )
    return replace(document, indicators=indicators)


def _silent(part: PartLine) -> PartLine:
    return replace(part, obstacle="")


def private_lines(document: ReportDocument) -> Sequence[EvidenceLine]:
    """Evidence of which a document tells more than may leave the agency."""
    return [line for line in document.evidence if line != _as_told(line)]


def _as_told(line: EvidenceLine) -> EvidenceLine:
    if line.public:
        return line
    # Made anew, not emptied field by field: a field that comes later is left out until it is named here.
    return EvidenceLine(line.number, "", "", line.effective_on, sha256=line.sha256)
