"""The structure of a PDF as a screen reader goes through it: kinds, and text in the order of reading.

The tree is read with pikepdf, the text of its parts with PDFium.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium


@dataclass(eq=False)
class Part:
    """An element of the structure with all that is in it."""

    kind: str
    name: str
    """By which cells name it; empty where it is not named."""
    shows: str
    """Of a picture, in words."""
    said: dict[str, Any]
    """Its attributes: texts, numbers and lists of them."""
    around: "Part | None"
    inside: list["Part | str"] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    """Of the texts that are its own, the pages from 0."""

    @property
    def parts(self) -> list["Part"]:
        """The elements right in it."""
        return [part for part in self.inside if isinstance(part, Part)]

    def all(self, kind: str) -> list["Part"]:
        """All elements of a kind below it, in reading order."""
        return [part for part in self.walk() if part.kind == kind]

    def walk(self) -> Iterator["Part"]:
        """It and all that is below it, in reading order."""
        yield self
        for part in self.parts:
            yield from part.walk()

    @property
    def text(self) -> str:
        """What is read aloud of it: text, and of pictures what they show."""
        if self.kind == "Figure":
            return self.shows
        return "".join(part if isinstance(part, str) else part.text for part in self.inside)

    @property
    def on_pages(self) -> list[int]:
        """The pages that it stands on."""
        return sorted({page for part in self.walk() for page in part.pages})


def structure_of(content: bytes) -> Part:
    """The structure of a tagged PDF."""
    texts = list(_marked_texts(content))
    with pikepdf.open(io.BytesIO(content)) as opened:
        pages = {page.objgen: number for number, page in enumerate(opened.pages)}
        (root,) = opened.Root.StructTreeRoot.K
        return _read(root, None, pages, texts)


def _read(element: Any, around: Part | None, pages: dict[Any, int], texts: list[dict[int, str]]) -> Part:
    said = {str(key): _plain(value) for key, value in element.get("/A", {}).items()}
    named, shows = str(element.get("/ID", "")), str(element.get("/Alt", ""))
    part = Part(str(element.S).lstrip("/"), named, shows, said, around)
    for kid in element.get("/K", pikepdf.Array()):
        number, page = kid, element.get("/Pg")
        if isinstance(kid, pikepdf.Dictionary):
            if "/S" in kid:
                part.inside.append(_read(kid, part, pages, texts))
            if kid.get("/Type") != "/MCR":
                continue
            number, page = kid.MCID, kid.Pg
        place = pages[page.objgen]
        part.pages.append(place)
        part.inside.append(texts[place].get(int(number), ""))
    return part


def _plain(value: Any) -> Any:
    if isinstance(value, pikepdf.Array):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, pikepdf.Object) else value


def _marked_texts(content: bytes) -> Iterator[dict[int, str]]:
    """Of each page the text of every marked part of it, by its number."""
    with pypdfium2.PdfDocument(content) as opened:
        for page in opened:
            texts: dict[int, str] = {}
            whole = page.get_textpage()
            for found in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
                number = pdfium.FPDFPageObj_GetMarkedContentID(found)
                if number >= 0:
                    texts[number] = texts.get(number, "") + _text(found, whole)
            yield texts


def _text(found: Any, whole: Any) -> str:
    length = pdfium.FPDFTextObj_GetText(found, whole, None, 0)
    letters = (pdfium.FPDF_WCHAR * (length // 2))()
    pdfium.FPDFTextObj_GetText(found, whole, letters, length)
    return bytes(letters).decode("utf-16-le").rstrip("\0")
