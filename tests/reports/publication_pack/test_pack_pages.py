"""The officer's way: make the papers of an edition, take them away, put an own template in place."""

import hashlib
import io
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings
from time_machine import TimeMachineFixture

from accounts.agency_settings.usage import usage_of
from accounts.models import Agency, User
from ledger.models import LogLine
from measures.models import Plan
from operations.verify.selectors import verify
from reports import triggers
from reports.models import Edition, EditionPaper, EditionWithdrawal, PaperTemplate, Round
from reports.publication_pack import services, views
from reports.publication_pack.papers import standard_template
from reports.renderers import RendererUnavailable
from tests.conftest import SignIn
from tests.support.factories import (
    YEAR,
    make_edition,
    make_measure,
    make_remaining_files,
)
from tests.support.html import read
from tests.support.word import lines, word

PAPERS = f"/reports/{YEAR}/6/editions/1/papers/"
TEMPLATES = "/reports/templates/"


@pytest.fixture
def edition(plan: Plan, february: None) -> Edition:
    make_measure(plan, status="done")
    edition = make_edition(Round.objects.select_related("plan__agency").get(plan=plan, months=6))
    make_remaining_files(edition)
    return edition


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a PDF says is asked elsewhere; it takes no time here."""
    monkeypatch.setattr(services, "paper_pdf", lambda kind, *_: f"%PDF-{kind}".encode())


@pytest.fixture
def officer(sign_in: SignIn, edition: Edition, quick: None, looked_at_here: None) -> Client:
    """That an own template is filled in a process of its own is asked elsewhere."""
    return sign_in("officer")


def sent(client: Client, kind: str, data: bytes, version: int = 0, name: str = "บันทึก.docx") -> Any:
    form = {"paper": kind, f"{kind}-version": version, f"{kind}-file": SimpleUploadedFile(name, data)}
    return client.post(TEMPLATES, form)


def text(response: Any) -> str:
    return read(response.content.decode().removeprefix("<!doctype html>")).one("main").text


def kept() -> list[tuple[int, str, str]]:
    return list(EditionPaper.objects.order_by("id").values_list("version", "kind", "format"))


# --- Making and taking away -------------------------------------------------------------------------


def test_an_approved_round_leads_to_its_papers_and_only_for_the_officer(
    officer: Client, sign_in: SignIn
) -> None:
    page = f"/reports/{YEAR}/6/"
    assert f'href="{PAPERS}"' in officer.get(page).content.decode()
    for role in ("staff", "executive"):
        assert PAPERS not in sign_in(role).get(page).content.decode()


def test_the_papers_are_made_once_and_handed_out_byte_for_byte(officer: Client, edition: Edition) -> None:
    assert "จัดทำเอกสาร" in text(officer.get(PAPERS))
    assert officer.post(PAPERS).status_code == 302
    assert kept() == [(1, "memo", "docx"), (1, "memo", "pdf"), (1, "form", "docx"), (1, "form", "pdf")]
    for paper in EditionPaper.objects.all():
        response = officer.get(f"{PAPERS}1/{paper.kind}.{paper.format}")
        assert response.content == bytes(paper.content)
        assert hashlib.sha256(response.content).hexdigest() == paper.sha256
        assert response["Cache-Control"] == "private, no-cache"
        again = officer.get(
            f"{PAPERS}1/{paper.kind}.{paper.format}", headers={"If-None-Match": response["ETag"]}
        )
        assert again.status_code == 304
    memo = officer.get(f"{PAPERS}1/memo.docx").content
    assert any(edition.code in line for line in lines(memo))
    shown = text(officer.get(PAPERS))
    assert "ชุดล่าสุด (ครั้งที่ 1)" in shown
    assert "บันทึกข้อความ (PDF)" in shown


def test_the_pages_ask_the_database_as_little_as_others_do(
    officer: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    officer.post(PAPERS)
    for page in (PAPERS, TEMPLATES):
        officer.get(page)
        with django_assert_max_num_queries(12):
            officer.get(page)


def test_made_again_only_what_changed_is_kept_and_the_old_stays(
    officer: Client, sign_in: SignIn, time_machine: TimeMachineFixture
) -> None:
    officer.post(PAPERS)
    assert views.UNCHANGED in text(officer.post(PAPERS, follow=True))
    assert len(kept()) == 4
    before = bytes(EditionPaper.objects.get(kind="memo", format="docx").content)
    time_machine.shift(86_400)
    officer = sign_in("officer")
    officer.post(PAPERS)
    assert [version for version, _, _ in kept()] == [1] * 4 + [2] * 4
    assert officer.get(f"{PAPERS}1/memo.docx").content == before
    assert officer.get(f"{PAPERS}2/memo.docx").content != before
    assert "ชุดก่อน (ครั้งที่ 1)" in text(officer.get(PAPERS))


def test_the_zip_holds_papers_and_report_and_is_the_same_each_time(officer: Client, edition: Edition) -> None:
    assert officer.get(f"{PAPERS}pack.zip").status_code == 409
    officer.post(PAPERS)
    response = officer.get(f"{PAPERS}pack.zip")
    assert response["Content-Type"] == "application/zip"
    with ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "1 บันทึกข้อความ.docx",
            "1 บันทึกข้อความ.pdf",
            "2 แบบฟอร์มการเผยแพร่ข้อมูล.docx",
            "2 แบบฟอร์มการเผยแพร่ข้อมูล.pdf",
            "3 รายงาน.pdf",
            "3 รายงาน.docx",
        ]
        stored = edition.files.get(format="docx").content
        assert archive.read("3 รายงาน.docx") == bytes(stored)
    assert officer.get(f"{PAPERS}pack.zip").content == response.content


def test_without_the_reports_files_there_is_no_zip_and_the_page_says_why(
    sign_in: SignIn, plan: Plan, quick: None
) -> None:
    make_measure(plan)
    make_edition(Round.objects.select_related("plan__agency").get(plan=plan, months=6))
    officer = sign_in("officer")
    officer.post(PAPERS)
    assert "ดาวน์โหลดทั้งชุดได้เมื่อไฟล์รายงานทำครบ" in text(officer.get(PAPERS))
    response = officer.get(f"{PAPERS}pack.zip")
    assert response.status_code == 409
    assert views.NO_REPORT in text(response)


def test_of_a_withdrawn_edition_nothing_new_is_made(officer: Client, edition: Edition) -> None:
    officer.post(PAPERS)
    EditionWithdrawal.objects.create(
        edition=edition, replaced_by=make_edition(edition.round, revision=2, published=False)
    )
    assert officer.post(PAPERS).status_code == 409
    assert officer.get(f"{PAPERS}pack.zip").status_code == 409
    assert views.WITHDRAWN in text(officer.get(f"{PAPERS}pack.zip"))
    assert officer.get(f"{PAPERS}1/memo.docx").status_code == 200
    assert len(kept()) == 4


def test_where_no_pdf_can_be_made_nothing_is_kept(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(*_: object) -> bytes:
        raise RendererUnavailable("ไม่พบ Pango")

    monkeypatch.setattr(services, "paper_pdf", cannot)
    response = officer.post(PAPERS)
    assert response.status_code == 503
    assert "ไม่พบ Pango" in text(response)
    assert kept() == []


@pytest.mark.usefixtures("officer")
def test_the_papers_are_the_officers_alone(sign_in: SignIn) -> None:
    sign_in("officer").post(PAPERS)
    addresses = [PAPERS, f"{PAPERS}pack.zip", f"{PAPERS}1/memo.pdf", TEMPLATES, f"{TEMPLATES}memo.docx"]
    for role in ("staff", "executive"):
        client = sign_in(role)
        assert [client.get(address).status_code for address in addresses] == [403] * 5
    client = sign_in("stranger")
    assert [client.get(address).status_code for address in addresses[:3]] == [404] * 3
    assert client.post(PAPERS).status_code == 404
    nobody = Client()
    assert [nobody.get(address).status_code for address in addresses] == [302] * 5


def test_there_is_nothing_under_other_names(officer: Client) -> None:
    officer.post(PAPERS)
    for name in ("2/memo.pdf", "1/letter.pdf", "1/memo.xlsx", "0/memo.docx"):
        assert officer.get(f"{PAPERS}{name}").status_code == 404
    assert officer.get(f"{TEMPLATES}letter.docx").status_code == 404
    assert officer.get(PAPERS.replace("editions/1", "editions/7")).status_code == 404


# --- Kept and provable ------------------------------------------------------------------------------


def misfits() -> list[str]:
    return [str(each) for each in verify().misfits if "memo-" in each.where or "form-" in each.where]


def test_papers_have_their_line_in_the_log_and_verify_compares_them(officer: Client) -> None:
    officer.post(PAPERS)
    assert misfits() == []
    paper = EditionPaper.objects.get(kind="memo", format="docx")
    # PostgreSQL changes no table of which a check still waits for the end.
    connection.check_constraints()
    triggers.release_papers(connection)
    EditionPaper.objects.filter(pk=paper.pk).update(content=b"other")
    assert len(misfits()) == 1
    EditionPaper.objects.filter(pk=paper.pk).update(sha256=hashlib.sha256(b"other").hexdigest())
    assert len(misfits()) == 1
    EditionPaper.objects.filter(pk=paper.pk).delete()
    gone = [each for each in verify().misfits if "ไม่พบแถว" in each.said]
    assert [each.where for each in gone] == [f"file_stored edition:{paper.edition_id}"]
    connection.check_constraints()
    triggers.protect_papers(connection)


def test_the_hash_of_a_paper_is_not_to_be_read_in_the_log(officer: Client) -> None:
    officer.post(PAPERS)
    paper = EditionPaper.objects.get(kind="memo", format="pdf")
    line = LogLine.objects.get(text__contains="memo-1.pdf")
    assert line.subject == f"edition:{paper.edition_id}"
    assert paper.sha256 not in line.text


def test_the_database_refuses_to_change_or_delete_them(officer: Client) -> None:
    officer.post(PAPERS)
    sent(officer, "memo", standard_template("memo"))
    for rows in (EditionPaper.objects.all(), PaperTemplate.objects.all()):
        with pytest.raises(DatabaseError, match=triggers.PAPERS_SAID), transaction.atomic():
            rows.update(content=b"x")
        with pytest.raises(DatabaseError, match=triggers.PAPERS_SAID), transaction.atomic():
            rows.delete()


def test_every_key_of_papers_is_guarded() -> None:
    for model in (EditionPaper, PaperTemplate):
        columns = {field.name: str(field.column) for field in model._meta.concrete_fields}
        keys = {("id",)} | {
            tuple(columns[name] for name in each.fields) for each in model._meta.total_unique_constraints
        }
        assert {tuple(key) for key in triggers.PAPER_KEYS[model._meta.db_table]} == keys


# --- Own templates ----------------------------------------------------------------------------------


def test_an_own_template_is_used_from_then_on_as_word_alone(
    officer: Client, edition: Edition, agency: Agency
) -> None:
    officer.post(PAPERS)
    data = word("บันทึกของเรา {{ ชื่อหน่วยงาน }} {{ รหัสฉบับ }}")
    assert sent(officer, "memo", data).status_code == 302
    assert "ใช้แม่แบบของหน่วยงาน: บันทึก.docx" in text(officer.get(TEMPLATES))
    assert officer.get(f"{TEMPLATES}memo.docx?of=own").content == data
    assert "จึงได้เฉพาะ Word" in text(officer.get(PAPERS))
    officer.post(PAPERS)
    assert kept()[4:] == [(2, "memo", "docx"), (2, "form", "docx"), (2, "form", "pdf")]
    assert lines(officer.get(f"{PAPERS}2/memo.docx").content) == [f"บันทึกของเรา {agency.name} {edition.code}"]
    # What was kept before does not change, and knows no template.
    first, second = EditionPaper.objects.filter(kind="memo", format="docx").order_by("version")
    assert first.template is None
    assert second.template == PaperTemplate.objects.get()
    assert officer.post(TEMPLATES, {"paper": "memo", "memo-version": 1, "memo-back": "1"}).status_code == 302
    assert "ใช้แม่แบบของหน่วยงาน:" not in text(officer.get(TEMPLATES))
    assert officer.get(f"{TEMPLATES}memo.docx?of=own").status_code == 404


def test_a_refused_template_is_not_kept_and_the_page_names_the_field(officer: Client) -> None:
    response = sent(officer, "form", word("{{ ชื่อหน่วยงาม }}"))
    assert response.status_code == 422
    shown = text(response)
    assert "“ชื่อหน่วยงาม”" in shown
    assert "อาจหมายถึง “ชื่อหน่วยงาน”" in shown
    assert sent(officer, "form", b"").status_code == 422
    assert sent(officer, "form", b"%PDF-1.7").status_code == 422
    assert "กรุณาเลือกไฟล์แม่แบบ" in text(officer.post(TEMPLATES, {"paper": "form", "form-version": 0}))
    assert not PaperTemplate.objects.exists()


def test_a_template_that_somebody_else_has_changed_is_not_overwritten(officer: Client) -> None:
    data = standard_template("memo")
    assert sent(officer, "memo", data).status_code == 302
    response = sent(officer, "memo", data)
    assert response.status_code == 409
    assert "มีผู้อื่นเปลี่ยนแม่แบบนี้ไปก่อนแล้ว" in text(response)
    assert PaperTemplate.objects.count() == 1


def test_the_page_has_every_field_with_an_example_and_files_to_take_away(officer: Client) -> None:
    shown = text(officer.get(TEMPLATES))
    assert "{{ ตำแหน่งหัวหน้าหน่วยงาน }}" in shown
    assert "{%p if เหตุผลที่แก้ไข %}" in shown
    assert officer.get(f"{TEMPLATES}memo.docx").content == standard_template("memo")
    filled = lines(officer.get(f"{TEMPLATES}form.docx?filled=1").content)
    assert any("AB12-CD34" in line for line in filled)
    assert not any("{" in line for line in filled)


def test_a_template_that_fits_no_more_is_said_when_papers_are_made(
    officer: Client, people: dict[str, User], agency: Agency
) -> None:
    """As where a later version of the system knows a field no more."""
    services.choose_template(agency, "memo", 0, people["officer"], "เก่า.docx", word("{{ ช่องเก่า }}"))
    response = officer.post(PAPERS)
    assert response.status_code == 422
    assert "“ช่องเก่า”" in text(response)
    assert kept() == []
    shown = officer.get(f"{TEMPLATES}memo.docx?of=own&filled=1")
    assert shown.status_code == 422
    assert "“ช่องเก่า”" in text(shown)


def test_papers_and_templates_count_as_room_and_going_back_to_the_system_s_is_always_possible(
    officer: Client, agency: Agency, settings: Settings
) -> None:
    before = usage_of(agency).used
    template = standard_template("memo")
    assert sent(officer, "memo", template).status_code == 302
    assert usage_of(agency).used == before + len(template)
    assert officer.post(PAPERS).status_code == 302
    papers = sum(len(content) for content in EditionPaper.objects.values_list("content", flat=True))
    assert usage_of(agency).used == before + len(template) + papers > before + len(template)
    settings.AGENCY_QUOTA = usage_of(agency).used
    refused = sent(officer, "form", standard_template("form"))
    assert (refused.status_code, "เกินพื้นที่ที่กำหนดไว้" in text(refused)) == (422, True)
    assert PaperTemplate.objects.count() == 1
    back = {"paper": "memo", "memo-version": "1", "memo-back": "1"}
    assert officer.post(TEMPLATES, back).status_code == 302
    many = len(kept())
    refused = officer.post(PAPERS)
    assert (refused.status_code, "เกินพื้นที่ที่กำหนดไว้" in text(refused)) == (422, True)
    assert len(kept()) == many


def test_the_agency_page_leads_to_the_templates(officer: Client) -> None:
    assert f'href="{TEMPLATES}"' in officer.get(reverse("agency")).content.decode()
