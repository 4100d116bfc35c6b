"""Evidence of the story: small files that open in every program, each saying that it is invented."""

import io
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from functools import cache
from html import escape
from importlib import import_module
from typing import Final

import fontpkg_sarabun
from docx import Document
from openpyxl import Workbook
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from measures.evidence.files import CheckedFile, examine
from measures.models import SAMPLE
from reports.demo.story import ToldEvidence
from reports.renderers import RendererUnavailable
from reports.renderers.xml_archive import dated

# Reserved for examples by RFC 2606: nobody can own it.
SITE: Final = "https://ita.example"
PICTURE: Final = (960, 640)
PEOPLE_IN_PICTURE: Final = 7


def address_of(told: ToldEvidence, slug: str, year: int) -> str:
    """Where evidence on the web would be seen, if it were not invented."""
    return f"{SITE}/{slug}/{year}/{told.name}"


def file_of(told: ToldEvidence, on: date) -> CheckedFile | None:
    """The file of a piece of evidence; None if it is on the web, or if this machine cannot make a PDF."""
    make = MAKERS.get(told.kind)
    if make is None:
        return None
    try:
        return examine(f"{told.name} ({SAMPLE})", make(told.title, told.lines, on))
    except RendererUnavailable:
        return None


def _pdf(title: str, lines: Sequence[str], on: date) -> bytes:
    # Imported when it is first wanted: WeasyPrint comes with it, which takes a second.
    pdf = import_module("reports.renderers.pdf")
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    html = (
        f'<!doctype html><html lang="th"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<link rel="stylesheet" href="css/paper.css">'
        "<style>@page { size: A4; margin: 25mm } .paper p { margin-bottom: 4mm }</style></head>"
        f'<body class="paper-body"><article class="paper" data-round="{SAMPLE}">'
        f'<h1 class="paper-title">{SAMPLE}</h1>{body}</article></body></html>'
    )
    text = "\n".join([SAMPLE, title, *lines]).encode()
    layout = pdf.lay_out(html)
    note = pdf.AttachedFile("text.txt", "ข้อความของเอกสาร", text, datetime.combine(on, time()))
    content: bytes = layout.to_pdf(pdf.finish, [note])
    return content


def _docx(title: str, lines: Sequence[str], on: date) -> bytes:
    word = Document()
    word.core_properties.title = f"{SAMPLE}: {title}"
    word.core_properties.created = datetime.combine(on, time())
    word.add_paragraph(SAMPLE).runs[0].bold = True
    for line in lines:
        word.add_paragraph(line)
    file = io.BytesIO()
    word.save(file)
    return dated(file.getvalue(), on)


def _xlsx(title: str, lines: Sequence[str], on: date) -> bytes:
    book = Workbook()
    book.properties.title = f"{SAMPLE}: {title}"
    sheet = book.worksheets[0]
    sheet.append([SAMPLE])
    for line in lines:
        sheet.append([int(cell) if cell.isascii() and cell.isdigit() else cell for cell in line.split("\t")])
    sheet.column_dimensions["A"].width = 44
    book.properties.created = datetime.combine(on, time())
    file = io.BytesIO()
    book.save(file)
    return dated(file.getvalue(), on)


def _jpeg(title: str, lines: Sequence[str], on: date) -> bytes:
    file = io.BytesIO()
    _picture(lines).save(file, "JPEG", quality=80, comment=f"{SAMPLE}: {title}".encode())
    return file.getvalue()


def _png(title: str, lines: Sequence[str], on: date) -> bytes:
    file, words = io.BytesIO(), PngInfo()
    words.add_itxt("Description", f"{SAMPLE}: {title}", lang="th")
    _picture(lines).save(file, "PNG", optimize=True, pnginfo=words)
    return file.getvalue()


def _picture(lines: Sequence[str]) -> Image.Image:
    """People around a table, drawn: no photograph of anybody, and smaller than one."""
    width, height = PICTURE
    picture = Image.new("RGB", PICTURE, "#e9eef2")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, height - 190, width, height), fill="#c9d6df")
    draw.rectangle((90, 40, width - 90, 250), fill="#ffffff", outline="#0b3f56", width=4)
    for place, line in enumerate([SAMPLE, *lines][:3]):
        draw.text((width / 2, 90 + 60 * place), line, fill="#0b3f56", font=_font(34), anchor="mm")
    for place in range(PEOPLE_IN_PICTURE):
        left = 110 + place * 110
        draw.ellipse((left, 300, left + 70, 370), fill="#d8b48c")
        draw.rounded_rectangle((left - 15, 375, left + 85, 500), 30, fill=("#0b3f56", "#c08a1e")[place % 2])
    draw.rounded_rectangle((60, 470, width - 60, 560), 16, fill="#7a5230")
    return picture


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(fontpkg_sarabun.ROOT / "files" / "Sarabun-Regular.ttf", size)


MAKERS: Final[dict[str, Callable[[str, Sequence[str], date], bytes]]] = {
    "pdf": _pdf,
    "docx": _docx,
    "xlsx": _xlsx,
    "jpeg": _jpeg,
    "png": _png,
}
