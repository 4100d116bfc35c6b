"""An agency's seal: what may be one, as it is kept, and its bytes.

A seal is kept under the hash of its bytes, in two sizes, and never removed: its address shows one picture
for ever.
"""

import base64
import hashlib
import io
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import Agency
from core.disk_space import DISK_FULL, is_disk_full
from core.file_kinds import MB, Content, content_of, size_text

logger = logging.getLogger(__name__)

MAX_BYTES: Final = 5 * MB
MAX_PIXELS: Final = 25_000_000
MIN_SIDE: Final = 64
# As large as it is printed: 20 mm at 325 dots an inch.
PRINTED_SIDE: Final = 256
MAX_PRINTED_BYTES: Final = 32 * 1024
# Twice the side of the ring in the masthead, for screens of fine dots.
SCREEN_SIDE: Final = 96
MAX_SCREEN_BYTES: Final = 6 * 1024
FORMATS: Final = {Content.JPEG: "JPEG", Content.PNG: "PNG"}
ENDINGS: Final = {"png": "image/png", "webp": "image/webp"}

EMPTY: Final = "ไฟล์ตรานี้ว่างเปล่า กรุณาเลือกไฟล์ใหม่"
TOO_BIG: Final = "ไฟล์ตรามีขนาด {size} ใหญ่เกิน {limit} กรุณาย่อภาพแล้วเลือกใหม่"
NO_PICTURE: Final = "ไฟล์นี้ไม่ใช่ภาพ PNG หรือ JPEG ดูจากเนื้อไฟล์ ไม่ใช่จากชื่อ กรุณาเลือกไฟล์ภาพตรา"
BROKEN: Final = "เปิดภาพตรานี้ไม่ได้ ไฟล์อาจเสียหรือคัดลอกมาไม่ครบ กรุณาเปิดดูในเครื่องก่อน แล้วเลือกใหม่"
TOO_MANY_PIXELS: Final = f"ภาพตราละเอียดเกินไป รับได้ไม่เกิน {MAX_PIXELS // 1_000_000} ล้านพิกเซล กรุณาย่อภาพแล้วเลือกใหม่"
TOO_SMALL: Final = f"ภาพตราเล็กเกินไป พิมพ์แล้วไม่ชัด กรุณาใช้ภาพที่กว้างและสูงอย่างน้อย {MIN_SIDE} พิกเซล"
CANNOT_WRITE: Final = "เครื่องแม่ข่ายเขียนไฟล์ตราไม่ได้ จึงยังไม่ได้บันทึก กรุณาแจ้งผู้ดูแลระบบ แล้วลองอีกครั้ง"


class NoSeal(Exception):
    """What was handed in is no seal, or could not be stored; the text is the sentence for the person."""


@dataclass(frozen=True)
class Seal:
    """A seal in both sizes, without what its file said besides the picture."""

    printed: bytes
    """PNG."""
    on_screen: bytes
    """WebP."""

    @property
    def name(self) -> str:
        """Of the printed one, below MEDIA_ROOT."""
        return _path(hashlib.sha256(self.printed).hexdigest(), "png")


def examine(data: bytes) -> Seal:
    """Make a seal of a file.

    Raises:
        NoSeal: no PNG or JPEG, broken, too large or too small.
    """
    if not data:
        raise NoSeal(EMPTY)
    if len(data) > MAX_BYTES:
        raise NoSeal(TOO_BIG.format(size=size_text(len(data)), limit=size_text(MAX_BYTES)))
    kind = FORMATS.get(content_of(data))
    if kind is None:
        raise NoSeal(NO_PICTURE)
    if not _is_whole(data, kind):
        raise NoSeal(BROKEN)
    picture = _opened(data, kind)
    return Seal(_printed(picture), _on_screen(picture))


def store(agency: Agency, seal: Seal) -> None:
    """Keep a seal and make it the agency's, in memory; the caller saves the agency.

    Raises:
        NoSeal: the machine cannot store it.
    """
    name = seal.name
    try:
        for path, data in ((name, seal.printed), (name.removesuffix("png") + "webp", seal.on_screen)):
            if not default_storage.exists(path):
                default_storage.save(path, ContentFile(data))
    except OSError as error:
        logger.exception("A seal could not be stored")
        raise NoSeal(DISK_FULL if is_disk_full(error) else CANNOT_WRITE) from error
    agency.seal.name = name


def read_seal(sha256: str, ending: str) -> bytes | None:
    """The bytes of a stored seal; None where there is none of this hash."""
    with suppress(OSError), default_storage.open(_path(sha256, ending)) as file:
        data: bytes = file.read()
        return data
    return None


def seal_as_text(agency: Agency) -> str:
    """The printed seal of an agency as base64, for documents that have to last; empty without one."""
    data = read_seal(agency.seal_hash, "png") if agency.seal_hash else None
    if agency.seal_hash and data is None:
        logger.error("The seal of %s cannot be read: %s", agency.slug, agency.seal.name)
    return base64.b64encode(data or b"").decode()


def _is_whole(data: bytes, kind: str) -> bool:
    """Whether a picture's end was reached; Pillow fills up what is missing once WeasyPrint is loaded."""
    if kind == "PNG":
        return b"IEND" in data
    return data.rfind(b"\xff\xd9") > data.rfind(b"\xff\xda")


def _path(sha256: str, ending: str) -> str:
    return f"seals/{sha256}.{ending}"


def _opened(data: bytes, kind: str) -> Any:
    """The picture on white, upright, of the size that is kept at most."""
    # Here, because the site starts without it.
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise NoSeal(TOO_MANY_PIXELS)
            if min(picture.size) < MIN_SIDE:
                raise NoSeal(TOO_SMALL)
            picture.load()
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise NoSeal(TOO_MANY_PIXELS) from bomb
    except (OSError, SyntaxError, ValueError, EOFError) as broken:
        raise NoSeal(BROKEN) from broken
    upright.thumbnail((PRINTED_SIDE, PRINTED_SIDE))
    # A new picture: nothing but its dots comes along.
    white = Image.new("RGB", upright.size, "white")
    white.paste(upright, mask=upright.getchannel("A"))
    return white


def _printed(picture: Any) -> bytes:
    made = b""
    for colours in (256, 128, 64, 32, 16):
        file = io.BytesIO()
        picture.quantize(colours, dither=0).save(file, "PNG", optimize=True)
        made = file.getvalue()
        if len(made) <= MAX_PRINTED_BYTES:
            break
    return made


def _on_screen(picture: Any) -> bytes:
    small = picture.copy()
    small.thumbnail((SCREEN_SIDE, SCREEN_SIDE))
    made = b""
    for quality in (85, 65, 45, 25, 5):
        file = io.BytesIO()
        small.save(file, "WEBP", quality=quality, method=6)
        made = file.getvalue()
        if len(made) <= MAX_SCREEN_BYTES:
            break
    return made
