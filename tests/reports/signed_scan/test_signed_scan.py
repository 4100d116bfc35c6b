"""A scan of the report that was signed by pen: kept beside its edition, looked at, offered, known again."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import ExifTags, Image
from pytest_django import Settings

from accounts.agency_settings.usage import usage_of
from accounts.models import Agency, User
from core import virus_scan
from core.dangers import FILE, SCRIPT, Dangerous
from core.file_kinds import PDF
from core.locking import StaleEdit
from ledger.models import LogLine
from measures.models import Measure, Plan
from operations.verify.selectors import verify
from reports import triggers
from reports.document.facts import ReportDocument
from reports.document.serialization import to_json
from reports.models import Edition, Round, ScanPublication, SignedScan
from reports.renderers import FORMATS, Rendered
from reports.rounds.bundled import files_in_force
from reports.rounds.services import approve, publish, reopen, submit, unpublish
from reports.signed_scan import services
from reports.signed_scan.files import NOT_A_SCAN, CheckedScan, checked_scan
from reports.signed_scan.services import TooManyScans, attach_scan, hide_scan, show_scan
from tests.support.factories import make_evidence, make_measure
from tests.support.html import read

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("february", "nothing_written", "three_pages", "looked_at_here"),
]

PAGE: Final = "/reports/2566/6/"
PUBLIC: Final = "/public/here/2566/6/"
CHECK: Final = "/public/check/"

SignIn = Callable[[str], Client]


def pdf(pages: int, change: Callable[[pikepdf.Pdf], None] = lambda made: None, note: str = "") -> bytes:
    made, out = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        made.add_blank_page()
    made.Root.Note = pikepdf.String(note)
    change(made)
    made.save(out, static_id=True)
    return out.getvalue()


def photo(kind: str, place: bool = False) -> bytes:
    """A picture, with the place where it was taken or without."""
    made, out = Image.new("RGB", (64, 48), "white"), io.BytesIO()
    exif = made.getexif()
    if place:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef] = "N"
        gps[ExifTags.GPS.GPSLatitude] = (13.0, 45.0, 30.0)
        gps[ExifTags.GPS.GPSLongitude] = (100.0, 30.0, 0.0)
    made.save(out, kind, exif=exif.tobytes())
    return out.getvalue()


def scripted(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def carrying(made: pikepdf.Pdf) -> None:
    made.attachments["a.exe"] = b"MZ"


@pytest.fixture
def three_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF of three pages, another one for each document."""

    def made(document: ReportDocument) -> Rendered:
        return Rendered(pdf(3, note=hashlib.sha256(to_json(document)).hexdigest()), pages=3)

    monkeypatch.setitem(FORMATS, "pdf", replace(FORMATS["pdf"], make=made))


@pytest.fixture
def round_(plan: Plan) -> Round:
    return plan.rounds.select_related("plan__agency").get(months=6)


@pytest.fixture
def edition(round_: Round, plan: Plan, people: dict[str, User]) -> Edition:
    """An approved edition that is not published."""
    make_measure(plan, "ประกาศนโยบาย", status="in_progress", result="ประกาศแล้ว")
    return approved(round_, people)


def approved(round_: Round, people: dict[str, User]) -> Edition:
    return approve(
        submit(round_, people["officer"]), people["executive"], f"https://ita.example.go.th{PUBLIC}"
    )


def corrected(round_: Round, people: dict[str, User]) -> Edition:
    reopen(round_, "แก้ตัวเลข")
    return approved(round_, people)


def scanned(edition: Edition, person: User, note: str = "", *, public: bool = False) -> SignedScan:
    """A scan of three pages, as if it had been looked at."""
    data = pdf(3, note=note)
    checked = CheckedScan(PDF, data, hashlib.sha256(data).hexdigest(), pages=3, location_removed=False)
    return attach_scan(edition, checked, person, public=public)


def sent(client: Client, content: bytes, name: str = "ลงนาม.pdf", **data: Any) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(f"{PAGE}scan/", {"revision": "1", "scan-file": file, **data})


# --- Attaching -----------------------------------------------------------------------------------------


def test_the_officer_attaches_a_scan_and_everybody_of_the_office_finds_it(
    edition: Edition, sign_in: SignIn
) -> None:
    content = pdf(3)
    answer = sent(sign_in("officer"), content)
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    scan = SignedScan.objects.get()
    assert (bytes(scan.content), scan.sha256) == (content, hashlib.sha256(content).hexdigest())
    assert (scan.pages, scan.edition_pages, scan.is_public) == (3, 3, False)
    assert scan.attached_by == User.objects.get(username="officer").get_full_name()
    for role in ("officer", "staff", "executive"):
        client = sign_in(role)
        page = read(client.get(PAGE))
        menu = next(each for each in page.all("div", "menu-list") if "PDF" in each.text)
        first = menu.all("a")[0]
        assert first.text.startswith("สำเนาที่ลงนาม")
        stored = client.get(first["href"])
        assert (stored.content, stored["Content-Type"]) == (content, "application/pdf")
        assert 'filename="here-2566-6-r1-signed.pdf"' in stored["Content-Disposition"]
        assert client.get(first["href"], headers={"If-None-Match": stored["ETag"]}).status_code == 304
        steps = [step.text for step in page.one("ol", "round-steps").all("li")]
        assert "แนบสำเนาที่ลงนาม 1 ก.พ. 2566" in steps[2]
        assert bool(page.all("input", name="scan-file")) == (role == "officer")
    # The edition's own files are what they were.
    assert set(edition.files.values_list("format", flat=True)) == set(FORMATS)


def test_pages_that_differ_are_said_and_taken(edition: Edition, sign_in: SignIn) -> None:
    officer = sign_in("officer")
    sent(officer, pdf(2))
    page = read(officer.get(PAGE))
    assert (
        "สำเนามี 2 หน้า แต่ฉบับที่อนุมัติมี 3 หน้า" in page.one("section", id="signed-scan").one("div", "conflict").text
    )
    assert "แต่สำเนามี 2 หน้า ฉบับที่อนุมัติมี 3 หน้า" in page.one("div", role="status").text
    sent(officer, pdf(3))
    assert not read(officer.get(PAGE)).one("section", id="signed-scan").all("div", "conflict")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_of_a_picture_the_place_is_taken_out(edition: Edition, sign_in: SignIn, kind: str) -> None:
    content = photo(kind, place=True)
    officer = sign_in("officer")
    sent(officer, content, f"x.{kind.lower()}")
    scan = SignedScan.objects.get()
    with Image.open(io.BytesIO(bytes(scan.content))) as stored:
        assert not stored.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    assert scan.sha256 == hashlib.sha256(bytes(scan.content)).hexdigest()
    assert (scan.pages, scan.kind.ending) == (1, "jpg" if kind == "JPEG" else "png")
    assert "ลบตำแหน่งที่ฝังในภาพแล้ว" in read(officer.get(PAGE)).one("div", role="status").text


def test_what_is_no_harmless_scan_is_refused(edition: Edition, sign_in: SignIn) -> None:
    officer = sign_in("officer")
    for content, said in {
        b"": "0 ไบต์",
        b"MZ\x90": NOT_A_SCAN,
        b"just text": NOT_A_SCAN,
        b"PK\x03\x04": NOT_A_SCAN,
        pdf(1, scripted): SCRIPT,
        pdf(1, carrying): FILE,
        pdf(1)[:200]: "ไม่สมบูรณ์",
        photo("JPEG")[:100]: "เปิดภาพนี้ไม่ได้",
    }.items():
        answer = sent(officer, content)
        assert answer.status_code == 422
        page = read(answer)
        assert said in page.one("section", id="signed-scan").one("div", "wrong").text
        assert page.one("section", id="signed-scan").all("details", open="")
        assert not SignedScan.objects.exists()


def test_no_file_and_one_that_is_too_big_are_refused(
    edition: Edition, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = sign_in("officer")
    answer = officer.post(f"{PAGE}scan/", {"revision": "1"})
    assert (answer.status_code, "กรุณาเลือกไฟล์สแกน" in answer.content.decode()) == (422, True)
    monkeypatch.setattr("measures.evidence.files.MAX_BYTES", 100)
    assert "ใหญ่เกิน" in sent(officer, pdf(3)).content.decode()


def test_clamav_is_asked_where_it_is_there(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[bytes] = []

    def finds(data: bytes) -> None:
        looked_at.append(data)
        raise Dangerous("พบ")

    monkeypatch.setattr("reports.signed_scan.files.scan", finds)
    assert virus_scan.scan is not finds
    with pytest.raises(Dangerous):
        checked_scan("x.pdf", pdf(1))
    assert looked_at == [pdf(1)]


def test_only_the_edition_that_was_seen_gets_the_scan(
    edition: Edition, round_: Round, people: dict[str, User], sign_in: SignIn
) -> None:
    officer = sign_in("officer")
    corrected(round_, people)
    late = sent(officer, pdf(3))
    assert (late.status_code, "ไม่ใช่ฉบับล่าสุด" in late.content.decode()) == (409, True)
    with pytest.raises(StaleEdit):
        scanned(edition, people["officer"])
    reopen(round_, "แก้อีก")
    assert sent(officer, pdf(3), revision="2").status_code == 409
    assert not SignedScan.objects.exists()


def test_an_edition_without_its_pdf_has_nothing_to_be_signed(
    edition: Edition, sign_in: SignIn, people: dict[str, User]
) -> None:
    triggers.release(connection)
    edition.files.filter(format="pdf").delete()
    answer = sent(sign_in("officer"), pdf(3))
    assert (answer.status_code, "ยังทำไม่เสร็จ" in answer.content.decode()) == (409, True)


def test_scans_are_bounded_in_number_and_count_as_room(
    edition: Edition, people: dict[str, User], agency: Agency, settings: Settings, sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(services, "MAX_SCANS", 2)
    for note in "ab":
        scanned(edition, people["officer"], note)
    with pytest.raises(TooManyScans):
        scanned(edition, people["officer"], "c")
    assert usage_of(agency).used == sum(SignedScan.objects.values_list("size", flat=True)) > 0
    monkeypatch.setattr(services, "MAX_SCANS", 9)
    settings.AGENCY_QUOTA = usage_of(agency).used + 10
    answer = sent(sign_in("officer"), pdf(3, note="d"))
    assert (answer.status_code, "เกินพื้นที่ที่กำหนดไว้" in answer.content.decode()) == (409, True)
    assert SignedScan.objects.count() == 2


# --- Who may --------------------------------------------------------------------------------------------


def test_only_the_officer_attaches_and_decides_and_only_the_office_sees(
    edition: Edition, people: dict[str, User], sign_in: SignIn
) -> None:
    scan = scanned(edition, people["officer"])
    file = reverse("scan_file", args=[2566, 6, scan.pk])
    for role in ("staff", "executive"):
        assert sent(sign_in(role), pdf(1)).status_code == 403
        assert sign_in(role).post(f"{PAGE}scan/public/", {"scan": scan.pk, "public": "1"}).status_code == 403
        assert sign_in(role).get(file).status_code == 200
    for role in ("stranger", "admin"):
        assert sent(sign_in(role), pdf(1)).status_code == 404
        assert sign_in(role).get(file).status_code == 404
    overseer = sign_in("overseer")
    there = f"{PAGE}?agency=here"
    assert overseer.get(f"{file}?agency=here").status_code == 404
    assert "สำเนาที่ลงนาม" not in read(overseer.get(there)).one("main").text
    publish(edition, people["officer"])
    show_scan(scan, people["officer"])
    assert overseer.get(f"{file}?agency=here").status_code == 200
    assert "สำเนาที่ลงนาม" in read(overseer.get(there)).one("main").text
    assert Client().get(file).status_code == 302
    assert SignedScan.objects.count() == 1


def test_a_scan_of_another_round_is_not_found(
    edition: Edition, people: dict[str, User], sign_in: SignIn
) -> None:
    scan = scanned(edition, people["officer"])
    assert sign_in("officer").get(reverse("scan_file", args=[2566, 12, scan.pk])).status_code == 404


# --- For everybody --------------------------------------------------------------------------------------


def test_the_public_has_it_first_where_the_officer_says_so(
    edition: Edition, people: dict[str, User], sign_in: SignIn
) -> None:
    officer, reader = sign_in("officer"), Client()
    content = pdf(3)
    sent(officer, content, **{"scan-public": "on"})
    # Not before the edition itself.
    assert reader.get(f"{PUBLIC}1/signed/").status_code == 404
    publish(edition, people["officer"])
    links = read(reader.get(PUBLIC)).one("ul", "files").all("a")
    assert links[0].text == "สำเนาที่ลงนาม (PDF)"
    answer = reader.get(links[0]["href"])
    assert (answer.content, answer["Cache-Control"]) == (content, "public, no-cache")
    assert len(links) == 1 + len(FORMATS)
    scan = SignedScan.objects.get()
    assert officer.post(f"{PAGE}scan/public/", {"scan": scan.pk, "public": "0"}).status_code == 302
    assert reader.get(f"{PUBLIC}1/signed/").status_code == 404
    assert len(read(reader.get(PUBLIC)).one("ul", "files").all("a")) == len(FORMATS)
    officer.post(f"{PAGE}scan/public/", {"scan": scan.pk, "public": "1"})
    assert reader.get(f"{PUBLIC}1/signed/").status_code == 200


def test_a_newer_scan_takes_the_place_of_the_older(
    edition: Edition, people: dict[str, User], sign_in: SignIn
) -> None:
    publish(edition, people["officer"])
    first = scanned(edition, people["officer"], "first", public=True)
    officer, reader = sign_in("officer"), Client()
    second = scanned(edition, people["officer"], "second")
    # What counts is the newest, and that is not for everybody.
    assert reader.get(f"{PUBLIC}1/signed/").status_code == 404
    stale = officer.post(f"{PAGE}scan/public/", {"scan": first.pk, "public": "1"})
    assert (stale.status_code, "ใหม่กว่าแล้ว" in stale.content.decode()) == (409, True)
    show_scan(second, people["officer"])
    assert reader.get(f"{PUBLIC}1/signed/").content == bytes(second.content)
    assert officer.get(reverse("scan_file", args=[2566, 6, first.pk])).content == bytes(first.content)
    assert "สำเนาก่อนหน้า" in read(officer.get(PAGE)).text


def test_a_withdrawn_edition_hands_out_no_scan(
    round_: Round, plan: Plan, people: dict[str, User], sign_in: SignIn
) -> None:
    make_evidence(make_measure(plan, "ประกาศ", status="in_progress", result="แล้ว"), "ประกาศ")
    Measure.objects.get().evidence.update(public=True)
    first = approved(round_, people)
    publish(first, people["officer"])
    scan = scanned(first, people["officer"], public=True)
    Measure.objects.get().evidence.update(public=False)
    publish(corrected(round_, people), people["officer"])
    gone = Client().get(f"{PUBLIC}1/signed/")
    assert (gone.status_code, "ถูกถอนแล้ว" in gone.content.decode()) == (410, True)
    assert sign_in("officer").get(reverse("scan_file", args=[2566, 6, scan.pk])).status_code == 410
    assert "สำเนาที่ลงนาม" not in read(Client().get(f"{PUBLIC}1/")).one("main").text


def test_a_check_knows_a_public_scan_also_one_that_was_replaced(
    edition: Edition, round_: Round, people: dict[str, User]
) -> None:
    def checked(scan: SignedScan) -> str:
        file = SimpleUploadedFile("x.pdf", bytes(scan.content))
        return read(Client().post(CHECK, {"file": file})).one("main").text

    first = scanned(edition, people["officer"], "first", public=True)
    second = scanned(edition, people["officer"], "second")
    assert "ไม่ตรงกับไฟล์ใด" in checked(first)
    publish(edition, people["officer"])
    assert "สำเนาสแกนของรายงานที่ลงนามด้วยปากกา" in checked(first)
    assert f"ฉบับที่ 1 รหัส {edition.code}" in checked(first)
    assert "หน่วยงานแนบสำเนาใหม่แทนแล้ว" in checked(first)
    # Never offered to anybody.
    assert "ไม่ตรงกับไฟล์ใด" in checked(second)
    show_scan(second, people["officer"])
    assert "หน่วยงานแนบสำเนาใหม่แทนแล้ว" not in checked(second)
    # A correction makes a new edition; the signature stood under the old one.
    publish(corrected(round_, people), people["officer"])
    assert "มีฉบับใหม่กว่าแล้ว ดูฉบับที่ 2" in checked(second)
    hide_scan(second, people["officer"])
    assert "ไม่ตรงกับไฟล์ใด" in checked(second)
    unpublish(round_)
    assert "ไม่ตรงกับไฟล์ใด" in checked(first)


# --- What is kept of it ---------------------------------------------------------------------------------


def test_the_database_refuses_to_change_or_delete_a_scan(edition: Edition, people: dict[str, User]) -> None:
    scan = scanned(edition, people["officer"])
    changes: list[Callable[[], object]] = [
        lambda: SignedScan.objects.update(content=b"x"),
        lambda: SignedScan.objects.update(attached_by="x"),
        lambda: SignedScan.objects.all()._raw_delete(DEFAULT_DB_ALIAS),
    ]
    if connection.vendor == "sqlite":
        changes.append(
            lambda: connection.cursor().execute(
                "REPLACE INTO reports_signedscan SELECT * FROM reports_signedscan"
            )
        )
    for change in changes:
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
            change()
    scan.refresh_from_db()
    assert hashlib.sha256(bytes(scan.content)).hexdigest() == scan.sha256


def test_history_log_and_bundle_tell_of_it(
    edition: Edition, people: dict[str, User], sign_in: SignIn, round_: Round
) -> None:
    officer = sign_in("officer")
    sent(officer, pdf(3), **{"scan-public": "on"})
    scan = SignedScan.objects.get()
    officer.post(f"{PAGE}scan/public/", {"scan": scan.pk, "public": "0"})
    history = read(officer.get(f"{PAGE}history/")).one("ol", "timeline")
    # All at the same moment of a clock that stands still.
    assert {event.text for event in history.all("strong")} >= {
        "แนบสำเนาที่ลงนามของฉบับที่ 1",
        "ให้ประชาชนดาวน์โหลดสำเนาที่ลงนามของฉบับที่ 1",
        "ไม่ให้ประชาชนดาวน์โหลดสำเนาที่ลงนามของฉบับที่ 1",
    }
    kinds = list(LogLine.objects.filter(subject=f"scan:{scan.pk}").values_list("kind", flat=True))
    assert kinds == ["file_stored", "published", "unpublished"]
    extra = {each.name: each.content for each in files_in_force(round_.plan)}
    assert extra["รายงาน/รอบ 6 เดือน ฉบับที่ 1 สำเนาที่ลงนาม.pdf"] == bytes(scan.content)


def test_the_log_tells_everybody_of_a_scan_only_while_it_is_public(
    edition: Edition, people: dict[str, User]
) -> None:
    scan = scanned(edition, people["officer"])
    publish(edition, people["officer"])
    number = LogLine.objects.get(subject=f"scan:{scan.pk}").number
    page = f"/public/log/{number}/"
    assert scan.sha256 not in Client().get(page).content.decode()
    show_scan(scan, people["officer"])
    assert scan.sha256 in Client().get(page).content.decode()
    hide_scan(scan, people["officer"])
    assert scan.sha256 not in Client().get(page).content.decode()


def forged(scan: SignedScan) -> None:
    SignedScan.objects.update(content=b"%PDF-forged")


def forged_well(scan: SignedScan) -> None:
    SignedScan.objects.update(content=b"%PDF-forged", sha256=hashlib.sha256(b"%PDF-forged").hexdigest())


def attached_by_another(scan: SignedScan) -> None:
    SignedScan.objects.update(attached_by="ผู้อื่น")


def gone(scan: SignedScan) -> None:
    ScanPublication.objects.all().delete()
    SignedScan.objects.all().delete()


def shown_without_a_word(scan: SignedScan) -> None:
    ScanPublication.objects.all().delete()


@pytest.mark.parametrize("forge", [forged, forged_well, attached_by_another, gone, shown_without_a_word])
def test_verify_finds_a_forged_scan(
    edition: Edition, people: dict[str, User], forge: Callable[[SignedScan], None]
) -> None:
    before = len(verify().misfits)
    scan = scanned(edition, people["officer"], public=True)
    assert len(verify().misfits) == before
    triggers.release(connection)
    forge(scan)
    found = [misfit for misfit in verify().misfits if f"scan:{scan.pk}" in misfit.where]
    assert found
    assert all(misfit.number for misfit in found)


def test_a_scan_without_a_line_is_found(edition: Edition, people: dict[str, User]) -> None:
    scan = scanned(edition, people["officer"])
    scan.pk = None
    scan.save(force_insert=True)
    assert [misfit.number for misfit in verify().misfits if "scan:" in misfit.where] == [0]


def test_many_scans_ask_no_more_queries(edition: Edition, people: dict[str, User], sign_in: SignIn) -> None:
    publish(edition, people["officer"])
    officer = sign_in("officer")

    def asked(client: Client, path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        assert not any('"content"' in query["sql"] and "signedscan" in query["sql"] for query in queries)
        return len(queries)

    scanned(edition, people["officer"], "0", public=True)
    alone = asked(officer, PAGE), asked(Client(), PUBLIC)
    for note in "1234":
        scanned(edition, people["officer"], note, public=True)
    assert (asked(officer, PAGE), asked(Client(), PUBLIC)) == alone
    assert alone[1] <= 6
