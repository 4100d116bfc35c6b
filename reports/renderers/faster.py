"""WeasyPrint and pydyf made faster, with the same bytes as a result: what they work out again and again is kept.

Each replacement is a function of theirs with a memory, or one that leaves out what no report has. They are
known to fit the versions below; of another version nothing is touched, and the log says so. What is kept
belongs to a style, a document or a thread's fonts, never to the process: threads lay pages out side by side.
"""

import copy
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pydyf
import weasyprint
from weasyprint.layout import percent
from weasyprint.pdf import stream
from weasyprint.text import fonts, line_break
from weasyprint.text.ffi import ffi, gobject, pango

logger: Final = logging.getLogger(__name__)

FITS: Final = {"weasyprint": "70.", "pydyf": "0.13."}


def fits(weasyprint_version: str, pydyf_version: str) -> bool:
    """Whether the functions below are known to do what those of these versions do."""
    return weasyprint_version.startswith(FITS["weasyprint"]) and pydyf_version.startswith(FITS["pydyf"])


# --- Lines ------------------------------------------------------------------------------------------

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
    """As WeasyPrint's, once for each text and width of a document: a row that does not fit is laid out again."""
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
        return found
    # Whoever draws it may change it.
    return (copy.copy(found[0]), *found[1:])


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


# --- Boxes ------------------------------------------------------------------------------------------

LENGTHS: Final = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in ("left", "right", "top", "bottom")),
    *(f"{limit}{axis}" for axis in ("width", "height") for limit in ("", "min_", "max_")),
)
USED: Final = (*LENGTHS, *(f"border_{side}_width" for side in ("top", "right", "bottom", "left")))

_resolve_percentages: Final = percent.resolve_percentages


def resolve_percentages(box: Any, containing_block: Any) -> None:
    """As WeasyPrint's, once for each style that has no percentage."""
    style = box.style
    used = style.__dict__.get("_used")
    if used:
        box.__dict__.update(used)
        return
    _resolve_percentages(box, containing_block)
    if used is None:
        is_fixed = _is_fixed(style)
        style.__dict__["_used"] = {name: box.__dict__[name] for name in USED} if is_fixed else {}


def _is_fixed(style: Any) -> bool:
    """Whether the lengths of a style are the same in every containing block, and nobody changes them."""
    parent = style.parent_style
    if style["border_collapse"] == "collapse" or (parent and {"flex", "grid"} & set(parent["display"])):
        return False
    values = (style[name] for name in LENGTHS)
    return all(value in ("auto", None) or getattr(value, "unit", "%") != "%" for value in values)


# --- Styles -----------------------------------------------------------------------------------------

# No report has footnotes, and only items of lists have markers: without these rules an element has one
# style to be worked out, with them seven.
NOTES: Final = frozenset({"footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback"})
MARKED: Final = ("li", "summary")


class FasterHTML(weasyprint.HTML):  # type: ignore[misc]
    """A page without footnotes."""

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
        sheets: list[Any] = super()._ua_stylesheets(forms)
        return [_without_notes(sheet) for sheet in sheets]


def _without_notes(sheet: Any) -> Any:
    made = copy.copy(sheet)
    made.matcher = matcher = copy.copy(sheet.matcher)
    markers = [entry for entry in matcher.other_selectors if entry[3] == "marker"]
    matcher.other_selectors = [
        entry for entry in matcher.other_selectors if entry[3] != "marker" and entry[3] not in NOTES
    ]
    names = matcher.lower_local_name_selectors
    matcher.lower_local_name_selectors = names | {name: [*names.get(name, ()), *markers] for name in MARKED}
    return made


# --- The file ---------------------------------------------------------------------------------------

_add_font: Final = stream.Stream.add_font


def add_font(page: Any, pango_font: Any) -> Any:
    """As WeasyPrint's, asking Pango once for each of its fonts in a document."""
    known = page._resources.__dict__.setdefault("_fonts_by_place", {})
    place = int(ffi.cast("intptr_t", pango_font))
    if place not in known:
        # Held, so that no other font comes to the same place.
        held = ffi.gc(gobject.g_object_ref(pango_font), gobject.g_object_unref)
        known[place] = held, _add_font(page, pango_font)
    return known[place][1]


def to_bytes(item: Any) -> bytes:
    """As pydyf's, the most frequent kinds first."""
    kind = type(item)
    if kind is bytes:
        made: bytes = item
    elif kind is str:
        made = item.encode("ascii")
    elif kind is float:
        made = str(int(item)).encode() if item.is_integer() else f"{item:f}".rstrip("0").encode()
    else:
        made = _to_bytes(item)
    return made


_to_bytes: Final = pydyf._to_bytes


def page_references(pdf: Any) -> tuple[bytes, ...]:
    """As pydyf's, made anew only when there is another page: every tag of a page asks for it."""
    kids = pdf.pages["Kids"]
    known: tuple[bytes, ...] = pdf.__dict__.get("_page_references", ())
    if 3 * len(known) != len(kids):
        known = pdf.__dict__["_page_references"] = tuple(b"%d 0 R" % number for number in kids[::3])
    return known


class _Written(pydyf.Object):  # type: ignore[misc]
    """An object of a PDF whose bytes are made."""

    data = b""
    compressible = False

    def __init__(self, original: Any) -> None:
        super().__init__()
        self.number, self.generation = original.number, original.generation
        self.data, self.compressible = original.data, original.compressible


_write: Final = pydyf.PDF.write


def write(pdf: Any, *arguments: Any, **options: Any) -> None:
    """As pydyf's, which makes and compresses everything twice: to write it, and for the file's identifier."""
    for place, written in enumerate(pdf.objects):
        if written.free != "f":
            pdf.objects[place] = _Written(written)
    _write(pdf, *arguments, **options)


# --- In their place ---------------------------------------------------------------------------------

FUNCTIONS: Final[tuple[tuple[Any, Any], ...]] = (
    (_split_first_line, split_first_line),
    (_strut, strut),
    (_resolve_percentages, resolve_percentages),
    (_to_bytes, to_bytes),
)
METHODS: Final[tuple[tuple[type, str, Any], ...]] = (
    (line_break.Layout, "setup", setup),
    (stream.Stream, "add_font", add_font),
    (pydyf.PDF, "page_references", property(page_references)),
    (pydyf.PDF, "write", write),
)


def _places(function: Any) -> Iterator[tuple[Any, str]]:
    """Where a function of theirs is known by a name."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in FITS:
            yield from ((module, own) for own, value in vars(module).items() if value is function)


def apply() -> Callable[[], None]:
    """Put the functions in the place of theirs; what is returned takes them away again."""
    before = [(*place, old, new) for old, new in FUNCTIONS for place in list(_places(old))]
    before += [(kind, name, kind.__dict__[name], new) for kind, name, new in METHODS]
    for owner, name, _, new in before:
        setattr(owner, name, new)

    def undo() -> None:
        for owner, name, old, _ in before:
            setattr(owner, name, old)

    return undo


def html_reader() -> type[weasyprint.HTML]:
    """The class that reads a page, with all of the above in its place where the versions are known."""
    if not fits(weasyprint.__version__, pydyf.__version__):
        logger.warning(
            "WeasyPrint %s with pydyf %s is not known: pages are laid out as they come, which takes longer",
            weasyprint.__version__,
            pydyf.__version__,
        )
        return weasyprint.HTML
    apply()
    return FasterHTML
