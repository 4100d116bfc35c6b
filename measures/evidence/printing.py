"""A picture of evidence as a printed report has it: small, upright, in plain colours, without EXIF."""

import hashlib
import io
import logging
import struct
from typing import Final

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from measures.evidence.files import PICTURES
from measures.evidence.pictures import MAX_PIXELS, BadPicture
from measures.models import Evidence

QUALITY: Final = 80
# The modes that a profile of a picture's own colours is for.
PROFILED: Final = ("RGB", "CMYK", "L")

logger = logging.getLogger(__name__)


class NoPicture(Exception):
    """A piece of evidence has no picture that can be printed."""


def printed_picture(evidence: Evidence, width: int, height: int) -> bytes:
    """A file of evidence as a JPEG of at most so many pixels; the same file gives the same bytes.

    Asks nobody for permission: that is the caller's part.

    Raises:
        NoPicture: the file is no picture, cannot be opened, or is not what was stored.
    """
    kind = next((name for name, of in PICTURES.items() if of == evidence.kind), None)
    if kind is None:
        raise NoPicture("no picture")
    try:
        with evidence.file.open("rb") as file:
            data = file.read()
        if hashlib.sha256(data).hexdigest() != evidence.sha256:
            raise NoPicture("is not what was stored")
        return for_paper(data, kind, width, height)
    except (OSError, BadPicture) as error:
        raise NoPicture("cannot be opened") from error


def for_paper(data: bytes, kind: str, width: int, height: int) -> bytes:
    """A picture of a kind (JPEG, PNG or WEBP) as an sRGB JPEG that fits into so many pixels, never enlarged.

    What is transparent becomes white; nothing of the picture's own description comes along.

    Raises:
        BadPicture: it cannot be opened, or is larger than what is opened.
    """
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise BadPicture
            # Of a JPEG only as much is unpacked as is needed; upright, either side may be the longer one.
            side = max(width, height)
            picture.draft(None, (side, side))
            upright = ImageOps.exif_transpose(picture)
            upright = _with_shades(upright)
            upright.thumbnail((width, height), reducing_gap=3.0)
            made = io.BytesIO()
            _in_plain_colours(upright).save(made, "JPEG", quality=QUALITY, optimize=True)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise BadPicture from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error, EOFError) as broken:
        raise BadPicture from broken
    return made.getvalue()


def _with_shades(picture: Image.Image) -> Image.Image:
    """In a mode that can be made smaller: not of a palette, and of 256 shades."""
    if picture.mode.startswith("I"):
        return picture.point(lambda shade: shade / 256).convert("L")
    if picture.mode in ("1", "P", "PA"):
        return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    return picture


def _in_plain_colours(picture: Image.Image) -> Image.Image:
    """The picture in sRGB, on white paper, without anything beside its dots."""
    profile = picture.info.get("icc_profile")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture).convert("RGB")
    if profile and picture.mode in PROFILED:
        picture = _in_srgb(picture, profile)
    plain = picture.convert("RGB")
    # A copy of its dots alone: saving would write what a picture says of itself again.
    plain.info = {}
    return plain


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """By its own profile; where that is none of its mode or broken, as if it had none."""
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        made = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return made if made is not None else picture
