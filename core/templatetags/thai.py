"""How the site shows numbers, dates and links.

Digits are Arabic on screen unless the agency in view wants Thai ones; the printed report has its own tags.
"""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import timezone

from core.thai_calendar import arabic_digits, long_date, short_date, short_moment, thai_digits

register = template.Library()

Context = template.Context


def _digits(context: Context, value: object) -> str:
    agency = context.get("agency")
    return thai_digits(value) if agency is not None and agency.thai_digits else arabic_digits(value)


@register.simple_tag(takes_context=True)
def n(context: Context, value: object) -> str:
    """A number, or a text with numbers, in the agency's digits: a page has digits of one kind."""
    return _digits(context, value)


@register.simple_tag(takes_context=True)
def day(context: Context, value: date) -> str:
    """31 มีนาคม 2566"""
    return _digits(context, long_date(value))


@register.simple_tag(takes_context=True)
def short_day(context: Context, value: date) -> str:
    """31 มี.ค. 2566; of a moment, the day it was in the office's time zone"""
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return _digits(context, short_date(local))


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime) -> str:
    """31 มี.ค. 2566 14:05 น., in the office's time zone"""
    return _digits(context, short_moment(timezone.localtime(value)))


@register.simple_tag(takes_context=True)
def link(context: Context, name: str, *args: Any, **query: Any) -> str:
    """The address of a page, with its filters, that stays with the agency in view.

    Only the overseer's addresses name the agency: for everybody else it is their own.
    """
    agency, request = context.get("agency"), context["request"]
    pairs = {key: value for key, value in query.items() if value not in ("", None)}
    if agency is not None and request.user.is_authenticated and request.user.agency_id is None:
        pairs["agency"] = agency.slug
    address = reverse(name, args=args)
    return f"{address}?{urlencode(pairs)}" if pairs else address
