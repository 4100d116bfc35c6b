"""What a picture's own description tells: EXIF and XMP, which JPEG, PNG and WebP all carry."""

import re
import struct
from collections.abc import Iterator
from typing import Final

EXIF_START: Final = b"Exif\0\0"
ORIENTATION: Final = 0x0112
GPS: Final = 0x8825
GPS_VERSION: Final = 0
XMP_START: Final = b"http://ns.adobe.com/xap/1.0/\0"
# What is too long for one segment goes on in others, after a checksum and two lengths.
XMP_MORE: Final = b"http://ns.adobe.com/xmp/extension/\0"
XMP_MORE_HEAD: Final = len(XMP_MORE) + 32 + 8
# Properties of XMP in which a place stands, in words or in degrees; not the mere name of a vocabulary.
XMP_PLACE: Final = re.compile(
    rb"GPS|geo:(?:lat|long)|"
    rb":(?:Location\w*|Sublocation|City|State|ProvinceState|Country\w*|WorldRegion)[\s=>/]"
)


def exif_of(tiff: bytes) -> tuple[bool, int]:
    """Whether EXIF tells a place, and which way is up (1 to 8). What cannot be read might tell one."""
    try:
        order = {b"II": "<", b"MM": ">"}[tiff[:2]]
        (first,) = struct.unpack_from(f"{order}L", tiff, 4)
        place, upright = False, 1
        for tag, offset in _entries(tiff, order, first):
            if tag == ORIENTATION:
                (upright,) = struct.unpack_from(f"{order}H", tiff, offset)
            elif tag == GPS:
                (start,) = struct.unpack_from(f"{order}L", tiff, offset)
                # Many cameras without a receiver note which version of GPS they would have used.
                place = any(found != GPS_VERSION for found, _ in _entries(tiff, order, start))
    except (KeyError, struct.error):
        return True, 1
    return place, upright if 1 <= upright <= 8 else 1


def _entries(tiff: bytes, order: str, start: int) -> Iterator[tuple[int, int]]:
    """Each tag of a directory with the offset of its value."""
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    for number in range(count):
        offset = start + 2 + 12 * number
        (tag,) = struct.unpack_from(f"{order}H", tiff, offset)
        yield tag, offset + 8


def xmp_tells_a_place(body: bytes) -> bool:
    """Whether XMP tells a place. Written in another encoding than UTF-8 it cannot be read and might."""
    text = body[XMP_MORE_HEAD:] if body.startswith(XMP_MORE) else body.removeprefix(XMP_START)
    return b"\0" in text[:200] or bool(XMP_PLACE.search(text))


def only_upright(upright: int) -> bytes:
    """EXIF that says which way is up and nothing else."""
    return b"MM\0*" + struct.pack(">LHHHLHHL", 8, 1, ORIENTATION, 3, 1, upright, 0, 0)
