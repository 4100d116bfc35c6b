"""Something that is not as the log says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Misfit:
    """Something that is not as the log says."""

    number: int
    """Of the line; 0 for a row that has none."""
    where: str
    said: str

    def __str__(self) -> str:
        place = f"บรรทัดที่ {self.number} (line {self.number})" if self.number else "ไม่มีบรรทัด (no line)"
        return f"{place} {self.where}: {self.said}"
