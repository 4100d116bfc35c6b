"""The file formats of a report: one module a format, each turning a report document into bytes.

A new format is a module of its name with a make() function, and a line in FORMATS; nothing else needs to
know of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Final

from reports.document.facts import ReportDocument
from reports.document.figures import NO_PICTURES, Pictures
from reports.document.printable import without_unprintable


class RendererUnavailable(RuntimeError):
    """This machine lacks something that a format needs; the message says in one line what to install."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A report as a file."""

    content: bytes
    pages: int | None = None
    """How many pages it has, where the format has pages."""
    notes: tuple[str, ...] = ()
    """What of the document the file could not show, in Thai sentences."""


# With Pictures besides where there are any and the format shows them.
Make = Callable[..., Rendered]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format in which a report can be had."""

    name: str
    """What addresses and commands call it, and the ending of the file's name: pdf."""
    label: str
    """What people call it: PDF."""
    content_type: str
    make: Make
    """Turns a document of printable text into a file; raises RendererUnavailable."""

    has_pictures: bool = False
    """Whether it shows the pictures of the annex."""

    @property
    def extension(self) -> str:
        """The ending of a file's name, with its dot."""
        return f".{self.name}"

    def render(self, document: ReportDocument, pictures: Pictures = NO_PICTURES) -> Rendered:
        """The document as a file, without what no file can hold.

        Args:
            pictures: of its evidence, for the formats that show them.

        Raises:
            RendererUnavailable: something is not installed.
        """
        printable, notes = without_unprintable(document)
        shown = [pictures] if self.has_pictures and pictures else []
        rendered = self.make(printable, *shown)
        return replace(rendered, notes=(*notes, *rendered.notes))


def _made_by(module: str) -> Make:
    """The make() of a module here, imported when it is first wanted.

    WeasyPrint takes a second, which commands like migrate should not pay.
    """

    def make(document: ReportDocument, *pictures: Pictures) -> Rendered:
        module_make: Make = import_module(f"reports.renderers.{module}").make
        return module_make(document, *pictures)

    return make


OFFICE: Final = "application/vnd.openxmlformats-officedocument"

FORMATS: Final[dict[str, Format]] = {
    report_format.name: report_format
    for report_format in (
        Format("pdf", "PDF", "application/pdf", _made_by("pdf"), has_pictures=True),
        Format(
            "docx",
            "Word",
            f"{OFFICE}.wordprocessingml.document",
            _made_by("docx"),
            has_pictures=True,
        ),
        Format("xlsx", "Excel", f"{OFFICE}.spreadsheetml.sheet", _made_by("xlsx")),
        Format("csv", "CSV", "text/csv; charset=utf-8", _made_by("csv")),
        Format("json", "JSON", "application/json", _made_by("json")),
    )
}

# What a published report is shared with. It is no form of the report: no edition keeps it.
PICTURE: Final = Format("png", "ภาพ", "image/png", _made_by("png"))
