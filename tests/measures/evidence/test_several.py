"""Several files at once, small pictures of them, and one piece of evidence for several measures."""

import io
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from measures.evidence import files
from measures.evidence.services import Gone, drop_evidence, reuse_evidence
from measures.models import Evidence, Measure, Plan
from tests.conftest import SignIn
from tests.support.factories import PDF, make_evidence, make_evidence_file, make_measure
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("looked_at_here")]


def jpeg(side: int = 400, orientation: int = 1) -> bytes:
    """A picture twice as wide as high."""
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", (side, side // 2), "teal").save(made, "JPEG", exif=exif)
    return made.getvalue()


def picture_of(measure: Measure, data: bytes) -> Evidence:
    evidence = make_evidence_file(measure, data)
    evidence.content_type = "image/jpeg"
    evidence.save()
    return evidence


def below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# --- Several files ----------------------------------------------------------------------------------


def send(client: Client, measure: Measure, *sent: tuple[str, bytes]) -> str:
    """Hand in files; what the page answers."""
    data = {
        "evidence-title": "ภาพกิจกรรม",
        "evidence-effective_on": "31/1/2566",
        "evidence-file": [SimpleUploadedFile(name, content) for name, content in sent],
    }
    return client.post(reverse("add_evidence", args=[measure.pk]), data, follow=True).content.decode()


@pytest.mark.django_db(transaction=True)
def test_each_file_becomes_a_piece_of_its_own_in_the_order_chosen(
    measure: Measure, sign_in: SignIn, folder_of_files: Path
) -> None:
    page = send(sign_in("staff"), measure, ("b.pdf", PDF), ("a.jpg", jpeg()))
    assert "2 ไฟล์" in page
    found = measure.evidence.order_by("pk").values_list("title", "file_name", "content_type", "effective_on")
    day = date(2023, 1, 31)
    assert list(found) == [
        ("ภาพกิจกรรม (1)", "b.pdf", "application/pdf", day),
        ("ภาพกิจกรรม (2)", "a.jpg", "image/jpeg", day),
    ]
    assert len(below(folder_of_files)) == 2


@pytest.mark.django_db(transaction=True)
def test_one_file_keeps_its_title_and_a_long_one_has_room_for_the_number(
    measure: Measure, sign_in: SignIn
) -> None:
    send(sign_in("staff"), measure, ("a.pdf", PDF))
    assert measure.evidence.get().title == "ภาพกิจกรรม"
    measure.evidence.all().delete()
    data = {
        "evidence-title": "ก" * 300,
        "evidence-effective_on": "31/1/2566",
        "evidence-file": [SimpleUploadedFile("a.pdf", PDF), SimpleUploadedFile("b.pdf", PDF)],
    }
    sign_in("staff").post(reverse("add_evidence", args=[measure.pk]), data)
    assert sorted(measure.evidence.values_list("title", flat=True)) == [
        f"{'ก' * 296} (1)",
        f"{'ก' * 296} (2)",
    ]


@pytest.mark.django_db(transaction=True)
def test_one_bad_file_stops_all_and_is_named(
    measure: Measure, sign_in: SignIn, folder_of_files: Path
) -> None:
    page = send(sign_in("staff"), measure, ("ดี.pdf", PDF), ("เสีย.exe", b"MZ"), ("ว่าง.pdf", b""))
    assert f"เสีย.exe: {files.PROGRAM}" in page
    assert f"ว่าง.pdf: {files.EMPTY}" in page
    assert not measure.evidence.exists()
    assert below(folder_of_files) == []


@pytest.mark.django_db(transaction=True)
def test_too_many_or_too_much_is_refused_in_words(
    measure: Measure, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = sign_in("staff")
    many = [(f"{number}.pdf", PDF) for number in range(files.MAX_FILES + 1)]
    assert "11 ไฟล์" in send(staff, measure, *many)
    monkeypatch.setattr("measures.evidence.forms.MAX_BYTES", len(PDF) + 1)
    assert files.TOGETHER_TOO_BIG in send(staff, measure, ("a.pdf", PDF), ("b.pdf", PDF))
    assert not measure.evidence.exists()


# --- Small pictures ---------------------------------------------------------------------------------


def thumbnail(client: Client, evidence: Evidence) -> Image.Image:
    response = client.get(reverse("evidence_thumbnail", args=[evidence.pk]))
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert response["Cache-Control"] == "private, no-store"
    return Image.open(io.BytesIO(response.content))


def test_a_picture_is_shown_small_and_upright(measure: Measure, sign_in: SignIn) -> None:
    staff = sign_in("staff")
    assert thumbnail(staff, picture_of(measure, jpeg())).size == (192, 96)
    # 6: the camera was held upright.
    assert thumbnail(staff, picture_of(measure, jpeg(300, orientation=6))).size == (96, 192)
    assert len(read(staff.get(reverse("measure", args=[measure.pk]))).all("img", "evidence-picture")) == 2


def test_what_is_no_picture_or_no_longer_whole_has_none(
    measure: Measure, sign_in: SignIn, folder_of_files: Path
) -> None:
    staff = sign_in("staff")
    broken = picture_of(measure, jpeg())
    (folder_of_files / str(broken.file.name)).write_bytes(b"x")
    gone = picture_of(measure, jpeg(200))
    (folder_of_files / str(gone.file.name)).unlink()
    for evidence in (make_evidence_file(measure), make_evidence(measure), broken, gone):
        assert staff.get(reverse("evidence_thumbnail", args=[evidence.pk])).status_code == 404


def test_a_store_that_does_not_answer_is_done_without(
    measure: Measure, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr("django.core.cache.backends.locmem.LocMemCache.get", broken)
    monkeypatch.setattr("django.core.cache.backends.locmem.LocMemCache.set", broken)
    assert thumbnail(sign_in("staff"), picture_of(measure, jpeg())).size == (192, 96)


# --- One piece for several measures -----------------------------------------------------------------


@pytest.fixture
def other(plan: Plan, measure: Measure) -> Measure:
    return make_measure(plan, "อีกมาตรการ", indicator=2)


def choose(client: Client, evidence: Evidence, *measures: Measure | int) -> Client:
    chosen = [each if isinstance(each, int) else each.pk for each in measures]
    return client.post(reverse("reuse_evidence", args=[evidence.pk]), {"measures": chosen}, follow=True)  # type: ignore[return-value]


def test_it_stands_at_the_other_measure_with_the_same_file(
    measure: Measure, other: Measure, people: dict[str, User], sign_in: SignIn
) -> None:
    evidence = make_evidence_file(measure, public=True)
    choose(sign_in("staff"), evidence, other)
    again = other.evidence.get()
    same = ("title", "file", "file_name", "content_type", "size", "sha256", "effective_on", "public")
    assert [getattr(again, name) for name in same] == [getattr(evidence, name) for name in same]
    assert again.added_by == people["staff"]
    # Chosen once more it is not there twice.
    choose(sign_in("staff"), evidence, other)
    assert other.evidence.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_file_stays_as_long_as_one_measure_has_it(
    measure: Measure, other: Measure, people: dict[str, User], folder_of_files: Path
) -> None:
    evidence = make_evidence_file(measure)
    reuse_evidence(evidence, [other.pk], people["staff"])
    drop_evidence(evidence)
    (again,) = other.evidence.all()
    with again.file.open() as file:
        assert file.read() == PDF
    drop_evidence(again)
    assert below(folder_of_files) == []


def test_only_measures_on_which_one_reports_are_offered_and_taken(
    plan: Plan, measure: Measure, other: Measure, sign_in: SignIn
) -> None:
    evidence = make_evidence(measure)
    theirs = make_measure(plan, "ของกองอื่น", indicator=3)
    theirs.responsibilities.update(division=plan.agency.divisions.order_by("position")[1])
    page = read(sign_in("staff").get(reverse("reuse_evidence", args=[evidence.pk])))
    assert [box["value"] for box in page.all("input", name="measures")] == [str(other.pk)]
    sign_in("staff").post(reverse("reuse_evidence", args=[evidence.pk]), {"measures": [theirs.pk]})
    assert not theirs.evidence.exists()
    officer = read(sign_in("officer").get(reverse("reuse_evidence", args=[evidence.pk])))
    assert len(officer.all("input", name="measures")) == 2


def test_what_was_taken_away_meanwhile_is_not_used(
    measure: Measure, other: Measure, people: dict[str, User]
) -> None:
    evidence = make_evidence(measure)
    Evidence.objects.filter(pk=evidence.pk).delete()
    with pytest.raises(Gone):
        reuse_evidence(evidence, [other.pk], people["staff"])
    assert not other.evidence.exists()


@pytest.mark.django_db(transaction=True)
def test_using_it_and_taking_it_away_at_once_leaves_no_line_without_its_file(
    measure: Measure, other: Measure, people: dict[str, User], folder_of_files: Path
) -> None:
    evidence = make_evidence_file(measure)

    def use() -> None:
        try:
            reuse_evidence(evidence, [other.pk], people["staff"])
        except Gone:
            pass
        finally:
            connection.close()

    def drop() -> None:
        try:
            drop_evidence(Evidence.objects.get(pk=evidence.pk))
        finally:
            connection.close()

    threads = [Thread(target=use), Thread(target=drop)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(below(folder_of_files)) == other.evidence.count()


# --- What has none ----------------------------------------------------------------------------------


def test_the_list_shows_what_was_reported_without_evidence(plan: Plan, sign_in: SignIn) -> None:
    make_measure(plan, "ไม่มีหลักฐาน", status="done")
    make_evidence(make_measure(plan, "มีหลักฐาน", status="done", position=2))
    make_measure(plan, "ยังไม่เริ่ม", position=3)
    page = read(sign_in("officer").get(f"/plans/{plan.fiscal_year}/?status=unproved"))
    assert "ไม่มีหลักฐาน" in page.one(id="plan-table").text
    assert "ยังไม่เริ่ม" not in page.one(id="plan-table").text
    assert page.one(id="plan-pills").one("a", aria_current="true").text == "ยังไม่มีหลักฐาน 1 มาตรการ"
