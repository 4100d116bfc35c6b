"""The officer's own report on a measure that is reported division by division."""

from django import forms

from measures.parts.rules import versions_in
from measures.progress.forms import ProgressForm


class JointForm(ProgressForm):
    """As the report on any measure, with the versions of the parts from which it was joined."""

    joined = forms.CharField(required=False, max_length=4_000, widget=forms.HiddenInput)

    @property
    def joined_versions(self) -> dict[int, int]:
        """By the key of the division; empty where the report was written without joining."""
        return versions_in(self.cleaned_data["joined"])
