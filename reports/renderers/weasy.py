"""All that the project knows of WeasyPrint, which has no types: laying a page out and writing it.

Importing this module imports WeasyPrint, which raises OSError on a machine without Pango.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from weasyprint import HTML, Attachment
from weasyprint.urls import URLFetcher, URLFetcherResponse

# A finisher gets WeasyPrint's document and the pydyf PDF just before it is written.
Finisher = Callable[[Any, Any], None]

# Only a base that relative addresses are joined to; .invalid is reserved (RFC 2606) and never resolves.
BASE: Final = "https://paper.invalid/"


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that travels inside the PDF as the data that it was made from."""

    name: str
    description: str
    content: bytes
    created: datetime


class BundledFiles(URLFetcher):  # type: ignore[misc]
    """Serves what it was given and refuses every other address: a report never reads anything else."""

    def __init__(self, files: Mapping[str, tuple[bytes, str]]) -> None:
        """Take paths relative to BASE, each with what is there and its content type."""
        super().__init__(allowed_protocols=())
        self._files = {BASE + path: file for path, file in files.items()}

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        """The file at an address.

        Raises:
            ValueError: the address is none of the files'.
        """
        if url not in self._files:
            raise ValueError(f"a report may not read {url}")
        content, content_type = self._files[url]
        return URLFetcherResponse(url, content, {"Content-Type": content_type})


class Layout:
    """A report laid out on pages, ready to be written."""

    def __init__(self, html: str, fetcher: BundledFiles) -> None:
        self._document: Any = HTML(string=html, base_url=BASE, url_fetcher=fetcher).render()

    @property
    def page_boxes(self) -> list[Any]:
        """WeasyPrint's box tree of each page."""
        return [page._page_box for page in self._document.pages]

    def __len__(self) -> int:
        """How many pages."""
        return len(self._document.pages)

    def to_pdf(self, finisher: Finisher | None = None, attached: Sequence[AttachedFile] = ()) -> bytes:
        """The file as PDF/A-3a, tagged: for archives, for screen readers and for programs."""
        attachments = [
            Attachment(
                string=file.content,
                name=file.name,
                description=file.description,
                relationship="Data",
                created=file.created,
                modified=file.created,
            )
            for file in attached
        ]
        content: bytes = self._document.write_pdf(
            finisher=finisher, pdf_variant="pdf/a-3a", attachments=attachments
        )
        return content
