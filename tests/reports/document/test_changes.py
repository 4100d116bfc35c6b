"""What a twelve-month report says of the six-month one before it: frozen facts, compared in one place."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from docx import Document
from openpyxl import load_workbook

from accounts.models import User
from measures.models import Plan
from measures.status import Status
from reports.document.builder import build_document
from reports.document.changes import (
    ADDED,
    CANCELLED_SINCE,
    GONE,
    NEW_RESULT,
    RESULT,
    STATUS,
    STEPS,
    TITLE,
    as_earlier,
    changes_in,
    paired,
)
from reports.document.facts import EvidenceLine, MeasureRow, ReportDocument
from reports.document.personal_data import findings_in
from reports.document.redaction import for_everybody
from reports.document.serialization import from_json, to_json
from reports.models import Round, RoundState
from reports.renderers import FORMATS
from reports.renderers.change_table import CHANGE_SHEET
from reports.rounds.selectors import document_of
from reports.rounds.services import approve, publish, submit
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_evidence, make_measure
from tests.support.papers import MARK, ROW, document, section, squeezed
from tests.support.readers import mupdf

ADDRESS = "https://ita.example.go.th/"
OBSTACLE, PROOF_TITLE = "QZOBSTACLE", "QZTITLE"
PROOF = EvidenceLine(1, "ก", "", date(2023, 2, 1))
WAS = replace(ROW, id=1, status="in_progress", status_label="อยู่ระหว่างดำเนินการ", result="ประชุม ๑ ครั้ง")


def beside(*now: MeasureRow, was: tuple[MeasureRow, ...] = (WAS,)) -> ReportDocument:
    """A twelve-month report beside a six-month one."""
    before = document(section(1, *was), edition=MARK)
    return document(section(1, *now), months=12, earlier=as_earlier(before))


def words_of(*now: MeasureRow, was: tuple[MeasureRow, ...] = (WAS,)) -> list[list[str]]:
    changes = changes_in(beside(*now, was=was))
    assert changes is not None
    return [list(change.kinds) for change in changes.measures]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (WAS, []),
        (replace(WAS, status="done", status_label="ดำเนินการแล้วเสร็จ"), [STATUS, STEPS]),
        (replace(WAS, late=True), [STATUS]),
        (replace(WAS, status="cancelled", status_label="ยกเลิก"), [CANCELLED_SINCE]),
        (replace(WAS, result="ประชุม ๒ ครั้ง"), [RESULT]),
        (replace(WAS, title="ชื่อใหม่"), [TITLE]),
        (replace(WAS, steps=WAS.steps[:1]), [STEPS]),
        # Evidence, reasons and obstacles are no part of the comparison.
        (
            replace(WAS, reason="รอสภา", obstacle="งบ", evidence=(PROOF,)),
            [],
        ),
    ],
)
def test_it_says_in_words_what_changed_of_a_measure(now: MeasureRow, words: list[str]) -> None:
    assert words_of(now) == [words]


def test_a_first_result_is_news() -> None:
    assert words_of(WAS, was=(replace(WAS, result=""),)) == [[NEW_RESULT]]


def test_what_was_added_and_what_is_gone_is_named_in_order() -> None:
    new = replace(WAS, id=9, title="มาตรการใหม่")
    made = changes_in(beside(new, WAS, was=(WAS, replace(WAS, id=2, title="มาตรการเก่า"))))
    assert made is not None
    assert [(change.title, change.words) for change in made.measures] == [
        ("มาตรการใหม่", ADDED),
        (WAS.title, "ไม่เปลี่ยนแปลง"),
        ("มาตรการเก่า", GONE),
    ]
    assert made.summary == "เพิ่มใหม่ 1 · นำออกจากแผน 1 · ไม่เปลี่ยนแปลง 1"


def test_measures_without_numbers_are_the_same_by_their_titles_and_each_has_one_other() -> None:
    row, same = replace(WAS, id=0), replace(WAS, id=0)
    assert [(was is not None, now is not None) for was, now in paired([row], [same, same])] == [
        (True, True),
        (False, True),
    ]


def test_a_report_that_stands_beside_none_says_nothing() -> None:
    assert changes_in(document(section(1, WAS), months=12)) is None
    assert as_earlier(document(section(1, WAS))) is None
    for name in ("pdf", "docx"):
        content = FORMATS[name].render(document(section(1, WAS), months=12)).content
        assert "การเปลี่ยนแปลงจากรอบ" not in text_of(name, content)


def text_of(name: str, content: bytes) -> str:
    if name == "pdf":
        return squeezed(mupdf(content))

    word = Document(io.BytesIO(content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return squeezed(" ".join([paragraph.text for paragraph in word.paragraphs] + cells))


@pytest.mark.parametrize("name", ["pdf", "docx"])
def test_paper_and_word_say_then_and_now(name: str) -> None:
    now = replace(WAS, status="done", status_label="ดำเนินการแล้วเสร็จ", result="ประชุม ๒ ครั้ง")
    text = text_of(name, FORMATS[name].render(beside(now, replace(WAS, id=2, title="อีกเรื่อง"))).content)
    for said in (
        "การเปลี่ยนแปลงจากรอบ ๖ เดือน",
        f"ฉบับที่ ๒ รหัส {MARK.code}",
        "สถานะรอบ ๑๒ เดือน",
        "ประชุม ๑ ครั้ง",
        "ประชุม ๒ ครั้ง",
        "ขั้นตอน ๑/๒",
        "ขั้นตอน ๒/๒",
    ):
        assert squeezed(said) in text


def test_csv_and_excel_have_what_was_beside_what_is_and_excel_what_is_gone() -> None:
    now = replace(WAS, status="done", status_label="ดำเนินการแล้วเสร็จ", result="ประชุม ๒ ครั้ง")
    made = beside(now, was=(WAS, replace(WAS, id=2, title="มาตรการเก่า")))
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"].render(made).content.decode("utf-8-sig"))))
    assert {(row["สถานะในรอบก่อน"], row["ผลการดำเนินงานในรอบก่อน"], row["สถานะ"]) for row in rows} == {
        ("อยู่ระหว่างดำเนินการ", "ประชุม ๑ ครั้ง", "ดำเนินการแล้วเสร็จ")
    }
    assert {(row["ขั้นตอนที่เสร็จในรอบก่อน"], row["ขั้นตอนทั้งหมดในรอบก่อน"]) for row in rows} == {("1", "2")}
    book = load_workbook(io.BytesIO(FORMATS["xlsx"].render(made).content))
    sheet = book["การเปลี่ยนแปลงจากรอบ 6 เดือน"]
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == [ROW.title, "มาตรการเก่า"]
    assert sheet.tables["Changes"].ref == "A1:K3"
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$1:$1")
    meanings = [row[0] for row in book["คำอธิบาย"].iter_rows(min_row=2, values_only=True)]
    assert meanings.count(sheet.title) == len(CHANGE_SHEET)
    alone = load_workbook(io.BytesIO(FORMATS["xlsx"].render(document()).content))
    assert sheet.title not in alone.sheetnames


# --- From the database ------------------------------------------------------------------------------


def approved_six(plan: Plan, people: dict[str, User]) -> Round:
    round_ = Round.objects.select_related("plan__agency").get(plan=plan, months=6)
    submission = submit(round_, people["officer"])
    approve(submission, people["executive"], ADDRESS, in_background=False)
    return round_


@pytest.fixture
def with_six(plan: Plan, people: dict[str, User]) -> Round:
    """A plan whose six-month report is approved and whose measure was reported on since."""
    measure = make_measure(plan, status=Status.IN_PROGRESS, result="ประชุม ๑ ครั้ง", obstacle=OBSTACLE)
    make_evidence(measure, PROOF_TITLE)
    approved_six(plan, people)
    measure.result = "ประชุม ๒ ครั้ง"
    measure.save()
    return Round.objects.select_related("plan__agency").get(plan=plan, months=12)


def assert_untold(content: bytes) -> None:
    """Neither evidence nor obstacle of the earlier report; both are longer than codes that chance makes."""
    assert OBSTACLE not in content.decode()
    assert PROOF_TITLE not in content.decode()


@pytest.mark.django_db
def test_the_edition_freezes_what_it_stands_beside(with_six: Round, people: dict[str, User]) -> None:
    submission = submit(with_six, people["officer"])
    edition = approve(submission, people["executive"], ADDRESS, in_background=False)
    frozen = document_of(edition)
    assert frozen.earlier is not None
    assert [row.result for row in frozen.earlier.measures] == ["ประชุม ๑ ครั้ง"]
    pdf = bytes(edition.files.get(format="pdf").content)
    assert squeezed("การเปลี่ยนแปลงจากรอบ ๖ เดือน") in squeezed(mupdf(pdf))
    # It holds no evidence and no obstacles of the earlier report, so that nothing of them can leak.
    assert_untold(to_json(replace(frozen, indicators=())))
    assert for_everybody(frozen) == frozen
    assert from_json(to_json(frozen)) == frozen


@pytest.mark.django_db
def test_a_six_month_report_stands_beside_none(with_six: Round) -> None:
    six = Round.objects.get(plan=with_six.plan, months=6)
    assert build_document(six).earlier is None
    Round.objects.filter(pk=six.pk).update(state=RoundState.OPEN)
    # Its last edition counts also while a correction of it is under way.
    assert build_document(with_six).earlier is not None


def test_personal_data_in_what_the_earlier_report_said_is_pointed_at() -> None:
    made = beside(replace(WAS, result="ประชุมแล้ว"), was=(replace(WAS, result="โทร 081-234-5678"),))
    (found,) = findings_in(made)
    assert (found.text, found.measure) == ("081-234-5678", 1)
    assert "รายงานรอบ 6 เดือน" in found.field


# --- What changed as a file -------------------------------------------------------------------------


def rows_in(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.django_db
def test_what_the_page_of_the_round_compares_is_a_file(with_six: Round, sign_in: SignIn) -> None:
    client = sign_in("officer")
    page = client.get(f"/reports/{YEAR}/12/?changes=1").content.decode()
    assert f"/reports/{YEAR}/12/changes.xlsx" in page
    (row,) = rows_in(client.get(f"/reports/{YEAR}/12/changes.csv").content)
    assert (row["รายการ"], row["เดิม"], row["ใหม่"]) == ("ผลการดำเนินงาน", "ประชุม ๑ ครั้ง", "ประชุม ๒ ครั้ง")
    assert "ฉบับที่ 1 รหัส" in row["ฉบับเดิม"]
    assert "ร่าง ณ" in row["ฉบับใหม่"]
    book = load_workbook(io.BytesIO(client.get(f"/reports/{YEAR}/12/changes.xlsx").content))
    assert [cell.value for cell in book.worksheets[0][2]] == list(row.values())
    assert client.get(f"/reports/{YEAR}/12/changes.pdf").status_code == 404
    assert client.get(f"/reports/{YEAR}/6/changes.csv").status_code == 404


@pytest.mark.django_db
def test_everybody_gets_it_of_two_published_reports_and_of_no_other(
    with_six: Round, people: dict[str, User], client: Client
) -> None:
    submission = submit(with_six, people["officer"])
    twelve = approve(submission, people["executive"], ADDRESS, in_background=False)
    publish(twelve, people["officer"])
    address = f"/public/here/{YEAR}/12/changes.csv"
    assert client.get(address).status_code == 404
    assert "changes.csv" not in client.get(f"/public/here/{YEAR}/12/").content.decode()
    publish(Round.objects.get(plan=with_six.plan, months=6).editions.get(), people["officer"])
    sent = client.get(address)
    assert [row["ใหม่"] for row in rows_in(sent.content)] == ["ประชุม ๒ ครั้ง"]
    assert_untold(sent.content)
    assert address in client.get(f"/public/here/{YEAR}/12/").content.decode()
