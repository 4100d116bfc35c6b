"""Writes into a PDF what each glyph says, in place of what its maker guessed from the first line it met."""

import re
from collections.abc import Mapping
from typing import Any, Final

from reports.thai_pdf.font import ClusterFont

MAPPING: Final = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]*)>")
# What a reader gets for a glyph that says nothing; never an empty text: readers fill that with a number.
UNKNOWN: Final = "\ufffd"


class ToUnicodeFinisher:
    """A finisher for WeasyPrint's write_pdf() that replaces the ToUnicode map of each cluster font.

    Args:
        fonts: by the name under which the PDF embeds them, without its subset tag: "Our-Thai-Bold".
    """

    def __init__(self, fonts: Mapping[str, ClusterFont]) -> None:
        self.fonts = fonts

    def __call__(self, document: Any, pdf: Any) -> None:
        """Called by WeasyPrint with its document and the pydyf.PDF, just before the file is written."""
        for entry in pdf.objects:
            if isinstance(entry, dict) and entry.get("Type") == "/Font" and "ToUnicode" in entry:
                font = self.fonts.get(_font_name(entry["BaseFont"]))
                if font is not None:
                    stream = pdf.objects[_object_number(entry["ToUnicode"])]
                    stream.stream = _rewritten(stream.stream, font.texts)


def _font_name(base_font: bytes) -> str:
    """Our-Thai-Bold of /ABCDEF+Our-Thai-Bold."""
    return base_font.decode().rpartition("+")[2]


def _object_number(reference: bytes) -> int:
    return int(reference.split()[0])


def _rewritten(lines: list[bytes], texts: Mapping[int, str]) -> list[bytes]:
    """The CMap with the known text of each glyph; one that is not known keeps what it had."""
    result = []
    for line in lines:
        match = MAPPING.fullmatch(line)
        if match is None:
            result.append(line)
            continue
        glyph = int(match[1], 16)
        guessed = bytes.fromhex(match[2].decode()).decode("utf-16-be", "replace")
        text = texts.get(glyph) or guessed.strip("\0\uffff") or UNKNOWN
        result.append(b"<%04x> <%s>" % (glyph, text.encode("utf-16-be").hex().encode()))
    return result
