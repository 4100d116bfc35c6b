"""Memo and web publication form: what they say, in Word and on paper, and that they last."""

import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import pikepdf
import pytest
from django.conf import settings
from docx.oxml import parse_xml
from pdfua.validator import validate

from accounts.models import User
from core.thai_calendar import long_date, thai_digits
from measures.models import Plan
from reports.document.facts import ReportDocument, Signatory
from reports.models import Edition, PaperKind, Round
from reports.publication_pack.facts import BLANK, PackFacts, facts_of
from reports.publication_pack.fields import EXAMPLE, FIELDS, values_of
from reports.publication_pack.papers import own_paper_docx, paper_docx, paper_pdf, standard_template
from reports.rounds.selectors import document_of
from tests.reports.renderers import test_pdf_archive as archive
from tests.support.factories import make_edition, make_measure
from tests.support.readers import pdfium
from tests.support.word import lines

DAY: Final = date(2023, 4, 10)
FULL: Final = replace(
    EXAMPLE,
    reporter="ผู้รายงาน ก",
    head="ผู้บริหาร ข",
    publisher="ผู้เผยแพร่ ค",
    correction='แก้ <ผล> ของ "กองคลัง" & กองช่าง',
    agency="เทศบาล A&B <ตำบล>",
)


def squeezed(text: str) -> str:
    """Without white space and without dotted lines."""
    return re.sub(r"[\s.]+", "", text)


@pytest.fixture(scope="module")
def pdfs() -> dict[str, bytes]:
    return {kind: paper_pdf(kind, FULL, DAY) for kind in PaperKind.values}


@pytest.fixture
def edition(plan: Plan) -> Edition:
    make_measure(plan, status="done")
    make_measure(plan, "ช้า", status="in_progress", indicator=2, due_on=date(2022, 12, 1), status_reason="x")
    return make_edition(Round.objects.select_related("plan__agency").get(plan=plan, months=6))


def told(edition: Edition, officer: User, **changes: object) -> PackFacts:
    document: ReportDocument = replace(document_of(edition), **changes)  # type: ignore[arg-type]
    return facts_of(edition, document, officer, DAY)


@pytest.mark.parametrize("kind", PaperKind.values)
def test_word_and_paper_say_the_same(pdfs: dict[str, bytes], kind: str) -> None:
    printed = squeezed(pdfium(pdfs[kind]))
    written = [squeezed(line) for line in lines(paper_docx(kind, FULL, DAY))]
    assert len(written) > 15
    assert [line for line in written if line not in printed] == []


@pytest.mark.parametrize("kind", PaperKind.values)
def test_the_pdf_is_for_the_archive_and_for_who_listens(
    pdfs: dict[str, bytes], kind: str, tmp_path: Path
) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(pdfs[kind])
    report = validate(str(path))
    assert [finding for outcome in report.outcomes for finding in outcome.findings] == []
    assert {
        outcome.rule_id for outcome in report.outcomes if outcome.skipped_reason
    } <= archive.CANNOT_BE_CHECKED
    with pikepdf.open(path) as opened:
        assert len(opened.pages) == 1
        claims = opened.Root.Metadata.read_bytes()
        assert f"{FULL.address}#{kind}".encode() in claims
        metadata = parse_xml(claims.partition(b"?>")[2].rpartition(b"<?xpacket")[0].strip())
        # What is asked of the report itself.
        archive.test_it_claims_both_standards_once(metadata)
        archive.test_the_claim_that_the_archive_does_not_know_is_described(metadata)
        archive.test_a_page_is_called_as_it_is_printed(opened)
        archive.test_colours_are_defined(opened)
        archive.test_it_is_thai_and_a_window_shows_its_title(opened)
        for font in opened.pages[0].Resources.Font.values():
            assert len(font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()) > 5_000
            assert not re.findall(rb"<[0-9a-f]{4}> <(?:0000)?>", font.ToUnicode.read_bytes())
        assert not opened.is_encrypted


@pytest.mark.parametrize("kind", PaperKind.values)
def test_made_again_on_a_day_it_has_the_same_bytes(pdfs: dict[str, bytes], kind: str) -> None:
    assert paper_pdf(kind, FULL, DAY) == pdfs[kind]
    made = paper_docx(kind, FULL, DAY)
    assert paper_docx(kind, FULL, DAY) == made
    # An office's own template goes another way, to the same end.
    assert own_paper_docx(standard_template(kind), FULL, DAY) == made


def test_signs_of_xml_in_a_text_stay_what_they_are() -> None:
    assert 'รายงานฉบับนี้แก้ไขจากฉบับก่อนหน้า เนื่องจาก แก้ <ผล> ของ "กองคลัง" & กองช่าง' in lines(
        paper_docx("memo", FULL, DAY)
    )
    assert "เทศบาล A&B <ตำบล>" in lines(paper_docx("form", FULL, DAY))


def test_what_word_cannot_hold_is_left_out() -> None:
    strange = replace(FULL, reporter="ผู้\x0b\x01รายงาน\u202e")
    assert "(ผู้รายงาน)" in lines(paper_docx("memo", strange, DAY))


def test_a_first_revision_has_no_word_of_a_correction() -> None:
    first = replace(FULL, correction="")
    assert not any("แก้ไข" in line for line in lines(paper_docx("memo", first, DAY)))
    assert not any("{" in line for kind in PaperKind.values for line in lines(paper_docx(kind, FULL, DAY)))


def test_the_papers_are_filled_from_what_the_system_knows(edition: Edition, people: dict[str, User]) -> None:
    head = Signatory("นาง ก", "นายกเทศมนตรี")
    facts = told(edition, people["officer"], approver=head, reporter=Signatory("นาย ข", "ปลัดเทศบาล"))
    assert (facts.head_post, facts.reporter, facts.reporter_post) == ("นายกเทศมนตรี", "นาย ข", "ปลัดเทศบาล")
    assert (facts.revision, facts.code) == ("๑", edition.code)
    assert facts.made_on == "๑๐ เมษายน ๒๕๖๖"
    assert facts.approved_on == thai_digits(long_date(date(2023, 4, 1)))
    assert facts.period == "ตุลาคม ๒๕๖๕ - มีนาคม ๒๕๖๖"
    assert facts.summary == (
        "มีมาตรการทั้งสิ้น ๒ มาตรการ ดำเนินการแล้วเสร็จ ๑ มาตรการ และอยู่ระหว่างดำเนินการ ๑ มาตรการ"
        " ในจำนวนนี้ล่าช้ากว่ากำหนด ๑ มาตรการ"
    )
    memo = "\n".join(lines(paper_docx("memo", facts, DAY)))
    for text in ("เรียน  นายกเทศมนตรี", "(นาย ข)", "ตำแหน่ง ปลัดเทศบาล", "(นาง ก)", edition.code, facts.title):
        assert text in memo


def test_what_the_system_does_not_know_is_a_dotted_line(edition: Edition, people: dict[str, User]) -> None:
    edition.round.plan.agency.website = ""
    facts = told(edition, people["officer"], reporter=Signatory(), approver=Signatory())
    assert (facts.reporter, facts.reporter_post, facts.website) == (BLANK, BLANK, BLANK)
    # Nobody of the profile: who approved.
    assert (facts.head, facts.head_post) == ("ผู้บริหาร", "นายก")
    assert f"({BLANK})" in lines(paper_docx("memo", facts, DAY))


def test_the_officers_division_stands_first_where_there_is_one(
    edition: Edition, people: dict[str, User]
) -> None:
    officer, agency = people["officer"], edition.round.plan.agency
    assert told(edition, officer).owner == agency.name
    first, second = agency.divisions.all()[:2]
    officer.divisions.add(first)
    assert told(edition, officer).owner == f"{first.name} {agency.name}"
    officer.divisions.add(second)
    assert told(edition, officer).owner == agency.name


def test_papers_of_a_plan_for_trying_out_say_so(edition: Edition, people: dict[str, User]) -> None:
    facts = told(edition, people["officer"], sample_note="ข้อมูลตัวอย่าง")
    for kind in PaperKind.values:
        assert any("ข้อมูลตัวอย่าง" in line for line in lines(paper_docx(kind, facts, DAY)))
    real = told(edition, people["officer"])
    assert not any("สมมุติ" in line for kind in PaperKind.values for line in lines(paper_docx(kind, real, DAY)))


def test_every_fact_has_a_field_and_every_field_an_example() -> None:
    named = {field.attribute for field in FIELDS}
    assert named | {"rows"} == set(PackFacts.__dataclass_fields__)
    assert len({field.name for field in FIELDS}) == len(FIELDS)
    assert all(field.example and field.name.isidentifier() for field in FIELDS)
    assert all(isinstance(value, str | list) for value in values_of(EXAMPLE).values())


def test_the_stored_templates_are_what_is_drawn() -> None:
    program = settings.BASE_DIR / ".ci" / "pack-templates"
    checked = subprocess.run(
        [sys.executable, program, "--check"], capture_output=True, check=False, text=True
    )
    assert (checked.returncode, checked.stdout) == (0, "")
