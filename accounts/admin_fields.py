"""Fields and widgets of the administrator's pages: they ask the database for nothing that is no key."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple

from accounts.models import Division
from accounts.places import provinces
from core.text import number_in


class AgencySelect(AutocompleteSelect):
    """Shows a form again whatever was sent as the agency; Django's own would ask the database for it."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, [key for key in value if number_in(key, 18)], attr)


class AgenciesSelect(AutocompleteSelectMultiple):
    """The same for several agencies."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, [key for key in value if number_in(str(key), 18)], attr)


class NumberedChoice(forms.ModelMultipleChoiceField[Any]):
    """Several rows to choose from.

    Refuses what can be no row's key: Django's own field would ask the database for it.
    """

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if number_in(str(key), 18) is None:
                raise forms.ValidationError(
                    self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": key}
                )
        return super().clean(value)


class DivisionChoice(NumberedChoice):
    """Divisions to choose from; two agencies may have one of the same name."""

    def label_from_instance(self, obj: Division) -> str:
        return f"{obj.name} · {obj.agency.short_name}"


class AgencyChoice(NumberedChoice):
    """Agencies that somebody oversees."""


class ProvincesField(forms.MultipleChoiceField):
    """Provinces that somebody oversees; a list of names."""

    def __init__(self, **options: Any) -> None:
        choices = [(name, name) for name in provinces()]
        super().__init__(
            label="จังหวัดที่กำกับดูแล",
            choices=choices,
            required=False,
            widget=forms.SelectMultiple(attrs={"size": 8}),
            help_text="เลือกได้หลายจังหวัด ใช้เมื่อไม่ได้กำกับดูแลทุกหน่วยงาน",
            **options,
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whatever the order."""
        return set(initial or ()) != set(data or ())
