"""Lines of text: split once for each text and width of a document, with one Pango context for each style."""

import copy
import re
import sys
from typing import Any, Final

from weasyprint.text import fonts, line_break
from weasyprint.text.ffi import ffi, gobject, pango

# All of a style that says how a text is set and where its lines end.
TEXT_PROPERTIES: Final = (
    "direction",
    "font_family",
    "font_feature_settings",
    "font_kerning",
    "font_language_override",
    "font_size",
    "font_stretch",
    "font_style",
    "font_variant_alternates",
    "font_variant_caps",
    "font_variant_east_asian",
    "font_variant_ligatures",
    "font_variant_numeric",
    "font_variant_position",
    "font_variation_settings",
    "font_weight",
    "hyphenate_character",
    "hyphenate_limit_chars",
    "hyphenate_limit_zone",
    "hyphens",
    "lang",
    "letter_spacing",
    "overflow_wrap",
    "tab_size",
    "text_decoration_line",
    "white_space",
    "word_break",
    "word_spacing",
)


def _key(style: Any) -> str:
    """The text properties of a style in one word."""
    known: str | None = style.__dict__.get("_text_key")
    if known is None:
        known = style.__dict__["_text_key"] = sys.intern(repr([style[name] for name in TEXT_PROPERTIES]))
    return known


_split_first_line: Final = line_break.split_first_line


def split_first_line(
    text: str,
    style: Any,
    context: Any,
    max_width: float | None,
    justification_spacing: float,
    is_line_start: bool = True,
    minimum: bool = False,
) -> Any:
    """As WeasyPrint's, once for each text and width: a row that does not fit is laid out again."""
    if context is None:
        return _split_first_line(
            text, style, context, max_width, justification_spacing, is_line_start, minimum
        )
    known = context.__dict__.setdefault("_first_lines", {})
    key = (text, _key(style), max_width, justification_spacing, is_line_start, minimum)
    found = known.get(key)
    if found is None:
        found = known[key] = _split_first_line(
            text, style, context, max_width, justification_spacing, is_line_start, minimum
        )
        # The memory of a long report has a bound.
        made = context.__dict__["_lines_made"] = context.__dict__.get("_lines_made", 0) + 1
        if made > MOST_LINES:
            found[0].__dict__.pop("_kept", None)
        if not made % MOST_LINES:
            known.clear()
        return found
    # Whoever draws it may change it.
    return (copy.copy(found[0]), *found[1:])


# --- Lines as Pango has them, from when they are split until they are drawn ----------------------------

MOST_LINES: Final = 4_000
# What ends a paragraph to Pango.
ENDS: Final = re.compile("[\n\r\u2029]")

_get_first_line: Final = line_break.Layout.get_first_line
_deactivate: Final = line_break.Layout.deactivate
_reactivate: Final = line_break.Layout.reactivate


def get_first_line(layout: Any) -> Any:
    """As WeasyPrint's; one paragraph is said to be one, as when it is drawn: else Pango sets it again."""
    pango.pango_layout_set_single_paragraph_mode(layout.layout, ENDS.search(layout.text) is None)
    return _get_first_line(layout)


def deactivate(layout: Any) -> None:
    """As WeasyPrint's, keeping what Pango made of a line that is not drawn yet."""
    known = layout.__dict__
    if not known.pop("_is_drawn", False):
        known["_kept"] = layout.layout
    _deactivate(layout)


def reactivate(layout: Any, style: Any) -> None:
    """As WeasyPrint's, at once where it is kept."""
    kept = layout.__dict__.pop("_kept", None)
    layout.__dict__["_is_drawn"] = True
    if kept is None or layout.justification_spacing or style["text_decoration_line"] != "none":
        _reactivate(layout, style)
        return
    layout.layout, layout.style = kept, style
    layout.language = None


_setup: Final = line_break.Layout.setup
MOST_KEPT: Final = 500

# Functions of Pango and GObject that WeasyPrint does not use.
ffi.cdef(
    """
    PangoContext * pango_layout_get_context (PangoLayout *layout);
    gpointer g_object_ref (gpointer object);
    """,
    override=True,
)


def setup(layout: Any, style: Any) -> None:
    """As WeasyPrint's Layout.setup(), with one context and one font description of Pango's for each style.

    A thread's fonts keep them, which are for that thread alone.
    """
    known = style.font_config.__dict__.setdefault("_pango_contexts", {})
    key = _key(style)
    found = known.get(key)
    if found is None:
        _setup(layout, style)
        # Where the font has features to be set, each layout has a list of its own for them.
        if pango.pango_layout_get_attributes(layout.layout) == ffi.NULL:
            if len(known) > MOST_KEPT:
                known.clear()
            known[key] = _context_of(layout, style)
        return
    context, description, values = found
    layout.style = style
    layout.first_line_direction = 0
    layout.__dict__.update(values)
    layout.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(layout.layout, False)
    pango.pango_layout_set_font_description(layout.layout, description)


def _context_of(layout: Any, style: Any) -> tuple[Any, Any, dict[str, Any]]:
    """What setup() made for a style: context, font description, values of the layout."""
    context = pango.pango_layout_get_context(layout.layout)
    owned = ffi.gc(gobject.g_object_ref(context), gobject.g_object_unref)
    values = {name: layout.__dict__[name] for name in SET_UP if name in layout.__dict__}
    return owned, fonts.get_font_description(style), values


SET_UP: Final = (
    "language",
    "ascent",
    "underline_position",
    "underline_thickness",
    "strikethrough_position",
    "strikethrough_thickness",
)

_strut: Final = line_break.strut


def strut(style: Any) -> Any:
    """As WeasyPrint's, once for each style."""
    known = style.__dict__.get("_strut")
    if known is None:
        known = style.__dict__["_strut"] = _strut(style)
    return known


FUNCTIONS: Final[tuple[tuple[Any, Any], ...]] = ((_split_first_line, split_first_line), (_strut, strut))
METHODS: Final[tuple[tuple[type, str, Any], ...]] = (
    (line_break.Layout, "setup", setup),
    (line_break.Layout, "get_first_line", get_first_line),
    (line_break.Layout, "deactivate", deactivate),
    (line_break.Layout, "reactivate", reactivate),
)
