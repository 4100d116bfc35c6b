"""How often programs that read PDF find a word in one, as a person who types it into their find box does.

White space counts: a space inside a word hides it. Of programs that have no find of their own, or none that
can be called, the text is searched.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import pymupdf
import pypdfium2

from tests.support.papers import boxes
from tests.support.readers import poppler, poppler_raw, pypdf

Finder = Callable[[bytes, Sequence[str]], list[int]]


def pdfium(content: bytes, words: Sequence[str]) -> list[int]:
    """By the find of Chrome and Edge."""
    counts = Counter[str]()
    with pypdfium2.PdfDocument(content) as opened:
        for page in opened:
            text = page.get_textpage()
            for word in words:
                searcher = text.search(word, match_case=True)
                while searcher.get_next():
                    counts[word] += 1
    return [counts[word] for word in words]


def mupdf(content: bytes, words: Sequence[str]) -> list[int]:
    with pymupdf.Document(stream=content, filetype="pdf") as opened:  # type: ignore[no-untyped-call]
        pages = [(page, page.get_textpage()) for page in opened]
        return [sum(len(page.search_for(word, textpage=text)) for page, text in pages) for word in words]


def in_text(reader: Callable[[bytes], str]) -> Finder:
    """A finder in the text that a reader gives."""

    def find(content: bytes, words: Sequence[str]) -> list[int]:
        text = reader(content)
        return [text.count(word) for word in words]

    return find


FINDERS: Final[Mapping[str, Finder]] = {
    "PDFium": pdfium,
    "MuPDF": mupdf,
    "poppler -raw": in_text(poppler_raw),
    "poppler": in_text(poppler),
    "pypdf": in_text(pypdf),
}


def uncut(pages: Iterable[Any], words: Iterable[str]) -> dict[str, int]:
    """How often laid-out pages (box trees) have each word on one line; only those that they have at all."""
    lines = [_text(box) for page in pages for box in boxes(page) if _is_line(box)]
    counts = {word: sum(line.count(word) for line in lines) for word in words}
    return {word: count for word, count in counts.items() if count}


def _is_line(box: Any) -> bool:
    return type(box).__name__ == "LineBox"


def _text(box: Any) -> str:
    """The text of a line without that of the lines of a block which stands in it."""
    own: str = getattr(box, "text", "")
    return own + "".join(_text(child) for child in getattr(box, "children", ()) if not _is_line(child))


def missed(finder: Finder, content: bytes, wanted: Mapping[str, int]) -> dict[str, str]:
    """The words that are found less often than they are there, each with both numbers."""
    words: Collection[str] = list(wanted)
    found = dict(zip(words, finder(content, list(words)), strict=True))
    return {word: f"{found[word]} of {wanted[word]}" for word in words if found[word] < wanted[word]}
