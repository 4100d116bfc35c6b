"""Small pages of Thai, laid out with the font of clusters or with the original that it was made from."""

from collections.abc import Iterable
from functools import cache
from html import escape
from typing import Any, Final

import fontpkg_sarabun
from django.conf import settings
from weasyprint import HTML

from reports.renderers import pdf
from reports.renderers.weasy import BASE, BundledFiles, bundled_fonts
from reports.thai_pdf import ToUnicodeFinisher, renamed

WEIGHTS: Final = (400, 700)

# What a reader most easily loses.
HARD: Final[list[str]] = [
    # SARA AM with and without a tone, also after letters that rise or sink
    *"น้ำ ค้ำ ย่ำ ป่ำ ป้ำ จ๋ำ ก๊ำ ฝำ ฟ้ำ ญำ ฐ้ำ ทำ จำ สำคัญ คำนำ กำกับดูแล ค่ำคืน ลำน้ำ ดำเนินการ อำนาจ".split(),
    # The same vowel's second half alone, which is another letter
    *"การ อาจารย์ มาตรา น้า ป่า".split(),
    # One and two marks above letters with an ascender
    *"ปี ปี่ ป้า ปั่น ปื้น ฝึก ฝั่ง ฝ้า ฟ้า ฟื้น ฟี้ ฬิ ฬี่ ปั๊ม ปฏิบัติ ฝ่าย".split(),
    # Marks below letters with a descender, and below those that lose their own tail for them
    *"ญุ ญู ฐุ ฐู ฎุ ฏู ฤๅ ฦๅ ปุ่น ปู่ ฝุ่น ฟุ้ง ผู้ กฎหมาย ประกาศฎีกา".split(),
    *"ที่ เมื่อ เพื่อ ซื้อ ยื่น เกี่ยวข้อง ผู้รับผิดชอบ เจ้าหน้าที่ ให้ ได้ แก้ไข เพิ่ม เว็บไซต์ สิทธิ์ ศักดิ์".split(),
    # Signs, digits, and Latin beside Thai
    *"ต่างๆ คณะทำงานฯ ฯลฯ ฯพณฯ ๐๑๒๓๔๕๖๗๘๙ พ.ศ.๒๕๖๖ ๒๕๖๖) (๑.๑) “คู่มือ” ฿๑๐๐ ITAทำ ทำITA Policyน้ำfi ๑a๒".split(),
]


def page_of(lines: Iterable[str], weight: int = 400, css: str = "") -> str:
    """A page on which every text has a line of its own."""
    divs = "".join(f"<div>{escape(line)}</div>" for line in lines)
    style = f"body {{ font: {weight} 11pt/1.6 '{pdf.FAMILY}' }} div {{ white-space: nowrap }} {css}"
    return (
        '<!doctype html><html lang="th"><head><meta charset="utf-8">'
        f"<style>{style}</style></head><body>{divs}</body></html>"
    )


@cache
def files(*, derived: bool) -> BundledFiles:
    """The paper's stylesheet and fonts, as derived or, but for their name, as they come."""
    folder = fontpkg_sarabun.ROOT / "files"
    served = {
        f"sarabun/{file}": pdf.paper_fonts()[name].data
        if derived
        else renamed((folder / file).read_bytes(), pdf.FAMILY)
        for name, file in pdf.FONTS.items()
    }
    styles = {name: (settings.BASE_DIR / "static" / name).read_bytes() for name in pdf.STYLESHEETS}
    return BundledFiles(
        {name: (css, "text/css") for name, css in styles.items()}
        | {path: (font, "font/ttf") for path, font in served.items()}
    )


@cache
def fonts(*, derived: bool) -> Any:
    """A font configuration of those files; to make one takes as long as to lay a page out."""
    return bundled_fonts(files(derived=derived))


def laid_out(html: str, *, derived: bool = True) -> Any:
    """WeasyPrint's document of a page."""
    served, configuration = files(derived=derived), fonts(derived=derived)
    return HTML(string=html, base_url=BASE, url_fetcher=served).render(font_config=configuration)


def made(html: str, *, derived: bool = True) -> bytes:
    """A PDF of a page: by the way that is tested, or as WeasyPrint writes it with the original font."""
    finisher = ToUnicodeFinisher(pdf.paper_fonts()) if derived else None
    content: bytes = laid_out(html, derived=derived).write_pdf(finisher=finisher)
    return content
