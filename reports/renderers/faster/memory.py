"""Long reports: a box that is laid out keeps what is its own, a drawn one what the structure asks of it."""

from typing import Any, Final

from weasyprint import document
from weasyprint.formatting_structure.boxes import Box
from weasyprint.layout import page as layout_page

# Pages after which it is worth the time.
MANY: Final = 60
# What a box begins with, until something is put in it.
EMPTY: Final = {"children": list, "remove_decoration_sides": set}
NOTHING: Final = frozenset({"first_letter_style", "first_line_style"})
# What the structure of a file asks of a box that is drawn, and of a picture besides.
ASKED: Final = ("children", "colspan", "element", "element_tag", "link_annotation", "rowspan", "text")
ASKED_OF_PICTURES: Final = (
    *("position_x", "position_y", "width", "height", "margin_left", "margin_top"),
    *("padding_left", "padding_top", "border_left_width", "border_top_width", "style"),
)
PICTURES: Final = ("img", "svg")


def from_style(box: Any, name: str) -> Any:
    """An attribute that a box does not keep: a length of its style, or what it begins with."""
    if name in EMPTY:
        value = box.__dict__[name] = EMPTY[name]()
        return value
    if name in NOTHING:
        return None
    style = box.__dict__.get("style")
    used = style.__dict__.get("_used") if style is not None else None
    if used and name in used:
        return used[name]
    raise AttributeError(f"{type(box).__name__} has no {name}")


_remake_page: Final = layout_page.remake_page


def remake_page(index: int, *arguments: Any) -> Any:
    """As WeasyPrint's; of a long report the boxes leave to their style what they have of it."""
    page, resume_at = _remake_page(index, *arguments)
    if index >= MANY:
        page.__dict__["_is_of_many"] = True
        for box in page.descendants():
            if isinstance(box, Box):
                _leave_to_style(box)
    return page, resume_at


def _leave_to_style(box: Any) -> None:
    used = box.style.__dict__.get("_used") or {}
    box.__dict__ = {
        name: value
        for name, value in box.__dict__.items()
        if not (
            (name in used and used[name] is value)
            or (name in EMPTY and not value)
            or (name in NOTHING and value is None)
        )
    }


_paint: Final = document.Page.paint


def paint(page: Any, stream: Any, *arguments: Any, **options: Any) -> None:
    """As WeasyPrint's; of a long report what is drawn is let go of."""
    _paint(page, stream, *arguments, **options)
    if not page._page_box.__dict__.get("_is_of_many"):
        return
    for box in list(page._page_box.descendants()):
        if isinstance(box, Box):
            known = box.__dict__
            asked: tuple[str, ...] = ASKED
            if str(known.get("element_tag")).endswith(PICTURES):
                asked = (*ASKED, *ASKED_OF_PICTURES)
                known = {name: getattr(box, name) for name in ASKED_OF_PICTURES} | known
            box.__dict__ = {name: known[name] for name in asked if name in known}
    _join(stream)


def _join(stream: Any) -> None:
    """Make one of all parts between those that are no bytes yet, which may still change."""
    parts: list[Any] = []
    joined: list[bytes] = []
    for part in stream.stream:
        if type(part) is bytes:
            joined.append(part)
            continue
        if joined:
            parts.append(b"\n".join(joined))
            joined = []
        parts.append(part)
    if joined:
        parts.append(b"\n".join(joined))
    stream.stream[:] = parts


FUNCTIONS: Final[tuple[tuple[Any, Any], ...]] = ((_remake_page, remake_page),)
METHODS: Final[tuple[tuple[type, str, Any], ...]] = ((document.Page, "paint", paint),)
# What no box has without it.
ADDED: Final[tuple[tuple[type, str, Any], ...]] = ((Box, "__getattr__", from_style),)
