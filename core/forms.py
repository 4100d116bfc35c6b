"""What every form of the site shares: errors that screen readers find, and messages that say what to do."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from django import forms

# What is chosen and not typed.
CHOSEN: Final = (forms.ChoiceField, forms.FileField, forms.ModelChoiceField)


class ReadableForm(forms.BaseForm):
    """A mixin that marks fields with errors for screen readers and names the missing field in its message."""

    missing: ClassVar[Mapping[str, str]] = {}
    """What is said of a field left empty whose label makes no sentence after กรุณากรอก, by its name."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.error_messages.setdefault("required", "")
            verb = "เลือก" if isinstance(field, CHOSEN) else "กรอก"
            said = f"กรุณา{verb}{field.label or name}"
            field.error_messages["required"] = self.missing.get(name, said)
            field.error_messages["invalid_choice"] = "ตัวเลือกนี้ไม่มีแล้ว กรุณาเลือกใหม่"

    @property
    def bound_forms(self) -> Sequence[forms.BaseForm]:
        """This form, for the summary of errors, which takes a list."""
        return [self]
