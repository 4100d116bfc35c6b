"""Says by which names a PDF calls itself: its identifier, and the codes in the data that travel inside it.
Run by core.budget.in_child: nothing of this project is imported.

The answer has a line for each: whatever stands there, of printable ASCII.
"""

import io
import re
from typing import Any

IDENTIFIER = re.compile(rb"<dc:identifier[^>]*>\s*([!-~]{1,300}?)\s*</dc:identifier>")
IDENTIFIER_AS_ATTRIBUTE = re.compile(rb"""dc:identifier=["']([!-~]{1,300}?)["']""")
CODE = re.compile(rb'"code"\s*:\s*"([0-9A-Z]{4}-[0-9A-Z]{4})"')
MOST = 8


def names_in(data: bytes) -> list[str]:
    """The names, each once."""
    import pikepdf

    found: list[bytes] = []
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for one in pdf.objects:
                found += _names_of(one)
                if len(found) > MOST:
                    break
    except Exception:
        # What cannot be read has no name.
        return []
    return [name.decode("ascii") for name in dict.fromkeys(found[:MOST])]


def _names_of(one: Any) -> list[bytes]:
    import pikepdf

    if not isinstance(one, pikepdf.Stream):
        return []
    kind = str(one.get("/Type", ""))
    if kind == "/Metadata":
        text = one.read_bytes()
        return IDENTIFIER.findall(text) + IDENTIFIER_AS_ATTRIBUTE.findall(text)
    if kind == "/EmbeddedFile":
        return CODE.findall(one.read_bytes())
    return []


def answer(data: bytes) -> str:
    """A line for each name."""
    return "\n".join(names_in(data))
