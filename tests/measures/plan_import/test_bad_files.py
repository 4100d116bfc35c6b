"""Whatever is uploaded, the answer is a plan or one Thai sentence, soon and without filling the memory."""

import io
import random
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import openpyxl
import pytest

from core.dangers import DOCTYPE
from measures.plan_import.parsing import DEFECT, ImportedPlan, Unreadable, parse, parse_text
from measures.plan_import.tables import legacy, reading, table
from measures.plan_import.tables import package as office
from measures.plan_import.tables import plain_text as text
from tests.measures.plan_import import corpus
from tests.measures.plan_import.corpus import YEAR, edited, with_part
from tests.support.work import WITHOUT_END

# How long reading takes is a promise here, which the tracer would make untrue.
pytestmark = pytest.mark.no_cover

ROOT: Final = Path(__file__).resolve().parents[3]
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MUTATIONS: Final = 1_000


def refusal(content: bytes, name: str = "file.docx") -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(Unreadable) as refused:
        parse(name, content, YEAR)
    return str(refused.value)


def zipped(**parts: bytes | str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def ole(*streams: str) -> bytes:
    """The beginning of an OLE file and the names of its streams, as a directory of one has them."""
    return OLE + bytes(504) + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)


def doctype(xml: str) -> str:
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    found = re.sub(r"(<\?xml[^>]*\?>)", rf'\1<!DOCTYPE x [<!ENTITY e0 "ก">{entities}]>', xml)
    return found.replace("</w:t>", "&e9;</w:t>", 1)


def old_word() -> bytes:
    return ole("Root Entry", "WordDocument", "1Table")


def locked() -> bytes:
    return ole("Root Entry", "EncryptionInfo", "EncryptedPackage")


def with_late_doctype() -> bytes:
    """Behind a comment, where a look at the beginning does not find it."""
    return edited(
        corpus.docx_plain(),
        "word/document.xml",
        lambda xml: re.sub(r"(<\?xml[^>]*\?>)", rf"\1<!--{'x' * 9_000}--><!DOCTYPE x>", xml),
    )


def encrypted_entry() -> bytes:
    """A zip whose entries say that they are encrypted."""
    content = bytearray(corpus.xlsx_plain())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        for match in re.finditer(re.escape(mark), bytes(content)):
            content[match.start() + offset] |= 1
    return bytes(content)


def zip_bomb() -> bytes:
    """A document.xml of 90 MB that is nothing but one letter."""
    return edited(corpus.docx_plain(), "word/document.xml", lambda _: "x" * 90_000_000)


def declared_small() -> bytes:
    """A part that says it is a kilobyte and is megabytes."""
    content = with_part(corpus.docx_plain(), "word/x.xml", b"x" * 6_000_000)
    size = (6_000_000).to_bytes(4, "little")
    assert content.count(size) == 2
    return content.replace(size, (1024).to_bytes(4, "little"))


@pytest.fixture(autouse=True)
def no_office_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without LibreOffice."""
    monkeypatch.setattr(legacy, "program", lambda: None)


REFUSED: Final[dict[str, tuple[Callable[[], bytes], str]]] = {
    "empty": (lambda: b"", reading.EMPTY),
    "blank": (lambda: b" \r\n\t", reading.EMPTY),
    "renamed zip": (lambda: zipped(readme="สวัสดี"), reading.OTHER_ZIP),
    "empty zip": (lambda: b"PK\x05\x06" + bytes(18), reading.OTHER_ZIP),
    "old Word": (old_word, reading.OLD_WORD),
    "old Excel": (lambda: ole("Root Entry", "Workbook"), reading.OLD_EXCEL),
    "other OLE": (lambda: ole("Root Entry"), reading.OLD_OFFICE),
    "protected": (locked, office.LOCKED),
    "encrypted zip": (encrypted_entry, office.LOCKED),
    "macros in Word": (
        lambda: with_part(corpus.docx_plain(), "word/vbaProject.bin", b"x"),
        office.MACROS,
    ),
    "macros in Excel": (
        lambda: edited(
            corpus.xlsx_plain(),
            "[Content_Types].xml",
            lambda xml: xml.replace(
                "openxmlformats-officedocument.spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main"
            ),
        ),
        office.MACROS,
    ),
    "XML bomb in Word": (
        lambda: edited(corpus.docx_plain(), "word/document.xml", doctype),
        DOCTYPE,
    ),
    "XML bomb in a part nobody reads": (
        lambda: with_part(corpus.xlsx_plain(), "xl/theme/x.xml", "<!DOCTYPE x><x/>".encode("utf-16")),
        DOCTYPE,
    ),
    "late doctype": (with_late_doctype, DOCTYPE),
    "zip bomb": (zip_bomb, office.BOMB),
    "declared smaller": (declared_small, office.DAMAGED),
    "OpenDocument": (
        lambda: zipped(**{"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}),
        reading.OPEN_DOCUMENT,
    ),
    "PDF": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", reading.PDF),
    "RTF": (lambda: b"{\\rtf1\\ansi x}", reading.RTF),
    "web page without a table": (lambda: b"<html><p>x</p>", reading.WEB_PAGE),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(2_000), text.NOT_TEXT),  # noqa: S311
    "cut off": (lambda: corpus.docx_plain()[:-200], office.DAMAGED),
    "too many entries": (lambda: zipped(**{f"{n}.xml": "" for n in range(5_001)}), office.BOMB),
    "nested beyond reason": (
        lambda: edited(
            corpus.docx_plain(),
            "word/document.xml",
            lambda xml: xml.replace("<w:body>", "<w:body>" + "<w:sdt>" * 50_000),
        ),
        office.DAMAGED,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_a_sentence_that_says_what_to_do(name: str) -> None:
    make, sentence = REFUSED[name]
    start = time.process_time()
    assert refusal(make()) == sentence
    assert time.process_time() - start < WITHOUT_END
    assert re.search("[ก-๙]", sentence)


def test_a_file_beyond_the_limit_is_not_even_looked_at() -> None:
    assert refusal(bytes([80]) * (reading.MAX_FILE + 1)) == reading.TOO_BIG


def test_a_table_beyond_the_limits_is_refused() -> None:
    many = "มาตรการ\tขั้นตอน\n" + "ก\t๑. ข\n" * (table.MAX_ROWS + 1)
    with pytest.raises(Unreadable, match="มากเกินกว่า"):
        parse_text(many, YEAR)
    with pytest.raises(Unreadable, match="มากเกินกว่า"):
        parse_text("ก" * (table.MAX_CHARACTERS + 1), YEAR)


@pytest.mark.parametrize("pasted", ["", " \n\t", "\ufeff\n"])
def test_empty_text_is_refused_or_has_no_plan(pasted: str) -> None:
    try:
        plan = parse_text(pasted, YEAR)
    except Unreadable:
        return
    assert plan.stops


def test_links_to_other_places_are_left_alone() -> None:
    """A workbook that refers to another one, and to an address, is read by what stands in it."""
    book = openpyxl.load_workbook(io.BytesIO(corpus.xlsx_plain()))
    sheet = book.worksheets[0]
    sheet["G1"] = "='[1]อื่น'!A1"
    sheet["G2"] = '=WEBSERVICE("http://192.0.2.1/")'
    sheet["A3"].hyperlink = "http://192.0.2.1/"
    assert corpus.facts(parse("x.xlsx", corpus.saved_book(book), YEAR)) == corpus.PLAN


def small_files() -> list[bytes]:
    """One of every kind, for mutation: with few parts, so that most bytes matter."""
    stored = []
    for content, keep in (
        (corpus.docx_automatic_numbers(), ("document.xml", "numbering.xml", "rels", "Types")),
        (corpus.docx_ragged_grid(), ("document.xml", "rels", "Types")),
        (corpus.xlsx_merged_down(), ("sheet", "workbook", "Strings", "styles", "rels", "Types")),
        (corpus.xlsx_dates(), ("sheet", "workbook", "Strings", "styles", "rels", "Types")),
    ):
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            file = io.BytesIO()
            with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", method) as new:
                for info in old.infolist():
                    if any(word in info.filename for word in keep):
                        new.writestr(info.filename, old.read(info))
            stored.append(file.getvalue())
    return [*stored, corpus.separated(",", "cp874"), corpus.tagged()]


def mutated(content: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, cut out, doubled; the checksums of stored parts made right again."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        place = chance.randrange(len(data))
        match chance.randrange(5):
            case 0:
                data[place] ^= 1 << chance.randrange(8)
            case 1:
                data[place] = chance.randrange(256)
            case 2:
                del data[place : place + chance.randrange(1, 30)]
            case 3:
                data[place:place] = data[place : place + chance.randrange(1, 200)]
            case _:
                data[place : place + 1] = chance.choice(
                    (b"99999999", b"-1", b'"', b"<w:tbl>", b"\0", b"A1:XFD1048576")
                )
    return bytes(data)


def outcome_of(content: bytes) -> ImportedPlan | Unreadable:
    try:
        return parse("file", content, YEAR)
    except Unreadable as refused:
        return refused


def with_right_checksums(content: bytes, chance: random.Random) -> bytes:
    """Parts of a zip mutated one by one, so that the XML readers see what changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, mutated(data, chance) if chance.random() < 0.4 else data)
    return file.getvalue()


@pytest.mark.no_cover
@pytest.mark.parametrize("share", range(4))
def test_a_mutated_file_is_a_plan_or_a_sentence(share: int) -> None:
    chance = random.Random(2566 + share)  # noqa: S311
    files = small_files()
    outcomes = {"plan": 0, "refused": 0}
    slowest = 0.0
    for place in range(MUTATIONS // 4):
        content = files[place % len(files)]
        if content.startswith(b"PK") and chance.random() < 0.6:
            content = with_right_checksums(content, chance)
        else:
            content = mutated(content, chance)
        start = time.process_time()
        outcome = outcome_of(content)
        slowest = max(slowest, time.process_time() - start)
        if isinstance(outcome, ImportedPlan):
            assert outcome.measures or outcome.stops
            outcomes["plan"] += 1
        else:
            assert re.search("[ก-๙]", str(outcome))
            assert str(outcome) != DEFECT
            outcomes["refused"] += 1
    assert slowest < WITHOUT_END
    # Both happen, or the mutations were too weak or too strong.
    assert min(outcomes.values()) > 20


LARGE: Final = """
import io, random, zipfile
from pathlib import Path
from measures.plan_import.parsing import parse
from tests.measures.plan_import.corpus import PLAN, docx_plain, facts, with_part

noise = random.Random(1)
# Pictures, and twenty thousand paragraphs each formatted by itself, as pasted text is.
runs = "".join(
    f'<w:p><w:r><w:rPr><w:sz w:val="{noise.getrandbits(64)}"/></w:rPr><w:t> </w:t></w:r></w:p>'
    for _ in range(20_000)
)
content = with_part(docx_plain(after=runs), "word/media/photo.jpeg", noise.randbytes(20_000_000))
assert facts(parse("large.docx", content, 2566)) == PLAN
# Not getrusage: its figure begins with that of the process that started this one.
(most,) = (line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
print(len(content), int(most) * 1024)
"""


@pytest.mark.no_cover
def test_a_docx_of_20_mb_takes_less_than_300_mb_of_memory() -> None:
    """In a process of its own, with all that the test needs to make the file."""
    done = subprocess.run([sys.executable, "-c", LARGE], capture_output=True, text=True, check=True, cwd=ROOT)
    size, most = done.stdout.split()
    assert int(size) > 20_000_000
    assert int(most) < 300_000_000


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "cell",
    [
        "".join(f"{n}. ก " for n in range(1, 100)),
        "<p>๑. ก</p>" * 1_900,
        "ตุลาคม ไตรมาส ๑ ",
        "1.1.1.1 ",
        "(",
        "๑",
        "ยังไม่ ",
        "กองคลัง และ ",
        "ตัวชี้วัดที่ ",
    ],
    ids=[
        "run on",
        "paragraphs",
        "dates",
        "numbers",
        "brackets",
        "digits",
        "statuses",
        "parties",
        "indicators",
    ],
)
def test_a_monstrous_cell_is_read_in_time(cell: str) -> None:
    """In every column at once; time grows with the length and not with its square."""
    most = table.MAX_CHARACTERS_IN_CELL
    row = "\t".join([(cell * (most // len(cell) + 1))[:most].strip()] * 5)
    start = time.process_time()
    outcome = outcome_of(f"{chr(9).join(corpus.HEAD)}\nตัวชี้วัดที่ ๑ ก\t\t\t\t\n{row}\n".encode())
    assert time.process_time() - start < WITHOUT_END
    assert str(outcome) != DEFECT


def test_a_cell_beyond_all_measure_is_refused() -> None:
    with pytest.raises(Unreadable, match="แถวที่ 2"):
        parse_text(f"มาตรการ\tขั้นตอน\n{'ก' * (table.MAX_CHARACTERS_IN_CELL + 1)}\t๑. ข\n", YEAR)
