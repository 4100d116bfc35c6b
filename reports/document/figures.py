"""The pictures of a report's annex: which evidence has one, and the words that go with it.

A document holds no picture. Who makes a file of it hands them over, made for print; what is not handed over,
because it is lost or was hidden, is in the list of the annex alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.file_kinds import PICTURE_KINDS
from core.thai_calendar import long_date, thai_digits
from reports.document.annex import STAYS
from reports.document.facts import EvidenceLine, ReportDocument

# JPEGs by the number of the evidence in the document.
Pictures = Mapping[int, bytes]
NO_PICTURES: Final[Pictures] = {}

TYPES: Final = frozenset(kind.content_type for kind in PICTURE_KINDS)
# Twelve pages of four; a report with more tells where the others are.
MOST: Final = 48
# Up to so many stand on one page, one beside the other; more are four a page.
FEW: Final = 2
BESIDE: Final = 2
# Millimetres of the paper that a picture may take, with few and with more; dots of an inch of it.
LARGE: Final = (122, 128)
SMALL: Final = (122, 62)
DPI: Final = 170


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its words."""

    line: EvidenceLine
    stays: bool
    """Whether this is a draft and the approved report will not have it."""

    @property
    def file(self) -> str:
        """What the page that is laid out calls it."""
        return f"figure-{self.line.number}.jpg"

    @property
    def caption(self) -> str:
        day = thai_digits(long_date(self.line.effective_on))
        note = f" ({STAYS})" if self.stays else ""
        return f"ภาพหลักฐานลำดับที่ {thai_digits(self.line.number)} {self.line.title} ({day}){note}"

    @property
    def words(self) -> str:
        """For who does not see it: what the caption says of it, in short."""
        return f"ภาพหลักฐานลำดับที่ {thai_digits(self.line.number)}: {self.line.title}"


def with_pictures(document: ReportDocument) -> Sequence[EvidenceLine]:
    """The evidence that is a picture which the document tells of, by number."""
    return [line for line in document.evidence if line.id and line.sha256 and line.content_type in TYPES]


def figures(document: ReportDocument, pictures: Pictures) -> Sequence[Figure]:
    """The pictures that were handed over, by number, at most MOST."""
    return all_figures(document, [line for line in with_pictures(document) if line.number in pictures])


def all_figures(document: ReportDocument, lines: Sequence[EvidenceLine]) -> Sequence[Figure]:
    return [Figure(line, document.is_draft and not line.public) for line in lines[:MOST]]


def box(count: int) -> tuple[int, int]:
    """How many millimetres wide and high a picture may be where there are so many."""
    return LARGE if count <= FEW else SMALL


def dots(millimetres: tuple[int, int]) -> tuple[int, int]:
    """As many as are printed on so much paper."""
    width, height = (round(DPI * side / 25.4) for side in millimetres)
    return width, height


def rows_of(shown: Sequence[Figure]) -> Sequence[Sequence[Figure]]:
    """Those that stand beside one another."""
    return [shown[place : place + BESIDE] for place in range(0, len(shown), BESIDE)]
