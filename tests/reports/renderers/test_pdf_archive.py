"""What makes the PDF last, speak and hand on its facts: PDF/A-3a, PDF/UA-1, bookmarks, attachments."""

import base64
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pikepdf
import pypdfium2
import pytest
from docx.oxml import parse_xml
from pdfua.validator import validate
from PIL import Image

from core.thai_calendar import thai_digits
from reports.document.facts import EvidenceLine, ReportDocument, Signatory
from reports.document.serialization import from_json
from reports.renderers import FORMATS
from tests.support.papers import MARK, ROW, document, of_chance, section, squeezed

PDFA: Final = "{http://www.aiim.org/pdfa/ns/id/}"
PDFUA: Final = "{http://www.aiim.org/pdfua/ns/id/}"
SCHEMA: Final = "{http://www.aiim.org/pdfa/ns/schema#}"
PROPERTY: Final = "{http://www.aiim.org/pdfa/ns/property#}"
# pdfua 0.1.3 cannot read an array of numbers as pikepdf 10 gives it; what the rule asks is asked below.
CANNOT_BE_CHECKED: Final = {"UA-14-001"}


def _seal() -> str:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "navy").quantize(4).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


SEAL: Final = _seal()


@pytest.fixture(scope="module")
def made() -> ReportDocument:
    """Several indicators on a page, one row over two pages, one that is late, proofs, an empty indicator, a
    seal, and who signs.
    """
    long = replace(ROW, parties=tuple(f"กองที่ {number}" for number in range(40)))
    late = replace(ROW, late=True, reason="รอสภา")
    proofs = tuple(
        EvidenceLine(number, "ประกาศ", f"https://example.com/{number}", date(2023, 2, 1)) for number in (1, 2)
    )
    proven = replace(ROW, evidence=proofs)
    return document(
        section(1, proven, late),
        section(2, ROW),
        section(3),
        section(4, long),
        *of_chance(4, 3).indicators,
        seal=SEAL,
        reporter=Signatory("นางผู้รายงาน", "หัวหน้าสำนักปลัด"),
    )


@pytest.fixture(scope="module")
def content(made: ReportDocument) -> bytes:
    return FORMATS["pdf"].render(made).content


@pytest.fixture(scope="module")
def path(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    path.write_bytes(content)
    return path


@pytest.fixture(scope="module")
def opened(path: Path) -> Iterator[Any]:
    with pikepdf.open(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def metadata(opened: Any) -> Any:
    """What the file claims of itself, as programs read it."""
    return parse_xml(
        opened.Root.Metadata.read_bytes().partition(b"?>")[2].rpartition(b"<?xpacket")[0].strip()
    )


def said(metadata: Any, name: str) -> list[str]:
    """What is said under a name, which may be an element or an attribute."""
    elements = [element.text for element in metadata.iter(name)]
    return elements + [element.get(name) for element in metadata.iter() if element.get(name) is not None]


# --- Claims -----------------------------------------------------------------------------------------


def test_it_claims_both_standards_once(metadata: Any) -> None:
    assert said(metadata, f"{PDFA}part") == ["3"]
    assert said(metadata, f"{PDFA}conformance") == ["A"]
    assert said(metadata, f"{PDFUA}part") == ["1"]


def test_the_claim_that_the_archive_does_not_know_is_described(metadata: Any) -> None:
    """Without the description the claim of PDF/UA would break the claim of PDF/A (ISO 19005-3, 6.6.2.3)."""
    assert said(metadata, f"{SCHEMA}namespaceURI") == [PDFUA.strip("{}")]
    assert said(metadata, f"{SCHEMA}prefix") == ["pdfuaid"]
    assert said(metadata, f"{PROPERTY}name") == ["part"]
    assert said(metadata, f"{PROPERTY}valueType") == ["Integer"]
    assert said(metadata, f"{PROPERTY}category") == ["internal"]


def test_the_metadata_say_what_the_properties_say(opened: Any, metadata: Any) -> None:
    """PDF/A wants both to agree."""
    dublin = "{http://purl.org/dc/elements/1.1/}"
    (title,) = metadata.iter(f"{dublin}title")
    (creator,) = metadata.iter(f"{dublin}creator")
    assert squeezed("".join(title.itertext())) == squeezed(str(opened.docinfo["/Title"]))
    assert "".join(creator.itertext()) == str(opened.docinfo["/Author"]) == "เทศบาลเมืองกองก้อย"
    (created,) = said(metadata, "{http://ns.adobe.com/xap/1.0/}CreateDate")
    assert created.replace("-", "") == str(opened.docinfo["/CreationDate"])[2:10] == "20230331"


def test_it_says_its_language_and_by_what_it_can_be_told_from_any_other() -> None:
    content = FORMATS["pdf"].render(document(section(1, ROW), edition=MARK)).content
    with pikepdf.open(io.BytesIO(content)) as opened, opened.open_metadata() as metadata:
        assert set(metadata["dc:language"]) == {"th"}
        assert metadata["dc:identifier"] == MARK.address


def test_a_page_is_called_as_it_is_printed(opened: Any) -> None:
    labels = list(opened.Root.PageLabels.Nums)
    assert labels[::2] == list(range(len(opened.pages)))
    assert [str(label.P) for label in labels[1::2]] == [thai_digits(n + 1) for n in labels[::2]]


def test_colours_are_defined(opened: Any) -> None:
    (intent,) = opened.Root.OutputIntents
    assert intent.S == "/GTS_PDFA1"
    profile = intent.DestOutputProfile.read_bytes()
    assert profile[36:40] == b"acsp"
    assert intent.DestOutputProfile.N == 3


def test_it_is_thai_and_a_window_shows_its_title(opened: Any) -> None:
    assert str(opened.Root.Lang) == "th"
    assert opened.Root.ViewerPreferences.DisplayDocTitle is True
    assert opened.Root.MarkInfo.Marked is True
    assert opened.pdf_version == "1.7"


def test_nothing_is_locked_and_nothing_runs(content: bytes, opened: Any) -> None:
    assert not opened.is_encrypted
    for key in ("/JavaScript", "/OpenAction", "/AA", "/AcroForm", "/Launch"):
        assert key not in opened.Root
        assert key not in opened.Root.Names


# --- Fonts ------------------------------------------------------------------------------------------


def test_every_font_is_in_the_file_and_every_glyph_of_it_says_its_text(opened: Any) -> None:
    fonts = {font.objgen: font for page in opened.pages for font in page.Resources.get("/Font", {}).values()}
    assert len(fonts) == 2
    for font in fonts.values():
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert len(descriptor.FontFile2.read_bytes()) > 5_000
        mapped = re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]+)>", font.ToUnicode.read_bytes())
        assert len(mapped) > 30
        texts = {glyph: bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in mapped}
        # The first is drawn for what there is no glyph of; it is in every font and on no page.
        assert texts.pop(b"0000") == "\ufffd"
        assert not {"", "\0", "\ufffd"} & set(texts.values())
    assert not any(b"<0000>" in page.Contents.read_bytes() for page in opened.pages)


# --- Bookmarks --------------------------------------------------------------------------------------


def test_a_bookmark_leads_to_every_indicator(opened: Any, made: ReportDocument) -> None:
    pages = {page.objgen: number for number, page in enumerate(opened.pages)}
    with opened.open_outline() as outline:
        (title,) = outline.root
        assert title.title == thai_digits(" ".join(made.title_lines))
        assert [entry.title for entry in title.children] == [
            f"ตัวชี้วัดที่ {thai_digits(part.number)} {part.name}" for part in made.sections
        ]
        numbers = [pages[entry.destination[0].objgen] for entry in title.children]
        tops = [float(entry.destination[3]) for entry in title.children]
    assert numbers == sorted(numbers)
    assert numbers[0] < numbers[-1]
    # On one page the later indicator stands lower.
    for page, top, next_page, next_top in zip(numbers, tops, numbers[1:], tops[1:], strict=False):
        assert page < next_page or top > next_top


def test_a_bookmark_leads_to_the_page_that_has_the_words(path: Path, opened: Any) -> None:
    pages = {page.objgen: number for number, page in enumerate(opened.pages)}
    with pypdfium2.PdfDocument(path) as pdf, opened.open_outline() as outline:
        for entry in outline.root[0].children:
            text = pdf[pages[entry.destination[0].objgen]].get_textpage().get_text_bounded()
            assert squeezed(entry.title) in squeezed(text)


# --- Attachments ------------------------------------------------------------------------------------


def test_the_facts_travel_inside(opened: Any, made: ReportDocument) -> None:
    files = {name: spec.get_file() for name, spec in opened.attachments.items()}
    assert sorted(files) == ["report.csv", "report.json"]
    assert files["report.csv"].read_bytes() == FORMATS["csv"].render(made).content
    assert files["report.json"].read_bytes() == FORMATS["json"].render(made).content
    assert from_json(files["report.json"].read_bytes()) == made


def test_each_attachment_says_what_it_is_to_the_report(opened: Any) -> None:
    types = {"report.csv": "/text/csv", "report.json": "/application/json"}
    specs = {name: spec.obj for name, spec in opened.attachments.items()}
    for name, spec in specs.items():
        assert spec.AFRelationship == "/Data"
        assert str(spec.F) == str(spec.UF) == name
        assert "ข้อมูลของรายงาน" in str(spec.Desc)
        stream = spec.EF.F
        assert str(stream.Subtype) == types[name]
        assert str(stream.Params.ModDate).startswith("D:20230331")
        assert stream.Params.Size == len(stream.read_bytes())
    assert sorted(spec.objgen for spec in opened.Root.AF) == sorted(spec.objgen for spec in specs.values())


def test_the_attached_facts_are_of_the_report_as_it_was_typed() -> None:
    """The square for a missing glyph is the paper's, not the data's."""
    made = document(section(1, replace(ROW, result="👍")))
    with pikepdf.open(io.BytesIO(FORMATS["pdf"].render(made).content)) as opened:
        assert from_json(opened.attachments["report.json"].get_file().read_bytes()) == made


# --- The structure ----------------------------------------------------------------------------------


def test_what_a_machine_can_check_of_pdf_ua_it_finds_nothing_wrong_with(path: Path) -> None:
    report = validate(str(path))
    assert [finding for outcome in report.outcomes for finding in outcome.findings] == []
    assert {outcome.rule_id for outcome in report.outcomes if outcome.skipped_reason} <= CANNOT_BE_CHECKED
    assert len(report.outcomes) >= 12


def test_the_checker_finds_what_is_wrong(path: Path, tmp_path: Path) -> None:
    worse = tmp_path / "worse.pdf"
    with pikepdf.open(path) as opened:
        del opened.Root.Lang
        del opened.Root.ViewerPreferences
        opened.save(worse)
    assert sum(len(outcome.findings) for outcome in validate(str(worse)).outcomes) >= 2


@pytest.fixture(scope="module")
def tree(opened: Any) -> list[tuple[Any, tuple[Any, ...]]]:
    """Every element of the structure in reading order, with those around it from the nearest out."""
    found: list[tuple[Any, tuple[Any, ...]]] = []

    def visit(kids: Any, around: tuple[Any, ...]) -> None:
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            # What has no kind is a reference to a link's area on the page.
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                found.append((kid, around))
                visit(kid.get("/K", pikepdf.Array()), (kid, *around))

    visit(opened.Root.StructTreeRoot.K, ())
    return found


Tree = list[tuple[Any, tuple[Any, ...]]]


def kinds(tree: Tree) -> list[str]:
    return [str(element.S) for element, _ in tree]


def test_headings_are_the_title_and_below_it_each_indicator_and_what_stands_round_the_table(
    tree: Tree, made: ReportDocument
) -> None:
    assert [kind for kind in kinds(tree) if re.fullmatch("/H[1-6]?", kind)] == [
        "/H1",
        *["/H2"] * (3 + len(made.sections)),
    ]


def test_every_element_is_of_a_kind_that_the_standard_knows(tree: Tree) -> None:
    assert set(kinds(tree)) <= set(
        "/Document /Art /Sect /P /H1 /H2 /L /LI /Lbl /LBody /Link /Figure".split()
        + "/Table /THead /TBody /TR /TH /TD".split()
    )


def test_the_seal_says_whose_it_is_and_every_bar_its_numbers(tree: Tree, made: ReportDocument) -> None:
    seal, *alternatives = [str(element.get("/Alt", "")) for element, _ in tree if element.S == "/Figure"]
    assert seal == f"ตราของ{made.agency}"
    *bars, full, empty = alternatives
    for words, part in zip(bars, made.sections, strict=True):
        done = [step.done_on is not None for row in part.measures for step in row.steps]
        counted = f"ดำเนินการแล้ว {sum(done)} จาก {len(done)} ขั้นตอน"
        assert " ".join(words.split()) == thai_digits(f"ตัวชี้วัดที่ {part.number}: {counted}")
    assert (full, empty) == ("สีดำ", "สีขาว")


def test_every_link_leads_to_its_proof_and_is_reached_from_the_structure(
    opened: Any, tree: Tree, made: ReportDocument
) -> None:
    links = [link for page in opened.pages for link in page.get("/Annots", pikepdf.Array())]
    assert [str(link.A.URI) for link in links] == [proof.address for proof in made.evidence]
    reached = [
        kid.Obj.objgen
        for element, _ in tree
        if element.S == "/Link"
        for kid in element.K
        if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid
    ]
    assert reached == [link.objgen for link in links]
    for link in links:
        # Printed, and not hidden: PDF/A has no other links.
        assert link.F == 4
        assert str(link.Contents)


def heads_of(tree: Tree) -> dict[str, Any]:
    return {str(element.ID): element for element, _ in tree if element.S == "/TH"}


def is_of_group(head: Any) -> bool:
    """Whether it is the head of the rows below it, and alone in its own."""
    return head.A.Scope == "/Row" and len(head.P.K) == 1


def test_every_head_says_which_way_its_cells_lie(tree: Tree) -> None:
    heads = heads_of(tree).values()
    assert {str(head.A.Scope) for head in heads} == {"/Column", "/Row"}
    assert sum(map(is_of_group, heads)) >= 5
    for head in heads:
        assert head.A.O == "/Table"
        assert head.A.Scope == ("/Column" if head.P.P.S == "/THead" else "/Row")
        assert head.A.get("/ColSpan", 1) == (5 if is_of_group(head) else 1)


def test_every_row_has_all_columns(tree: Tree) -> None:
    widths: dict[tuple[int, int], set[int]] = {}
    for element, around in tree:
        if element.S == "/TR":
            (table,) = [outer for outer in around if outer.S == "/Table"]
            widths.setdefault(table.objgen, set()).add(
                sum(int(cell.A.get("/ColSpan", 1)) for cell in element.K)
            )
    # The chart and the annex, and the measures.
    assert {tuple(found) for found in widths.values()} == {(5,), (4,)}


def test_a_cell_names_the_head_of_its_column_and_of_its_own_indicator(tree: Tree) -> None:
    groups = {head.P.P.objgen: name for name, head in heads_of(tree).items() if is_of_group(head)}
    cells = [(element, around) for element, around in tree if element.S == "/TD"]
    assert len(cells) > 50
    for cell, (row, group, table, *_) in cells:
        place = [kid.objgen for kid in row.K].index(cell.objgen)
        of_row = [str(kid.ID) for kid in row.K if kid.S == "/TH"]
        of_group = [groups[group.objgen]] if group.objgen in groups else []
        of_column = str(table_head(table).K[place].ID)
        assert [str(name) for name in cell.A.Headers] == [*of_row, of_column, *of_group]


def table_head(table: Any) -> Any:
    """The row of a table's column heads."""
    (head,) = [group for group in table.K if group.S == "/THead"]
    return head.K[0]


def test_the_names_of_heads_are_different_and_in_the_index(opened: Any, tree: Tree) -> None:
    heads = heads_of(tree)
    assert len(heads) == kinds(tree).count("/TH")
    names = list(opened.Root.StructTreeRoot.IDTree.Names)
    assert [str(name) for name in names[::2]] == sorted(heads)
    assert [element.objgen for element in names[1::2]] == [heads[name].objgen for name in sorted(heads)]


def test_all_text_is_in_the_structure_or_furniture_of_the_page(opened: Any, tree: Tree) -> None:
    """What stands in the margins and a line to write on are read on no page; everything else is read once."""
    tagged: dict[tuple[int, int], list[int]] = {}
    for element, _ in tree:
        for kid in element.get("/K", pikepdf.Array()):
            if isinstance(kid, int):
                tagged.setdefault(element.Pg.objgen, []).append(int(kid))
    furniture = 0
    for page in opened.pages:
        depth = 0
        is_drawing = False
        inside: list[int] = []
        for instruction in pikepdf.parse_content_stream(page):
            name, operands = str(instruction.operator), instruction.operands
            if name == "BDC" and "/MCID" in operands[1]:
                inside.append(int(operands[1].MCID))
            if name == "BDC" and operands[0] == "/Artifact":
                kind = str(operands[1].Type)
                assert kind in {"/Pagination", "/Layout"}
                is_drawing = kind == "/Layout"
                furniture += not is_drawing
            is_drawing = is_drawing and name != "EMC"
            depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(name, 0)
            assert depth <= 1
            assert (depth == 1 and not is_drawing) or name not in {"Tj", "TJ"}
        assert sorted(tagged[page.objgen]) == sorted(inside)
        assert len(inside) == len(set(inside))
    assert furniture >= 2 * len(opened.pages)


def test_the_way_from_the_page_to_the_structure(opened: Any, tree: Tree) -> None:
    elements = {element.objgen for element, _ in tree}
    numbers = list(opened.Root.StructTreeRoot.ParentTree.Nums)
    # Links come after the pages.
    for page, texts in zip(opened.pages, numbers[1 : 2 * len(opened.pages) : 2], strict=True):
        assert page.Tabs == "/S"
        known = [text for text in texts if text is not None]
        assert len(texts) - len(known) >= 2
        assert all(text.objgen in elements for text in known)
