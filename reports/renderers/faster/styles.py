"""Styles: without what no report has, and those of a page once for all pages that are alike."""

import copy
from typing import Any, Final

import weasyprint
from weasyprint.layout import page

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


_read: Final = weasyprint.CSS.__init__
_kept: Final[dict[tuple[str, bytes], Any]] = {}
MOST_KEPT: Final = 50


def read_stylesheet(sheet: Any, *arguments: Any, **options: Any) -> None:
    """As weasyprint.CSS(), once for each stylesheet of the program's own; nobody changes one that is read."""
    own = getattr(options.get("url_fetcher"), "own_stylesheet", None)
    if own is None or not options.get("url") or options.get("matcher") is not None:
        _read(sheet, *arguments, **options)
        return
    try:
        key = options["url"], own(options["url"])
    except ValueError:
        # It is none of the program's: WeasyPrint tries, is refused, and says so in the log.
        _read(sheet, *arguments, **options)
        return
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


FUNCTIONS: Final[tuple[tuple[Any, Any], ...]] = (
    (_set_page_type_computed_styles, set_page_type_computed_styles),
)
METHODS: Final[tuple[tuple[type, str, Any], ...]] = ((weasyprint.CSS, "__init__", read_stylesheet),)
