"""Pictures in the manual's text."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reports.help.pictures import file_of, pictures

register = template.Library()


@register.simple_tag(takes_context=True)
def picture(context: template.Context, name: str, alt: str) -> SafeString:
    """A picture of a page, loaded when it is near; its place is kept free until then.

    On paper it is read from the files that are laid out with the page.
    """
    taken = pictures().get(name)
    # None as while the first pictures are taken, which show pages of a site that has none yet.
    if taken is None or context.get("is_wall"):
        return SafeString("")
    return format_html(
        '<img class="picture{}" src="{}" alt="{}" width="{}" height="{}" loading="lazy" decoding="async">',
        " narrow" if taken.narrow else "",
        file_of(name) if context.get("on_paper") else static(file_of(name)),
        alt,
        taken.width,
        taken.height,
    )
