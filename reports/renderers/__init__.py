"""The file formats of a report: one module a format, each turning a report document into bytes.

A new format is a module with a make() function and a line in FORMATS; nothing else needs to know of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from reports.document import ReportDocument


class RendererUnavailable(RuntimeError):
    """This machine lacks something that a format needs; the message says in one line what to install."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A report as a file."""

    content: bytes
    pages: int | None = None
    """How many pages it has, where the format has pages."""


@dataclass(frozen=True, slots=True)
class Format:
    """A file format in which a report can be had."""

    name: str
    """What people and addresses call it: pdf; also the ending of the file's name."""
    content_type: str
    make: Callable[[ReportDocument], Rendered]
    """Raises RendererUnavailable."""

    @property
    def extension(self) -> str:
        """The ending of a file's name, with its dot."""
        return f".{self.name}"

    def render(self, document: ReportDocument) -> bytes:
        """The document as a file's content.

        Raises:
            RendererUnavailable: something is not installed.
        """
        return self.make(document).content


def _make_pdf(document: ReportDocument) -> Rendered:
    # Imported when it is wanted: WeasyPrint takes a second, which commands like migrate should not pay.
    from reports.renderers import pdf

    return pdf.make(document)


FORMATS: Final[dict[str, Format]] = {
    report_format.name: report_format
    for report_format in (Format(name="pdf", content_type="application/pdf", make=_make_pdf),)
}
