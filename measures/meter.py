"""Meters of counts by status: where each part of the bar begins and ends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from measures.status import SHORT_WORDS, Status


@dataclass(frozen=True)
class Segment:
    """One part of a stacked bar; start and width in hundredths of the whole bar."""

    status: Status
    count: int
    start: float
    width: float

    @property
    def label(self) -> str:
        return str(self.status.label)

    @property
    def end(self) -> float:
        return round(self.start + self.width, 2)


def stacked(counts: Iterable[tuple[str, int]]) -> Sequence[Segment]:
    """The parts of a bar for counts by status, from left to right; a status without any has no part."""
    shown = [(Status(status), count) for status, count in counts if count]
    total = sum(count for _, count in shown)
    segments: list[Segment] = []
    start = 0.0
    for status, count in shown:
        width = 100 * count / total
        segments.append(Segment(status, count, round(start, 2), round(width, 2)))
        start += width
    return segments


def short_words(segments: Iterable[Segment]) -> str:
    """A bar for who cannot see it, in the words of the screen: แล้วเสร็จ 6, ยังไม่เริ่ม 1."""
    return ", ".join(f"{SHORT_WORDS[part.status]} {part.count}" for part in segments)
