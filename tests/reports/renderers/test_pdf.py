"""The PDF: its pages, its text as PDFium reads it, where its pages break, and what it may read."""

import http.server
import logging
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from ctypes import POINTER, cast, create_string_buffer
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import fontpkg_sarabun
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from django.conf import settings as site_settings
from pytest_django import Settings
from weasyprint import HTML

from core.thai_calendar import thai_digits
from reports.document.facts import EvidenceLine, ReportDocument, StepLine
from reports.renderers import FORMATS, Rendered, RendererUnavailable, pdf
from reports.renderers.weasy import BASE, BundledFiles, Layout
from tests.support.papers import (
    ROW,
    boxes,
    classes,
    document,
    of_chance,
    pages_of,
    rows_of_table,
    section,
    split,
    squeezed,
    text_of,
)

# Layout is slow under the tracer, and the rest of the suite reaches all of the code.
pytestmark = pytest.mark.no_cover

ROOT: Final = Path(__file__).resolve().parents[3]
FONT_FILES: Final = {"Sarabun-Regular.ttf", "Sarabun-Bold.ttf"}
A4_LANDSCAPE: Final = (841.89, 595.28)
SEEDS: Final = range(4)
# 20 mm in points.
TOP_MARGIN: Final = 56.7


@pytest.fixture(scope="module")
def made() -> ReportDocument:
    """A report of several pages."""
    return of_chance(1, measures=5)


@pytest.fixture(scope="module")
def rendered(made: ReportDocument) -> Rendered:
    return FORMATS["pdf"].make(made)


@pytest.fixture(scope="module")
def opened(rendered: Rendered) -> Iterator[Any]:
    with pypdfium2.PdfDocument(rendered.content) as opened:
        yield opened


@pytest.fixture(scope="module")
def texts(opened: Any) -> list[str]:
    """The text of each page, white space removed."""
    return texts_of(opened)


def texts_of(opened: Any) -> list[str]:
    return [squeezed(page.get_textpage().get_text_bounded()) for page in opened]


def short_rows(seed: int, sections: int = 50) -> ReportDocument:
    """Many indicators with one small measure each: their head rows come to stand everywhere on a page."""
    return document(
        *(
            section(
                number,
                replace(
                    ROW,
                    parties=("กองช่าง",),
                    due_text="มีนาคม",
                    steps=tuple(
                        StepLine(f"{n}.", 1, "ประชุม", None) for n in range(1, 2 + (number * seed) % 7)
                    ),
                ),
            )
            for number in range(1, sections + 1)
        )
    )


def laid_out(made: ReportDocument) -> Layout:
    return pdf.lay_out(pdf.paper_html(made))


@pytest.fixture(scope="module")
def layouts() -> list[Layout]:
    """Plans whose pages end in steps and parties of every length."""
    return [laid_out(of_chance(seed, measures=5)) for seed in SEEDS]


# --- Pages and text ---------------------------------------------------------------------------------


def test_every_page_is_a4_landscape(opened: Any) -> None:
    assert len(opened) > 3
    assert {tuple(round(side, 1) for side in page.get_size()) for page in opened} == {
        tuple(round(side, 1) for side in A4_LANDSCAPE)
    }


def test_every_page_says_which_it_is_and_of_which_round(texts: list[str]) -> None:
    pages = thai_digits(len(texts))
    for number, text in enumerate(texts, 1):
        assert f"หน้า{thai_digits(number)}จาก{pages}" in text
        assert squeezed("ทม.กองก้อย · ปีงบประมาณ พ.ศ. ๒๕๖๖ รอบ ๖ เดือน · ร่าง") in text


def test_the_first_page_begins_with_the_title_and_no_other_repeats_it(
    made: ReportDocument, texts: list[str]
) -> None:
    # What stands around the words with SARA AM, which PDFium does not read.
    first = texts[0].index("รายงานผลการ")
    second = texts[0].index(squeezed("ตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส" + made.agency))
    third = texts[0].index(squeezed("ปีงบประมาณ พ.ศ. ๒๕๖๖ รอบ ๖ เดือน (ตุลาคม ๒๕๖๕ - มีนาคม ๒๕๖๖)"))
    assert first == 0 < second < third
    assert not any(squeezed(made.agency) in text for text in texts[1:])


def test_the_head_of_the_table_stands_on_every_page_that_has_a_row(texts: list[str]) -> None:
    # After a last row of a page's height the signatures stand on one of their own.
    *pages, last = texts[1:]
    for text in pages if last.startswith("ลงชื่อ") else [*pages, last]:
        assert squeezed("มาตรการ ขั้นตอน/วิธีการปฏิบัติ ผู้รับผิดชอบ") in text


def test_everything_that_people_typed_can_be_found(made: ReportDocument, texts: list[str]) -> None:
    whole = "".join(texts)
    for row in made.measures:
        for step in row.steps:
            assert squeezed(thai_digits(step.label) + step.text) in whole
        for party in row.parties:
            assert squeezed(party) in whole


def test_the_format_tells_how_many_pages(rendered: Rendered, opened: Any) -> None:
    assert rendered.pages == len(opened)


# --- What the file says of itself -------------------------------------------------------------------


def test_only_the_papers_own_fonts_are_in_it_and_they_are_embedded(opened: Any) -> None:
    fonts = set()
    for page in opened:
        for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=20):
            font = pdfium.FPDFTextObj_GetFont(drawn)
            name = create_string_buffer(200)
            pdfium.FPDFFont_GetBaseFontName(font, name, len(name))
            assert pdfium.FPDFFont_GetIsEmbedded(font) == 1
            # A subset's name begins with six letters of its own.
            fonts.add(name.value.decode().partition("+")[2] or name.value.decode())
    assert fonts == {pdf.REGULAR, pdf.BOLD}


def test_it_says_that_it_is_thai_and_what_is_what(opened: Any) -> None:
    language = create_string_buffer(20)
    pdfium.FPDFCatalog_GetLanguage(opened.raw, cast(language, POINTER(pdfium.FPDF_WCHAR)), len(language))
    assert language.raw.decode("utf-16-le").rstrip("\0") == "th"
    assert pdfium.FPDFCatalog_IsTagged(opened.raw)
    assert {"H1", "Table", "TH", "TD", "P"} <= tags_of(opened, 0)


def tags_of(opened: Any, number: int) -> set[str]:
    """The kinds of element that the tags of a page tell apart."""
    page = opened[number]
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    found = set()

    def visit(element: Any) -> None:
        name = create_string_buffer(100)
        length = pdfium.FPDF_StructElement_GetType(element, name, len(name))
        found.add(name.raw[:length].decode("utf-16-le").rstrip("\0"))
        for place in range(pdfium.FPDF_StructElement_CountChildren(element)):
            child = pdfium.FPDF_StructElement_GetChildAtIndex(element, place)
            if child:
                visit(child)

    for place in range(pdfium.FPDF_StructTree_CountChildren(tree)):
        visit(pdfium.FPDF_StructTree_GetChildAtIndex(tree, place))
    pdfium.FPDF_StructTree_Close(tree)
    return found


def test_its_properties_are_the_reports(made: ReportDocument, opened: Any) -> None:
    properties = opened.get_metadata_dict()
    assert properties["Title"] == thai_digits(" ".join(made.title_lines))
    assert properties["Author"] == made.agency
    assert properties["CreationDate"].startswith("D:20230331")


# --- Where pages break ------------------------------------------------------------------------------


def without_rule(css: str, rule: str) -> str:
    """The stylesheet without a rule: what shows that a test could fail."""
    less = css.replace(rule, "")
    assert less != css
    return less


@pytest.fixture
def stylesheet(settings: Settings, tmp_path: Path) -> Path:
    """A copy of the paper's stylesheet, which is the one that is used."""
    folder = tmp_path / "static" / "css"
    folder.mkdir(parents=True)
    for name in pdf.STYLESHEETS:
        shutil.copyfile(site_settings.BASE_DIR / "static" / name, tmp_path / "static" / name)
    settings.BASE_DIR = tmp_path
    return folder / "paper.css"


@pytest.mark.parametrize("name", ["paper-step", "paper-party"])
def test_no_step_and_no_party_is_split_over_pages(layouts: list[Layout], name: str) -> None:
    assert sum(len(pages_of(layout, name)) for layout in layouts) > 100
    assert [split(layout, name) for layout in layouts] == [[]] * len(layouts)


def test_without_the_rule_they_would_be(stylesheet: Path) -> None:
    rule = ".paper-party,\n.paper-step {\n  break-inside: avoid;\n}"
    whole_rows = ".paper-whole {\n  break-inside: avoid;\n}"
    css = without_rule(without_rule(stylesheet.read_text(encoding="utf-8"), rule), whole_rows)
    stylesheet.write_text(css, encoding="utf-8")
    layout = laid_out(of_chance(4, measures=5))
    assert split(layout, "paper-step")
    assert split(layout, "paper-party")


def last_rows(layout: Layout) -> list[Any]:
    """The last row of the table of measures on each page that has one."""
    return [rows[-1] for rows in map(rows_of_table, layout.page_boxes) if rows]


def test_the_head_of_an_indicator_is_never_the_last_row_of_a_page(layouts: list[Layout]) -> None:
    for layout in [*layouts, laid_out(short_rows(3))]:
        assert not any("paper-indicator" in classes(row) for row in last_rows(layout))


def test_without_the_rule_it_would_be(stylesheet: Path) -> None:
    css = stylesheet.read_text(encoding="utf-8")
    stylesheet.write_text(without_rule(css, "  break-after: avoid;\n"), encoding="utf-8")
    assert any("paper-indicator" in classes(row) for row in last_rows(laid_out(short_rows(3))))


def test_no_row_begins_or_goes_on_without_a_word(layouts: list[Layout]) -> None:
    for layout in layouts:
        for page in layout.page_boxes:
            assert all(text_of(row).strip() for row in rows_of_table(page))


@pytest.mark.parametrize("steps", range(8, 19, 2))
def test_the_signatures_are_in_one_piece_and_not_alone(steps: int) -> None:
    """Heights at which they fit on the page, just do not, and stand on the next."""
    lines = tuple(StepLine(f"{n}.", 1, "ประชุม", None) for n in range(1, steps + 1))
    layout = laid_out(document(section(1, replace(ROW, parties=("กองช่าง",), due_text="มีนาคม", steps=lines))))
    assert pages_of(layout, "paper-signatures") == [[len(layout) - 1]]
    assert len(pages_of(layout, "paper-signature")) == 2
    assert rows_of_table(layout.page_boxes[-1])


def test_the_signatures_of_long_plans_are_in_one_piece(layouts: list[Layout]) -> None:
    assert [pages_of(layout, "paper-signatures") for layout in layouts] == [
        [[len(layout) - 1]] for layout in layouts
    ]


def numbered_words(letter: str, count: int, between: str = " ") -> str:
    return between.join(f"{letter}{number:04}" for number in range(count))


@pytest.fixture(scope="module")
def giant() -> Layout:
    """One measure with texts as long as a form takes them: taller than a page, or with no place to break."""
    row = replace(
        ROW,
        title="x" * 500,
        steps=(
            StepLine("1.", 1, numbered_words("s", 333, "\n"), None),
            StepLine("2.", 1, numbered_words("t", 333), None),
            StepLine("3.", 1, "y" * 500, None),
        ),
        parties=("z" * 200,),
        due_text="w" * 200,
        result=numbered_words("r", 833),
        obstacle="v" * 500,
    )
    return laid_out(document(section(1, row)))


def test_nothing_is_lost_of_what_is_taller_than_a_page(giant: Layout) -> None:
    with pypdfium2.PdfDocument(giant.to_pdf(pdf.finish)) as opened:
        whole = "".join(texts_of(opened))
    words = " ".join(numbered_words(letter, count) for letter, count in [("s", 333), ("t", 333), ("r", 833)])
    assert [word for word in words.split() if word not in whole] == []
    # The title stands in its cell, and cut short on top of every page on which the row goes on.
    assert whole.count("x") >= 500
    assert [whole.count(letter) for letter in "yzwv"] == [500, 200, 200, 500]
    assert len(split(giant, "paper-step")) == 2


def test_text_without_a_place_to_break_stays_in_its_cell(giant: Layout) -> None:
    seen = 0
    for page in giant.page_boxes:
        for cell in boxes(page):
            if type(cell).__name__ != "TableCellBox":
                continue
            for part in cell.descendants():
                if hasattr(part, "text"):
                    seen += 1
                    assert part.position_x + part.width <= cell.position_x + cell.border_width() + 0.1
    assert seen > 500


def test_an_empty_plan_is_one_page() -> None:
    assert len(laid_out(document(section(1), section(2)))) == 1


# --- What it may read -------------------------------------------------------------------------------


@pytest.fixture
def fetcher(monkeypatch: pytest.MonkeyPatch) -> BundledFiles:
    """What the layout is given to read files with."""
    given: list[BundledFiles] = []
    monkeypatch.setattr(pdf, "Layout", lambda html, fetcher: given.append(fetcher))
    pdf.lay_out("")
    return given[0]


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/",
        "https://example.com/css/paper.css",
        "file:///etc/hostname",
        "data:text/css,p{color:red}",
        "ftp://example.com/a",
        "css/paper.css",
        "/etc/hostname",
        "",
        BASE,
        BASE + "css/site.css",
        BASE + "css/paper.css?1",
        BASE + "sarabun/../css/paper.css",
        BASE + "sarabun/Sarabun-Italic.ttf",
        BASE.replace("https", "http") + "css/paper.css",
        BASE.replace("paper.", "paper.example.") + "css/paper.css",
    ],
)
def test_every_address_but_the_bundled_files_is_refused(fetcher: BundledFiles, address: str) -> None:
    with pytest.raises(ValueError, match="may not read"):
        fetcher.fetch(address)
    with pytest.raises(ValueError, match="may not read"):
        fetcher(address)


@pytest.mark.parametrize(
    ("path", "content_type", "begins"),
    [
        ("css/paper.css", "text/css", b"/* The printed report"),
        ("sarabun/Sarabun-Regular.ttf", "font/ttf", b"\x00\x01\x00\x00"),
        ("sarabun/Sarabun-Bold.ttf", "font/ttf", b"\x00\x01\x00\x00"),
    ],
)
def test_the_bundled_files_are_served(
    fetcher: BundledFiles, path: str, content_type: str, begins: bytes
) -> None:
    response = fetcher.fetch(BASE + path)
    assert response.headers["Content-Type"] == content_type
    assert response.read().startswith(begins)


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A web server's address and the paths that were asked of it."""
    paths: list[str] = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is its base's
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", paths
        server.shutdown()


def tempting(address: str) -> str:
    """Elements that make a program read an address."""
    return (
        f'<img src="{address}/img"><link rel="stylesheet" href="{address}/link">'
        f'<style>@import "{address}/import"; p {{ background: url({address}/background) }}</style><p>ก</p>'
        f'<object data="{address}/object"></object><embed src="{address}/embed">'
    )


def test_elements_that_people_typed_are_never_read(
    asked: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, paths = asked
    read: list[str] = []
    fetch = BundledFiles.fetch

    def watched(self: BundledFiles, url: str, headers: Any = None) -> Any:
        read.append(url.removeprefix(BASE))
        return fetch(self, url, headers)

    monkeypatch.setattr(BundledFiles, "fetch", watched)
    typed = tempting(address)
    made = document(section(1, replace(ROW, title=typed, result=typed, parties=(typed,))), agency=typed)
    laid_out(made).to_pdf()
    assert paths == []
    stylesheets = {"css/paper_fonts.css", "css/paper.css"}
    assert set(read) == stylesheets | {"sarabun/Sarabun-Regular.ttf", "sarabun/Sarabun-Bold.ttf"}


def test_even_elements_that_were_not_escaped_reach_nothing(
    asked: tuple[str, list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    address, paths = asked
    html = f"<!doctype html><html><body>{tempting(address)}</body></html>"
    with caplog.at_level(logging.ERROR, logger="weasyprint"):
        pdf.lay_out(html).to_pdf()
    assert paths == []
    assert "may not read" in caplog.text
    # The same page does reach the server where nobody minds.
    HTML(string=html).render()
    assert {"/img", "/link", "/import", "/background"} <= set(paths)


# --- Where something is not installed ---------------------------------------------------------------


def test_without_pango_the_message_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "PANGO_ERROR", "cannot load library 'libpango-1.0-0'")
    with pytest.raises(RendererUnavailable) as refusal:
        FORMATS["pdf"].make(document())
    assert "apt-get install libpango-1.0-0" in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("missing", [FONT_FILES, {"Sarabun-Bold.ttf"}])
def test_without_the_fonts_the_message_names_the_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: set[str]
) -> None:
    (tmp_path / "files").mkdir()
    for name in FONT_FILES - missing:
        (tmp_path / "files" / name).symlink_to(fontpkg_sarabun.ROOT / "files" / name)
    monkeypatch.setattr(fontpkg_sarabun, "ROOT", tmp_path)
    # A process that has made its fonts already keeps them.
    monkeypatch.setattr(pdf, "paper_fonts", pdf.paper_fonts.__wrapped__)
    with pytest.raises(RendererUnavailable) as refusal:
        FORMATS["pdf"].make(document())
    assert "pip install fontpkg-sarabun" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def run_python(script: str, database: Path) -> str:
    """What a script prints in a process of its own with a database of its own."""
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={
            **{
                name: value
                for name, value in os.environ.items()
                if name not in {"DATABASE_URL", "SECRET_KEY"}
            },
            "SQLITE_PATH": str(database),
            "DEBUG": "True",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


NO_PANGO = """
import sys

class NoPango:
    def find_spec(self, name, path=None, target=None):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")

sys.meta_path.insert(0, NoPango())
import ita_tracker.wsgi
from datetime import date
from reports.document.facts import ReportDocument
from reports.renderers import FORMATS, RendererUnavailable
try:
    FORMATS["pdf"].render(ReportDocument("ก", "ก", "", 2566, 6, date(2023, 3, 31), (), ()))
except RendererUnavailable as error:
    print(error)
"""


def test_without_pango_the_site_starts_and_only_the_pdf_is_missing(tmp_path: Path) -> None:
    assert "libpango-1.0-0" in run_python(NO_PANGO, tmp_path / "none.sqlite3")


FIRST_DOWNLOAD = """
import sys
import ita_tracker.wsgi

at_start = "weasyprint" in sys.modules
from django.apps import apps
from django.conf import settings
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import Client
from accounts.models import User
from reports.demo import DEFAULT_PASSWORD, load_real_report

# The tables as they are now, without every step on the way to them.
settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
call_command("migrate", run_syncdb=True, verbosity=0)
load_real_report(DEFAULT_PASSWORD)
client = Client(SERVER_NAME="localhost")
client.force_login(User.objects.get(username="officer"), backend="django.contrib.auth.backends.ModelBackend")
assert client.get("/reports/").status_code == 200
before = set(sys.modules)
answer = client.get("/reports/2566/6/report.pdf")
assert answer.content.startswith(b"%PDF-"), answer.content
print(at_start, sorted(set(sys.modules) - before))
run_checks()
of_signing = {"pyhanko", "pyhanko_certvalidator", "oscrypto"}
print([name for name in sys.modules if name.partition(".")[0] in of_signing])
"""


@pytest.fixture(scope="module")
def first_download(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What a process says that starts, makes its first PDF and is checked."""
    return run_python(FIRST_DOWNLOAD, tmp_path_factory.mktemp("site") / "site.sqlite3").splitlines()


def test_the_first_download_imports_nothing_that_the_start_could_have(first_download: list[str]) -> None:
    assert first_download[0] == "True []"


def test_a_site_without_a_certificate_never_loads_what_signs(first_download: list[str]) -> None:
    """It would take half a second of each start, and memory of each process."""
    assert first_download[1] == "[]"


# --- What goes on over the page, and what comes after the table -------------------------------------


def top_lines(layout: Layout) -> list[str]:
    """What stands above the table on each page: squeezed, empty where nothing does."""
    with pypdfium2.PdfDocument(layout.to_pdf(pdf.finish)) as opened:
        tops = []
        for page in opened:
            text = page.get_textpage().get_text_bounded(bottom=page.get_height() - TOP_MARGIN)
            tops.append(squeezed(text))
        return tops


def test_a_row_that_goes_on_says_so_on_top_of_the_next_page_and_only_there() -> None:
    steps = tuple(StepLine(f"{n}.", 1, f"ประชุมครั้งที่ {n}", None) for n in range(1, 41))
    long, short = replace(ROW, title="มาตรการยาว", steps=steps), replace(ROW, title="มาตรการสั้น")
    layout = laid_out(document(section(2, short, long), section(3, *[short] * 12)))
    pages = {number for number, page in enumerate(layout.page_boxes) for row in rows_of_table(page)}
    on = [
        n
        for n, page in enumerate(layout.page_boxes)
        if any("มาตรการยาว" in text_of(r) for r in rows_of_table(page))
    ]
    continued = [n for n, top in enumerate(top_lines(layout)) if "มาตรการยาว" in top]
    first, *rest = pages_of(layout, "paper-measure")[1]
    assert continued == rest
    assert rest
    assert len(pages) > len(rest)
    assert on == [first]
    assert all(squeezed("(ต่อ) ตัวชี้วัดที่ ๒ เรื่องที่สนใจข้อ 2: มาตรการยาว") in top_lines(layout)[n] for n in rest)


def test_a_page_that_begins_with_a_measure_says_under_which_indicator_unless_its_head_is_there() -> None:
    short = replace(ROW, title="มาตรการสั้น")
    layout = laid_out(document(section(3, *[short] * 14), section(4, short)))
    tables = [rows_of_table(page) for page in layout.page_boxes]
    begins = [rows and "paper-indicator" in classes(rows[0]) for rows in tables]
    said = [squeezed("(ต่อ) ตัวชี้วัดที่ ๓ เรื่องที่สนใจข้อ 3") in top for top in top_lines(layout)]
    assert said == [bool(rows) and not head for rows, head in zip(tables, begins, strict=True)]
    assert sum(said) >= 1
    assert not any("มาตรการสั้น" in top for top in top_lines(layout))


def test_a_row_of_a_third_of_a_page_is_in_one_piece() -> None:
    steps = tuple(StepLine(f"{n}.", 1, "ประชุม", None) for n in range(1, 9))
    layout = laid_out(document(section(1, *[replace(ROW, steps=steps)] * 12)))
    assert split(layout, "paper-measure") == []


def test_what_is_late_is_listed_with_its_reason_on_the_summary_page() -> None:
    late = replace(ROW, title="มาตรการที่ช้า", late=True, reason="รองบประมาณ")
    layout = laid_out(document(section(1, ROW, late, replace(late, title="ไม่มีเหตุผล", reason=""))))
    assert pages_of(layout, "paper-late") == [[0]]
    with pypdfium2.PdfDocument(layout.to_pdf(pdf.finish)) as opened:
        summary = texts_of(opened)[0]
    listed = summary.partition(squeezed("มาตรการที่ล่าช้า"))[2]
    assert squeezed("มาตรการที่ช้า") in listed
    assert squeezed("รองบประมาณ") in listed
    assert squeezed("ไม่ได้ระบุเหตุผล") in listed


def test_the_annex_lists_the_evidence_that_the_table_refers_to() -> None:
    proofs = tuple(
        EvidenceLine(n, f"ภาพถ่าย {n}", f"https://www.example.go.th/{n}", date(2023, 1, n)) for n in (1, 2)
    )
    layout = laid_out(document(section(1, replace(ROW, evidence=proofs))))
    assert pages_of(layout, "paper-annex") == [[len(layout) - 1]]
    with pypdfium2.PdfDocument(layout.to_pdf(pdf.finish)) as opened:
        *_, table, annex = texts_of(opened)
    assert squeezed("หลักฐานลำดับที่ ๑, ๒") in table
    for line in (
        "๑ภาพถ่าย 1๑ ม.ค. ๒๕๖๖https://www.example.go.th/1",
        "๒ภาพถ่าย 2๒ ม.ค. ๒๕๖๖https://www.example.go.th/2",
    ):
        assert squeezed(line) in annex


def test_a_file_without_an_address_is_kept_at_the_agency() -> None:
    proof = EvidenceLine(1, "คำสั่ง", "", date(2023, 1, 1))
    layout = laid_out(document(section(1, replace(ROW, evidence=(proof,)))))
    with pypdfium2.PdfDocument(layout.to_pdf(pdf.finish)) as opened:
        *_, annex = texts_of(opened)
    assert squeezed("๑คำสั่ง๑ ม.ค. ๒๕๖๖เก็บไว้ที่หน่วยงาน") in annex


def test_without_evidence_there_is_no_annex() -> None:
    assert pages_of(laid_out(document(section(1, ROW))), "paper-annex") == []
