"""Of evidence that nobody ticked as public nothing leaves the agency but its number, its day and its hash."""

import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any, Final
from zipfile import ZipFile

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given

from accounts.models import User
from measures.evidence.hiding import hide, show_again
from measures.measure_page.history import recent_changes
from measures.models import Evidence, EvidenceHiding, Measure, Plan
from reports.document.builder import build_document
from reports.document.facts import EditionMark, EvidenceLine, ReportDocument
from reports.document.redaction import for_everybody, private_lines
from reports.document.serialization import from_json, to_dict
from reports.models import Edition, EditionFile, EditionWithdrawal, Publication, Round, RoundState
from reports.renderers import FORMATS
from reports.rounds import edition_files
from reports.rounds.comparison import differences
from reports.rounds.exposure import REASON
from reports.rounds.selectors import document_of
from reports.rounds.services import approve, give_back, publish, reopen, submit, unpublish
from tests.conftest import SignIn
from tests.reports.document.test_serialization import DOCUMENTS
from tests.support.factories import YEAR, make_evidence, make_evidence_file, make_measure
from tests.support.html import read
from tests.support.papers import ROW, document, section, squeezed
from tests.support.readers import mupdf

CHECK: Final = "/public/check/"
PAGE: Final = "/public/here/2566/6/"
ADDRESS: Final = f"https://ita.example.go.th{PAGE}"
# Nothing of a private piece of evidence that leaves the agency has any of these in it.
TITLE, PLACE, NAME = "QZTITLE7", "QZPLACE7", "QZNAME7"
MARKERS: Final = (TITLE, PLACE, NAME)
KEPT: Final = "เก็บไว้ที่หน่วยงาน"
STAYS: Final = "จะไม่เผยแพร่"
DIGEST: Final = hashlib.sha256(b"private").hexdigest()


def everything_in(name: str, content: bytes) -> str:
    """All text of a file, whatever it is packed in: of a PDF the pages, every stream and every attachment."""
    if name in ("docx", "xlsx"):
        with ZipFile(io.BytesIO(content)) as package:
            parts = [package.read(part).decode("utf-8", "replace") for part in package.namelist()]
        # A workbook has Thai letters by their number.
        return unescape("\n".join(parts))
    if name == "pdf":
        return "\n".join(_of_pdf(content))
    return content.decode("utf-8-sig")


def _of_pdf(content: bytes) -> Iterator[str]:
    # Words that are broken over lines in one piece.
    yield squeezed(mupdf(content))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for thing in pdf.objects:
            yield repr(thing)
            if isinstance(thing, pikepdf.Stream):
                yield thing.read_bytes().decode("utf-8", "replace")


def told(text: str) -> list[str]:
    """The markers that are in a text."""
    return [marker for marker in MARKERS if marker in text]


# --- The files --------------------------------------------------------------------------------------

PROVED: Final = document(
    section(
        1,
        replace(
            ROW,
            evidence=(
                EvidenceLine(1, "ประกาศ", "https://example.com/open", date(2023, 1, 9), 11, public=True),
                EvidenceLine(2, f"บันทึก{TITLE}", f"https://{PLACE}.example.com/", date(2023, 1, 10), 12),
                EvidenceLine(3, f"คำสั่ง{TITLE}", "", date(2023, 1, 11), 13, sha256=DIGEST),
            ),
        ),
    )
)
MARK: Final = EditionMark(1, "ABCD-2345", ADDRESS, "นายก", "", date(2023, 4, 1), "")


@pytest.fixture(scope="module")
def drafts() -> dict[str, str]:
    """Everything in the files of a draft, by format."""
    return {name: everything_in(name, each.render(PROVED).content) for name, each in FORMATS.items()}


@pytest.fixture(scope="module")
def editions() -> dict[str, str]:
    """Everything in the files of the edition that is made of it, by format."""
    made = for_everybody(replace(PROVED, edition=MARK))
    return {name: everything_in(name, each.render(made).content) for name, each in FORMATS.items()}


@pytest.mark.parametrize("name", FORMATS)
def test_a_draft_tells_all_and_says_what_will_not_leave(drafts: dict[str, str], name: str) -> None:
    assert told(drafts[name]) == [TITLE, PLACE]
    assert DIGEST in drafts[name]
    # JSON says it as a program reads it.
    assert (STAYS if name != "json" else '"public":false') in drafts[name]


@pytest.mark.parametrize("name", FORMATS)
def test_an_edition_tells_number_day_and_hash_alone(editions: dict[str, str], name: str) -> None:
    text = editions[name]
    assert told(text) == []
    assert STAYS not in text
    assert "https://example.com/open" in text
    assert DIGEST in text
    if name != "json":
        assert KEPT in text


def test_what_is_kept_has_its_number_and_its_day(editions: dict[str, str]) -> None:
    assert f"2023-01-10 ลำดับที่ 2 {KEPT}" in editions["csv"]
    assert f"2023-01-11 ลำดับที่ 3 {KEPT} SHA-256 {DIGEST}" in editions["xlsx"]
    assert f"๒{KEPT}๑๐ม.ค.๒๕๖๖–๓{KEPT}๑๑ม.ค.๒๕๖๖SHA-256{DIGEST}" in editions["pdf"]
    (line,) = [line for line in from_json(editions["json"].encode()).evidence if line.number == 3]
    assert line == EvidenceLine(3, "", "", date(2023, 1, 11), 0, public=False, sha256=DIGEST)


@given(DOCUMENTS)
def test_of_any_document_only_public_evidence_is_told(made: ReportDocument) -> None:
    leaving = for_everybody(made)
    assert private_lines(leaving) == []
    assert for_everybody(leaving) == leaving
    assert [line.number for line in leaving.evidence] == [line.number for line in made.evidence]
    for before, after in zip(made.evidence, leaving.evidence, strict=True):
        if before.public:
            assert after == before
        else:
            assert (after.title, after.address, after.id) == ("", "", 0)
            assert (after.effective_on, after.sha256) == (before.effective_on, before.sha256)


# --- From the measure to the reader -----------------------------------------------------------------


@pytest.fixture
def reader() -> Client:
    """Somebody without an account."""
    return Client()


@pytest.fixture
def round_(plan: Plan, february: None) -> Round:
    return fresh(plan.rounds.get(months=6))


def fresh(reporting_round: Round) -> Round:
    return Round.objects.select_related("plan__agency").with_decisions().get(pk=reporting_round.pk)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Editions of which only the data are made: nothing is laid out."""
    data = {name: FORMATS[name] for name in ("csv", "json")}
    monkeypatch.setattr(edition_files, "FORMATS", data)


@pytest.fixture
def told_measure(plan: Plan) -> Measure:
    """A measure on which nothing is missing."""
    return make_measure(plan, "ประกาศนโยบาย", status="in_progress", result="ประกาศแล้ว")


@pytest.fixture
def proofs(told_measure: Measure) -> dict[str, Evidence]:
    """A public address and a public file, a private address and a private file."""
    secret = make_evidence(told_measure, f"บันทึก{TITLE}")
    secret.address = f"https://{PLACE}.example.com/"
    secret.save()
    file = make_evidence_file(told_measure, b"%PDF-1.7 private")
    file.title, file.file_name = f"คำสั่ง{TITLE}", f"{NAME}.pdf"
    file.save()
    open_address = make_evidence(told_measure, "ประกาศ")
    open_file = make_evidence_file(told_measure, b"%PDF-1.7 public")
    open_file.title = "แผนงาน"
    for proof in (open_address, open_file):
        proof.public = True
        proof.save()
    return {"address": open_address, "file": open_file, "private": secret, "private file": file}


Proofs = dict[str, Evidence]
People = dict[str, User]


def approved(round_: Round, people: People) -> Edition:
    return approve(submit(fresh(round_), people["officer"]), people["executive"], ADDRESS)


def published(round_: Round, people: People) -> Edition:
    edition = approved(round_, people)
    publish(edition, people["officer"])
    return edition


def file_address(proof: Evidence) -> str:
    return reverse("public_evidence", args=["here", proof.pk])


@pytest.mark.django_db
def test_no_public_address_tells_anything_of_private_evidence(
    round_: Round, proofs: Proofs, people: People, reader: Client
) -> None:
    edition = published(round_, people)
    assert told(edition.document) == []
    for stored in edition.files.all():
        assert told(everything_in(stored.format, bytes(stored.content))) == []
    addresses = [reverse(name) for name in ("public", "public_feed", "data_dictionary", "sitemap")]
    addresses += [reverse(name, args=["here"]) for name in ("public_agency", "public_agency_feed")]
    for place in (PAGE, f"{PAGE}1/"):
        addresses.append(place)
        addresses += [f"{place}report.{name}" for name in FORMATS]
    for path in addresses:
        response = reader.get(path)
        assert response.status_code == 200
        assert told(everything_in(path.rpartition("report.")[2], response.content)) == [], path
    page = read(reader.get(PAGE)).text
    assert page.count(KEPT) == 2
    assert proofs["private file"].sha256 in page
    answer = reader.post(CHECK, {"file": SimpleUploadedFile(f"{NAME}.pdf", b"x")})
    assert told(answer.content.decode()) == []


@pytest.mark.django_db
def test_the_agency_sees_all_and_what_of_it_would_leave(
    sign_in: SignIn, round_: Round, proofs: Proofs, people: People
) -> None:
    page, leaving = reverse("report", args=[YEAR, 6]), "?public=1"
    for state in ("open", "submitted"):
        if state == "submitted":
            submit(round_, people["officer"])
        for role in ("officer", "executive", "staff"):
            shown = sign_in(role).get(page).content.decode()
            assert (TITLE in shown, PLACE in shown) == (True, True)
            assert shown.count(f'<p class="paper-stays">{STAYS}</p>') == 2
            would_leave = sign_in(role).get(page + leaving).content.decode()
            assert told(would_leave) == []
            assert would_leave.count(KEPT) >= 2
            assert "ดูฉบับภายในที่มีหลักฐานครบทุกรายการ" in would_leave


@pytest.mark.django_db
def test_whoever_approves_sees_the_annex_that_will_be_published(
    sign_in: SignIn, round_: Round, proofs: Proofs, people: People
) -> None:
    submit(round_, people["officer"])
    page = read(sign_in("executive").get(reverse("report", args=[YEAR, 6])))
    (part,) = page.all("section", class_="leaving")
    rows = [[cell.text for cell in row.all("td")] for row in part.one("tbody").all("tr")]
    assert [row[:2] for row in rows] == [["1", KEPT], ["2", KEPT], ["3", "ประกาศ"], ["4", "แผนงาน"]]
    assert told(part.text) == []
    assert proofs["private file"].sha256 in part.text


# --- Which evidence is public is frozen when the report is submitted ---------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
def test_what_is_ticked_later_is_for_the_next_report(
    round_: Round, proofs: Proofs, people: People, reader: Client
) -> None:
    submission = submit(round_, people["officer"])
    Evidence.objects.update(public=True)
    edition = approve(submission, people["executive"], ADDRESS)
    publish(edition, people["officer"])
    assert told(edition.document) == []
    assert told(reader.get(PAGE).content.decode()) == []
    assert reader.get(file_address(proofs["private file"])).status_code == 404
    assert reader.get(file_address(proofs["file"])).status_code == 200
    # The next report names it, and only then.
    reopen(fresh(round_), "เผยแพร่เพิ่ม")
    publish(approved(round_, people), people["officer"])
    assert reader.get(file_address(proofs["private file"])).content == b"%PDF-1.7 private"


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
def test_what_is_hidden_later_changes_no_byte_of_the_edition(
    round_: Round, proofs: Proofs, people: People
) -> None:
    edition = published(round_, people)
    before = [edition.document, *(bytes(file.content) for file in edition.files.order_by("pk"))]
    for proof in (proofs["address"], proofs["file"]):
        assert hide(proof, people["officer"], "มีข้อมูลส่วนบุคคล")
    stored = Edition.objects.get()
    assert [stored.document, *(bytes(file.content) for file in stored.files.order_by("pk"))] == before


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
def test_a_public_file_answers_only_while_a_published_edition_names_it(
    sign_in: SignIn, round_: Round, proofs: Proofs, people: People, reader: Client
) -> None:
    path = file_address(proofs["file"])

    def answers() -> int:
        assert sign_in("staff").get(reverse("evidence_file", args=[proofs["file"].pk])).status_code == 200
        return reader.get(path).status_code

    assert answers() == 404
    submission = submit(round_, people["officer"])
    assert answers() == 404
    edition = approve(submission, people["executive"], ADDRESS)
    assert answers() == 404
    publish(edition, people["officer"])
    assert answers() == 200
    assert reader.get(reverse("public_evidence", args=["elsewhere", proofs["file"].pk])).status_code == 404
    unpublish(round_)
    assert answers() == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
def test_a_file_that_no_published_edition_names_does_not_answer(
    round_: Round, proofs: Proofs, told_measure: Measure, people: People, reader: Client
) -> None:
    """Though the agency has published a report of the year, and the file is ticked."""
    later = make_evidence_file(told_measure, public=True)
    Evidence.objects.filter(pk=later.pk).update(effective_on=date(2023, 4, 1))
    published(round_, people)
    assert reader.get(file_address(proofs["file"])).status_code == 200
    assert reader.get(file_address(later)).status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
def test_private_evidence_of_an_edition_stays_although_the_edition_does_not_name_it(
    round_: Round, proofs: Proofs, people: People
) -> None:
    approved(round_, people)
    reopen(fresh(round_), "แก้ไข")
    give_back(submit(fresh(round_), people["officer"]), people["executive"], "ยังไม่ครบ")
    assert set(Evidence.objects.values_list("in_edition", flat=True)) == {True}


# --- Hiding -----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("htmx", [False, True])
def test_hiding_asks_for_a_reason_stops_the_file_and_can_be_undone(
    sign_in: SignIn, round_: Round, proofs: Proofs, people: People, reader: Client, htmx: bool
) -> None:
    published(round_, people)
    proof = proofs["file"]
    path, act = file_address(proof), reverse("publish_evidence", args=[proof.pk])
    headers = {"HX-Request": "true"} if htmx else {}

    def post(role: str, public: str, reason: str) -> int:
        data = {"public": public, "reason": reason}
        return sign_in(role).post(act, data, headers=headers).status_code

    done = 200 if htmx else 302
    refused = sign_in("staff").post(act, {"public": "0", "reason": " "}, headers=headers)
    assert refused.status_code == 422
    assert "กรุณากรอกเหตุผล" in refused.content.decode()
    assert reader.get(path).status_code == 200
    for role, status in (("other_staff", 403), ("executive", 403), ("overseer", 403), ("stranger", 404)):
        assert post(role, "0", "x") == status
    assert post("staff", "0", "มีเลขประจำตัวประชาชน") == done
    assert reader.get(path).status_code == 404
    assert "แผนงาน" not in [link.text for link in read(reader.get(PAGE)).all("a")]
    assert post("staff", "1", "x") == 403
    assert post("officer", "1", "") == 422
    assert reader.get(path).status_code == 404
    assert post("officer", "1", "ปิดเลขแล้ว") == done
    assert reader.get(path).status_code == 200
    log = EvidenceHiding.objects.order_by("pk").values_list("hidden", "reason", "done_by")
    assert list(log) == [(True, "มีเลขประจำตัวประชาชน", "staff"), (False, "ปิดเลขแล้ว", "officer")]


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
def test_hiding_twice_is_logged_once(round_: Round, proofs: Proofs, people: People) -> None:
    published(round_, people)
    proof, officer = proofs["address"], people["officer"]
    assert not show_again(proof, officer, "x")
    assert hide(proof, officer, "x")
    assert not hide(proof, officer, "x")
    assert show_again(proof, officer, "x")
    assert not show_again(proof, officer, "x")
    # What was never public is not shown by undoing what nobody did.
    assert not show_again(proofs["private"], officer, "x")
    assert not hide(proofs["private"], officer, "x")
    assert EvidenceHiding.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
def test_the_officer_hides_and_shows_again_in_a_closed_plan(
    sign_in: SignIn, round_: Round, proofs: Proofs, people: People, reader: Client
) -> None:
    published(round_, people)
    Plan.objects.update(closed_at=timezone.now())
    act = reverse("publish_evidence", args=[proofs["file"].pk])
    page = reverse("measure", args=[proofs["file"].measure_id])
    officer = sign_in("officer")
    assert ">ซ่อนจากสาธารณะ<" in officer.get(page).content.decode()
    assert ">ซ่อนจากสาธารณะ<" not in sign_in("staff").get(page).content.decode()
    assert officer.post(act, {"public": "0", "reason": "ผิดไฟล์"}).status_code == 302
    assert reader.get(file_address(proofs["file"])).status_code == 404
    assert ">เลิกซ่อนจากสาธารณะ<" in officer.get(page).content.decode()
    assert officer.post(act, {"public": "1", "reason": "ถูกแล้ว"}).status_code == 302
    assert reader.get(file_address(proofs["file"])).status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
def test_hiding_stands_in_the_history_of_the_measure_and_of_the_round(
    sign_in: SignIn, round_: Round, proofs: Proofs, people: People
) -> None:
    published(round_, people)
    act = reverse("publish_evidence", args=[proofs["file"].pk])
    sign_in("officer").post(act, {"public": "0", "reason": "ใบหน้าเด็ก"})
    (change,) = [change for change in recent_changes(proofs["file"].measure) if "ใบหน้าเด็ก" in change.after]
    assert (change.who, change.before) == ("officer", "เผยแพร่ต่อสาธารณะ")
    assert (change.field, change.after) == ("หลักฐาน “แผนงาน”", "ซ่อนจากสาธารณะ: ใบหน้าเด็ก")
    rows = read(sign_in("executive").get(reverse("round_history", args=[YEAR, 6]))).one("ol").all("li")
    assert any("ซ่อนหลักฐานจากสาธารณะ" in row.text and "แผนงาน: ใบหน้าเด็ก" in row.text for row in rows)


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
def test_hidden_evidence_is_left_out_of_the_next_edition(
    round_: Round, proofs: Proofs, people: People, reader: Client
) -> None:
    first = published(round_, people)
    hide(proofs["file"], people["officer"], "ผิดไฟล์")
    reopen(fresh(round_), "แก้ไข")
    second = approved(round_, people)
    assert "แผนงาน" not in second.document
    # It told what was hidden since: its files go with the correction.
    assert EditionWithdrawal.objects.get().edition == first


@pytest.mark.django_db
def test_whoever_approves_is_told_what_was_hidden_after_it_was_submitted(
    sign_in: SignIn, round_: Round, proofs: Proofs, people: People
) -> None:
    page, said = reverse("report", args=[YEAR, 6]), "ถูกยกเลิกการเผยแพร่หลังจากส่งรายงาน"
    submit(round_, people["officer"])
    assert said not in sign_in("executive").get(page).content.decode()
    proofs["file"].refresh_from_db()
    hide(proofs["file"], people["staff"], "ผิดไฟล์")
    assert f"หลักฐานลำดับที่ 4 {said}" in read(sign_in("executive").get(page)).text


# --- Editions made before ---------------------------------------------------------------------------


def old_edition(round_: Round, *, published: bool = True, revision: int = 1) -> Edition:
    """An approved edition as it was made when titles and addresses of all evidence were printed."""
    Round.objects.filter(pk=round_.pk).update(state=RoundState.APPROVED)
    correction = "" if revision == 1 else "แก้ตัวเลข"
    mark = replace(MARK, revision=revision, code=f"ABCD-234{revision}", correction=correction)
    data = to_dict(replace(build_document(round_), edition=mark))
    since = ("sample_note", "obstacles_public", "seal", "reporter", "approver", "earlier", "text_size")
    for name in since:
        del data[name]
    del data["edition"]["reported_on"], data["edition"]["log_head"]
    for row in (row for indicator in data["indicators"] for row in indicator["measures"]):
        del row["parts"]
        for line in row["evidence"]:
            del line["sha256"], line["content_type"], line["size"]
    text = json.dumps({**data, "version": 1}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    edition = Edition.objects.create(
        round=round_,
        revision=revision,
        code=mark.code,
        document=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        approved_by="นายก",
        approved_at=timezone.now(),
        correction=correction,
    )
    for name in FORMATS:
        content = f"{name} {revision} {TITLE}".encode()
        digest = hashlib.sha256(content).hexdigest()
        EditionFile.objects.create(edition=edition, format=name, content=content, sha256=digest)
    Evidence.objects.update(in_edition=True)
    if published:
        publish(edition, User.objects.get(username="officer"))
    return edition


def listed(capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    """What list_exposed_editions ends with, and its lines."""
    code = 0
    try:
        call_command("list_exposed_editions")
    except CommandError as error:
        code = error.returncode
    return code, capsys.readouterr().out.splitlines()


@pytest.mark.django_db
def test_an_edition_made_before_is_read_and_served_as_it_was_stored(
    sign_in: SignIn, round_: Round, proofs: Proofs, people: People, reader: Client
) -> None:
    old_edition(round_)
    assert len(private_lines(document_of(Edition.objects.get()))) == 2
    assert reader.get(f"{PAGE}report.csv").content == f"csv 1 {TITLE}".encode()
    shown = reader.get(PAGE).content.decode()
    assert told(shown) == []
    assert shown.count(KEPT) == 2
    assert reader.get(file_address(proofs["file"])).status_code == 200
    assert reader.get(file_address(proofs["private file"])).status_code == 404
    internal = sign_in("officer").get(reverse("report", args=[YEAR, 6])).content.decode()
    assert TITLE in internal


@pytest.mark.django_db
@pytest.mark.parametrize("published", [True, False])
def test_an_overseer_has_of_an_edition_made_before_what_everybody_has(
    sign_in: SignIn, round_: Round, proofs: Proofs, people: People, published: bool
) -> None:
    old_edition(round_, published=published)
    of_round, of_edition = (
        reverse("download", args=[YEAR, 6, "csv"]),
        reverse("edition", args=[YEAR, 6, 1, "csv"]),
    )
    for path in (of_round, of_edition):
        response = sign_in("overseer").get(f"{path}?agency=here")
        assert response.status_code == (200 if published else 404)
        assert (TITLE in response.content.decode()) == published
        assert TITLE in sign_in("executive").get(path).content.decode()
    User.objects.filter(username="overseer").update(sees_private_evidence=True)
    assert sign_in("overseer").get(f"{of_edition}?agency=here").status_code == 200


@pytest.mark.django_db
def test_the_command_lists_what_tells_private_evidence(
    round_: Round, proofs: Proofs, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    assert listed(capsys) == (0, ["ไม่พบรายงานที่เผยแพร่ซึ่งมีรายละเอียดของหลักฐานที่ไม่เผยแพร่"])
    edition = old_edition(round_, published=False)
    assert listed(capsys)[0] == 0
    publish(edition, people["officer"])
    line = "here\t2566\tรอบ 6 เดือน\tฉบับที่ 1\tABCD-2341\tไม่เผยแพร่ 2\t/reports/2566/6/"
    assert listed(capsys) == (1, [line])
    proofs["file"].refresh_from_db()
    hide(proofs["file"], people["officer"], "ผิดไฟล์")
    assert listed(capsys) == (1, [line.replace("ไม่เผยแพร่ 2", "ไม่เผยแพร่ 2 ซ่อนภายหลัง 1")])


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
def test_the_command_lists_nothing_that_is_made_now(
    round_: Round, proofs: Proofs, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    published(round_, people)
    assert listed(capsys)[0] == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
def test_the_round_offers_to_correct_and_the_correction_withdraws_the_old_files(
    sign_in: SignIn,
    round_: Round,
    proofs: Proofs,
    people: People,
    reader: Client,
    capsys: pytest.CaptureFixture[str],
) -> None:
    old = old_edition(round_)
    page = reverse("report", args=[YEAR, 6])
    warning = "ฉบับที่อนุมัติแล้วมีรายละเอียดของหลักฐานที่ไม่เผยแพร่"
    officer, executive = sign_in("officer"), sign_in("executive")
    assert warning not in sign_in("staff").get(page).content.decode()
    shown = officer.get(page).content.decode()
    assert warning in shown
    assert f'href="{page}?correct=1#correct"' in shown
    assert "(ลำดับที่ 1, 2)" in read(officer.get(page)).text
    form = officer.get(f"{page}?correct=1").content.decode()
    assert REASON in form
    assert '<details class="folded" id="correct" open>' in form
    officer.post(reverse("reopen_round", args=[YEAR, 6]), {"reason": REASON})
    assert warning in officer.get(page).content.decode()
    assert reader.get(f"{PAGE}report.csv").status_code == 200
    submission = submit(fresh(round_), people["officer"])
    seen = {"submission": submission.pk, "confirmed": "1"}
    executive.post(reverse("approve_round", args=[YEAR, 6]), seen)
    new = Edition.objects.get(revision=2)
    assert told(new.document) == []
    assert warning not in officer.get(page).content.decode()
    for client, path in (
        (reader, f"{PAGE}report.csv"),
        (reader, f"{PAGE}1/report.csv"),
        (officer, reverse("edition", args=[YEAR, 6, 1, "csv"])),
    ):
        known = f'"{old.files.get(format="csv").sha256}"'
        for headers in ({}, {"If-None-Match": known}):
            gone = client.get(path, headers=headers)
            assert gone.status_code == 410
            assert "ไฟล์ของฉบับที่ 1 ถูกถอนแล้ว" in gone.content.decode()
            assert REASON in gone.content.decode()
            assert TITLE not in gone.content.decode()
    # Nobody has published the correction yet: the page stands, without files.
    assert "ไฟล์ของฉบับที่ 1 ถูกถอนแล้ว" in read(reader.get(PAGE)).text
    assert "report.pdf" not in reader.get(PAGE).content.decode()
    officer.post(reverse("publish_round", args=[YEAR, 6]))
    assert reader.get(f"{PAGE}report.csv").status_code == 200
    withdrawn = reader.get(f"{PAGE}1/report.csv")
    assert withdrawn.status_code == 410
    assert "Cookie" not in withdrawn.get("Vary", "")
    assert listed(capsys)[0] == 0
    assert Edition.objects.get(revision=1).document == old.document
    assert "ฉบับที่ 1 (ถอนไฟล์แล้ว)" in officer.get(page).content.decode()
    history = read(officer.get(reverse("round_history", args=[YEAR, 6]))).text
    assert "ถอนไฟล์ของฉบับที่ 1" in history


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
def test_a_withdrawn_file_is_still_known_and_said_to_be_withdrawn(
    round_: Round, proofs: Proofs, people: People, reader: Client
) -> None:
    old = old_edition(round_)
    content = bytes(old.files.get(format="pdf").content)

    def answer() -> str:
        response = reader.post(CHECK, {"file": SimpleUploadedFile("x.pdf", content)})
        return response.content.decode()

    assert "และไม่ถูกแก้ไข</p>" in answer()
    # Also where it was no longer published when it was corrected.
    unpublish(fresh(round_))
    reopen(fresh(round_), REASON)
    publish(approved(round_, people), people["officer"])
    assert f"แต่ฉบับนี้ถูกถอนแล้วเมื่อ 1 กุมภาพันธ์ 2566 เพราะ {REASON}" in answer()


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
def test_what_nobody_had_published_is_not_told_of_when_it_is_withdrawn(
    round_: Round, proofs: Proofs, people: People, reader: Client
) -> None:
    old = old_edition(round_, published=False)
    reopen(fresh(round_), REASON)
    publish(approved(round_, people), people["officer"])
    file = SimpleUploadedFile("x.pdf", bytes(old.files.get(format="pdf").content))
    assert "ไม่ตรงกับไฟล์ใด" in reader.post(CHECK, {"file": file}).content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
def test_every_earlier_edition_that_tells_is_withdrawn_and_no_other(
    round_: Round, proofs: Proofs, people: People
) -> None:
    old_edition(round_)
    old_edition(round_, revision=2)
    reopen(fresh(round_), REASON)
    third = approved(round_, people)
    assert {row.edition.revision for row in EditionWithdrawal.objects.filter(replaced_by=third)} == {1, 2}
    reopen(fresh(round_), "แก้ตัวเลข")
    approved(round_, people)
    assert EditionWithdrawal.objects.count() == 2


@pytest.mark.django_db
def test_an_edition_that_tells_private_evidence_is_not_published_any_more(
    sign_in: SignIn, round_: Round, proofs: Proofs, people: People
) -> None:
    old_edition(round_, published=False)
    refused = sign_in("officer").post(reverse("publish_round", args=[YEAR, 6]))
    assert refused.status_code == 409
    assert "จึงเผยแพร่ไม่ได้" in refused.content.decode()
    assert not Publication.objects.exists()


# --- Comparing --------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
def test_a_draft_is_no_different_from_the_edition_that_was_made_of_it(
    round_: Round, proofs: Proofs, people: People, told_measure: Measure
) -> None:
    old = old_edition(round_)
    reopen(fresh(round_), REASON)
    new = approved(round_, people)
    for before, after in (
        (document_of(old), document_of(new)),
        (document_of(new), document_of(old)),
        (document_of(old), build_document(round_)),
        (document_of(new), build_document(round_)),
    ):
        assert differences(before, after) == []
    make_evidence(told_measure, f"ใหม่{TITLE}", date(2023, 3, 3))
    proofs["private file"].sha256 = DIGEST
    proofs["private file"].save()
    (changed,) = differences(document_of(new), build_document(round_))
    assert told(f"{changed.before} {changed.after}") == []
    assert f"{KEPT} 3 มีนาคม 2566" in changed.after
    assert DIGEST in changed.after
    assert DIGEST not in changed.before


# --- What is recorded stays -------------------------------------------------------------------------


# Every way to change or to take away a row that one of the databases knows.
ON_BOTH: Final = (
    "UPDATE TABLE SET UNIQUE = UNIQUE",
    "DELETE FROM TABLE",
    "INSERT INTO TABLE (ALL) SELECT ALL FROM TABLE WHERE true ON CONFLICT (id) DO UPDATE SET UNIQUE = NULL",
)
ON_SQLITE: Final = (
    "REPLACE INTO TABLE (ALL) SELECT ALL FROM TABLE",
    "INSERT OR REPLACE INTO TABLE (ALL) SELECT ALL FROM TABLE",
    "UPDATE OR REPLACE TABLE SET UNIQUE = UNIQUE",
    # A new row with the same key, not the same number.
    "REPLACE INTO TABLE (OTHERS) SELECT OTHERS FROM TABLE",
)
ON_POSTGRESQL: Final = ("TRUNCATE_TABLE CASCADE",)


def spellings(table: str, unique: str) -> Iterator[str]:
    """The statements for a table, with the column that is no number of the row itself."""
    columns = connection.introspection.get_table_description(connection.cursor(), table)
    names = [column.name for column in columns]
    words = {
        "TRUNCATE_TABLE": f"TRUNCATE {table}",
        "TABLE": table,
        "ALL": ", ".join(names),
        "OTHERS": ", ".join(name for name in names if name != "id"),
        "UNIQUE": unique,
    }
    for statement in (*ON_BOTH, *(ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRESQL)):
        # Of a log, a row more is what it is for.
        if "OTHERS" not in statement or unique != "reason":
            yield re.sub("|".join(words), lambda found: words[found.group()], statement)


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("model", "unique"), [(EditionWithdrawal, "edition_id"), (EvidenceHiding, "reason")])
def test_the_database_refuses_to_change_or_delete_what_is_recorded(
    round_: Round, proofs: Proofs, people: People, model: Any, unique: str
) -> None:
    old_edition(round_)
    proofs["file"].refresh_from_db()
    hide(proofs["file"], people["officer"], "ผิดไฟล์")
    reopen(fresh(round_), REASON)
    approved(round_, people)
    before = list(model.objects.order_by("pk").values())
    assert len(before) == 1
    if connection.vendor == "postgresql":
        # What this test's own inserts have left to be checked at the end would be in the way first.
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in spellings(model._meta.db_table, unique):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            connection.cursor().execute(statement)
        assert list(model.objects.order_by("pk").values()) == before, statement
    # The person's account may go all the same.
    people["officer"].delete()
    assert list(model.objects.order_by("pk").values()) == before


# --- What the pages ask -----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("quick")
def test_pages_ask_no_more_for_more_evidence_and_more_editions(
    sign_in: SignIn, round_: Round, proofs: Proofs, people: People, told_measure: Measure, reader: Client
) -> None:
    officer = sign_in("officer")
    places = (
        (officer, reverse("report", args=[YEAR, 6]), 16),
        (officer, reverse("round_history", args=[YEAR, 6]), 14),
        (officer, reverse("measure", args=[told_measure.pk]), 17),
        (reader, PAGE, 5),
        (reader, file_address(proofs["file"]), 2),
    )

    def asked() -> list[int]:
        counts = []
        for client, path, _ in places:
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            counts.append(len(queries))
        return counts

    old_edition(round_)
    old_edition(round_, revision=2)
    before = asked()
    for day in range(1, 20):
        make_evidence_file(told_measure, public=day % 2 == 0, in_edition=True)
    for revision in (3, 4, 5):
        old_edition(round_, revision=revision)
    after = asked()
    assert after == before
    for count, (_, path, bound) in zip(after, places, strict=True):
        assert count <= bound, path
