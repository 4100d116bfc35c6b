"""The file: every object's bytes are made once."""

import zlib
from typing import Any, Final

import pydyf
from weasyprint.pdf import stream
from weasyprint.text.ffi import ffi, gobject

_add_font: Final = stream.Stream.add_font


def add_font(page: Any, pango_font: Any) -> Any:
    """As WeasyPrint's, asking Pango once for each of its fonts in a document."""
    known = page._resources.__dict__.setdefault("_fonts_by_place", {})
    place = int(ffi.cast("intptr_t", pango_font))
    if place not in known:
        # Held, so that no other font comes to the same place.
        held = ffi.gc(gobject.g_object_ref(pango_font), gobject.g_object_unref)
        known[place] = held, _add_font(page, pango_font)
    return known[place][1]


def to_bytes(item: Any) -> bytes:
    """As pydyf's, the most frequent kinds first."""
    kind = type(item)
    if kind is bytes:
        made: bytes = item
    elif kind is str:
        made = item.encode("ascii")
    elif kind is float:
        made = str(int(item)).encode() if item.is_integer() else f"{item:f}".rstrip("0").encode()
    else:
        made = _to_bytes(item)
    return made


_to_bytes: Final = pydyf._to_bytes


def page_references(pdf: Any) -> tuple[bytes, ...]:
    """As pydyf's, made anew only when there is another page: every tag of a page asks for it."""
    kids = pdf.pages["Kids"]
    known: tuple[bytes, ...] = pdf.__dict__.get("_page_references", ())
    if 3 * len(known) != len(kids):
        known = pdf.__dict__["_page_references"] = tuple(b"%d 0 R" % number for number in kids[::3])
    return known


class _Written(pydyf.Object):  # type: ignore[misc]
    """An object of a PDF whose bytes are made."""

    data = b""
    compressible = False

    def __init__(self, original: Any) -> None:
        super().__init__()
        self.number, self.generation = original.number, original.generation
        self.data, self.compressible = original.data, original.compressible


_write: Final = pydyf.PDF.write


def write(pdf: Any, *arguments: Any, **options: Any) -> None:
    """As pydyf's, which makes and compresses everything twice: to write it, and for the file's identifier."""
    for place, written in enumerate(pdf.objects):
        if written.free != "f":
            pdf.objects[place] = _Written(written)
    _write(pdf, *arguments, **options)


def stream_data(written: Any) -> bytes:
    """As pydyf's, without a generator."""
    extra = pydyf.Dictionary(written.extra.copy())
    data = b"\n".join([item if type(item) is bytes else to_bytes(item) for item in written.stream])
    if written.compress:
        extra["Filter"] = "/FlateDecode"
        data = zlib.compress(data, 9)
    extra["Length"] = len(data)
    return b"\n".join((extra.data, b"stream", data, b"endstream"))


FUNCTIONS: Final[tuple[tuple[Any, Any], ...]] = ((_to_bytes, to_bytes),)
METHODS: Final[tuple[tuple[type, str, Any], ...]] = (
    (stream.Stream, "add_font", add_font),
    (pydyf.Stream, "data", property(stream_data)),
    (pydyf.PDF, "page_references", property(page_references)),
    (pydyf.PDF, "write", write),
)
