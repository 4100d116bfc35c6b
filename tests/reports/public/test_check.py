"""Whether a file, or the code on a paper, is of a published report: any revision, for everybody."""

from typing import Final
from urllib.parse import urlsplit

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from measures.models import Measure, Plan
from reports.models import Edition, Round
from reports.public import check_views
from reports.public.checking import printed_code
from reports.renderers import FORMATS
from reports.rounds.selectors import document_of
from reports.rounds.services import approve, publish, reopen, submit, unpublish
from tests.support.factories import make_evidence, make_measure
from tests.support.html import Element, read

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("february", "nothing_written", "looked_at_here"),
]

CHECK: Final = "/public/check/"
PAGE: Final = "/public/here/2566/6/"


@pytest.fixture
def reader() -> Client:
    """Somebody without an account."""
    return Client()


@pytest.fixture
def round_(plan: Plan) -> Round:
    return plan.rounds.select_related("plan__agency").get(months=6)


@pytest.fixture
def edition(round_: Round, plan: Plan, people: dict[str, User]) -> Edition:
    """An approved edition that is not published."""
    make_measure(plan, "ประกาศนโยบาย", status="in_progress", result="ประกาศแล้ว")
    return approved(round_, people)


@pytest.fixture
def published(edition: Edition, people: dict[str, User]) -> Edition:
    publish(edition, people["officer"])
    return edition


def approved(round_: Round, people: dict[str, User]) -> Edition:
    return approve(submit(round_, people["officer"]), people["executive"], f"https://ita.example.go.th{PAGE}")


def corrected(round_: Round, people: dict[str, User]) -> Edition:
    reopen(round_, "แก้ตัวเลข")
    return approved(round_, people)


def content(edition: Edition, name: str = "pdf") -> bytes:
    return bytes(edition.files.get(format=name).content)


def by_file(reader: Client, sent: bytes) -> Element:
    response = reader.post(CHECK, {"file": SimpleUploadedFile("x.bin", sent)})
    assert response.status_code == 200
    return read(response).one("main")


def by_code(reader: Client, code: str, status: int = 200) -> Element:
    response = reader.get(CHECK, {"code": code})
    assert response.status_code == status
    return read(response).one("main")


def test_each_file_of_an_edition_is_told_from_any_other(published: Edition, reader: Client) -> None:
    for name, report_format in FORMATS.items():
        page = by_file(reader, content(published, name))
        assert "ตรงกับที่หน่วยงานเผยแพร่ทุกไบต์" in page.one("div", role="status").text
        facts = {
            line.one("dt").text: line.one("dd").text for line in page.one("dl", "check-facts").all("div")
        }
        assert facts["ไฟล์"] == report_format.label
        assert facts["รายงาน"] == "ปีงบประมาณ พ.ศ. 2566 รอบ 6 เดือน"
        assert facts["ฉบับ"] == f"ฉบับที่ 1 รหัส {published.code}"
        assert published.approved_by in facts["อนุมัติ"]
    page = by_file(reader, content(published) + b"\n")
    assert "ไม่ตรงกับไฟล์ใดที่เผยแพร่" in page.one("div", role="alert").text
    assert not page.all("dl", "check-facts")


def test_a_code_is_taken_however_it_was_copied(published: Edition, reader: Client) -> None:
    code = published.code
    thai = code.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    for typed in (
        code,
        code.lower(),
        code.replace("-", ""),
        f"  {code}  ",
        " ".join(code.replace("-", "")),
        f"รหัส {code}",
        f"ฉบับที่ 1 รหัส {code}",
        f"ฉบับที่ ๑ รหัส {thai}",
        f"{code} ฉบับที่ ๑",
        f"{code}-1",
        f"{code}/๑",
        f"{code} r1",
        code.replace("-", "–"),
    ):
        page = by_code(reader, typed)
        assert "รหัสนี้เป็นของฉบับที่หน่วยงานเผยแพร่" in page.one("div", role="status").text, typed
        assert page.one("h2", id="checked").text == "องค์การบริหารส่วนตำบล here"
        assert f"{PAGE}1/" in [link["href"] for link in page.all("a")]
        assert not page.all("div", "conflict")


def test_another_revision_than_the_code_s_own_is_pointed_out(published: Edition, reader: Client) -> None:
    page = by_code(reader, f"{published.code} ฉบับที่ 2")
    assert page.one("div", "conflict").text == "รหัสนี้เป็นของฉบับที่ 1 ไม่ใช่ฉบับที่ 2 ตามที่ใส่มา"


@pytest.mark.parametrize(
    "typed", ["7KQF", "7KQF-29X0", "7KQF-29XM-12345", "กขคง", "'; --", "7KQF29XM7KQF29XM"]
)
def test_what_is_no_code_is_asked_for_again(reader: Client, typed: str) -> None:
    page = by_code(reader, typed, status=422)
    assert "รหัสฉบับมีตัวอักษรและตัวเลขรวม 8 ตัว" in page.one("div", "errors").text
    assert page.one("input", name="code").value == typed


def test_a_code_that_nobody_has_is_not_found(published: Edition, reader: Client) -> None:
    other = "2222-2222" if published.code != "2222-2222" else "3333-3333"
    assert "ไม่พบรหัสนี้ในฉบับที่เผยแพร่" in by_code(reader, other, status=404).one("div", role="alert").text


def test_of_what_nobody_has_published_nothing_is_told(
    edition: Edition, round_: Round, people: dict[str, User], reader: Client
) -> None:
    nobodys = by_code(reader, "2222-2222", status=404).one("div", role="alert").text
    assert by_code(reader, edition.code, status=404).one("div", role="alert").text == nobodys
    assert "ไม่ตรงกับไฟล์ใด" in by_file(reader, content(edition)).text
    # Published and hidden again: as before.
    publish(edition, people["officer"])
    unpublish(round_)
    assert by_code(reader, edition.code, status=404).one("div", role="alert").text == nobodys
    assert "ไม่ตรงกับไฟล์ใด" in by_file(reader, content(edition)).text


def test_an_old_revision_is_known_and_leads_to_the_new_one(
    published: Edition, round_: Round, people: dict[str, User], reader: Client
) -> None:
    second = corrected(round_, people)
    # What nobody has published is not told of, not even that it exists.
    assert "มีฉบับใหม่กว่า" not in by_code(reader, published.code).text
    publish(second, people["officer"])
    for page in (by_code(reader, published.code), by_file(reader, content(published))):
        note = page.one("div", "note")
        assert note.text == "มีฉบับใหม่กว่าแล้ว ดูฉบับที่ 2"
        assert note.one("a")["href"] == PAGE
        assert f"{PAGE}1/" in [link["href"] for link in page.all("a")]
    assert not by_code(reader, second.code).all("div", "note")


def test_what_a_correction_has_withdrawn_is_still_known_and_said(
    round_: Round, plan: Plan, people: dict[str, User], reader: Client
) -> None:
    proof = make_evidence(make_measure(plan, "ประกาศ", status="in_progress", result="แล้ว"), "ประกาศ")
    Measure.objects.get().evidence.update(public=True)
    first = approved(round_, people)
    publish(first, people["officer"])
    Measure.objects.get().evidence.filter(pk=proof.pk).update(public=False)
    publish(corrected(round_, people), people["officer"])
    for page in (by_code(reader, first.code), by_file(reader, content(first))):
        assert "ฉบับนี้ถูกถอนแล้วเมื่อ" in page.one("div", "conflict").text
        assert "แก้ตัวเลข" in page.one("div", "conflict").text
    unpublish(round_)
    assert "หยุดเผยแพร่รายงานรอบนี้แล้ว" in by_code(reader, first.code).text


def test_no_file_and_an_empty_one_are_asked_for_again(reader: Client) -> None:
    for nothing in ({}, {"file": SimpleUploadedFile("x.pdf", b"")}):
        refused = reader.post(CHECK, nothing)
        assert refused.status_code == 422
        assert "กรุณาเลือกไฟล์ที่ไม่ว่าง" in refused.content.decode()


def test_a_check_asks_little_and_leaves_nothing(published: Edition, reader: Client) -> None:
    pdf = content(published)
    with CaptureQueriesContext(connection) as queries:
        by_code(reader, published.code)
    assert len(queries) == 2
    with CaptureQueriesContext(connection) as more:
        by_file(reader, pdf)
    assert len(more) == 2
    assert all(query["sql"].startswith("SELECT") for query in [*queries, *more])
    answer = reader.get(CHECK, {"code": published.code})
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert len(answer.content) <= 30_000


def test_whoever_asks_too_often_waits(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_views, "MAX_CHECKS", 3)
    assert [reader.get(CHECK, {"code": "x"}).status_code for _ in range(4)] == [422, 422, 422, 429]
    late = reader.post(CHECK, {})
    assert (late.status_code, late["Retry-After"]) == (429, "60")
    # Reading the page is no check, and somebody else is not held up.
    assert reader.get(CHECK).status_code == 200
    assert reader.get(CHECK, {"code": "x"}, REMOTE_ADDR="192.0.2.9").status_code == 422
    caches["counts"].clear()
    assert reader.get(CHECK, {"code": "x"}).status_code == 422


def test_the_printed_address_is_that_of_the_revision_also_of_an_old_one(
    published: Edition, round_: Round, people: dict[str, User], reader: Client
) -> None:
    second = corrected(round_, people)
    publish(second, people["officer"])
    for edition in (published, second):
        mark = document_of(edition).edition
        assert mark is not None
        assert mark.address == f"https://ita.example.go.th{PAGE}{edition.revision}/"
        page = read(reader.get(urlsplit(mark.address).path)).one("section", "approval")
        assert f"ฉบับที่ {edition.revision}" in page.text
        assert edition.code in page.text


def test_every_public_page_leads_to_the_check(published: Edition, reader: Client) -> None:
    for path in (PAGE, f"{PAGE}1/", reverse("public"), "/public/here/", "/public/nobody/"):
        page = read(reader.get(path))
        assert CHECK in [link["href"] for link in page.all("a")], path
    form = next(form for form in read(reader.get(PAGE)).all("form") if form["action"] == CHECK)
    assert (form["method"], form["enctype"]) == ("post", "multipart/form-data")


def test_every_code_that_is_made_is_read_back() -> None:
    for code in ("7KQF-29XM", "RRRR-RRRR", "2345-6789", "ABRE-VR22"):
        for typed in (code, f"{code} r3", f"{code}/3", f"ฉบับที่ 3 รหัส {code}"):
            found = printed_code(typed)
            assert found is not None
            assert found.code == code
            assert found.revision == (None if typed == code else 3)
