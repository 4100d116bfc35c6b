"""What the panel of what waits leaves out."""

from collections.abc import Iterable, Sequence

from django import template

from reports.waiting.items import WaitingItem

register = template.Library()


@register.filter
def besides(items: Iterable[WaitingItem], listed_year: int) -> Sequence[WaitingItem]:
    """Without the reports of a year that the page itself lists one by one; 0 leaves nothing out."""
    return [item for item in items if not listed_year or item.own_year != listed_year]
