"""What the panel of what waits leaves out."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from django import template

register = template.Library()


class ListedElsewhere(Protocol):
    """What waits, and of which year a page lists it; 0 where none does."""

    own_year: int


@register.filter
def besides(items: Iterable[ListedElsewhere], listed_year: int) -> Sequence[ListedElsewhere]:
    """Without the reports of a year that the page itself lists one by one; 0 leaves nothing out."""
    return [item for item in items if not listed_year or item.own_year != listed_year]
