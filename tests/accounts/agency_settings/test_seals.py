"""A seal: what may be one, how it is kept, who gets it, and where it is shown."""

import base64
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageDraw
from pytest_django import Settings

from accounts.agency_settings import seals
from accounts.agency_settings.seals import NoSeal, examine, seal_as_text, store
from accounts.models import Agency
from measures.models import Measure
from reports.document.builder import build_document
from reports.models import Round
from reports.renderers import FORMATS, pdf
from reports.rounds.selectors import document_of
from reports.rounds.services import submit
from tests.conftest import SignIn
from tests.support.factories import make_edition
from tests.support.html import read

pytestmark = pytest.mark.django_db


def picture(kind: str = "PNG", side: int = 300, mode: str = "RGBA", **options: Any) -> bytes:
    """A disc on nothing, of many colours."""
    image = Image.new(mode, (side, side))
    draw = ImageDraw.Draw(image)
    for step in range(side // 2):
        draw.ellipse(
            (step, step, side - step, side - step), fill=(step % 256, 90, 200 - step % 200, 255)[: len(mode)]
        )
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def opened(data: bytes) -> Any:
    return Image.open(io.BytesIO(data))


@pytest.fixture
def sealed(agency: Agency) -> Agency:
    store(agency, examine(picture()))
    agency.save()
    return agency


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("JPEG", "RGB"), ("PNG", "L")])
def test_a_picture_is_kept_small_in_two_sizes(kind: str, mode: str) -> None:
    seal = examine(picture(kind, 900, mode))
    assert (opened(seal.printed).format, opened(seal.printed).size) == ("PNG", (256, 256))
    assert (opened(seal.on_screen).format, opened(seal.on_screen).size) == ("WEBP", (96, 96))
    assert len(seal.printed) <= seals.MAX_PRINTED_BYTES
    assert len(seal.on_screen) <= seals.MAX_SCREEN_BYTES


def test_noise_is_kept_small_too() -> None:
    seal = examine_noise()
    assert len(seal.on_screen) <= seals.MAX_SCREEN_BYTES
    assert len(seal.printed) <= 2 * seals.MAX_PRINTED_BYTES


def examine_noise() -> seals.Seal:
    file = io.BytesIO()
    Image.effect_noise((256, 256), 120).convert("RGB").save(file, "PNG")
    return examine(file.getvalue())


def test_what_the_file_says_besides_the_picture_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = "ภาพจากเครื่องของผู้ใด"
    exif[0x0112] = 6
    seal = examine(picture("JPEG", mode="RGB", exif=exif))
    for made in (seal.printed, seal.on_screen):
        assert not opened(made).getexif()
        assert not opened(made).info.keys() & {"exif", "xmp", "icc_profile", "comment"}


def test_nothing_shines_through(agency: Agency) -> None:
    seal = examine(picture())
    assert opened(seal.printed).convert("RGBA").getpixel((0, 0)) == (255, 255, 255, 255)


PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "ว่างเปล่า"),
        (PDF, "ไม่ใช่ภาพ PNG หรือ JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "ไม่ใช่ภาพ PNG หรือ JPEG"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 99, "เปิดภาพตรานี้ไม่ได้"),
        (b"\xff\xd8\xff" + b"0" * 99, "เปิดภาพตรานี้ไม่ได้"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * seals.MAX_BYTES, "ใหญ่เกิน 5 MB"),
    ],
)
def test_a_seal_that_is_no_picture_is_a_thai_sentence(data: bytes, said: str) -> None:
    with pytest.raises(NoSeal, match=said):
        examine(data)


def test_a_picture_broken_off_or_of_the_wrong_size_is_refused() -> None:
    whole = picture("JPEG", mode="RGB")
    with pytest.raises(NoSeal, match="เปิดภาพตรานี้ไม่ได้"):
        examine(whole[: len(whole) // 2])
    with pytest.raises(NoSeal, match="เล็กเกินไป"):
        examine(picture(side=63))
    file = io.BytesIO()
    Image.new("1", (6000, 6000)).save(file, "PNG")
    with pytest.raises(NoSeal, match="ละเอียดเกินไป"):
        examine(file.getvalue())


def test_everybody_gets_a_seal_for_ever(client: Client, sealed: Agency) -> None:
    for ending, content_type in seals.ENDINGS.items():
        address = reverse("seal", args=[sealed.seal_hash, ending])
        response = client.get(address)
        assert (response.status_code, response["Content-Type"]) == (200, content_type)
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Cookie" not in response.get("Vary", "")
        assert client.get(address, headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert client.get(reverse("seal", args=["0" * 64, "png"])).status_code == 404
    assert client.get(f"/seal/{sealed.seal_hash}.svg").status_code == 404


def test_the_same_seal_is_stored_once(sealed: Agency, folder_of_files: Path) -> None:
    store(sealed, examine(picture()))
    assert sorted(path.suffix for path in (folder_of_files / "seals").iterdir()) == [".png", ".webp"]


def test_it_stands_in_the_masthead_and_on_the_public_page_instead_of_the_initials(
    sign_in: SignIn, sealed: Agency, plan: object
) -> None:
    make_edition(Round.objects.select_related("plan__agency").get(plan__agency=sealed, months=12))
    address = reverse("seal", args=[sealed.seal_hash, "webp"])
    for person, path in (
        ("officer", reverse("dashboard")),
        ("anonymous", reverse("public_agency", args=["here"])),
    ):
        page = sign_in(person).get(path).content.decode()
        seal = page.partition('class="seal"')[2].partition("</span>")[0]
        assert address in seal
        assert seal.rpartition(">")[2].strip() == ""


def test_a_report_keeps_the_seal_and_the_signatories_that_it_was_submitted_with(
    people: dict[str, Any], sealed: Agency, measure: Measure
) -> None:
    Agency.objects.filter(pk=sealed.pk).update(reporter_name="ผู้หนึ่ง", reporter_post="หัวหน้าสำนักปลัด")
    round_ = Round.objects.select_related("plan__agency").get(plan=measure.plan, months=6)
    measure.status, measure.reported_by = "done", people["staff"]
    measure.save()
    submission = submit(round_, people["officer"])
    submission.refresh_from_db()
    Agency.objects.filter(pk=sealed.pk).update(seal="", reporter_name="ผู้อื่น")
    frozen = document_of(submission)
    assert base64.b64decode(frozen.seal) == examine(picture()).printed
    assert (frozen.reporter.name, frozen.reporter.post) == ("ผู้หนึ่ง", "หัวหน้าสำนักปลัด")
    assert build_document(Round.objects.select_related("plan__agency").get(pk=round_.pk)).seal == ""


def test_a_seal_that_is_gone_from_the_disk_stops_no_report(
    sealed: Agency, folder_of_files: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder_of_files / f"seals/{sealed.seal_hash}.png").unlink()
    assert seal_as_text(sealed) == ""
    assert "cannot be read" in caplog.text


def test_every_file_has_the_seal_and_the_signatories(sealed: Agency, measure: Measure) -> None:
    Agency.objects.filter(pk=sealed.pk).update(
        reporter_name="นางผู้รายงาน", reporter_post="หัวหน้าสำนักปลัด", approver_post="นายก อบต."
    )
    round_ = Round.objects.select_related("plan__agency").get(plan=measure.plan, months=6)
    document = build_document(round_)
    page = pdf.paper_html(document)
    assert 'src="seal.png"' in page
    signed = read(page).all("div", "paper-signature")
    assert "(นางผู้รายงาน)" in signed[0].text
    assert "นายก อบต." in signed[1].text
    made = {name: report_format.render(document).content for name, report_format in FORMATS.items()}
    assert b"/Subtype /Image" in made["pdf"] or b"/Image" in made["pdf"]
    assert b"word/media/image1.png" in made["docx"]
    assert all(made.values())


def test_a_full_disk_is_a_sentence_and_the_old_seal_stays(
    sign_in: SignIn, sealed: Agency, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.storage.os.fsync", full)
    officer = sign_in("officer")
    data: dict[str, Any] = {**read(officer.get(reverse("agency"))).one("form", "edit-form").form_data()}
    data["seal_file"] = SimpleUploadedFile("seal.png", picture(side=200))
    response = officer.post(reverse("agency"), data)
    assert response.status_code == 422
    assert "พื้นที่เก็บข้อมูลของเครื่องแม่ข่ายเต็ม" in response.content.decode()
    assert Agency.objects.get(pk=sealed.pk).seal_hash == sealed.seal_hash
