"""All that the project knows of WeasyPrint, which has no types: laying a page out and writing it.

Importing this module imports WeasyPrint, which raises OSError on a machine without Pango.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

# A finisher gets WeasyPrint's document and the pydyf PDF just before it is written.
Finisher = Callable[[Any, Any], None]

# Only a base that relative addresses are joined to; .invalid is reserved (RFC 2606) and never resolves.
BASE: Final = "https://paper.invalid/"


class BundledFiles(URLFetcher):  # type: ignore[misc]
    """Serves the files it was given and refuses every other address: a report never reads anything else."""

    def __init__(self, files: Mapping[str, tuple[Path, str]]) -> None:
        """Take paths relative to BASE, each with the file behind it and its content type."""
        super().__init__(allowed_protocols=())
        self._files = {BASE + path: file for path, file in files.items()}

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        """The file at an address.

        Raises:
            ValueError: the address is none of the files'.
        """
        if url not in self._files:
            raise ValueError(f"a report may not read {url}")
        path, content_type = self._files[url]
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": content_type})


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

    def to_pdf(self, finisher: Finisher | None = None) -> bytes:
        """The PDF, tagged, so that a screen reader knows a heading and a table's head from other text."""
        content: bytes = self._document.write_pdf(finisher=finisher, pdf_tags=True)
        return content
