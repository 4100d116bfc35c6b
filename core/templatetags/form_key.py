"""Tag that gives a form the key by which a save that is sent again is recognised."""

from typing import Final

from django import template
from django.utils.crypto import get_random_string
from django.utils.html import format_html

register = template.Library()

FIELD: Final = "form-key"
# The key of a form that adds something, and of one that changes what is there.
ADDS: Final = "a"
CHANGES: Final = "c"
LENGTH: Final = 22


@register.simple_tag
def form_key(what: str = "changes") -> str:
    """A hidden field with a key that no other form has.

    Args:
        what: "adds" for a form that adds something: sent again with the same content, even after Back, it is
            the same addition. "changes" for every other form: what was changed may have been changed again
            since, and then the same content is a new change.
    """
    kind = {"adds": ADDS, "changes": CHANGES}[what]
    return format_html('<input type="hidden" name="{}" value="{}{}">', FIELD, kind, get_random_string(LENGTH))
