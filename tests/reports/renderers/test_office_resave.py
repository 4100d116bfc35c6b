"""LibreOffice opens the Word document and the workbook, saves them again, and nothing is lost on the way.

It is the office program that a test can have, and stands for those that people have. It is not among what
`make test` installs (some 300 MB); where it is missing, the tests say so and are skipped.
"""

import csv
import io
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import docx
import openpyxl
import pytest

from reports.document.facts import EvidenceLine, ReportDocument, StepLine
from reports.renderers import FORMATS
from reports.renderers.table import COLUMNS
from tests.support.papers import ROW, document, of_chance, section
from tests.support.thorough import THOROUGH

PACKAGES: Final = "libreoffice-writer libreoffice-calc"

pytestmark = pytest.mark.skipif(
    not THOROUGH or shutil.which("soffice") is None,
    reason=f"in the long form, with LibreOffice: apt-get install --no-install-recommends {PACKAGES}",
)
TRICKY: Final = ('=1+1 "ก", ข; <b>&amp;', "บรรทัดหนึ่ง\nบรรทัดสอง", "น้ำใจ กตัญญูฯ ๑๒๓", "👍 _x0041_", "1.10", "- ก")


@pytest.fixture(scope="module")
def made() -> ReportDocument:
    """Some pages, with texts that office programs like to change."""
    proof = EvidenceLine(1, "ประกาศ", "https://example.com/?a=1&b=2", date(2023, 2, 1))
    tricky = [
        replace(
            ROW,
            title=text,
            steps=(StepLine("1.", 1, text, date(2023, 2, 1)), StepLine("1.10", 2, "ก", None)),
            result=text,
            late=True,
            evidence=(proof,),
        )
        for text in TRICKY
    ]
    return document(section(1, *tricky), section(2), *of_chance(5, 3).indicators)


@pytest.fixture(scope="module")
def resaved(made: ReportDocument, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bytes, bytes]]:
    """Of each format the file as it was made and as LibreOffice saved it."""
    folder = tmp_path_factory.mktemp("office")
    files = {}
    for name in ("docx", "xlsx"):
        (folder / f"report.{name}").write_bytes(FORMATS[name].render(made).content)
        again = convert(folder / f"report.{name}", name, folder / "again")
        files[name] = ((folder / f"report.{name}").read_bytes(), again.read_bytes())
    return files


def convert(source: Path, to: str, folder: Path, *options: str) -> Path:
    """Open a file and save it in a folder as another or the same kind."""
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(source.parent / 'profile').as_uri()}",
            "--headless",
            *options,
            *("--convert-to", to, "--outdir", str(folder), str(source)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder / f"{source.stem}.{to}"


def tables(content: bytes) -> list[list[list[str]]]:
    """The text of every cell of every table, a merged one once."""
    opened = docx.Document(io.BytesIO(content))
    return [
        [[unescaped(cell.text) for cell in dict.fromkeys(row.cells)] for row in table.rows]
        for table in opened.tables
    ]


def test_no_word_of_the_document_is_lost(resaved: dict[str, tuple[bytes, bytes]]) -> None:
    before, after = map(tables, resaved["docx"])
    assert len(before) == 4
    assert sum(len(row) for table in before for row in table) > 50
    assert after == before
    first, second = (docx.Document(io.BytesIO(content)) for content in resaved["docx"])
    assert [unescaped(line.text) for line in second.paragraphs] == [line.text for line in first.paragraphs]


def test_the_page_and_the_repeated_head_stay(resaved: dict[str, tuple[bytes, bytes]]) -> None:
    opened = docx.Document(io.BytesIO(resaved["docx"][1]))
    (page,) = {(part.page_width, part.page_height) for part in opened.sections}
    assert [round((side or 0) / 36_000) for side in page] == [297, 210]
    heads = [table.rows[0]._tr.xpath("./w:trPr/w:tblHeader") for table in opened.tables]
    assert [len(head) for head in heads] == [1, 1, 0, 1]
    assert opened.sections[0].footer.paragraphs[0].text.startswith("ทม.กองก้อย · ปีงบประมาณ พ.ศ. ๒๕๖๖")


def cells(content: bytes) -> list[list[tuple[str, Any]]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [[(cell.data_type, unescaped(cell.value)) for cell in row] for row in sheet.iter_rows()]


def test_no_cell_of_the_workbook_changes(resaved: dict[str, tuple[bytes, bytes]]) -> None:
    before, after = map(cells, resaved["xlsx"])
    assert len(before) > 20
    assert after == before


def unescaped(value: Any) -> Any:
    """LibreOffice escapes _x0041_ in documents, where it need not, and not in workbooks, where it should."""
    return value.replace("_x005F_", "_") if isinstance(value, str) else value


def test_the_sheet_and_its_filters_stay(resaved: dict[str, tuple[bytes, bytes]]) -> None:
    before, after = (openpyxl.load_workbook(io.BytesIO(content)).worksheets[0] for content in resaved["xlsx"])
    # Without a window LibreOffice forgets what is frozen in it.
    assert after.title == before.title
    assert after.tables["Report"].ref == before.tables["Report"].ref


def test_a_spreadsheet_reads_the_csv_and_calculates_nothing(made: ReportDocument, tmp_path: Path) -> None:
    source = tmp_path / "report.csv"
    source.write_bytes(FORMATS["csv"].render(made).content)
    # Comma, quotes, UTF-8: what a person confirms in a window.
    again = convert(source, "xlsx", tmp_path / "again", "--infilter=CSV:44,34,76,1")
    opened = openpyxl.load_workbook(again).worksheets[0]
    expected = list(csv.reader(io.StringIO(source.read_text(encoding="utf-8-sig"), newline="")))
    assert opened.max_row == len(expected)
    place = [column.key for column in COLUMNS].index("title")
    # In CSV nothing says that 1.10 is no number: the workbook is for those to whom that matters.
    titles = ["1.1" if row[place] == "1.10" else row[place] for row in expected]
    assert [str(row[place].value) for row in opened.iter_rows()] == titles
    step = [column.key for column in COLUMNS].index("step")
    assert [row[step].value for row in opened.iter_rows()] == [row[step] or None for row in expected]
    assert {row[step].data_type for row in opened.iter_rows()} <= {"s", "n"}
    assert "ข้อ 1.10" in [row[step].value for row in opened.iter_rows()]
    assert "f" not in {cell.data_type for row in opened.iter_rows() for cell in row}
