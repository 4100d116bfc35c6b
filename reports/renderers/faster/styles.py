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
