"""A field that is written without Django's templates is the field that they write."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe

from core.form_renderer import WRITERS, FormRenderer

HARD: Final = "<b>&\"' ๑๒ {{ x }}"
VALUES: Final = (
    None, "", "ก", HARD, mark_safe("<i>"), lazystr(HARD), 0, 1, -1234567, 1.5, Decimal("1234.5"), True, False,
    date(2023, 1, 31), ("ก", "ข"), "สอง\nบรรทัด\r\n",
)  # fmt: skip
ATTRS: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"id": "id_x", "required": True, "disabled": False, "maxlength": "5", "rows": 3},
    {"placeholder": HARD, "data-x": mark_safe("<i>"), "title": lazystr(HARD), "data-n": None, "value": ""},
)
CHOICES: Final = (
    ("", "---"), (None, "ไม่มี"), (1, "หนึ่ง"), (HARD, HARD), (True, 1234567), ("ก", mark_safe("<i>ก</i>")),
    ("กลุ่ม <1>", (("ข", lazystr(HARD)), ("ค", 1.5))), (mark_safe("<i>"), ()), ("", (("ง", "ไม่มีชื่อกลุ่ม"),)),
)  # fmt: skip
WIDGETS: Final[tuple[forms.Widget, ...]] = (
    forms.TextInput(), forms.NumberInput(), forms.EmailInput(), forms.URLInput(), forms.HiddenInput(),
    forms.PasswordInput(render_value=True), forms.DateInput(), forms.FileInput(), forms.CheckboxInput(),
    forms.Textarea(), forms.Select(choices=CHOICES), forms.SelectMultiple(choices=CHOICES),
    forms.NullBooleanSelect(),
)  # fmt: skip
OTHERS: Final[tuple[forms.Widget, ...]] = (
    forms.RadioSelect(choices=CHOICES), forms.CheckboxSelectMultiple(choices=CHOICES),
)  # fmt: skip


@pytest.mark.parametrize("widget", [*WIDGETS, *OTHERS], ids=lambda each: type(each).__name__)
def test_it_is_to_the_letter_what_django_writes(widget: forms.Widget) -> None:
    for value in VALUES:
        for attrs in ATTRS:
            theirs = widget.render("na<me", value, attrs, DjangoTemplates())
            assert widget.render("na<me", value, attrs, FormRenderer()) == theirs


@pytest.mark.parametrize("label", ["ชื่อ", HARD, mark_safe("<i>ก</i>"), lazystr(HARD), ""], ids=repr)
def test_a_label_is_to_the_letter_what_django_writes(label: str) -> None:
    def form(renderer: DjangoTemplates, auto_id: str) -> forms.Form:
        class Form(forms.Form):
            x = forms.CharField(label=label)
            y = forms.ChoiceField(label=label, widget=forms.RadioSelect, choices=(("ก", "ข"),))

        return Form(renderer=renderer, auto_id=auto_id)

    for auto_id in ("id_%s", ""):
        ours, theirs = form(FormRenderer(), auto_id), form(DjangoTemplates(), auto_id)
        for name in ("x", "y"):
            assert ours[name].label_tag() == theirs[name].label_tag()
            assert ours[name].legend_tag() == theirs[name].legend_tag()
            assert ours[name].label_tag(HARD, {"class": HARD}) == theirs[name].label_tag(
                HARD, {"class": HARD}
            )


def test_each_writer_is_tried() -> None:
    assert {*(widget.template_name for widget in WIDGETS), "django/forms/label.html"} == set(WRITERS)


def test_an_option_that_is_written_otherwise_is_left_to_its_template() -> None:
    class Other(forms.Select):
        option_template_name = "django/forms/widgets/checkbox_option.html"

    widget = Other(choices=CHOICES)
    written = widget.render("x", "ก", {}, FormRenderer())
    assert written == widget.render("x", "ก", {}, DjangoTemplates())
    assert "checkbox" not in written
    assert "<label" in written


def test_forms_of_the_site_are_written_by_it() -> None:
    class Form(forms.Form):
        x = forms.CharField()

    assert isinstance(Form().renderer, FormRenderer)
