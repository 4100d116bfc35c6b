"""Pictures of evidence in the annex of PDF and Word: which, with which words, as an archive wants them."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pikepdf
import pytest
from docx import Document
from pdfua.validator import validate
from PIL import Image

from accounts.models import User
from core.file_kinds import JPEG
from measures.evidence.hiding import hide
from measures.models import Evidence, Plan
from reports.document.builder import build_document
from reports.document.facts import EvidenceLine, ReportDocument
from reports.document.figures import FEW, MOST, box, dots, figures, with_pictures
from reports.document.redaction import for_everybody
from reports.models import Round
from reports.renderers import FORMATS
from reports.rounds.pictures import pictures_for
from reports.rounds.selectors import document_of
from reports.rounds.services import approve, submit
from tests.support.factories import make_evidence_file, make_measure
from tests.support.papers import MARK, ROW, document, section, squeezed
from tests.support.readers import mupdf

# pdfua 0.1.3 cannot read an array of numbers as pikepdf 10 gives it.
CANNOT_BE_CHECKED = {"UA-14-001"}


def jpeg(colour: str = "teal", size: tuple[int, int] = (800, 600)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "JPEG")
    return made.getvalue()


def pictured(count: int, **facts: Any) -> ReportDocument:
    """A report whose evidence are public pictures."""
    lines = tuple(
        EvidenceLine(
            number, f"ภาพที่ {number}", "", date(2023, 2, 1), number, True, "a" * 64, JPEG.content_type, 358_400
        )
        for number in range(1, count + 1)
    )
    return document(section(1, replace(ROW, evidence=lines)), **facts)


PICTURES = {number: jpeg() for number in range(1, 6)}


@pytest.fixture(scope="module")
def content() -> bytes:
    return FORMATS["pdf"].render(pictured(5, edition=MARK), PICTURES).content


@pytest.fixture(scope="module")
def opened(content: bytes) -> Iterator[Any]:
    with pikepdf.open(io.BytesIO(content)) as opened:
        yield opened


def figures_of(opened: Any) -> list[str]:
    return [
        str(thing.Alt)
        for thing in opened.objects
        if isinstance(thing, pikepdf.Dictionary)
        and thing.get("/S") == "/Figure"
        and "ภาพหลักฐาน" in str(thing.Alt)
    ]


# --- PDF --------------------------------------------------------------------------------------------


def test_every_picture_has_words_for_who_does_not_see_it_and_a_caption(content: bytes, opened: Any) -> None:
    words = [f"ภาพหลักฐานลำดับที่ {digit}: ภาพที่ {number}" for number, digit in enumerate("๑๒๓๔๕", 1)]
    assert sorted(figures_of(opened)) == words
    text = squeezed(mupdf(content))
    assert squeezed("ภาพหลักฐานลำดับที่ ๑ ภาพที่ 1 (๑ กุมภาพันธ์ ๒๕๖๖)") in text
    assert squeezed("(ภาพ JPEG ๓๕๐ KB)") in text


def test_pictures_are_drawn_as_the_archive_asks_for(opened: Any) -> None:
    """ISO 19005-3, 6.2.8: no interpolation; colours that the file defines, and no transparency."""
    images = [
        thing
        for thing in opened.objects
        if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image"
    ]
    assert images
    for image in images:
        assert not image.Interpolate
        assert image.ColorSpace == "/DeviceRGB"
        assert image.Filter == "/DCTDecode"
        assert "/SMask" not in image


def test_what_a_machine_can_check_of_pdf_ua_it_finds_nothing_wrong_with(
    content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(content)
    outcomes = validate(str(path)).outcomes
    assert [finding for outcome in outcomes for finding in outcome.findings] == []
    assert {outcome.rule_id for outcome in outcomes if outcome.skipped_reason} <= CANNOT_BE_CHECKED


def test_the_same_pictures_give_the_same_file(content: bytes) -> None:
    assert FORMATS["pdf"].render(pictured(5, edition=MARK), PICTURES).content == content
    word = FORMATS["docx"].render(pictured(2), PICTURES).content
    assert FORMATS["docx"].render(pictured(2), PICTURES).content == word


def test_without_pictures_the_list_alone_is_there() -> None:
    text = squeezed(mupdf(FORMATS["pdf"].render(pictured(2)).content))
    assert "ภาพประกอบหลักฐาน" not in text
    assert "ภาพที่2" in text


# --- Word -------------------------------------------------------------------------------------------


def test_word_has_them_with_their_words() -> None:
    content = FORMATS["docx"].render(pictured(3), PICTURES).content
    with ZipFile(io.BytesIO(content)) as package:
        described = re.findall(r'descr="([^"]*)"', package.read("word/document.xml").decode())
    words = [f"ภาพหลักฐานลำดับที่ {digit}: ภาพที่ {n}" for n, digit in enumerate("๑๒๓", 1)]
    # After those of the first page.
    assert described[-3:] == words
    assert sum("ภาพหลักฐาน" in text for text in described) == 3
    word = Document(io.BytesIO(content))
    captions = [cell.text for row in word.tables[-1].rows for cell in row.cells]
    assert captions[0].strip() == "ภาพหลักฐานลำดับที่ ๑ ภาพที่ 1 (๑ กุมภาพันธ์ ๒๕๖๖)"
    headings = [line.text for line in word.paragraphs if line.style and line.style.name == "Heading 1"]
    assert headings[-2:] == ["ภาคผนวก หลักฐานประกอบการดำเนินงาน", "ภาพประกอบหลักฐาน"]
    for shape in word.inline_shapes:
        assert shape.width.mm <= box(3)[0] + 0.1
        assert shape.height.mm <= box(3)[1] + 0.1


# --- Which ------------------------------------------------------------------------------------------


def test_few_pictures_are_large_and_very_many_are_not_all_shown() -> None:
    assert box(FEW) > box(FEW + 1)
    assert dots((127, 254)) == (850, 1700)
    many = pictured(MOST + 3)
    assert len(figures(many, dict.fromkeys(range(1, MOST + 4), b""))) == MOST


def test_what_stays_at_the_agency_is_marked_in_a_draft_and_not_in_an_edition() -> None:
    made = pictured(1)
    kept = replace(made.evidence[0], public=False)
    draft = document(section(1, replace(ROW, evidence=(kept,))))
    (figure,) = figures(draft, {1: b""})
    assert figure.caption.endswith("(จะไม่เผยแพร่)")
    assert with_pictures(for_everybody(draft)) == []


@pytest.fixture
def proof(plan: Plan) -> Evidence:
    data = jpeg()
    proof = make_evidence_file(make_measure(plan, status="done"), data, public=True)
    Evidence.objects.filter(pk=proof.pk).update(content_type="image/jpeg", file_name="ภาพ.jpg")
    proof.refresh_from_db()
    return proof


def six(proof: Evidence) -> Round:
    return Round.objects.select_related("plan__agency").get(plan=proof.measure.plan_id, months=6)


@pytest.mark.django_db
def test_a_picture_is_read_from_the_store_small_and_one_that_is_broken_stands_in_no_way(
    proof: Evidence, caplog: pytest.LogCaptureFixture
) -> None:
    made = build_document(six(proof))
    (line,) = made.evidence
    assert (line.content_type, line.size) == ("image/jpeg", proof.size)
    (picture,) = pictures_for(made).values()
    assert max(Image.open(io.BytesIO(picture)).size) <= max(dots(box(1)))
    with proof.file.open("wb") as file:
        file.write(b"\xff\xd8\xff damaged")
    assert pictures_for(made) == {}
    assert "is not printed" in caplog.text
    assert b"%PDF" in FORMATS["pdf"].render(made, pictures_for(made)).content


@pytest.mark.django_db
def test_what_was_hidden_since_is_not_printed(proof: Evidence, people: dict[str, User]) -> None:
    made = build_document(six(proof))
    Evidence.objects.filter(pk=proof.pk).update(in_edition=True)
    proof.refresh_from_db()
    hide(proof, people["officer"], "มีใบหน้าของเด็ก")
    assert pictures_for(made) == {}


@pytest.mark.django_db
def test_an_edition_has_the_pictures_of_its_public_evidence_and_keeps_them(
    proof: Evidence, people: dict[str, User]
) -> None:
    kept = make_evidence_file(proof.measure, jpeg("red"), public=False)
    Evidence.objects.filter(pk=kept.pk).update(content_type="image/jpeg", title="QZKEPT")
    submission = submit(six(proof), people["officer"])
    edition = approve(submission, people["executive"], "https://ita.example.go.th/", in_background=False)
    stored = {file.format: bytes(file.content) for file in edition.files.all()}
    with pikepdf.open(io.BytesIO(stored["pdf"])) as opened:
        (words,) = figures_of(opened)
    assert words == "ภาพหลักฐานลำดับที่ ๑: คำสั่งแต่งตั้ง"
    with ZipFile(io.BytesIO(stored["docx"])) as package:
        assert sum(name.endswith(".jpg") for name in package.namelist()) == 1
    # Made again from what is stored, it is the same to the byte.
    frozen = document_of(edition)
    assert FORMATS["pdf"].render(frozen, pictures_for(frozen)).content == stored["pdf"]
    hide(proof, people["officer"], "มีใบหน้าของเด็ก")
    assert bytes(edition.files.get(format="pdf").content) == stored["pdf"]
