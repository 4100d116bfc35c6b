"""Files of evidence: known by their content, kept as they were handed in, given to whoever may have them."""

import hashlib
import io
import logging
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import docx
import openpyxl
import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from PIL import ExifTags, Image, PngImagePlugin

from accounts.models import User
from core import file_kinds, office_archive
from core.dangers import BROKEN_PDF
from core.file_kinds import CONTENT_TYPES, KINDS, PDF, Kind, size_text
from measures.evidence import exif as exif_module
from measures.evidence import files, pictures
from measures.evidence.files import MAX_BYTES, Refused, examine, safe_name
from measures.evidence.services import NewEvidence, drop_evidence, store_evidence
from measures.evidence.signals import IN_EDITION, InEdition
from measures.measure_page.history import recent_changes
from measures.models import Evidence, Measure
from tests.conftest import SignIn
from tests.support.factories import PDF as A_PDF
from tests.support.factories import make_evidence, make_evidence_file
from tests.support.thorough import in_turn

pytestmark = pytest.mark.usefixtures("looked_at_here")

NAMED: Final = {"evidence-title": "คำสั่งแต่งตั้ง", "evidence-effective_on": "31/1/2566"}
XMP_WITH_PLACE: Final = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description exif:GPSLatitude="13,45N"/></x:xmpmeta>'
)
XMP_WITHOUT: Final = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description xmp:Rating="5"/></x:xmpmeta>'


# --- Files made for these tests ------------------------------------------------------------------------


def exif(*, place: bool, upright: int = 1, version_only: bool = False) -> Image.Exif:
    made = Image.Exif()
    made[ExifTags.Base.Model] = "Phone"
    made[ExifTags.Base.Orientation] = upright
    if place or version_only:
        gps = made.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSVersionID] = b"\x02\x03\x00\x00"
        if place:
            gps[ExifTags.GPS.GPSLatitudeRef] = "N"
            gps[ExifTags.GPS.GPSLatitude] = (13.0, 45.0, 30.0)
            gps[ExifTags.GPS.GPSLongitude] = (100.0, 30.0, 0.0)
    return made


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    made = Image.effect_noise(size, 40).convert("RGB")
    out = io.BytesIO()
    made.save(out, kind, **options)
    return out.getvalue()


def word() -> bytes:
    out = io.BytesIO()
    made = docx.Document()
    made.add_paragraph("คำสั่ง")
    made.save(out)
    return out.getvalue()


def excel() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def archive(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries.items():
            made.writestr(name, data)
    return out.getvalue()


def word_with(entries: dict[str, bytes], change: Callable[[bytes], bytes] = lambda table: table) -> bytes:
    """A Word file with more in it than Word put there, or with another table of types."""
    with zipfile.ZipFile(io.BytesIO(word())) as made:
        held = {name: made.read(name) for name in made.namelist()}
    held[office_archive.CONTENT_TYPES] = change(held[office_archive.CONTENT_TYPES])
    return archive(held | entries)


def lying_word() -> bytes:
    """An entry of 3 MB of which the archive says that it has 10 bytes."""
    made = bytearray(word_with({"word/big.xml": bytes(3 * 1024 * 1024)}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = -1
        while (at := made.find(signature, at + 1)) >= 0:
            name_at = at + (30 if signature == b"PK\x03\x04" else 46)
            if made[name_at : name_at + 12] == b"word/big.xml":
                made[at + offset : at + offset + 4] = struct.pack("<L", 10)
    return bytes(made)


def many_pixels() -> bytes:
    """The head of a PNG that says that it is 20,000 by 20,000."""
    made = bytearray(picture("PNG"))
    made[16:24] = struct.pack(">LL", 20_000, 20_000)
    made[29:33] = struct.pack(">L", zlib.crc32(bytes(made[12:29])))
    return bytes(made)


GOOD: Final[dict[str, tuple[Callable[[], bytes], Kind]]] = {
    "PDF": (lambda: A_PDF, PDF),
    "JPEG": (lambda: picture("JPEG"), file_kinds.JPEG),
    "progressive JPEG": (lambda: picture("JPEG", progressive=True), file_kinds.JPEG),
    "PNG": (lambda: picture("PNG"), file_kinds.PNG),
    "WebP": (lambda: picture("WEBP"), file_kinds.WEBP),
    "Word": (word, file_kinds.DOCX),
    "Excel": (excel, file_kinds.XLSX),
}
BAD: Final[dict[str, tuple[Callable[[], bytes], str]]] = {
    "nothing": (lambda: b"", files.EMPTY),
    "a Windows program": (lambda: b"MZ\x90\0" + bytes(400), files.PROGRAM),
    "a Linux program": (lambda: b"\x7fELF\x02" + bytes(400), files.PROGRAM),
    "a script": (lambda: b"#!/bin/sh\nrm -rf /\n", files.PROGRAM),
    "a program with a PDF in it": (lambda: b"MZ\x90\0" + A_PDF, files.PROGRAM),
    "a web page": (lambda: b"<html><script>alert(1)</script></html>", files.UNKNOWN),
    "a drawing with a script": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", files.UNKNOWN),
    "a text": (lambda: "บันทึกข้อความ".encode(), files.UNKNOWN),
    "one byte": (lambda: b"%", files.UNKNOWN),
    "a GIF": (lambda: picture("GIF"), files.UNKNOWN),
    "half a PDF": (lambda: A_PDF[:-8], BROKEN_PDF),
    "half a JPEG": (lambda: picture("JPEG")[:-400], files.BROKEN_PICTURE),
    "half a PNG": (lambda: picture("PNG")[:-400], files.BROKEN_PICTURE),
    "half a WebP": (lambda: picture("WEBP")[:-400], files.BROKEN_PICTURE),
    "the beginning of a JPEG": (lambda: b"\xff\xd8\xff\xe0", files.BROKEN_PICTURE),
    "too many pixels": (many_pixels, files.TOO_MANY_PIXELS),
    "a picture of an iPhone": (lambda: b"\0\0\0\x18ftypheic" + bytes(40), files.HEIC),
    "an old Word file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), files.OLD_OFFICE),
    "a ZIP": (lambda: archive({"a.txt": b"x"}), files.ARCHIVE),
    "an empty ZIP": (lambda: archive({}), files.ARCHIVE),
    "half a Word file": (lambda: word()[:-800], files.BROKEN_OFFICE),
    "a bomb": (lambda: word_with({"word/big.xml": bytes(60 * 1024 * 1024)}), files.BOMB),
    "a bomb of 210 MB": (
        lambda: word_with({f"word/{n}.xml": b"ab" * 500_000 for n in range(210)}),
        files.BOMB,
    ),
    "a bomb that lies": (lying_word, files.BROKEN_OFFICE),
    "too many entries": (lambda: word_with({f"x/{n}": b"" for n in range(5_001)}), files.BOMB),
    "a way out": (lambda: word_with({"../../etc/passwd": b"x"}), files.BROKEN_OFFICE),
    "macros": (lambda: word_with({"word/vbaProject.bin": b"x"}), files.MACROS),
    "macros by type": (
        lambda: word_with(
            {},
            lambda table: table.replace(
                b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                b"application/vnd.ms-word.document.macroEnabled.main+xml",
            ),
        ),
        files.MACROS,
    ),
    "macros under another name": (
        lambda: word_with(
            {"word/x.bin": b"x"},
            lambda table: table.replace(
                b"</Types>",
                b'<Override PartName="/word/x.bin"'
                b' ContentType="application/vnd.ms-office_archive.vba&#x50;roject"/></Types>',
            ),
        ),
        files.MACROS,
    ),
    "no table of types": (lambda: archive({"word/document.xml": b"<x/>"}), files.ARCHIVE),
    "a broken table of types": (lambda: word_with({}, lambda table: table[:50]), files.BROKEN_OFFICE),
}


# --- What a file is --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GOOD)
def test_a_type_is_known_by_its_content_and_stored_unchanged(name: str) -> None:
    make, kind = GOOD[name]
    data = make()
    checked = examine("อะไรก็ได้.exe", data)
    assert (checked.kind, checked.data, checked.location_removed) == (kind, data, False)
    assert checked.name == f"อะไรก็ได้.{kind.ending}"


@pytest.mark.parametrize("name", BAD)
def test_everything_else_is_refused_in_words_of_its_own(name: str) -> None:
    make, said = BAD[name]
    with pytest.raises(Refused) as refused:
        examine("report.pdf", make())
    assert str(refused.value) == said


def test_every_sentence_of_a_refusal_is_another() -> None:
    said = {said for _, said in BAD.values()}
    assert said == {
        files.EMPTY,
        files.PROGRAM,
        files.UNKNOWN,
        files.ARCHIVE,
        files.OLD_OFFICE,
        files.HEIC,
        BROKEN_PDF,
        files.BROKEN_PICTURE,
        files.TOO_MANY_PIXELS,
        files.BROKEN_OFFICE,
        files.BOMB,
        files.MACROS,
    }
    assert len(said) == 12


def test_what_unpacks_to_more_than_it_says_is_stopped_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is declared is believed by nobody: the count of what really came out is what stops."""
    monkeypatch.setattr(office_archive, "_check_declared", lambda entries: None)
    read: list[int] = []
    original = zipfile.ZipExtFile.read

    def counted(self: zipfile.ZipExtFile, n: int | None = -1) -> bytes:
        block = original(self, n)
        read.append(len(block))
        return block

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    with pytest.raises(office_archive.Bomb):
        office_archive.kind_of(word_with({"word/a.xml": bytes(60 * 1024 * 1024)}))
    assert sum(read) < 20 * 1024 * 1024


def test_a_size_reads_as_people_say_it() -> None:
    sizes = (1, 1024, 350 * 1024, 1024 * 1024, 2_500_000, MAX_BYTES)
    assert [size_text(size) for size in sizes] == ["1 KB", "1 KB", "350 KB", "1 MB", "2.4 MB", "20 MB"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("คำสั่ง ที่ ๑๒/๒๕๖๖.pdf", "๒๕๖๖.pdf"),
        ("รายงาน.docx.exe", "รายงาน.docx.pdf"),
        ("C:\\Users\\x\\ภาพ.PDF", "ภาพ.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("report\u202efdp.exe", "reportfdp.pdf"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "abSet-Cookie x.pdf"),
        ('a"b<c>.pdf', "a b c.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("", "หลักฐาน.pdf"),
        ("...", "หลักฐาน.pdf"),
        (".pdf", "หลักฐาน.pdf"),
        ("x" * 400 + ".pdf", "x" * 120 + ".pdf"),
        # A disk takes 255 bytes, and three of them are a Thai letter.
        ("ก" * 400 + ".pdf", "ก" * 83 + ".pdf"),
        ("x" + "ก่" * 60 + ".pdf", "x" + "ก่" * 41 + ".pdf"),
        ("ไม่มีนามสกุล", "ไม่มีนามสกุล.pdf"),
    ],
)
def test_a_name_is_made_safe_and_stays_thai(name: str, safe: str) -> None:
    assert safe_name(name, PDF) == safe


# --- Where a picture was taken ---------------------------------------------------------------------------


def opened(data: bytes) -> Image.Image:
    made = Image.open(io.BytesIO(data))
    made.load()
    return made


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("upright", [1, 6])
def test_the_place_is_taken_out_and_every_pixel_stays(kind: str, upright: int) -> None:
    taken = picture(kind, exif=exif(place=True, upright=upright), icc_profile=b"profile" * 20)
    assert opened(taken).getexif().get_ifd(ExifTags.IFD.GPSInfo)
    checked = examine("ภาพ", taken)
    assert checked.location_removed
    kept = opened(checked.data)
    assert dict(kept.getexif().get_ifd(ExifTags.IFD.GPSInfo)) == {}
    assert kept.getexif().get(ExifTags.Base.Orientation, 1) == upright
    assert kept.info["icc_profile"] == b"profile" * 20
    assert kept.tobytes() == opened(taken).tobytes()
    assert b"Phone" not in checked.data
    assert pictures.without_location(checked.data, kind) is None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_tells_no_place_stays_byte_for_byte(kind: str) -> None:
    for told in (exif(place=False, upright=6), exif(place=False, version_only=True)):
        taken = picture(kind, exif=told)
        checked = examine("ภาพ", taken)
        assert (checked.data, checked.location_removed) == (taken, False)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_place_in_xmp_is_taken_out_too(kind: str) -> None:
    checked = examine("ภาพ", picture(kind, xmp=XMP_WITH_PLACE))
    assert checked.location_removed
    assert b"GPS" not in checked.data
    assert not examine("ภาพ", picture(kind, xmp=XMP_WITHOUT)).location_removed


@pytest.mark.parametrize(
    ("told", "place"),
    [
        (b'<x xmlns:Iptc4xmpCore="http://iptc.org/" xmlns:photoshop="http://ns.adobe.com/"/>', False),
        (b'<x Iptc4xmpCore:Location="Bangkok"/>', True),
        (b"<x><photoshop:City>Bangkok</photoshop:City></x>", True),
        (b"<Iptc4xmpExt:LocationCreated><rdf:Bag/></Iptc4xmpExt:LocationCreated>", True),
        ('<x photoshop:City="Bangkok"/>'.encode("utf-16"), True),
    ],
)
def test_a_vocabulary_alone_is_no_place(told: bytes, place: bool) -> None:
    assert examine("ภาพ", picture("JPEG", xmp=told)).location_removed == place
    more = exif_module.XMP_MORE + b"0" * 32 + struct.pack(">LL", len(told), 0) + told
    taken = picture("JPEG")
    taken = taken[:2] + b"\xff\xe1" + struct.pack(">H", len(more) + 2) + more + taken[2:]
    assert examine("ภาพ", taken).location_removed == place


@pytest.mark.parametrize("compressed", [False, True])
def test_a_place_in_the_xmp_of_a_png_is_taken_out_too(compressed: bool) -> None:
    told = PngImagePlugin.PngInfo()
    told.add_itxt("XML:com.adobe.xmp", XMP_WITH_PLACE.decode(), zip=compressed)
    told.add_text("Comment", "ข้อความ")
    checked = examine("ภาพ", picture("PNG", pnginfo=told))
    assert checked.location_removed
    assert "XML:com.adobe.xmp" not in opened(checked.data).info
    assert opened(checked.data).info["Comment"] == "ข้อความ"


def test_a_raw_profile_of_a_png_is_taken_out_unread() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Raw profile type exif", "\nexif\n4\n00000000", zip=True)
    assert examine("ภาพ", picture("PNG", pnginfo=told)).location_removed


def test_a_city_in_iptc_is_a_place() -> None:
    city = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0c\x1c\x02\x5a\x00\x07Bangkok"
    taken = picture("JPEG")
    taken = taken[:2] + b"\xff\xed" + struct.pack(">H", len(city) + 2) + city + taken[2:]
    checked = examine("ภาพ", taken)
    assert checked.location_removed
    assert b"Bangkok" not in checked.data


def test_a_second_picture_behind_the_first_tells_no_place_either() -> None:
    taken = picture("JPEG") + picture("JPEG", exif=exif(place=True))
    checked = examine("ภาพ", taken)
    assert checked.location_removed
    assert checked.data == taken[: len(checked.data)]
    assert b"Exif" not in checked.data
    with_xmp = picture("JPEG") + picture("JPEG", xmp=XMP_WITH_PLACE)
    assert b"xmpmeta" not in examine("ภาพ", with_xmp).data
    harmless = picture("JPEG") + picture("JPEG") + b"ftyp mp4 GPS by chance"
    assert examine("ภาพ", harmless).data == harmless


def test_a_film_behind_the_picture_tells_no_place_either() -> None:
    taken = picture("JPEG")
    assert examine("ภาพ", taken + b"\0\0\0\x18ftypmp42\xa9xyz+13.7+100.5/").data == taken


def test_exif_that_cannot_be_read_goes() -> None:
    taken = picture("JPEG")
    for broken in (b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0XX" + bytes(20)):
        whole = taken[:2] + b"\xff\xe1" + struct.pack(">H", len(broken) + 2) + broken + taken[2:]
        assert pictures.without_location(whole, "JPEG") == taken


# What Pillow thinks of broken EXIF it says as a warning, which goes to a log.
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_containers_broken_anywhere_end_in_a_refusal_and_nothing_else(kind: str) -> None:
    whole = picture(kind, (16, 16), exif=exif(place=True, upright=3))
    refusals = 0
    for at in range(0, len(whole), 7):
        for broken in (whole[:at], whole[:at] + b"\xff\xff" + whole[at + 2 :]):
            try:
                examine("ภาพ", broken)
            except Refused:
                refusals += 1
    assert refusals > len(whole) // 7


# --- Handing in ------------------------------------------------------------------------------------------


@pytest.fixture
def staff(measure: Measure, sign_in: SignIn) -> Client:
    return sign_in("staff")


def upload(
    client: Client, measure: Measure, data: bytes, name: str = "คำสั่ง.pdf", *, htmx: bool = False, **also: str
) -> Any:
    sent = SimpleUploadedFile(name, data, content_type="application/pdf")
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(
        reverse("add_evidence", args=[measure.pk]),
        NAMED | {"evidence-file": sent} | {f"evidence-{name}": value for name, value in also.items()},
        headers=headers,
        follow=True,
    )


def stored(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.django_db
@pytest.mark.parametrize("htmx", [False, True])
def test_a_file_is_stored_under_a_name_of_the_system_s_own(
    staff: Client, measure: Measure, people: dict[str, User], folder_of_files: Path, htmx: bool
) -> None:
    step = measure.steps.get(position=2)
    page = upload(staff, measure, A_PDF, htmx=htmx, step=str(step.pk), public="on").content.decode()
    proof = measure.evidence.get()
    assert (proof.title, proof.effective_on, proof.step) == ("คำสั่งแต่งตั้ง", date(2023, 1, 31), step)
    assert (proof.address, proof.file_name, proof.content_type) == ("", "คำสั่ง.pdf", "application/pdf")
    assert (proof.size, proof.sha256) == (len(A_PDF), hashlib.sha256(A_PDF).hexdigest())
    assert (proof.public, proof.in_edition, proof.added_by) == (True, False, people["staff"])
    (file,) = stored(folder_of_files)
    assert file.read_bytes() == A_PDF
    assert str(file.relative_to(folder_of_files)) == proof.file.name
    assert "คำสั่ง" not in proof.file.name
    assert file.stat().st_mode & 0o007 == 0
    for said in ("เพิ่มหลักฐาน “คำสั่งแต่งตั้ง” แล้ว", "PDF 1 KB", "ขั้นตอน 2 ·", "เผยแพร่ต่อสาธารณะ"):
        assert said in " ".join(page.split())
    assert ("<html" in page) == (not htmx)


@pytest.mark.django_db
def test_nothing_is_public_unless_somebody_says_so(staff: Client, measure: Measure) -> None:
    page = staff.get(reverse("measure", args=[measure.pk])).content.decode()
    assert "PDPA" in page
    upload(staff, measure, A_PDF)
    staff.post(
        reverse("add_evidence", args=[measure.pk]), NAMED | {"evidence-address": "https://example.go.th/"}
    )
    assert [proof.public for proof in measure.evidence.all()] == [False, False]


@pytest.mark.django_db
@pytest.mark.parametrize("name", in_turn([*BAD], 0, 5))
def test_a_bad_file_changes_nothing_and_keeps_what_was_typed(
    staff: Client, measure: Measure, folder_of_files: Path, name: str
) -> None:
    make, said = BAD[name]
    response = upload(staff, measure, make())
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page.partition('id="id_evidence-file_error"')[2][:600]
    assert "คำสั่งแต่งตั้ง" in page
    assert not Evidence.objects.exists()
    assert stored(folder_of_files) == []


@pytest.mark.django_db
def test_one_byte_more_than_20_mb_is_too_much(staff: Client, measure: Measure, folder_of_files: Path) -> None:
    full = A_PDF.ljust(MAX_BYTES, b"\n")
    assert upload(staff, measure, full).status_code == 200
    response = upload(staff, measure, full + b"\n")
    assert response.status_code == 422
    assert "ใหญ่เกิน 20 MB กรุณาย่อขนาด" in response.content.decode()
    assert len(stored(folder_of_files)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "said", "field"),
    [
        ({}, "กรุณาเลือกไฟล์ หรือใส่ลิงก์", "file"),
        ({"evidence-file": "x.pdf"}, "กรุณาเลือกไฟล์ หรือใส่ลิงก์", "file"),
        (
            {"evidence-address": "https://example.go.th/", "evidence-file": A_PDF},
            "พร้อมกันไม่ได้",
            "address",
        ),
        ({"evidence-file": A_PDF, "evidence-step": "999999"}, "ตัวเลือกนี้ไม่มีแล้ว", "step"),
        ({"evidence-file": A_PDF, "evidence-step": "x"}, "ตัวเลือกนี้ไม่มีแล้ว", "step"),
    ],
)
def test_a_file_or_an_address_of_one_of_the_steps(
    staff: Client, measure: Measure, folder_of_files: Path, fields: dict[str, Any], said: str, field: str
) -> None:
    sent = {
        name: SimpleUploadedFile("x.pdf", value) if isinstance(value, bytes) else value
        for name, value in fields.items()
    }
    response = staff.post(reverse("add_evidence", args=[measure.pk]), NAMED | sent)
    assert response.status_code == 422
    assert said in response.content.decode().partition(f'id="id_evidence-{field}_error"')[2][:400]
    assert not Evidence.objects.exists()
    assert stored(folder_of_files) == []


@pytest.mark.django_db
def test_a_chosen_file_is_kept_by_the_page_or_asked_for_again(staff: Client, measure: Measure) -> None:
    """No browser fills a file in again: in place the field itself stays, on a new page one is told."""
    day = "เมื่อวาน"
    assert "กรุณาเลือกไฟล์อีกครั้ง" in upload(staff, measure, A_PDF, effective_on=day).content.decode()
    page = upload(staff, measure, A_PDF, htmx=True, effective_on=day).content.decode()
    assert '<div id="evidence-file" hx-preserve>' in page
    assert "กรุณาเลือกไฟล์อีกครั้ง" not in page
    assert "hx-preserve" not in upload(staff, measure, b"x", htmx=True, effective_on=day).content.decode()


@pytest.mark.django_db
def test_a_person_is_told_that_the_place_was_taken_out(staff: Client, measure: Measure) -> None:
    page = upload(staff, measure, picture(exif=exif(place=True)), "IMG_1.JPG").content.decode()
    assert "ลบข้อมูลตำแหน่งที่ฝังในภาพออกแล้ว" in page
    proof = measure.evidence.get()
    assert (proof.file_name, proof.content_type) == ("IMG_1.jpg", "image/jpeg")
    with proof.file.open() as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == proof.sha256
    assert "ลบข้อมูลตำแหน่งที่ฝังในภาพออกแล้ว" not in upload(staff, measure, picture()).content.decode()


@pytest.mark.django_db(transaction=True)
def test_no_file_is_left_behind_when_its_row_cannot_be_stored(
    measure: Measure, people: dict[str, User], folder_of_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = NewEvidence("x", date(2023, 1, 1), public=False, file=examine("x.pdf", A_PDF))

    def full(*args: Any, **options: Any) -> None:
        assert len(stored(folder_of_files)) == 1
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(Evidence, "save", full)
        with pytest.raises(OSError, match="disk full"):
            store_evidence(measure, [proof], people["staff"])
    assert stored(folder_of_files) == []
    # Inside another transaction, which could be undone later, it does not begin.
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        store_evidence(measure, [proof], people["staff"])
    assert stored(folder_of_files) == []
    assert not Evidence.objects.exists()


# --- Handing out -----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["staff", "other_staff", "officer", "executive", "overseer"])
def test_whoever_may_see_the_measure_is_given_the_file(sign_in: SignIn, measure: Measure, role: str) -> None:
    proof = make_evidence_file(measure)
    User.objects.filter(username="overseer").update(sees_private_evidence=True)
    response = sign_in(role).get(reverse("evidence_file", args=[proof.pk]))
    assert response.content == A_PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E0%B8%84")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"].split(", ")[0] == "private"
    assert response["Content-Length"] == str(len(A_PDF))


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["stranger", "admin", "anonymous"])
@pytest.mark.parametrize("public", [False, True])
def test_nobody_else_is_not_even_told_that_it_exists(
    sign_in: SignIn, measure: Measure, role: str, public: bool
) -> None:
    proof = make_evidence_file(measure, public=public)
    response = sign_in(role).get(reverse("evidence_file", args=[proof.pk]))
    assert response.status_code == (302 if role == "anonymous" else 404)
    assert "คำสั่ง" not in response.content.decode()


@pytest.mark.django_db
def test_no_address_leads_to_the_folder(sign_in: SignIn, measure: Measure) -> None:
    proof = make_evidence_file(measure)
    for start in ("/", "/media/", "/static/", "/static/../media/"):
        assert sign_in("officer").get(f"{start}{proof.file.name}").status_code == 404
    assert site.MEDIA_URL in ("", "/")
    assert not str(site.MEDIA_ROOT).startswith(str(site.STATIC_ROOT))


@pytest.mark.django_db
def test_an_address_has_no_file(staff: Client, measure: Measure) -> None:
    response = staff.get(reverse("evidence_file", args=[make_evidence(measure).pk]))
    assert response.status_code == 404
    assert "ไม่มีไฟล์ให้ดาวน์โหลด" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("harm", ["changed", "gone", "cut off"])
def test_a_file_that_was_changed_on_the_disk_is_not_handed_out(
    staff: Client, measure: Measure, folder_of_files: Path, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    proof = make_evidence_file(measure)
    (file,) = stored(folder_of_files)
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(A_PDF[:-1] + b"!" if harm == "changed" else A_PDF[:-1])
    with caplog.at_level(logging.ERROR, "measures.evidence.downloads"):
        response = staff.get(reverse("evidence_file", args=[proof.pk]))
    assert response.status_code == 409
    assert "ไม่ตรงกับที่แนบมา" in response.content.decode()
    assert f"Evidence {proof.pk}" in caplog.text


# --- Publishing and removing -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_publishing_is_one_press_and_stays_in_the_history(staff: Client, measure: Measure) -> None:
    proof = make_evidence_file(measure)
    address = reverse("publish_evidence", args=[proof.pk])
    for value, said, public in (("1", "เผยแพร่หลักฐาน", True), ("0", "ยกเลิกการเผยแพร่หลักฐาน", False)):
        for _ in range(2):
            page = staff.post(address, {"public": value}, headers={"HX-Request": "true"}).content.decode()
            assert f"{said} “คำสั่งแต่งตั้ง” แล้ว" in page
        proof.refresh_from_db()
        assert proof.public == public
    assert [(change.field, change.before, change.after) for change in recent_changes(measure)] == [
        ("หลักฐาน “คำสั่งแต่งตั้ง”", "เผยแพร่ต่อสาธารณะ", "ไม่เผยแพร่"),
        ("หลักฐาน “คำสั่งแต่งตั้ง”", "ไม่เผยแพร่", "เผยแพร่ต่อสาธารณะ"),
        ("หลักฐาน", "", "คำสั่งแต่งตั้ง"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "value", "status"),
    [("officer", "0", 302), ("officer", "1", 403), ("staff", "0", 403), ("executive", "0", 403)],
)
def test_of_a_closed_plan_the_officer_can_take_evidence_back_from_the_public(
    sign_in: SignIn, measure: Measure, role: str, value: str, status: int
) -> None:
    proof = make_evidence_file(measure, public=True)
    measure.plan.closed_at = proof.added_at
    measure.plan.save()
    client = sign_in(role)
    shown = "ยกเลิกการเผยแพร่" in client.get(reverse("measure", args=[measure.pk])).content.decode()
    assert shown == (role == "officer")
    assert client.post(reverse("publish_evidence", args=[proof.pk]), {"public": value}).status_code == status
    proof.refresh_from_db()
    assert proof.public == (status == 403)


@pytest.mark.django_db
def test_a_file_goes_when_its_removal_is_certain(
    measure: Measure, folder_of_files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    proof = make_evidence_file(measure)
    with django_capture_on_commit_callbacks(execute=False):
        drop_evidence(proof)
    assert len(stored(folder_of_files)) == 1
    proof = make_evidence_file(measure)
    with django_capture_on_commit_callbacks(execute=True):
        drop_evidence(proof)
    assert len(stored(folder_of_files)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_removal_that_is_undone_leaves_the_file(measure: Measure, folder_of_files: Path) -> None:
    proof = make_evidence_file(measure)
    with transaction.atomic():
        drop_evidence(proof)
        transaction.set_rollback(True)
    assert len(stored(folder_of_files)) == 1
    assert Evidence.objects.count() == 1
    # With its measure it goes too.
    measure.delete()
    assert stored(folder_of_files) == []


@pytest.mark.django_db
@pytest.mark.parametrize("htmx", [False, True])
def test_what_an_approved_report_refers_to_stays(
    staff: Client, measure: Measure, folder_of_files: Path, htmx: bool
) -> None:
    proof = make_evidence_file(measure, in_edition=True)
    response = staff.post(
        reverse("remove_evidence", args=[proof.pk]), headers={"HX-Request": "true"} if htmx else {}
    )
    assert response.status_code == 409
    assert IN_EDITION in response.content.decode()
    assert "ซ่อนจากสาธารณะแทน" in IN_EDITION
    assert Evidence.objects.count() == len(stored(folder_of_files)) == 1
    for removal in (proof.delete, Evidence.objects.all().delete):
        with pytest.raises(InEdition), transaction.atomic():
            removal()


@pytest.mark.django_db
def test_a_measure_with_evidence_in_an_approved_report_stays(sign_in: SignIn, measure: Measure) -> None:
    make_evidence_file(measure, in_edition=True)
    response = sign_in("officer").post(reverse("delete_measure", args=[measure.pk]))
    assert response.status_code == 409
    assert "มีหลักฐานอยู่ในรายงานที่อนุมัติแล้ว" in response.content.decode()
    assert Measure.objects.exists()
    assert measure.steps.exists()


# --- Too much at once --------------------------------------------------------------------------------------


class Unread(io.BytesIO):
    """A body that fails the test when somebody begins to read it."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise AssertionError("read")

    readline = readinto = read  # type: ignore[assignment]


@pytest.fixture
def two_gigabytes() -> dict[str, Any]:
    return {
        "CONTENT_LENGTH": str(2 * 1024**3),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "wsgi.input": Unread(),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["staff", "anonymous"])
@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("htmx", [False, True])
def test_two_gigabytes_are_refused_before_they_are_read(
    sign_in: SignIn,
    measure: Measure,
    two_gigabytes: dict[str, Any],
    settings: Any,
    role: str,
    debug: bool,
    htmx: bool,
) -> None:
    settings.DEBUG = debug
    headers = {"HX-Request": "true"} if htmx else {}
    response = sign_in(role).post(
        reverse("add_evidence", args=[measure.pk]), headers=headers, **two_gigabytes
    )
    assert response.status_code == 413
    assert "ไม่เกิน 20 MB" in response.content.decode()
    assert response["Content-Security-Policy"]


@pytest.mark.django_db
def test_what_is_somewhat_too_large_is_let_pass_so_that_the_answer_is_seen(
    staff: Client, measure: Measure
) -> None:
    """No more is read than was announced, and none of it is kept."""
    length = site.LARGEST_BODY + 70_000
    body = io.BytesIO(bytes(length + 10))
    environment: dict[str, Any] = {"wsgi.input": body}
    response = staff.post(
        reverse("add_evidence", args=[measure.pk]),
        CONTENT_LENGTH=str(length),
        CONTENT_TYPE="multipart/form-data; boundary=x",
        **environment,
    )
    assert response.status_code == 413
    assert body.tell() == length


@pytest.mark.parametrize("length", ["", "x", "0"])
@pytest.mark.django_db
def test_a_length_that_is_none_is_no_reason_to_refuse(staff: Client, measure: Measure, length: str) -> None:
    response = staff.post(reverse("add_evidence", args=[measure.pk]), CONTENT_LENGTH=length)
    assert response.status_code == 422


def test_a_file_of_20_mb_fits_into_what_the_site_reads() -> None:
    assert MAX_BYTES < site.LARGEST_BODY <= MAX_BYTES + 2 * 1024 * 1024
    assert {kind.content_type for kind in KINDS} == set(CONTENT_TYPES)
    # What templates say of the limit is the limit.
    for name in ("413.html", "parts/problem.html", "measures/evidence/_file.html"):
        said = re.findall(r"\d+ MB", (Path(site.BASE_DIR) / "templates" / name).read_text())
        assert said == [size_text(MAX_BYTES)]
