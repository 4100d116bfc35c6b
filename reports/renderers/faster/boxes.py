"""Boxes: what depends on the style alone is worked out once for each style."""

from collections.abc import Iterator
from typing import Any, Final

from weasyprint.css import functions
from weasyprint.draw import border
from weasyprint.draw.color import get_color
from weasyprint.formatting_structure import boxes
from weasyprint.formatting_structure.boxes import Box
from weasyprint.layout import background, block, percent
from weasyprint.layout import float as floating

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


_resolve_one_percentage: Final = percent.resolve_one_percentage


def resolve_one_percentage(box: Any, name: str, refer_to: Any) -> None:
    """As WeasyPrint's, at once for lengths."""
    value = box.style[name]
    if getattr(value, "unit", None) == "px":
        setattr(box, name, value.value)
    else:
        _resolve_one_percentage(box, name, refer_to)


def _is_fixed(style: Any) -> bool:
    """Whether the lengths of a style are the same in every containing block, and nobody changes them."""
    parent = style.parent_style
    if style["border_collapse"] == "collapse" or (parent and {"flex", "grid"} & set(parent["display"])):
        return False
    values = (style[name] for name in LENGTHS)
    return all(value in ("auto", None) or getattr(value, "unit", "%") != "%" for value in values)


# --- Corners and backgrounds ------------------------------------------------------------------------

SQUARE: Final = {
    f"border_{corner}_radius": (0, 0) for corner in ("top_left", "top_right", "bottom_right", "bottom_left")
}
NO_RADII: Final = ((0, 0), (0, 0), (0, 0), (0, 0))

_rounded_box: Final = boxes.Box.rounded_box


def rounded_box(box: Any, top: float, right: float, bottom: float, left: float) -> Any:
    """As WeasyPrint's, at once where no corner is round."""
    radii = (
        box.border_top_left_radius,
        box.border_top_right_radius,
        box.border_bottom_right_radius,
        box.border_bottom_left_radius,
    )
    if radii != NO_RADII or min(top, right, bottom, left) < 0:
        return _rounded_box(box, top, right, bottom, left)
    return (
        box.border_box_x() + left,
        box.border_box_y() + top,
        box.border_width() - left - right,
        box.border_height() - top - bottom,
        *NO_RADII,
    )


_layout_box_backgrounds: Final = background.layout_box_backgrounds


def layout_box_backgrounds(
    page: Any, box: Any, get_image_from_uri: Any, layout_children: bool = True, style: Any = None
) -> None:
    """As WeasyPrint's, at once where there is no background."""
    own = box.style
    if style is not None or box is page or not _once(own, "_is_plain", _is_plain):
        _layout_box_backgrounds(page, box, get_image_from_uri, layout_children, style)
        return
    box.__dict__.update(SQUARE)
    if layout_children:
        for child in box.all_children():
            layout_box_backgrounds(page, child, get_image_from_uri)
    box.background = None


def _is_plain(style: Any) -> bool:
    """Whether a style has neither image nor colour nor shadow nor round corners."""
    return (
        style["border_image_source"][0] == "none"
        and style["mask_border_source"][0] == "none"
        and all(kind == "none" for kind, _ in style["background_image"])
        and get_color(style, "background_color").alpha == 0
        and not style["box_shadow"]
        and all((0, "px") in style[name] for name in SQUARE)
    )


def _once(style: Any, name: str, ask: Any) -> Any:
    """The answer to a question about a style, which keeps it."""
    known = style.__dict__
    if name not in known:
        known[name] = ask(style)
    return known[name]


_draw_border: Final = border.draw_border
WIDTHS: Final = tuple(f"border_{side}_width" for side in ("top", "right", "bottom", "left"))


def draw_border(stream: Any, box: Any) -> None:
    """As WeasyPrint's, at once where there is no border."""
    if any(getattr(box, name) for name in WIDTHS) or _once(box.style, "_has_rules", _has_rules):
        _draw_border(stream, box)


def _has_rules(style: Any) -> bool:
    """Whether something else than borders is drawn with them."""
    return bool(
        style["column_width"] != "auto"
        or style["column_count"] != "auto"
        or style["border_image_source"][0] != "none"
    )


_draw_outline: Final = border.draw_outline


def draw_outline(stream: Any, box: Any) -> None:
    """As WeasyPrint's, at once where there is no outline."""
    if box.style["outline_width"]:
        _draw_outline(stream, box)
        return
    for child in box.children:
        if isinstance(child, Box):
            draw_outline(stream, child)


# --- Places -----------------------------------------------------------------------------------------

FLOATING: Final = frozenset({"left", "right", "inline-start", "inline-end", "footnote"})
ABSOLUTE: Final = frozenset({"absolute", "fixed"})
ELSEWHERE: Final = frozenset({"running()", "note()"})


def is_in_normal_flow(box: Any) -> bool:
    """As WeasyPrint's, with one look at the style for each of its two properties."""
    position = box.style["position"]
    return not (
        box.style["float"] in FLOATING
        or (position in ABSOLUTE if type(position) is str else position[0] in ELSEWHERE)
    )


_avoid_collisions: Final = floating.avoid_collisions


def avoid_collisions(context: Any, box: Any, containing_block: Any, outer: bool = True) -> Any:
    """As WeasyPrint's, at once where nothing floats."""
    if context.excluded_shapes or box.is_floated() or containing_block.style["direction"] == "rtl":
        return _avoid_collisions(context, box, containing_block, outer)
    left = containing_block.content_box_x()
    right = left + containing_block.width
    if outer:
        return left, box.position_y, right - left
    left += box.margin_left
    right -= box.margin_right
    return left - box.margin_left, box.border_box_y() - box.margin_top, right - left


def descendants(box: Any, placeholders: bool = False) -> Iterator[Any]:
    """As WeasyPrint's, without a generator for every box."""
    waiting = [box]
    while waiting:
        found = waiting.pop()
        if placeholders and not isinstance(found, Box):
            found = found._box
        yield found
        if isinstance(found, Box):
            waiting.extend(found.children[::-1])


_collapse_margin: Final = block.collapse_margin


def collapse_margin(margins: Any) -> Any:
    """As WeasyPrint's, at once where there is none to collapse or all are alike."""
    if not margins:
        return 0
    if len(margins) == 1:
        return margins[0]
    return _collapse_margin(margins)


_check_math: Final = functions.check_math


def check_math(token: Any) -> Any:
    """As WeasyPrint's, at once for what is no function."""
    kind = type(token)
    if kind is str or kind is int:
        return None
    return _check_math(token)


FUNCTIONS: Final[tuple[tuple[Any, Any], ...]] = (
    (_resolve_percentages, resolve_percentages),
    (_resolve_one_percentage, resolve_one_percentage),
    (_layout_box_backgrounds, layout_box_backgrounds),
    (_draw_border, draw_border),
    (_draw_outline, draw_outline),
    (_avoid_collisions, avoid_collisions),
    (_check_math, check_math),
    (_collapse_margin, collapse_margin),
)
METHODS: Final[tuple[tuple[type, str, Any], ...]] = (
    (Box, "rounded_box", rounded_box),
    (Box, "is_in_normal_flow", is_in_normal_flow),
    (Box, "descendants", descendants),
)
