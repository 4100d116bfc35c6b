"""How the fields of forms become HTML: as Django's templates write it, without them where that is simple.

A form of the plan has some forty fields, and Django's templates, of which each calls two others, took more
time for them than all else on the page.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeData
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]  # not in the stubs

Widget = Mapping[str, Any]
"""What a template is given as widget; of a label its whole context."""

OPTION: Final = "django/forms/widgets/select_option.html"


def _text(value: object) -> str:
    """As {{ value|stringformat:"s" }}."""
    return value if isinstance(value, SafeData) else escape(str(value))  # type: ignore[return-value]


def _shown(value: Any) -> str:
    """As {{ value }}."""
    return conditional_escape(value if isinstance(value, str) else localize(template_localtime(value)))


def _attributes(widget: Widget) -> str:
    written = ""
    for name, value in (widget["attrs"] or {}).items():
        if value is True:
            written += f" {_shown(name)}"
        elif value is not False:
            written += f' {_shown(name)}="{_text(value)}"'
    return written


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    return (
        f'<input type="{_shown(widget["type"])}" name="{_shown(widget["name"])}"{value}{_attributes(widget)}>'
    )


def _textarea(widget: Widget) -> str:
    value = _shown(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_shown(widget["name"])}"{_attributes(widget)}>\n{value}</textarea>'


def _select(widget: Widget) -> str | None:
    pieces = [f'<select name="{_shown(widget["name"])}"{_attributes(widget)}>']
    for group, options, _ in widget["optgroups"]:
        if group:
            pieces.append(f'\n  <optgroup label="{_shown(group)}">')
        for option in options:
            if option["template_name"] != OPTION:
                return None
            start = f'<option value="{_text(option["value"])}"{_attributes(option)}>'
            pieces.append(f"\n  {start}{_shown(option['label'])}</option>\n")
        if group:
            pieces.append("\n  </optgroup>")
    return "".join([*pieces, "\n</select>"])


def _label(context: Widget) -> str:
    if not context["use_tag"]:
        return _shown(context["label"])
    tag = _shown(context["tag"])
    return f"<{tag}{_attributes(context)}>{_shown(context['label'])}</{tag}>"


INPUTS: Final = ("checkbox", "date", "email", "file", "hidden", "number", "password", "text", "url")
WRITERS: Final[Mapping[str, Callable[[Widget], str | None]]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    "django/forms/label.html": _label,
}


class FormRenderer(DjangoTemplates):
    """Writes the simple fields itself, and lets Django's templates write all others."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """The HTML of a field or of a list."""
        writer = WRITERS.get(template_name)
        written = writer(context.get("widget", context)) if writer else None
        return super().render(template_name, context, request) if written is None else written
