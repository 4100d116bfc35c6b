"""Documents that act by themselves are refused, and the sentence says why; honest ones are taken."""

import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import docx
import openpyxl
import pikepdf
import pytest
from openpyxl.chart import BarChart, Reference
from pikepdf import Array, Dictionary, Name, Stream, String

from core import dangers, office_archive, office_look, pdf_look
from core.budget import TooMuchWork, WorkLimit, in_child
from core.dangers import ACTIVE_X, DDE, OLE, REMOTE, Dangerous, look_at_pdf
from tests.support.factories import PDF

# --- PDF ---------------------------------------------------------------------------------------------


def pdf(change: Callable[[pikepdf.Pdf], None], *, packed: bool = False, **options: Any) -> bytes:
    """A PDF of one page, changed; packed, its objects stand in compressed streams."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(PDF)) as made:
        change(made)
        streams = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
        made.save(out, object_stream_mode=streams, **options)
    return out.getvalue()


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def on_opening(action: Callable[[], Dictionary]) -> Callable[[pikepdf.Pdf], None]:
    def change(made: pikepdf.Pdf) -> None:
        made.Root.OpenAction = action()

    return change


def on_a_page(made: pikepdf.Pdf) -> None:
    made.pages[0].obj.AA = Dictionary(O=made.make_indirect(script()))


def on_a_button(made: pikepdf.Pdf) -> None:
    button = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(Next=Array([script()]))
    )
    button.A.S = Name.URI
    made.pages[0].obj.Annots = Array([made.make_indirect(button)])


def in_the_names(made: pikepdf.Pdf) -> None:
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("x"), script()])))


def as_a_form(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Stream(made, b"<xdp/>"))


def with_file(name: str, data: bytes) -> Callable[[pikepdf.Pdf], None]:
    def change(made: pikepdf.Pdf) -> None:
        made.attachments[name] = data

    return change


def nested(made: pikepdf.Pdf) -> None:
    deep = Array([])
    for _ in range(100):
        deep = Array([deep])
    made.Root.X = deep


BAD_PDF: Final[dict[str, tuple[Callable[[pikepdf.Pdf], None], str]]] = {
    "a script on opening": (on_opening(script), dangers.SCRIPT),
    "a script on a page": (on_a_page, dangers.SCRIPT),
    "a script behind a button's first action": (on_a_button, dangers.SCRIPT),
    "a script among the names": (in_the_names, dangers.SCRIPT),
    "a program that is opened": (
        on_opening(lambda: Dictionary(S=Name.Launch, F=String("cmd.exe"))),
        dangers.LAUNCH,
    ),
    "what is typed sent elsewhere": (
        on_opening(lambda: Dictionary(S=Name.SubmitForm, F=String("https://x.example/"))),
        dangers.SENDS,
    ),
    "an XFA form": (as_a_form, dangers.FORM),
    "a program inside": (with_file("a.exe", b"MZ\x90\0"), dangers.FILE),
    "a program that is called data": (with_file("a.xml", b"MZ\x90\0\xff"), dangers.FILE),
    "a web page inside": (with_file("a.html", b"<script>1</script>"), dangers.FILE),
    "depth without end": (nested, dangers.BROKEN_PDF),
}


# What is found is a matter of the program; in which process it looks is asked below.
@pytest.mark.usefixtures("looked_at_here")
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", BAD_PDF)
def test_a_pdf_that_acts_is_refused(name: str, packed: bool) -> None:
    change, said = BAD_PDF[name]
    with pytest.raises(Dangerous) as refused:
        look_at_pdf(pdf(change, packed=packed))
    assert str(refused.value) == said


def test_a_name_may_be_spelled_in_any_way() -> None:
    plain = pdf(on_opening(script))
    spelled = plain.replace(b"/JavaScript", b"/J#61vaScript")
    assert spelled != plain
    with pytest.raises(Dangerous, match="JavaScript"):
        look_at_pdf(spelled)


@pytest.mark.usefixtures("looked_at_here")
def test_a_pdf_with_a_password_cannot_be_looked_at_and_one_that_only_forbids_printing_can() -> None:
    with pytest.raises(Dangerous) as refused:
        look_at_pdf(pdf(lambda _: None, encryption=pikepdf.Encryption(user="x", owner="y")))
    assert str(refused.value) == dangers.LOCKED_PDF
    look_at_pdf(pdf(lambda _: None, encryption=pikepdf.Encryption(user="", owner="y")))
    with pytest.raises(Dangerous, match="JavaScript"):
        look_at_pdf(pdf(on_opening(script), encryption=pikepdf.Encryption(user="", owner="y")))


@pytest.mark.usefixtures("looked_at_here")
@pytest.mark.parametrize("data", [b"%PDF-1.7\n%%EOF\n", b"%PDF-1.7\n\xff\xfe" * 50, PDF[:60]])
def test_what_no_reader_can_open_is_broken(data: bytes) -> None:
    with pytest.raises(Dangerous) as refused:
        look_at_pdf(data)
    assert str(refused.value) == dangers.BROKEN_PDF


@pytest.mark.usefixtures("looked_at_here")
def test_an_honest_pdf_is_taken() -> None:
    look_at_pdf(PDF)
    # A link, a place to open at, figures beside an invoice (PDF/A-3).
    look_at_pdf(pdf(on_opening(lambda: Dictionary(S=Name.URI, URI=String("https://example.go.th/")))))
    look_at_pdf(pdf(with_file("invoice.xml", b"<x/>")))
    look_at_pdf(pdf(with_file("text.txt", "ข้อความ".encode())))


# --- The process in which it is looked at ------------------------------------------------------------


def program(tmp_path: Path, code: str) -> Path:
    file = tmp_path / "look.py"
    file.write_text(f"def answer(data):\n    {code}")
    return file


def test_work_without_end_is_ended_and_so_is_memory_without_end(tmp_path: Path) -> None:
    with pytest.raises(TooMuchWork):
        in_child(program(tmp_path, "while True: pass"), b"", seconds=1)
    with pytest.raises(TooMuchWork):
        in_child(program(tmp_path, "return str(len(bytes(2_000_000_000)))"), b"", memory=500_000_000)
    written = tmp_path / "written"
    with pytest.raises(TooMuchWork):
        in_child(program(tmp_path, f"print('x', file=open({str(written)!r}, 'w'), flush=True)"), b"")
    assert written.read_bytes() == b""
    assert in_child(program(tmp_path, "return str(len(data))"), b"abc") == "3"


def test_a_pdf_is_looked_at_in_such_a_process() -> None:
    look_at_pdf(PDF)
    for data, said in (
        (pdf(on_opening(script), packed=True), dangers.SCRIPT),
        (pdf(nested), dangers.BROKEN_PDF),
    ):
        with pytest.raises(Dangerous) as refused:
            look_at_pdf(data)
        assert str(refused.value) == said


def test_a_pdf_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pdf_look, "__file__", str(program(tmp_path, "sys.exit(1)")))
    with pytest.raises(Dangerous) as refused:
        look_at_pdf(PDF)
    assert str(refused.value) == dangers.TOO_MUCH_PDF


def test_a_deadline_is_of_work() -> None:
    WorkLimit().check()
    with pytest.raises(TooMuchWork):
        WorkLimit(-1).check()
    assert sys.executable


# --- Word and Excel ----------------------------------------------------------------------------------

TYPES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
Change = Callable[[dict[str, bytes]], None]
RELS: Final = "word/_rels/document.xml.rels"


def word(change: Change = lambda _: None) -> bytes:
    out = io.BytesIO()
    docx.Document().save(out)
    return changed(out.getvalue(), change)


def changed(data: bytes, change: Change) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        held = {name: old.read(name) for name in old.namelist()}
    change(held)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in held.items():
            made.writestr(name, content)
    return out.getvalue()


def related(kind: str, target: str, mode: str = ' TargetMode="External"') -> Change:
    line = f'<Relationship Id="x9" Type="{TYPES}{kind}" Target="{target}"{mode}/>'

    def change(held: dict[str, bytes]) -> None:
        held[RELS] = held[RELS].replace(b"</Relationships>", f"{line}</Relationships>".encode())

    return change


def field(*pieces: str) -> Change:
    runs = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)

    def change(held: dict[str, bytes]) -> None:
        name = "word/document.xml"
        held[name] = held[name].replace(b"<w:body>", f"<w:body><w:p>{runs}</w:p>".encode())

    return change


def part(name: str, data: bytes = b"x") -> Change:
    return lambda held: held.__setitem__(name, data)


def alone(
    start: str, field: str = "<w:fldSimple w:instr='DDEAUTO c:\\x'/>", encoding: str = "utf-8"
) -> Change:
    """A part of a document with one field, after so many letters."""
    return part("word/header1.xml", f"{start}<w:hdr>{field}</w:hdr>".encode(encoding))


def moved(told: str) -> Change:
    """The document with a field is another part, which the list of parts tells of so."""
    of_document = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    line = f"<{told} ContentType='{of_document}'/>"

    def change(held: dict[str, bytes]) -> None:
        field("DDEAUTO c:\\x")(held)
        held["x/text.part"] = held.pop("word/document.xml")
        types = held["[Content_Types].xml"].replace(b"</Types>", f"{line}</Types>".encode())
        held["[Content_Types].xml"] = types
        held["_rels/.rels"] = held["_rels/.rels"].replace(b"word/document.xml", b"x/text.part")

    return change


def printer_settings(held: dict[str, bytes]) -> None:
    """What Word notes of a printer, which is called a part of Word's and is no text."""
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.printerSettings"
    line = f"<Default Extension='bin' ContentType='{kind}'/></Types>"
    held["[Content_Types].xml"] = held["[Content_Types].xml"].replace(b"</Types>", line.encode())
    held["word/printerSettings1.bin"] = b"\x05\x00<\x00"


BAD_WORD: Final[dict[str, tuple[Change, str]]] = {
    "a template of another site": (
        related("attachedTemplate", "https://x.example/a.dotm"),
        "https://x.example",
    ),
    "a template on another machine": (related("attachedTemplate", r"\\x.example\s\a.dotm"), r"\\x.example"),
    "a template by file:": (related("attachedTemplate", "file://x.example/a.dotm"), "file://x.example"),
    "a template by file:, with backslashes": (
        related("attachedTemplate", r"file:///\\x.example\a.dotm"),
        "file:",
    ),
    "a picture of another site": (related("image", "HTTP://x.example/a.png"), "HTTP://x.example"),
    "a frame": (related("frame", "mhtml:https://x.example/a!x"), "mhtml:"),
    "a whole document": (related("subDocument", " https://x.example/a.docx"), "https://x.example"),
    "an object of another site": (related("oleObject", "https://x.example/a"), OLE),
    "an object": (related("oleObject", "embeddings/oleObject1.bin", ""), OLE),
    "an object without a relationship": (part("word/embeddings/oleObject1.bin"), OLE),
    "a control": (related("control", "activeX/activeX1.xml", ""), ACTIVE_X),
    "a control without a relationship": (part("word/activeX/activeX1.bin"), ACTIVE_X),
    "DDE": (field('DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc"'), DDE),
    "DDE in pieces": (field("DD", "E", "AUTO c:\\\\x"), DDE),
    "DDE in an attribute": (alone(""), DDE),
    "DDE in UTF-16": (alone("", encoding="utf-16"), DDE),
    "DDE in UTF-16 without a mark": (alone("<?xml version='1.0'?>", encoding="utf-16-le"), DDE),
    "DDE behind a mark": (alone("", encoding="utf-8-sig"), DDE),
    "DDE in Thai letters of one byte": (alone("<?xml version='1.0' encoding='tis-620'?>"), DDE),
    "DDE on the border of what is read at once": (alone(f"<!--{' ' * (office_look.CHUNK - 20)}-->"), DDE),
    "DDE in a document that lies elsewhere": (moved("Override PartName='/x/text.part'"), DDE),
    "DDE in a document of another ending": (moved("Default Extension='part'"), DDE),
    "a picture by a field": (field('INCLUDEPICTURE "https://x.example/a.png"'), "https://x.example"),
}


@pytest.mark.parametrize("name", BAD_WORD)
def test_a_word_file_that_acts_is_refused(name: str) -> None:
    change, said = BAD_WORD[name]
    with pytest.raises(Dangerous) as refused:
        office_archive.kind_of(word(change))
    assert said in str(refused.value)
    assert said in (OLE, ACTIVE_X, DDE) or str(refused.value).startswith(REMOTE.partition("{")[0])


@pytest.mark.parametrize(
    "change",
    [
        lambda _: None,
        related("hyperlink", "https://example.go.th/"),
        related("hyperlink", "mailto:a@example.go.th"),
        related("attachedTemplate", "file:///C:\\Users\\x\\Templates\\a.dotx"),
        related("image", "media/image1.png", ""),
        field("PAGE"),
        field('HYPERLINK "https://example.go.th/"'),
        field("REF added_by"),
        printer_settings,
    ],
)
def test_an_honest_word_file_is_taken(change: Change) -> None:
    assert office_archive.kind_of(word(change)) == "docx"


@pytest.mark.parametrize("name", ["word/header1.xml", "word/_rels/header1.xml.rels", "[Content_Types].xml"])
def test_letters_of_an_unknown_kind_are_no_document(name: str) -> None:
    change = part(name, b"<?xml version='1.0' encoding='rot13'?><a/>")
    with pytest.raises(office_archive.BadArchive):
        office_archive.kind_of(word(change))


def test_excel_files() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append([1, 2])
    sheet["A2"].hyperlink = "https://example.go.th/"
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=1, max_col=2, min_row=1))
    sheet.add_chart(chart)
    out = io.BytesIO()
    book.save(out)
    assert office_archive.kind_of(out.getvalue()) == "xlsx"
    link = b'<externalLink xmlns="x"><ddeLink ddeService="cmd"/></externalLink>'
    with pytest.raises(Dangerous) as refused:
        office_archive.kind_of(changed(out.getvalue(), part("xl/externalLinks/externalLink1.xml", link)))
    assert str(refused.value) == DDE
