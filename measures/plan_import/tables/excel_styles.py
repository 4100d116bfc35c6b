"""Which styles of a workbook show a number as a day, and which colour their cells."""

from typing import Final

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from measures.plan_import.tables.numbering import whole
from measures.plan_import.tables.package import Attributes, Reader

MAX_STYLES: Final = 100_000


class Styles(Reader):
    """Picks out of styles.xml which cell formats show a day, and which have a fill of a colour."""

    wanted = frozenset({"x:numFmt", "x:cellXfs", "x:xf", "x:fill", "x:patternFill", "x:fgColor"})

    def __init__(self) -> None:
        self.dates: list[bool] = []
        self.coloured: list[bool] = []
        self._fills: list[bool] = []
        self._formats: dict[str, str] = {}
        self._in_cells = False

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "x:numFmt" and len(self._formats) < MAX_STYLES:
            self._formats[attributes.get(":numFmtId", "")] = attributes.get(":formatCode", "")[:200]
        elif tag == "x:fill" and len(self._fills) < MAX_STYLES:
            self._fills.append(False)
        elif tag == "x:patternFill" and self._fills:
            self._fills[-1] = attributes.get(":patternType", "none") not in {"none", "gray125"}
        elif tag == "x:fgColor" and self._fills:
            # White, by its value or as the first colour of the theme.
            is_white = (
                attributes.get(":rgb", "").upper().endswith("FFFFFF") or attributes.get(":theme") == "0"
            )
            self._fills[-1] = self._fills[-1] and not (is_white and ":tint" not in attributes)
        elif tag == "x:cellXfs":
            self._in_cells = True
        elif tag == "x:xf" and self._in_cells and len(self.dates) < MAX_STYLES:
            number = attributes.get(":numFmtId", "0")
            code = self._formats.get(number) or BUILTIN_FORMATS.get(whole(number), "")
            self.dates.append(_is_day(number, code))
            fill = whole(attributes.get(":fillId"))
            self.coloured.append(fill < len(self._fills) and self._fills[fill])

    def end(self, tag: str) -> None:
        if tag == "x:cellXfs":
            self._in_cells = False


def _is_day(number: str, code: str) -> bool:
    # 27 to 36, 50 to 58 and 71 to 81 are days in the Asian editions of Excel, the last ones in the Thai one.
    known = whole(number)
    if not code and (27 <= known <= 36 or 50 <= known <= 58 or 71 <= known <= 77 or known == 81):
        return True
    return bool(code) and code != "General" and bool(is_date_format(code))
