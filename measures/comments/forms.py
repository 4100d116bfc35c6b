"""The form for a comment on a measure: what is written, whom it names, what it returns, what it answers."""

from collections.abc import Sequence
from typing import Any, Final, cast

from django import forms
from django.http import QueryDict

from accounts.models import User
from core.fields import PlainText
from core.forms import ReadableForm
from measures.access import can_answer, can_return_measure, is_asked
from measures.comments.services import NewComment
from measures.models import STEP_TEXT, Comment, Measure

ALL: Final = "all"


class CommentForm(ReadableForm, forms.Form):
    """Everybody may write and name people; the officer also returns, divisions answer what was returned."""

    prefix = "comment"

    text = PlainText(
        label="ความเห็น",
        max_length=STEP_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="ความเห็นเก็บเป็นบันทึก แก้ไขหรือลบไม่ได้ พิมพ์ @ ตามด้วยชื่อเพื่อกล่าวถึงใคร",
    )
    returns_to = forms.ChoiceField(
        label="ส่งกลับให้แก้ไข",
        required=False,
        help_text="ส่วนราชการที่เลือกเห็นว่าต้องแก้ไขรายงานจนกว่าจะตอบ",
    )
    named = forms.MultipleChoiceField(label="กล่าวถึง", required=False, widget=forms.CheckboxSelectMultiple)
    answers = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        measure: Measure,
        person: User,
        people: Sequence[User],
        comments: Sequence[Comment],
    ) -> None:
        super().__init__(data)
        self._people = {str(each.pk): each for each in people if each.pk != person.pk}
        self._returned = {str(each.pk): each for each in comments if can_answer(person, each)}
        self._divisions = {str(each.pk): each for each in measure.parties}
        self._set_choices("named", [(key, each.get_full_name()) for key, each in self._people.items()])
        # What somebody has answered meanwhile is no mistake of who answers it too.
        self._set_choices("answers", [(key, each.text) for key, each in self._returned.items()])
        # What a division writes answers what it was asked; what others write only where they say so.
        asked = [key for key, each in self._returned.items() if each.waits and is_asked(person, each)]
        self.fields["answers"].label = "เรื่องที่ตอบ" if asked else "ปิดเรื่องที่ส่งกลับ"
        self.initial["answers"] = asked
        if can_return_measure(person, measure):
            self._set_choices("returns_to", self._returns(measure))
        else:
            del self.fields["returns_to"]

    @property
    def new(self) -> NewComment:
        """What a valid form says."""
        values = self.cleaned_data
        to = values.get("returns_to", "")
        return NewComment(
            text=values["text"],
            returns=bool(to),
            division=self._divisions.get(to),
            named=[self._people[key] for key in values["named"]],
            answers=[self._returned[key] for key in values["answers"]],
        )

    @property
    def offered(self) -> Sequence[Any]:
        """The boxes of those who have to do with the measure, and of who was ticked; the others are typed."""
        concerned = {key for key, each in self._people.items() if vars(each).get("is_concerned")}
        shown = concerned | set(self["named"].value() or ())
        return [box for box in self["named"] if str(box.data["value"]) in shown]

    @property
    def waiting(self) -> Sequence[Any]:
        """The boxes of what was returned and is not answered, each with its comment."""
        return [
            (box, self._returned[str(box.data["value"])])
            for box in self["answers"]
            if self._returned[str(box.data["value"])].waits
        ]

    def _returns(self, measure: Measure) -> Sequence[tuple[str, str]]:
        """Nothing, a division, or all of them, where they report together."""
        each = [(key, division.name) for key, division in self._divisions.items()]
        every = [(ALL, "ทุกส่วนราชการที่รับผิดชอบ")] if len(each) > 1 and not measure.by_division else []
        return [("", "ไม่ส่งกลับ เป็นความเห็นเท่านั้น"), *every, *each]

    def _set_choices(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices
