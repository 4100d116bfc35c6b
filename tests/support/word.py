"""Word documents as tests make and read them."""

import io
from collections.abc import Iterator
from zipfile import ZipFile

from docx import Document


def word(*paragraphs: str) -> bytes:
    """A document of paragraphs."""
    made = Document()
    for text in paragraphs:
        made.add_paragraph(text)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_parts(data: bytes, **parts: str) -> bytes:
    """The document with parts replaced or added; __ in a name is a slash, _dot_ a dot."""
    named = {name.replace("__", "/").replace("_dot_", "."): text.encode() for name, text in parts.items()}
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(out, "w") as new:
        for name in dict.fromkeys([*old.namelist(), *named]):
            new.writestr(name, named[name] if name in named else old.read(name))
    return out.getvalue()


def lines(data: bytes) -> list[str]:
    """The text of each paragraph in the order of the document, with spaces of one kind; no empty ones."""
    return [text for text in _paragraphs(data) if text]


def _paragraphs(data: bytes) -> Iterator[str]:
    for paragraph in Document(io.BytesIO(data)).element.body.iter("{*}p"):
        text = "".join(node.text or "" for node in paragraph.iter("{*}t"))
        yield text.replace("\u00a0", " ").strip()
