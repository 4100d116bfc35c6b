"""Which heads the cells of a table have, as a PDF says it: for who hears one cell and asks what it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pydyf


@dataclass
class TaggedCell:
    """A cell: its element of the structure, its width in columns, and as a head which way its cells lie."""

    element: Any
    width: int
    scope: str | None
    """As in HTML, may be empty; None is no head."""


@dataclass
class TaggedRow:
    """A row, whole, on however many pages it stands."""

    of_head: bool
    group: object
    """What all rows below a common head have in common."""
    cells: list[TaggedCell] = field(default_factory=list)

    @property
    def placed(self) -> Iterator[tuple[int, TaggedCell]]:
        """Each cell with the column that it begins in."""
        column = 0
        for cell in self.cells:
            yield column, cell
            column += cell.width


def connect_heads(tables: Iterable[list[TaggedRow]]) -> pydyf.Array:
    """Say of each head which way its cells lie, and of each cell which heads it has.

    Returns:
        Their names in order, each with its element: a file that names has to have an index
        (ISO 32000-1, 14.7.2).
    """
    names: dict[str, Any] = {}
    for number, rows in enumerate(tables):
        of_columns: dict[int, list[pydyf.String]] = {}
        of_groups: dict[object, pydyf.String] = {}
        for line, row in enumerate(rows):
            of_row: list[pydyf.String] = []
            for column, cell in row.placed:
                if cell.scope is None:
                    continue
                name = f"{number:03}-{line:05}-{column:02}"
                names[name] = cell.element
                cell.element["ID"] = pydyf.String(name)
                cell.element["A"]["Scope"] = "/Column" if row.of_head else "/Row"
                if row.of_head:
                    for place in range(column, column + cell.width):
                        of_columns.setdefault(place, []).append(cell.element["ID"])
                elif len(row.cells) == 1:
                    of_groups[row.group] = cell.element["ID"]
                else:
                    of_row.append(cell.element["ID"])
            group = [of_groups[row.group]] if row.group in of_groups else []
            for column, cell in row.placed:
                if cell.scope is None:
                    spanned = range(column, column + cell.width)
                    heads = [head for place in spanned for head in of_columns.get(place, ())]
                    cell.element["A"]["Headers"] = pydyf.Array([*of_row, *heads, *group])
    return pydyf.Array(part for name in sorted(names) for part in (pydyf.String(name), names[name].reference))
