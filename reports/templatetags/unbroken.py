"""Text on the screen in which no line ends inside what belongs together: number and unit, a term.

What people copy stays as it was typed: a style holds it together, no character does.
"""

from typing import Final

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from core.text import letters_of_lines
from reports.thai_pdf.kept import pattern

register = template.Library()

# Letters that fit into a line of the narrowest phone; what is longer is divided like any text.
LONGEST: Final = 28


@register.filter
def unbroken(text: str) -> SafeString:
    """The text as HTML."""
    parts: list[SafeString] = []
    end = 0
    for found in pattern(()).finditer(text):
        part = found[0]
        if "\n" in part or sum(letters_of_lines(part)) > LONGEST:
            continue
        parts += [_between(text[end : found.start()]), format_html('<span class="whole">{}</span>', part)]
        end = found.end()
    parts.append(_between(text[end:]))
    return format_html_join("", "{}", ((part,) for part in parts))


def _between(text: str) -> SafeString:
    """Escaped; white space alone as entities, which {% spaceless %} leaves between two tags."""
    if text.isspace():
        return format_html_join("", "&#{};", ((ord(each),) for each in text))
    return conditional_escape(text)
