"""What programs that read PDF find in one: the text by each of them, and the words that it ought to hold."""

import re
import subprocess
from collections.abc import Callable, Collection
from html import unescape
from io import BytesIO
from typing import Final

import pymupdf
import pypdfium2
from pypdf import PdfReader

from tests.support.papers import squeezed

Reader = Callable[[bytes], str]

TAG: Final = re.compile(r"<[^>]*>")
THAI: Final = re.compile("[\u0e01-\u0e5b]")
SHORTEST: Final = 4


def pdfium(content: bytes) -> str:
    """The text as Chrome and Edge find it."""
    with pypdfium2.PdfDocument(content) as opened:
        return "\n".join(page.get_textpage().get_text_bounded() for page in opened)


def mupdf(content: bytes) -> str:
    with pymupdf.Document(stream=content, filetype="pdf") as opened:  # type: ignore[no-untyped-call]
        return "\n".join(page.get_text() for page in opened)


def poppler_raw(content: bytes) -> str:
    """The text in the order in which it is drawn."""
    return _pdftotext(content, "-raw")


def poppler(content: bytes) -> str:
    """The text in reading order, which poppler guesses from where each glyph stands."""
    return _pdftotext(content)


def pypdf(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


# Those that take the text in the order of the file: every word is promised. Poppler's own order is a guess
# about lines and columns, which no file can settle.
EXACT: Final[dict[str, Reader]] = {
    "PDFium": pdfium,
    "MuPDF": mupdf,
    "poppler -raw": poppler_raw,
    "pypdf": pypdf,
}
READERS: Final[dict[str, Reader]] = {**EXACT, "poppler": poppler}


def words_of(html: str) -> list[str]:
    """The words that are looked for in a PDF that was made of a page.

    They are the distinct tokens between white space and tags in the page's body that are longer than 3
    characters and have a Thai letter, mark or digit. Thai writes no spaces between words, so that such a
    token is a word, a phrase or a whole sentence, and is found only where all of it is right.
    """
    body = html.partition("<body")[2].partition(">")[2]
    # The name of a drawing is for who listens; it is not printed.
    tokens = unescape(TAG.sub(" ", re.sub(r"<title>.*?</title>", "", body))).split()
    return list(dict.fromkeys(token for token in tokens if len(token) >= SHORTEST and THAI.search(token)))


def lost(words: Collection[str], text: str) -> list[str]:
    """Those words that a text does not hold, white space left out of both."""
    read = squeezed(text)
    return [word for word in words if squeezed(word) not in read]


def _pdftotext(content: bytes, *options: str) -> str:
    command = ["pdftotext", *options, "-enc", "UTF-8", "-", "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()
