"""The cells of a measure, found but not yet understood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from measures.numbered_lists import Line
from measures.plan_import.model import Field, ImportedCell
from measures.plan_import.understanding.indicator_names import NamedIndicator

SHOWN: Final = 120


@dataclass(frozen=True, slots=True)
class RowPart:
    """What one row holds of a field.

    Args:
        row, heading, column: where it stands: its row, and the heading and place of its column.
        day: where the cell holds a real date.
        continued: it is the lower part of a cell that was merged downwards, and empty.
        doubt: in Thai, what a person should look at whatever it says.
    """

    row: int
    heading: str
    lines: tuple[Line, ...]
    day: date | None = None
    column: int = 0
    continued: bool = False
    doubt: str = ""

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    def original(self, of: Field) -> ImportedCell:
        """The cell as it stood there."""
        text = "\n".join(f"{line.label} {line.text}".strip() for line in self.lines)
        return ImportedCell(self.row, self.column, self.heading, of, text)


@dataclass(slots=True)
class RawMeasure:
    """The rows of a measure, not yet understood; key is that of ImportedMeasure."""

    table: str
    row: int
    indicator: NamedIndicator | None
    key: str
    parts: dict[Field, list[RowPart]] = field(default_factory=dict)
    empty: dict[Field, RowPart] = field(default_factory=dict)
    """The first empty cell of each column that exists."""
    notes: list[tuple[int, str, bool]] = field(default_factory=list)
    """What is to be said of its rows: the row, a Thai sentence, and whether a person hardly needs to look."""
    missing: frozenset[Field] = frozenset()
    """The fields that have no column while there are columns of which nobody knows what they hold."""

    def note(self, row: int, sentence: str, *, is_certain: bool = False) -> None:
        """Say something of one of its rows; the same of more of them is said once."""
        if (sentence, is_certain) not in {(said, certain) for _, said, certain in self.notes}:
            self.notes.append((row, sentence, is_certain))

    def take(self, cells: Mapping[Field, Sequence[RowPart]]) -> None:
        """Add the cells of one of its rows; of each field the first that is empty is known as such."""
        for of, parts in cells.items():
            self.parts.setdefault(of, []).extend(part for part in parts if part.lines)
            for part in parts:
                if not part.lines and not part.continued:
                    self.empty.setdefault(of, part)


def shortened(text: str) -> str:
    """At most as much of a text as a list of findings can show."""
    text = " ".join(text[: 4 * SHOWN].split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rstrip()}…"
