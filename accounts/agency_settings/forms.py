"""The form in which an officer decides for the whole agency."""

from typing import ClassVar

from django import forms

from accounts.models import Agency
from core.forms import ReadableForm


class AgencyForm(ReadableForm, forms.ModelForm[Agency]):
    """What an agency decides about its reports and its screens."""

    class Meta:
        model = Agency
        fields: ClassVar = ["demands_evidence", "allows_own_approval", "demands_second_factor", "thai_digits"]
