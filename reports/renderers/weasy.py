"""All that the project knows of WeasyPrint, which has no types: laying a page out and writing it.

Importing this module imports WeasyPrint, which raises OSError on a machine without Pango.
"""

import threading
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import pydyf
from weasyprint import Attachment
from weasyprint.text.ffi import ffi, fontconfig, pangoft2
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

# It makes the tags of what is written below.
import reports.renderers.structure  # noqa: F401
from reports.renderers.faster import html_reader

HTML: Final = html_reader()

# A finisher gets WeasyPrint's document and the pydyf PDF just before it is written.
Finisher = Callable[[Any, Any], None]

# Only a base that relative addresses are joined to; .invalid is reserved (RFC 2606) and never resolves.
BASE: Final = "https://paper.invalid/"
FONT_TYPE: Final = "font/ttf"
COMPRESSION: Final = 6

# Functions of fontconfig that WeasyPrint does not use.
ffi.cdef(
    """
    FcConfig * FcConfigCreate (void);
    FcBool FcConfigBuildFonts (FcConfig *config);
    FcBool FcConfigSetCurrent (FcConfig *config);
    """,
    override=True,
)


def _empty_configuration() -> Any:
    """A configuration of fontconfig without fonts and rules; whoever made it destroys it."""
    configuration = fontconfig.FcConfigCreate()
    fontconfig.FcConfigBuildFonts(configuration)
    return configuration


# Pango takes the rules for what is asked for from the process, whatever its own map of fonts is given.
_no_rules = _empty_configuration()
fontconfig.FcConfigSetCurrent(_no_rules)
fontconfig.FcConfigDestroy(_no_rules)


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
        self.fonts = [url for url, (_, content_type) in self._files.items() if content_type == FONT_TYPE]

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        """The file at an address.

        Raises:
            ValueError: the address is none of the files'.
        """
        if url not in self._files:
            raise ValueError(f"a report may not read {url}")
        content, content_type = self._files[url]
        return URLFetcherResponse(url, content, {"Content-Type": content_type})

    def own_stylesheet(self, url: str) -> bytes | None:
        """The stylesheet at an address: the same bytes have the same rules, and need be read once only.

        None where it is none of the files: whoever fetches it is refused.
        """
        if url not in self._files:
            return None
        content: bytes = self.fetch(url).read()
        return content


def bundled_fonts(files: BundledFiles) -> Any:
    """A font configuration of the bundled fonts alone: neither the machine's fonts nor its rules have a say.

    WeasyPrint begins with all that fontconfig knows and adds the fonts of a page. An installed font of the
    same name is then taken instead; one that has a character which the page's font lacks is taken for it,
    also for a © that is followed by a mark of emoji; and a rule may replace any name or change any font.

    Args:
        files: with at least one font, which has its names and weight in the file.

    Raises:
        OSError: a font cannot be written to the disk, from where fontconfig reads it, or not be read.
    """
    if not files.fonts:
        # Pango would end the process.
        raise OSError("there is no font to lay out with")
    fonts = FontConfiguration()
    fonts._config = _empty_configuration()
    font_map = ffi.cast("PangoFcFontMap *", fonts.font_map)
    pangoft2.pango_fc_font_map_set_config(font_map, fonts._config)
    # The map holds it from here on.
    fontconfig.FcConfigDestroy(fonts._config)
    # WeasyPrint removes this folder together with the configuration.
    fonts._folder = Path(mkdtemp(prefix="weasyprint-"))
    for number, url in enumerate(files.fonts):
        path = fonts._folder / f"{number}.ttf"
        path.write_bytes(files.fetch(url).read())
        if not fontconfig.FcConfigAppFontAddFile(fonts._config, bytes(path)):
            raise OSError(f"fontconfig cannot read {url}")
    pangoft2.pango_fc_font_map_config_changed(font_map)
    # What a stylesheet names is here already, under the name in the file.
    fonts.add_font_face = lambda descriptors, fetcher: None
    return fonts


_of_this_thread = threading.local()


def fonts_of_this_thread(files: BundledFiles) -> Any:
    """As bundled_fonts(), made once a thread: what each makes in the process' memory is never all given back.

    Not once a process, because Pango's map of fonts is for one thread at a time.
    """
    key = tuple(files.fetch(url).read() for url in files.fonts)
    known: dict[Any, Any] = vars(_of_this_thread)
    fonts = known.get(key)
    # Something may have tidied the folder of temporary files.
    if fonts is None or len(list(fonts._folder.glob("*.ttf"))) != len(key):
        fonts = bundled_fonts(files)
        known.clear()
        known[key] = fonts
    return fonts


class Layout:
    """A report laid out on pages, ready to be written."""

    def __init__(self, html: str, fetcher: BundledFiles) -> None:
        self._document: Any = HTML(string=html, base_url=BASE, url_fetcher=fetcher).render(
            font_config=fonts_of_this_thread(fetcher)
        )

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

        def finish(document: Any, pdf: Any) -> None:
            if finisher:
                finisher(document, pdf)
            _compress(pdf)

        content: bytes = self._document.write_pdf(
            finisher=finish, pdf_variant="pdf/a-3a", attachments=attachments
        )
        return content


def _compress(pdf: Any) -> None:
    """Compress what WeasyPrint would at the highest level, which takes twice as long for a hundredth less."""
    for part in pdf.objects:
        if isinstance(part, pydyf.Stream) and part.compress:
            content = b"\n".join(map(pydyf._to_bytes, part.stream))
            part.stream, part.compress = [zlib.compress(content, COMPRESSION)], False
            part.extra["Filter"] = "/FlateDecode"
