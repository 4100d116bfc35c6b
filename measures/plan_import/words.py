"""What an agency's headings and names mean: learned when an import is applied, and forgotten when asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.db import transaction

from accounts.models import Agency
from measures.models import LearnedWord, PlanImport
from measures.plan_import.choices import Choices, Words
from measures.plan_import.model import Field
from measures.plan_import.preview import Preview
from measures.plan_import.tables.table import without_spaces
from measures.plan_import.understanding.head_words import letters_of_heading
from measures.plan_import.understanding.headings import surely

# A heading of one or two letters (A, B) means something else in the next file.
MIN_LETTERS: Final = 3
NOT_TAKEN_IN: Final = Field.IGNORED.value


def learned_by(agency: Agency) -> Words:
    """What an agency has said of headings and names so far; one query."""
    columns: dict[str, str] = {}
    indicators: dict[str, int] = {}
    divisions: dict[str, str] = {}
    for word in LearnedWord.objects.filter(agency=agency).select_related("division"):
        if word.division is not None:
            divisions[word.letters] = word.division.name
        elif word.kind == LearnedWord.INDICATOR:
            indicators[word.letters] = int(word.meaning)
        else:
            columns[word.letters] = word.meaning
    return Words(columns, indicators, divisions)


@dataclass(frozen=True)
class KeptWord:
    """A word that is remembered, and its meaning for a person."""

    word: LearnedWord
    meaning: str


def kept_words(agency: Agency) -> Sequence[KeptWord]:
    """All that an agency has said; one query."""
    return [
        KeptWord(word, _meaning(word))
        for word in LearnedWord.objects.filter(agency=agency).select_related("division")
    ]


def _meaning(word: LearnedWord) -> str:
    if word.division is not None:
        return word.division.name
    return f"ตัวชี้วัดที่ {word.meaning}" if word.kind == LearnedWord.INDICATOR else Field(word.meaning).label


def learn(plan_import: PlanImport, found: Preview) -> None:
    """Remember what the officer has said of an import that is being applied, in its transaction."""
    agency = plan_import.plan.agency
    words = {(word.kind, word.letters): word for word in _words(plan_import, found)}
    made = [word for word in words.values() if len(word.letters) <= LearnedWord.TEXT_LENGTH]
    for word in made:
        word.agency = agency
    if made:
        LearnedWord.objects.bulk_create(
            made,
            update_conflicts=True,
            update_fields=["text", "meaning", "division"],
            unique_fields=["agency", "kind", "letters"],
        )


def _words(plan_import: PlanImport, found: Preview) -> Iterator[LearnedWord]:
    said = Choices.of(plan_import.choices).said
    for column in found.plan.columns:
        letters = letters_of_heading(column.heading)
        meaning = plan_import.mapping.get(str(column.index)) or said.columns.get(letters)
        own = surely(column.heading)
        # What says nothing by itself and is not taken in needs no memory; nor does what is sure by itself,
        # unless the agency has said otherwise before.
        if not meaning or len(letters) < MIN_LETTERS or (own is None and meaning == NOT_TAKEN_IN):
            continue
        if own is None or own.value != meaning or column.remembered:
            yield LearnedWord(
                kind=LearnedWord.COLUMN, letters=letters, text=column.heading[:200], meaning=meaning
            )
    for heading in found.plan.headings:
        if heading.answered and heading.text:
            yield LearnedWord(
                kind=LearnedWord.INDICATOR,
                letters=heading.key,
                text=heading.text[:200],
                meaning=str(heading.number),
            )
    for party in {party.name: party for each in found.measures for party in each.parties}.values():
        letters = without_spaces(party.name)
        if party.division is not None and letters in said.divisions:
            yield LearnedWord(
                kind=LearnedWord.DIVISION, letters=letters, text=party.name[:200], division=party.division
            )


@transaction.atomic
def forget(word: LearnedWord) -> None:
    """Forget a word, in the agency's imports that are not applied yet as well."""
    waiting = PlanImport.objects.filter(plan__agency_id=word.agency_id, applied_at__isnull=True)
    for stored in waiting.exclude(choices={}).select_for_update(of=("self",)).defer("content"):
        choices = Choices.of(stored.choices)
        facts = choices.learned.facts
        if facts.get(f"{word.kind}s", {}).pop(word.letters, None) is not None:
            stored.choices = replace(choices, learned=Words.of(facts)).facts
            stored.save(update_fields=["choices"])
    word.delete()
