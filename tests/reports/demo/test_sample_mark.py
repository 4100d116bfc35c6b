"""Invented facts say so: in every format of a report, in every file of evidence, and in what is copied."""

import csv
import io
import json
from datetime import date
from typing import Final, get_args

import pypdf
import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from PIL import Image

from accounts.models import Agency
from core.thai_calendar import FiscalYear
from measures.models import SAMPLE, Plan
from reports.demo.evidence import MAKERS, file_of
from reports.demo.story import Age, Telling, ToldEvidence, read_story
from reports.document.builder import build_document
from reports.document.facts import ReportDocument
from reports.document.serialization import from_json, to_json
from reports.models import Round
from reports.new_year.services import open_year_from
from reports.renderers import FORMATS
from reports.renderers.table import COLUMNS, SAMPLE_COLUMN
from tests.conftest import SignIn
from tests.support.factories import make_measure
from tests.support.papers import ROW as MEASURE
from tests.support.papers import document, of_chance, section

REAL: Final = document(section(1, MEASURE))
INVENTED: Final = document(section(1, MEASURE), sample_note=SAMPLE)


def made(name: str, report: ReportDocument) -> bytes:
    return FORMATS[name].render(report).content


# --- A report of invented facts ----------------------------------------------------------------------


def test_every_page_of_the_pdf_says_so() -> None:
    long = of_chance(3)
    pages = pypdf.PdfReader(io.BytesIO(made("pdf", document(*long.indicators, sample_note=SAMPLE)))).pages
    assert len(pages) > 2
    assert all(SAMPLE in page.extract_text() for page in pages)
    assert "ไม่ใช่ผลการดำเนินงานจริง" in pages[0].extract_text()


def test_the_word_document_says_so_on_every_page() -> None:
    word = Document(io.BytesIO(made("docx", INVENTED)))
    assert SAMPLE in word.sections[0].footer.paragraphs[0].text
    assert any(paragraph.text.startswith(f"{SAMPLE}: ") for paragraph in word.paragraphs)


def test_every_row_of_the_tables_says_so() -> None:
    rows = list(csv.reader(io.StringIO(made("csv", INVENTED).decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(made("xlsx", INVENTED))).worksheets[0]
    for head, *below in (rows, [[cell.value for cell in row] for row in sheet.iter_rows()]):
        assert head[-1] == SAMPLE_COLUMN.heading
        assert len(head) == len(COLUMNS) + 1
        assert len(below) == 2
        assert {row[-1] for row in below} == {SAMPLE}


def test_the_data_say_so_and_come_back() -> None:
    assert json.loads(made("json", INVENTED))["sample_note"] == SAMPLE
    assert from_json(to_json(INVENTED)) == INVENTED


@pytest.mark.parametrize("name", ["docx", "xlsx", "csv", "json"])
def test_a_real_report_does_not(name: str) -> None:
    content = made(name, REAL)
    if name in ("docx", "xlsx"):
        parts = io.BytesIO(content)
        texts = [p.text for p in Document(parts).paragraphs] if name == "docx" else []
        texts += (
            [] if name == "docx" else [str(c.value) for r in load_workbook(parts).worksheets[0] for c in r]
        )
        assert not any(SAMPLE in text for text in texts)
    else:
        assert SAMPLE not in content.decode()


def test_what_was_stored_before_there_was_a_mark_is_read_as_real() -> None:
    facts = json.loads(to_json(REAL)) | {"version": 1}
    since = ("sample_note", "obstacles_public", "seal", "reporter", "approver", "text_size", "earlier")
    for name in since:
        del facts[name]
    for row in (row for indicator in facts["indicators"] for row in indicator["measures"]):
        del row["parts"]
    rows = (row for part in facts["indicators"] for row in part["measures"])
    for line in (line for row in rows for line in row["evidence"]):
        del line["sha256"]
    assert from_json(json.dumps(facts).encode()).sample_note == ""


# --- Files of evidence -------------------------------------------------------------------------------


def text_of(kind: str, data: bytes) -> str:
    file = io.BytesIO(data)
    if kind == "pdf":
        return "".join(page.extract_text() for page in pypdf.PdfReader(file).pages)
    if kind == "docx":
        return "\n".join(paragraph.text for paragraph in Document(file).paragraphs)
    if kind == "xlsx":
        return "\n".join(str(cell.value) for row in load_workbook(file).worksheets[0] for cell in row)
    picture = Image.open(file)
    picture.load()
    return str(picture.info.get("Description") or picture.info["comment"].decode())


@pytest.mark.parametrize("kind", MAKERS)
def test_a_file_of_evidence_is_what_it_seems_and_says_that_it_is_invented(kind: str) -> None:
    proof = ToldEvidence(kind, "คำสั่งแต่งตั้ง", "คำสั่ง", ["ที่ ๑/๒๕๗๐", "สั่ง ณ วันที่ ๑ ตุลาคม"], "1", public=True)
    file = file_of(proof, date(2026, 10, 1))
    assert file is not None
    assert file.kind.ending == {"jpeg": "jpg"}.get(kind, kind)
    assert file.name == f"คำสั่ง ({SAMPLE}).{file.kind.ending}"
    assert SAMPLE in text_of(kind, file.data)
    if kind in ("pdf", "docx", "xlsx"):
        assert "๑/๒๕๗๐" in text_of(kind, file.data)
    assert len(file.data) < 60_000


def test_evidence_on_the_web_has_no_file() -> None:
    assert file_of(ToldEvidence("web", "ก", "ก", [], "", public=False), date(2026, 10, 1)) is None


# --- The story as data -------------------------------------------------------------------------------


@pytest.mark.parametrize("age", get_args(Age))
def test_no_text_of_the_story_is_left_unfilled(age: Age) -> None:
    telling = Telling(FiscalYear(2570), age, "อบต.ก")
    for measure, events in telling.measures():
        texts = [measure.title, measure.due_text, *(text for _, _, text in measure.steps)]
        for event in events:
            texts += [event.result or "", event.obstacle or "", event.reason or ""]
            texts += [text for proof in event.evidence for text in (proof.title, *proof.lines)]
        assert not [text for text in texts if set("{|}") & set(text)]
        assert [event.at for event in events] == sorted(event.at for event in events)
        numbers = {number for number, _, _ in measure.steps}
        assert {tick for event in events for tick in event.ticks} <= numbers
        assert {proof.step for event in events for proof in event.evidence} - {""} <= numbers


def test_every_kind_of_evidence_is_in_the_story() -> None:
    kinds = {
        proof["kind"]
        for measure in read_story()["measures"]
        for event in measure["events"]
        for proof in event.get("evidence", ())
    }
    assert kinds == {"web", *MAKERS}


# --- A plan of invented facts ------------------------------------------------------------------------


@pytest.fixture
def invented(plan: Plan) -> Plan:
    make_measure(plan)
    Plan.objects.filter(pk=plan.pk).update(is_sample=True)
    plan.refresh_from_db()
    return plan


def test_the_plan_of_the_next_year_is_invented_too(invented: Plan) -> None:
    assert open_year_from(invented, invented.fiscal_year + 1).is_sample
    assert build_document(Round.objects.get(plan=invented, months=6)).sample_note == SAMPLE


def test_the_next_year_of_a_real_plan_is_real(plan: Plan, agency: Agency) -> None:
    make_measure(plan)
    assert not open_year_from(plan, plan.fiscal_year + 1).is_sample
    assert build_document(Round.objects.get(plan=plan, months=6)).sample_note == ""


@pytest.mark.parametrize("is_sample", [True, False])
def test_the_workbook_for_divisions_says_so(sign_in: SignIn, plan: Plan, is_sample: bool) -> None:
    make_measure(plan)
    Plan.objects.update(is_sample=is_sample)
    answer = sign_in("officer").get(reverse("plan_workbook", args=[plan.fiscal_year]))
    title = load_workbook(io.BytesIO(answer.content)).worksheets[0]["A1"].value
    assert (SAMPLE in str(title)) is is_sample
