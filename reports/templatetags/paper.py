"""What the templates of the printed report need."""

from django import template

from measures.thai import long_date, thai_digits

register = template.Library()

# Printed numbers are Thai whatever the agency's setting for the screen says.
register.filter("thai", thai_digits)
register.filter("long_date", long_date)
