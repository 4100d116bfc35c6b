"""Styles: without what no report has, and those of a page once for all pages that are alike."""

import copy
from typing import Any, Final
from xml.etree import ElementTree as ET

import cssselect2
import weasyprint
from weasyprint import css
from weasyprint.layout import page

from reports.renderers.faster.reading import tree_of

# No report has footnotes, and only items of lists have markers: without these rules an element has one
# style to be worked out, with them seven.
NOTES: Final = frozenset({"footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback"})
MARKED: Final = ("li", "summary")


class FasterHTML(weasyprint.HTML):  # type: ignore[misc]
    """A page without footnotes."""

    def __init__(self, string: str, base_url: str, url_fetcher: Any) -> None:
        """Take a page, the address that others in it are joined to, and what serves them."""
        tree = tree_of(string)
        if tree is None:
            super().__init__(string=string, base_url=base_url, url_fetcher=url_fetcher)
            return
        self.base_url, self.url_fetcher, self.media_type = base_url, url_fetcher, "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(tree, content_language=None)
        self.etree_element = tree

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


_read: Final = weasyprint.CSS.__init__
_kept: Final[dict[tuple[str, bytes], Any]] = {}
MOST_KEPT: Final = 50


def read_stylesheet(sheet: Any, *arguments: Any, **options: Any) -> None:
    """As weasyprint.CSS(), once for each stylesheet of the program's own; nobody changes one that is read."""
    url, own = options.get("url"), getattr(options.get("url_fetcher"), "own_stylesheet", None)
    content = own(url) if own and url and options.get("matcher") is None else None
    if content is None:
        _read(sheet, *arguments, **options)
        return
    key = str(url), content
    if key not in _kept:
        if len(_kept) > MOST_KEPT:
            _kept.clear()
        _kept[key] = _read_alone(options)
    alone = _kept[key]
    if alone is None:
        _read(sheet, *arguments, **options)
        return
    sheet.base_url, sheet.matcher = alone.base_url, alone.matcher
    sheet.page_rules, sheet.layers = options["page_rules"], options["layers"]
    # To WeasyPrint the stylesheets of a page have one list of rules for pages together.
    sheet.page_rules.extend(alone.page_rules)


def _read_alone(options: dict[str, Any]) -> Any:
    """A stylesheet with nothing of the others; None where it has something that they share."""
    shared: dict[str, Any] = {"layers": [], "counter_style": {}, "color_profiles": {}}
    alone = object.__new__(weasyprint.CSS)
    _read(alone, **(options | shared | {"page_rules": []}))
    return None if any(shared.values()) else alone


_set_page_type_computed_styles: Final = page.set_page_type_computed_styles


def set_page_type_computed_styles(page_type: Any, html: Any, style_for: Any) -> None:
    """As WeasyPrint's, with the styles of an earlier page where the same rules are for both."""
    cascaded, computed = style_for.get_cascaded_styles(), style_for.get_computed_styles()
    cascaded.clear()
    style_for.add_page_declarations(page_type)
    rules = {pseudo: rules for (_, pseudo), rules in cascaded.items()}
    known: list[tuple[Any, Any]] = style_for.__dict__.setdefault("_page_styles", [])
    for known_rules, styles in known:
        if known_rules == rules:
            computed.update({(page_type, pseudo): style for pseudo, style in styles.items()})
            return
    cascaded.clear()
    _set_page_type_computed_styles(page_type, html, style_for)
    styles = {pseudo: style for (kind, pseudo), style in computed.items() if kind == page_type}
    known.append((rules, styles))


_set_computed_styles: Final = css.StyleFor.set_computed_styles


def set_computed_styles(
    style_for: Any, element: Any, parent: Any, root: Any = None, pseudo_type: Any = None, **options: Any
) -> None:
    """As WeasyPrint's, with one style for all pseudo-elements that have the same rules and parent's style."""
    cascaded, computed = style_for.get_cascaded_styles(), style_for.get_computed_styles()
    rules = cascaded.get((element, pseudo_type))
    if pseudo_type is None or not rules or not ET.iselement(element):
        _set_computed_styles(style_for, element, parent, root, pseudo_type, **options)
        return
    # What is compared by its place is held by the rules, and these by the style.
    key = (
        pseudo_type,
        id(computed[parent, None]),
        tuple((name, id(value), weight) for name, (value, weight) in rules.items()),
    )
    known: dict[Any, Any] = style_for.__dict__.setdefault("_pseudo_styles", {})
    if key in known:
        computed[element, pseudo_type] = known[key]
        return
    _set_computed_styles(style_for, element, parent, root, pseudo_type, **options)
    known[key] = computed[element, pseudo_type]


# Properties that a style without rules for them has from its parent, or from the beginning, as they are.
WORKED_OUT: Final = frozenset({"display", "float", "page", "position"})
AS_THEY_ARE: Final = frozenset(
    name for name in css.INITIAL_VALUES if name not in WORKED_OUT and not name.startswith("text_decoration_")
)
FROM_PARENT: Final = frozenset(name for name in css.INHERITED if name in AS_THEY_ARE)
FROM_BEGINNING: Final = AS_THEY_ARE - FROM_PARENT - frozenset(css.INITIAL_NOT_COMPUTED)
# Names of sides that depend on the direction of the text.
OF_DIRECTION: Final = ("block", "inline")

_missing: Final = css.ComputedStyle.__missing__


def missing(style: Any, name: str) -> Any:
    """As WeasyPrint's, at once where no rule has a say."""
    if name in style.cascaded or _once_of_direction(style):
        return _missing(style, name)
    if name in FROM_BEGINNING:
        value = css.INITIAL_VALUES[name]
    elif name in FROM_PARENT and style.parent_style is not None:
        value = style.parent_style[name]
    else:
        return _missing(style, name)
    style[name] = value
    return value


def _once_of_direction(style: Any) -> bool:
    """Whether a rule of a style is for a side that depends on the direction of the text."""
    known: bool | None = style.__dict__.get("_of_direction")
    if known is None:
        known = any(part in name for name in style.cascaded for part in OF_DIRECTION)
        style.__dict__["_of_direction"] = known
    return known


FUNCTIONS: Final[tuple[tuple[Any, Any], ...]] = (
    (_set_page_type_computed_styles, set_page_type_computed_styles),
)
METHODS: Final[tuple[tuple[type, str, Any], ...]] = (
    (weasyprint.CSS, "__init__", read_stylesheet),
    (css.ComputedStyle, "__missing__", missing),
    (css.StyleFor, "set_computed_styles", set_computed_styles),
)
