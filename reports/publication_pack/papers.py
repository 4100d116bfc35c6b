"""Making a memo or a web publication form: as PDF from the system's page, as Word from a template."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string

from core.budget import TooMuchWork, in_child
from reports.document.printable import with_stand_ins, without_unprintable
from reports.models import PaperKind
from reports.publication_pack.facts import BLANK, PackFacts
from reports.publication_pack.fields import values_of
from reports.publication_pack.problems import SIZE, BadTemplate, sentence_of
from reports.renderers.xml_archive import dated
from reports.thai_pdf.kept import keeping

FOLDER: Final = Path(settings.BASE_DIR) / "templates" / "reports" / "publication_pack"
TITLES: Final[Mapping[str, str]] = {
    PaperKind.MEMO: "บันทึกข้อความ",
    PaperKind.FORM: "แบบฟอร์มการเผยแพร่ข้อมูลต่อสาธารณะผ่านเว็บไซต์ของหน่วยงาน",
}
FILLING: Final = Path(__file__).with_name("filling.py")
# What filling in an office's template may take of this machine.
SECONDS: Final = 10
MEMORY: Final = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FormSigner:
    """Who answers for what in the form."""

    role: str
    name: str
    post: str


def standard_template(kind: str) -> bytes:
    """The system's own Word template of a paper."""
    return (FOLDER / f"{kind}.docx").read_bytes()


def paper_pdf(kind: str, facts: PackFacts, made_on: date) -> bytes:
    """A paper as PDF/A-3a, tagged and searchable.

    Raises:
        RendererUnavailable: this machine cannot lay out pages.
    """
    from reports.renderers import pdf

    drawable, _ = with_stand_ins(facts, pdf.paper_fonts()[pdf.REGULAR].characters)
    context = {
        "kind": kind,
        "title": TITLES[kind],
        "body": f"reports/publication_pack/_{kind}.html",
        "facts": drawable,
        "blank": BLANK,
        "signers": _signers(drawable),
        "made_on": made_on,
    }
    html = render_to_string("reports/publication_pack/paper.html", context)
    with keeping({facts.agency, facts.reporter_post, facts.head_post}):
        return pdf.lay_out(html).to_pdf(pdf.finish)


def paper_docx(kind: str, facts: PackFacts, made_on: date) -> bytes:
    """A paper as Word from the system's own template."""
    # With it come libraries that nobody else of the site needs.
    from reports.publication_pack.filling import fill

    return dated(fill(standard_template(kind), _printable(facts)), made_on)


def own_paper_docx(template: bytes, facts: PackFacts, made_on: date) -> bytes:
    """A paper as Word from a template of an agency's, filled in a process of its own.

    Raises:
        BadTemplate: it cannot be filled in, or takes more than any honest template does.
    """
    asked = {"template": base64.b64encode(template).decode(), "values": _printable(facts)}
    try:
        told = in_child(FILLING, json.dumps(asked).encode(), seconds=SECONDS, memory=MEMORY)
        answer = json.loads(told)
    except (TooMuchWork, ValueError) as error:
        raise BadTemplate(SIZE) from error
    if "document" not in answer:
        raise BadTemplate(sentence_of(answer["why"], answer["name"]))
    return dated(base64.b64decode(answer["document"]), made_on)


def _printable(facts: PackFacts) -> dict[str, Any]:
    """What Word cannot hold, no file of Word's may have."""
    return values_of(without_unprintable(facts)[0])


def _signers(facts: PackFacts) -> list[FormSigner]:
    return [
        FormSigner("ผู้รับผิดชอบการให้ข้อมูล", facts.reporter, facts.reporter_post),
        FormSigner("ผู้อนุมัติรับรอง", facts.head, facts.head_post),
        FormSigner("ผู้รับผิดชอบการนำข้อมูลขึ้นเผยแพร่", facts.publisher, facts.publisher_post),
    ]
