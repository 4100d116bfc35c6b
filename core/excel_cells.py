"""Text in the cells of Excel workbooks: read as it was typed, and never as a formula."""

import re
from typing import Final

from openpyxl.cell.cell import Cell, MergedCell

from core.text import only_text

# What one cell of a workbook can hold, in units of UTF-16.
LONGEST: Final = 32_767
# To a workbook _x0041_ is the letter A, unless its first sign is written in that way itself.
ESCAPE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def write_text(cell: Cell | MergedCell, text: str) -> bool:
    """Write a text into a cell; whether it had to be cut.

    What no workbook can hold is left out: one such character would make the file unreadable as a whole.
    """
    # No text is an empty cell: openpyxl would write one that says it has text and has none.
    if not text:
        cell.value = None
        return False
    fitting = text.encode("utf-16-le", "ignore")[: 2 * LONGEST].decode("utf-16-le", "ignore")
    cell.value = ESCAPE.sub("_x005F_", only_text(fitting))
    # Never a formula, whatever sign the text begins with.
    cell.data_type = "s"
    return len(fitting) < len(text)
