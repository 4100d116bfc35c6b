"""The form in which an officer names the agency's LINE group."""

import re
from typing import ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Agency
from core.forms import ReadableForm

# As LINE's documentation writes the key of a group.
GROUP: Final = re.compile("C[0-9a-f]{32}")


class LineGroupForm(ReadableForm, forms.ModelForm[Agency]):
    """Where reminders also go; empty for no group."""

    class Meta:
        model = Agency
        fields: ClassVar = ["line_group"]

    def clean_line_group(self) -> str:
        """A group's key, without the spaces that copying brings along."""
        group: str = self.cleaned_data["line_group"].strip()
        if group and not GROUP.fullmatch(group):
            raise ValidationError("รหัสกลุ่ม LINE ขึ้นต้นด้วย C ตามด้วยตัวเลขและตัวอักษร a ถึง f รวม 33 ตัว")
        return group
