"""A picture of evidence as it is printed: small, upright, in plain colours, without a word about itself."""

import io
from typing import Any

import pytest
from PIL import Image, ImageCms

from measures.evidence import printing
from measures.evidence.pictures import BadPicture
from measures.evidence.printing import NoPicture, for_paper, printed_picture
from measures.models import Evidence, Measure
from tests.support.factories import PDF, make_evidence_file, make_measure

KINDS = ("JPEG", "PNG", "WEBP")


def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (400, 200), **options: Any) -> bytes:
    made = io.BytesIO()
    options.setdefault("lossless", True)
    Image.new(mode, size, options.pop("colour", 0)).save(made, kind, **options)
    return made.getvalue()


def opened(data: bytes) -> Image.Image:
    made = Image.open(io.BytesIO(data))
    made.load()
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_a_small_jpeg_of_three_colours_that_tells_nothing_of_itself(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "CAMERA"
    exif[0x8825] = {1: "N", 2: (19.0, 18.0, 17.0)}
    data = picture(
        kind, exif=exif, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    )
    assert b"CAMERA" in data
    made = for_paper(data, kind, 100, 100)
    found = opened(made)
    assert (found.format, found.mode, found.size) == ("JPEG", "RGB", (100, 50))
    assert b"CAMERA" not in made
    assert not {"exif", "icc_profile", "comment", "xmp"} & set(found.info)


def test_the_same_file_gives_the_same_bytes_and_none_is_enlarged() -> None:
    data = picture("PNG", size=(40, 20))
    assert for_paper(data, "PNG", 100, 100) == for_paper(data, "PNG", 100, 100)
    assert opened(for_paper(data, "PNG", 100, 100)).size == (40, 20)


def test_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert opened(for_paper(picture("JPEG", exif=exif), "JPEG", 100, 100)).size == (50, 100)


@pytest.mark.parametrize(("mode", "colour"), [("RGBA", (255, 0, 0, 0)), ("LA", (0, 0)), ("P", 0)])
def test_what_is_transparent_is_white(mode: str, colour: Any) -> None:
    options: dict[str, Any] = {"transparency": 0} if mode == "P" else {}
    found = opened(for_paper(picture("PNG", mode, colour=colour, **options), "PNG", 50, 50))
    assert found.getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("kind", "mode", "colour", "seen"),
    [
        ("JPEG", "CMYK", (0, 255, 255, 0), (255, 0, 0)),
        ("JPEG", "L", 128, (128, 128, 128)),
        ("PNG", "1", 1, (255, 255, 255)),
        ("PNG", "I;16", 0x8000, (128, 128, 128)),
    ],
)
def test_other_colours_become_plain_ones(kind: str, mode: str, colour: Any, seen: tuple[int, ...]) -> None:
    found = opened(for_paper(picture(kind, mode, colour=colour), kind, 50, 50)).getpixel((10, 10))
    assert isinstance(found, tuple)
    assert all(abs(one - other) <= 6 for one, other in zip(found, seen, strict=True))


def test_a_broken_profile_is_as_none() -> None:
    found = opened(for_paper(picture("PNG", colour=(10, 200, 30), icc_profile=b"none"), "PNG", 50, 50))
    seen = found.getpixel((10, 10))
    assert isinstance(seen, tuple)
    assert all(abs(one - other) <= 6 for one, other in zip(seen, (10, 200, 30), strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_broken_or_too_large_is_refused(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = picture(kind)
    with pytest.raises(BadPicture):
        for_paper(data[:20], kind, 100, 100)
    with pytest.raises(BadPicture):
        for_paper(b"no picture", kind, 100, 100)
    monkeypatch.setattr(printing, "MAX_PIXELS", 400 * 200 - 1)
    with pytest.raises(BadPicture):
        for_paper(data, kind, 100, 100)


@pytest.mark.django_db
def test_only_a_whole_picture_as_it_was_stored_is_printed(plan: Any) -> None:
    measure: Measure = make_measure(plan)
    data = picture("PNG")
    proof = make_evidence_file(measure, data)
    proof.content_type = "image/png"
    assert printed_picture(proof, 50, 50) == for_paper(data, "PNG", 50, 50)
    proof.sha256 = "0" * 64
    with pytest.raises(NoPicture, match="not what was stored"):
        printed_picture(proof, 50, 50)
    with pytest.raises(NoPicture, match="no picture"):
        printed_picture(make_evidence_file(measure, PDF), 50, 50)
    proof = Evidence.objects.get(pk=proof.pk)
    proof.content_type, proof.file.name = "image/png", "gone.png"
    with pytest.raises(NoPicture, match="cannot be opened"):
        printed_picture(proof, 50, 50)
