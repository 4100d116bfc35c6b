"""One form for all that is said of a whole original: columns, headings of indicators, unknown names."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django import forms

from core.forms import ReadableForm
from measures.models import Indicator, PlanImport
from measures.plan_import.agency_names import Party
from measures.plan_import.choices import ImportedHeading, Words
from measures.plan_import.model import Column, Field
from measures.plan_import.preview import Preview
from measures.plan_import.tables.table import without_spaces
from measures.plan_import.understanding.head_words import letters_of_heading
from measures.plan_import.understanding.headings import phrase_of
from measures.plan_import.understanding.periods import period_of

# More names that nobody knows are mended in the measures; so many lists of divisions are a page.
MAX_NAMES: Final = 30
MAX_HEADINGS: Final = 60
NO_PERIOD: Final = "หัวคอลัมน์นี้ไม่บอกเดือนหรือไตรมาส กรุณาเลือกความหมายอื่น"
NO_STATUS: Final = "หัวคอลัมน์นี้ไม่บอกสถานะ กรุณาเลือกความหมายอื่น"


class ReadingForm(ReadableForm, forms.Form):
    """What columns, headings of indicators and names of divisions mean.

    Only what was changed, or was doubtful and is confirmed by saving it, is kept.
    """

    def __init__(self, *args: Any, plan_import: PlanImport, preview: Preview, **options: Any) -> None:
        super().__init__(*args, **options)
        self._preview = preview
        self._mapping = dict(plan_import.mapping)
        self._columns: Sequence[Column] = preview.plan.columns
        self._headings: Sequence[ImportedHeading] = preview.plan.headings[:MAX_HEADINGS]
        self._names: Sequence[Party] = preview.unknown_names[:MAX_NAMES]
        self._divisions = [division.name for division in preview.divisions]
        for column in self._columns:
            self.fields[f"column-{column.index}"] = _column_field(column, self._now(column))
        self._add_headings()
        self._add_names()

    def _now(self, column: Column) -> str:
        """What a column is taken for."""
        return str(self._mapping.get(str(column.index)) or column.field or Field.IGNORED)

    def _add_headings(self) -> None:
        if not self._headings:
            return
        indicators = [(str(each.number), str(each)) for each in Indicator.objects.order_by("number")]
        for place, heading in enumerate(self._headings):
            self.fields[f"heading-{place}"] = forms.ChoiceField(
                label=heading.text or f"{heading.table} ตั้งแต่แถวที่ {heading.row} ไม่มีหัวข้อ",
                required=False,
                choices=[("", "เลือกตัวชี้วัด"), *indicators],
                initial=heading.number or heading.proposed or "",
            )

    def _add_names(self) -> None:
        for place, party in enumerate(self._names):
            near = [name for name in party.near if name in self._divisions]
            others = [name for name in self._divisions if name not in near]
            self.fields[f"name-{place}"] = forms.ChoiceField(
                label=party.name,
                required=False,
                choices=[("", "เพิ่มเป็นส่วนราชการใหม่"), *((name, name) for name in (*near, *others))],
                initial=party.division.name if party.division else "",
                help_text=f"ใกล้เคียงกับ {', '.join(near)}" if near else "",
            )

    def clean(self) -> dict[str, Any]:
        """What is ticked below a heading says something only where the heading does."""
        cleaned = super().clean() or self.cleaned_data
        for column in self._columns:
            name = f"column-{column.index}"
            chosen = cleaned.get(name)
            if chosen == Field.PERIOD and not period_of(column.heading):
                self.add_error(name, NO_PERIOD)
            elif chosen == Field.TICKED and not phrase_of(column.heading):
                self.add_error(name, NO_STATUS)
        return cleaned

    # --- What the page shows ------------------------------------------------------------------------

    @property
    def columns(self) -> Iterator[tuple[forms.BoundField, Column]]:
        """Each column's field and the column."""
        return ((self[f"column-{column.index}"], column) for column in self._columns)

    @property
    def headings(self) -> Iterator[tuple[forms.BoundField, ImportedHeading]]:
        """Each doubtful heading's field and the heading."""
        return ((self[f"heading-{place}"], each) for place, each in enumerate(self._headings))

    @property
    def names(self) -> Iterator[tuple[forms.BoundField, Party]]:
        """Each unknown name's field and the name."""
        return ((self[f"name-{place}"], each) for place, each in enumerate(self._names))

    @property
    def asks(self) -> int:
        """How many of its fields wait for an answer: with any, the form is unfolded."""
        columns = sum(column.guessed and str(column.index) not in self._mapping for column in self._columns)
        return columns + sum(not each.answered and not each.remembered for each in self._headings)

    @property
    def is_unfolded(self) -> bool:
        """Whether it is shown open: something in it waits, is wrong, or has to be said first."""
        return bool(self.errors or self.asks or not self._preview.measures)

    @property
    def is_next(self) -> bool:
        """Whether it is what the person has to send before anything can be taken in."""
        return self.is_unfolded and not self._preview.may_apply

    # --- What is kept -------------------------------------------------------------------------------

    @property
    def mapping(self) -> Mapping[str, str] | None:
        """Fields by the place of their column, as PlanImport keeps them; None where none was changed."""
        chosen = {str(column.index): self.cleaned_data[f"column-{column.index}"] for column in self._columns}
        is_changed = any(chosen[str(column.index)] != self._now(column) for column in self._columns)
        return chosen if is_changed else None

    @property
    def said(self) -> Words:
        """What was said of headings and names."""
        columns = {
            letters: self.cleaned_data[f"column-{column.index}"]
            for column in self._columns
            if column.guessed and (letters := letters_of_heading(column.heading))
        }
        indicators = {
            heading.key: int(number)
            for place, heading in enumerate(self._headings)
            if (number := self.cleaned_data[f"heading-{place}"])
        }
        divisions = {
            without_spaces(party.name): chosen
            for place, party in enumerate(self._names)
            if (chosen := self.cleaned_data[f"name-{place}"]) or party.remembered
        }
        return Words(columns, indicators, divisions)


def _column_field(column: Column, now: str) -> forms.ChoiceField:
    samples = " · ".join(column.samples)
    return forms.ChoiceField(
        label=column.heading or f"คอลัมน์ที่ {column.index + 1}",
        choices=[(field.value, field.label) for field in Field],
        initial=now,
        help_text=f"เช่น {samples}" if samples else "",
    )
