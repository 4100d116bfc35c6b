"""Where the lines of a PDF end: between words of a larger dictionary, and not inside what belongs together.

WeasyPrint has no way to say either. Pango has: a dictionary by libthai's own variable, and an attribute that
forbids the ends of lines in a part of a text. So no character is added to a text that a reader gets back.
"""

import logging
import os
from pathlib import Path
from typing import Any, Final

import weasyprint
from weasyprint.text import line_break
from weasyprint.text.ffi import ffi, pango

from reports.thai_pdf.dictionary import VARIABLE, NoDictionary, folder_with_words
from reports.thai_pdf.kept import kept, names_to_keep

logger: Final = logging.getLogger(__name__)

# Whose Layout is known to set a text as below, and since when Pango has the attribute.
FITS_WEASYPRINT: Final = "70."
SINCE_PANGO: Final = 14400
# The same names and numbers come again and again.
MOST_WIDTHS: Final = 5000

_widths: Final[dict[tuple[str, float, int], float]] = {}
ffi.cdef("PangoAttribute * pango_attr_allow_breaks_new (gboolean allow_breaks);", override=True)


def use_words(cache_folder: Path) -> None:
    """Let libthai break lines by its dictionary with more words; to be called before it breaks any.

    A dictionary that the process was given stays. Where none can be made, the log says why.
    """
    if VARIABLE in os.environ:
        return
    try:
        os.environ[VARIABLE] = str(folder_with_words(cache_folder))
    except NoDictionary as error:
        logger.warning("Lines of Thai break by libthai's own dictionary: %s", error)
        return
    # libthai reads it with the first text, and programs that this one starts are not to know of it.
    line_break.get_log_attrs("กก", "th")
    del os.environ[VARIABLE]


def fits(weasyprint_version: str, pango_version: int) -> bool:
    """Whether the way by which texts get the attribute is known to work."""
    return weasyprint_version.startswith(FITS_WEASYPRINT) and pango_version >= SINCE_PANGO


def _set_text(layout: Any, text: str, justify: bool = False) -> None:
    """What WeasyPrint does, and the attribute where a line may end."""
    _weasyprint_set_text(layout, text, justify)
    names, room = names_to_keep(), layout.max_width
    if names is not None and room is not None:
        spans = kept(layout.text, names, lambda part: _width(part, layout.style) <= room)
        _forbid(layout, list(spans))


def _width(text: str, style: Any) -> float:
    """How wide a text is on one line."""
    key = (text, style["font_size"], style["font_weight"])
    if key not in _widths:
        if len(_widths) > MOST_WIDTHS:
            _widths.clear()
        alone = line_break.Layout(style)
        alone.set_text(text)
        _widths[key] = line_break.line_size(alone.get_first_line()[0], style)[0]
    return _widths[key]


def _forbid(layout: Any, spans: list[tuple[int, int]]) -> None:
    if not spans:
        return
    attributes = pango.pango_layout_get_attributes(layout.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    for start, end in spans:
        attribute = pango.pango_attr_allow_breaks_new(False)
        # Pango counts bytes.
        attribute.start_index = len(layout.text[:start].encode())
        attribute.end_index = len(layout.text[:end].encode())
        pango.pango_attr_list_change(attributes, attribute)
    pango.pango_layout_set_attributes(layout.layout, attributes)


_weasyprint_set_text: Final = line_break.Layout.set_text
if fits(weasyprint.__version__, pango.pango_version()):
    line_break.Layout.set_text = _set_text
else:
    logger.warning("WeasyPrint %s is not known: lines may end inside names", weasyprint.__version__)
