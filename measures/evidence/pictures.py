"""Pictures as they come from a phone: how large they are, and where they were taken, which is taken out.

Location is taken out of the file's container, not by saving the picture anew: every pixel stays as it was
taken. What goes is all of the picture's own description (EXIF, XMP, IPTC), because a place can stand in any
of it; what stays is the colour profile and which way is up.
"""

import io
import re
import struct
import zlib
from collections.abc import Iterator
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from measures.evidence.exif import (
    EXIF_START,
    XMP_PLACE,
    exif_of,
    only_upright,
    xmp_tells_a_place,
)

# A phone's largest pictures have 50 million; opened, 60 million take a quarter of a gigabyte.
MAX_PIXELS: Final = 60_000_000

XMP_PACKET: Final = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)
# In what may follow a picture: a second picture or a film, each with a place of its own.
FILM_PLACE: Final = (b"\xa9xyz", b"com.apple.quicktime.location")


class BadPicture(Exception):
    """The picture cannot be opened."""


class TooManyPixels(Exception):
    """Opening the picture could take a machine's memory."""


def check(data: bytes, kind: str) -> None:
    """Open a picture of a kind (JPEG, PNG or WEBP) as far as it takes to know that it is whole.

    Raises:
        BadPicture: it is broken off or was never a picture.
        TooManyPixels: by what it says itself, before anything is unpacked.
    """
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise TooManyPixels
            if kind == "PNG":
                picture.verify()
            else:
                # An eighth of the size: all of the file is read, and hardly any memory is needed.
                picture.draft("RGB", (max(picture.width // 8, 1), max(picture.height // 8, 1)))
                picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise TooManyPixels from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error, EOFError) as broken:
        raise BadPicture from broken


def small(data: bytes, kind: str, side: int) -> bytes:
    """A small WebP of a picture, upright, at most so many pixels wide and high.

    Raises:
        BadPicture: it cannot be opened.
    """
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as picture:
            # Of a JPEG only as much is unpacked as the small one needs.
            picture.draft("RGB", (side, side))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((side, side))
            made = io.BytesIO()
            upright.convert("RGBA" if "A" in upright.getbands() else "RGB").save(made, "WEBP", quality=70)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise BadPicture from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error, EOFError) as broken:
        raise BadPicture from broken
    return made.getvalue()


def without_location(data: bytes, kind: str) -> bytes | None:
    """The same picture without the place where it was taken, or None where it tells no place.

    Args:
        data: a file that begins as a picture of the kind; whether it is a whole one is check()'s question.
        kind: JPEG, PNG or WEBP.

    Raises:
        BadPicture: its container is not built as the format says.
    """
    try:
        return {"JPEG": _jpeg, "PNG": _png, "WEBP": _webp}[kind](data)
    except (struct.error, IndexError) as broken:
        raise BadPicture from broken


# --- JPEG: segments, each with a marker and a length ---------------------------------------------------

APP1: Final = 0xE1
APP2: Final = 0xE2
APP13: Final = 0xED
START_OF_SCAN: Final = 0xDA
END: Final = 0xD9
ALONE: Final = {0x01, *range(0xD0, 0xD8)}


def _jpeg(data: bytes) -> bytes | None:
    place, upright = False, 1
    kept = [data[:2]]
    end = 0
    for marker, start, stop in _segments(data):
        body = data[start + 4 : stop] if marker not in (START_OF_SCAN, END) else b""
        if marker == END:
            end = stop
        if marker == APP1 and body.startswith(EXIF_START):
            found, upright = exif_of(body[len(EXIF_START) :])
            place |= found
        elif marker == APP1:
            place |= xmp_tells_a_place(body)
        elif marker == APP13:
            place |= _iptc_tells_a_place(body)
        # The list of further pictures behind this one, which go together with it.
        elif not (marker == APP2 and body.startswith(b"MPF\0")):
            kept.append(data[start:stop])
    if not end:
        # Broken off: its end was never reached.
        raise BadPicture
    if not place and not _tail_tells_a_place(data[end:]):
        return None
    if upright != 1:
        exif = EXIF_START + only_upright(upright)
        kept.insert(1, b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif)
    return b"".join(kept)


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment after the start of the image; a scan runs to the next marker."""
    at = 2
    while at < len(data):
        if data[at] != 0xFF:
            raise BadPicture
        while data[at + 1] == 0xFF:
            at += 1
        marker = data[at + 1]
        if marker == END:
            yield marker, at, at + 2
            return
        if marker in ALONE:
            yield marker, at, at + 2
            at += 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        stop = at + 2 + length
        if marker == START_OF_SCAN:
            stop = _end_of_scan(data, stop)
        yield marker, at, stop
        at = stop


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the picture's data end: at the first marker that is neither an escape nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        if data[at + 1] == 0 or data[at + 1] in ALONE:
            at += 2
        elif data[at + 1] == 0xFF:
            at += 1
        else:
            return at


def _iptc_tells_a_place(body: bytes) -> bool:
    """Record 2 of IPTC: sub-location 92, city 90, state 95, country 100 and 101, places of content 26, 27."""
    return any(b"\x1c\x02" + bytes([number]) in body for number in (26, 27, 90, 92, 95, 100, 101))


def _tail_tells_a_place(tail: bytes) -> bool:
    """Whether a picture or a film behind the picture tells a place."""
    if any(word in tail for word in FILM_PLACE):
        return True
    # Only in whole packets: in the data of a film the three letters GPS come about by chance.
    if any(XMP_PLACE.search(packet[0]) for packet in XMP_PACKET.finditer(tail)):
        return True
    return any(exif_of(tail[found.end() :])[0] for found in re.finditer(re.escape(EXIF_START), tail))


# --- PNG: chunks with a length, a name, and a checksum ---------------------------------------------------

SIGNATURE: Final = 8
XMP_KEYWORD: Final = b"XML:com.adobe.xmp\0"
# Where older programs keep EXIF, IPTC and XMP: as hexadecimal, often compressed. What is in it is not read.
RAW_PROFILE: Final = b"Raw profile type "


def _png(data: bytes) -> bytes | None:
    place, upright = False, 1
    kept = [data[:SIGNATURE]]
    at = SIGNATURE
    while at < len(data):
        (length,) = struct.unpack_from(">L", data, at)
        name, body, stop = data[at + 4 : at + 8], data[at + 8 : at + 8 + length], at + 12 + length
        if stop > len(data):
            raise BadPicture
        if name == b"eXIf":
            found, upright = exif_of(body)
            place |= found
        elif name == b"iTXt" and body.startswith(XMP_KEYWORD):
            compressed = body[len(XMP_KEYWORD) : len(XMP_KEYWORD) + 1] == b"\x01"
            place |= compressed or xmp_tells_a_place(body[len(XMP_KEYWORD) + 4 :])
        elif name in (b"tEXt", b"zTXt", b"iTXt") and body.startswith(RAW_PROFILE):
            place |= not body.startswith((RAW_PROFILE + b"icc", RAW_PROFILE + b"icm"))
        else:
            kept.append(data[at:stop])
        at = stop
        if name == b"IEND":
            break
    if not place:
        return None
    if upright != 1:
        # Before the first data of the picture, after its head.
        kept.insert(2, _chunk(b"eXIf", only_upright(upright)))
    return b"".join(kept)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">L", len(body)) + name + body + struct.pack(">L", zlib.crc32(name + body))


# --- WebP: chunks of RIFF, padded to even lengths --------------------------------------------------------

EXIF_FLAG: Final = 0x08
XMP_FLAG: Final = 0x04


def _webp(data: bytes) -> bytes | None:
    place, upright = False, 1
    kept: list[tuple[bytes, bytes]] = []
    (announced,) = struct.unpack_from("<L", data, 4)
    if announced + 8 > len(data):
        raise BadPicture
    at = 12
    while at + 8 <= len(data):
        name = data[at : at + 4]
        (length,) = struct.unpack_from("<L", data, at + 4)
        body = data[at + 8 : at + 8 + length]
        if len(body) < length:
            raise BadPicture
        if name == b"EXIF":
            found, upright = exif_of(body.removeprefix(EXIF_START))
            place |= found
        elif name == b"XMP ":
            place |= xmp_tells_a_place(body)
        else:
            kept.append((name, body))
        at += 8 + length + length % 2
    if not place:
        return None
    exif = only_upright(upright) if upright != 1 else b""
    if exif:
        kept.append((b"EXIF", exif))
    chunks = b"".join(_riff(name, _flagged(name, body, bool(exif))) for name, body in kept)
    return b"RIFF" + struct.pack("<L", len(chunks) + 4) + b"WEBP" + chunks


def _flagged(name: bytes, body: bytes, exif: bool) -> bytes:
    """The head says which descriptions follow."""
    if name != b"VP8X":
        return body
    flags = body[0] & ~(EXIF_FLAG | XMP_FLAG) | (EXIF_FLAG if exif else 0)
    return bytes([flags]) + body[1:]


def _riff(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<L", len(body)) + body + b"\0" * (len(body) % 2)
