"""What of an original is taken in and how: what the reading proposes, and what the officer has chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is not taken in: proposed so by the reading, or left out by the officer.

    Args:
        key: as ImportedMeasure.key. In Choices.brought_in it becomes a measure, or the next row of one.
        table: as in Finding.
        row: as in Finding.
        cells: the texts of the row's filled cells.
        reason: in Thai.
        chosen: the officer has left it out: taken out of Choices.left_out it is a measure again.
    """

    key: str
    table: str
    row: int
    cells: tuple[str, ...]
    reason: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ImportedTable:
    """A table or sheet of the original, in the order of the file.

    Args:
        key: "1" for the first. In Choices.left_out none of its rows is taken in; in Choices.brought_in its
            measures are, although it was left out as a summary of another.
        name: as in Finding.
        rows: how many it has.
        measures: how many measures begin in it.
        reason: in Thai, why none of it is taken in; empty where it is.
        chosen: the officer has left it out.
    """

    key: str
    name: str
    rows: int
    measures: int
    reason: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ImportedHeading:
    """A heading of an indicator that was not surely understood, or measures that have none.

    Args:
        key: what Words.indicators knows it by: its letters, or "@" and the key of the first measure below it.
        text: the heading as it stands there, shortened; empty where there is none.
        table: as in Finding.
        row: of the first measure below it.
        measures: how many measures it decides.
        number: the indicator that they have now, or None.
        proposed: the likeliest one where they have none.
        doubt: in Thai.
        remembered: number is what the agency said of this heading at an earlier import.
        answered: number is what the officer has said.
    """

    key: str
    text: str
    table: str
    row: int
    measures: int
    number: int | None
    proposed: int | None = None
    doubt: str = ""
    remembered: bool = False
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What headings and names mean, each by its letters alone.

    Args:
        columns: values of Field by the headings of columns (headings.letters_of_heading).
        indicators: numbers by the headings of indicators (ImportedHeading.key).
        divisions: names of the agency's divisions by names in the original (without_spaces).
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    indicators: Mapping[str, int] = field(default_factory=dict)
    divisions: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Self:
        """From what facts said, or a part of it."""
        return cls(**{name: dict(facts.get(name, {})) for name in ("columns", "indicators", "divisions")})

    @property
    def facts(self) -> dict[str, dict[str, Any]]:
        """As JSON; what is empty is not said."""
        said = {"columns": self.columns, "indicators": self.indicators, "divisions": self.divisions}
        return {name: dict(words) for name, words in said.items() if words}


@dataclass(frozen=True, slots=True)
class YearQuestion:
    """The original seems to be of another fiscal year than the plan: what is to become of its days.

    Args:
        found: the fiscal year of the original, Buddhist era.
        plan: that of the plan.
        reasons: in Thai, what says so: its title, its days, its sheets' names.
        answer: what was chosen (Choices.years); None as long as nobody has: then the plan has a stop.
    """

    found: int
    plan: int
    reasons: tuple[str, ...]
    answer: int | None = None

    @property
    def years(self) -> int:
        """By how many years its days have to be moved to be of the plan's year; may be negative."""
        return self.plan - self.found


@dataclass(frozen=True, slots=True)
class Choices:
    """What the officer has said about the reading of an import, beside the meaning of its columns.

    Args:
        years: the answer to YearQuestion: 0 keeps the days as they are, another number moves days and the
            years in texts of time by so many; None where nothing was answered.
        left_out: keys of rows, measures and tables that are not to be taken in.
        brought_in: keys of rows and tables that are, although the reading proposes to leave them out.
        split: keys of measures whose cells hold several, to be taken apart.
        only_plan: no status, result or obstacle is taken in.
        copied: "add" to the measures that were copied from an earlier year, "replace" them, or empty where
            nothing was answered. It says nothing of the reading.
        said: what headings and names of this original mean.
        learned: what the agency said of them at earlier imports, as it was when this one came in.
    """

    years: int | None = None
    left_out: frozenset[str] = frozenset()
    brought_in: frozenset[str] = frozenset()
    split: frozenset[str] = frozenset()
    only_plan: bool = False
    copied: str = ""
    said: Words = field(default_factory=Words)
    learned: Words = field(default_factory=Words)

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Self:
        """From what facts said, or a part of it."""
        return cls(
            years=facts.get("years"),
            left_out=frozenset(facts.get("left_out", ())),
            brought_in=frozenset(facts.get("brought_in", ())),
            split=frozenset(facts.get("split", ())),
            only_plan=bool(facts.get("only_plan")),
            copied=str(facts.get("copied", "")),
            said=Words.of(facts.get("said", {})),
            learned=Words.of(facts.get("learned", {})),
        )

    @property
    def facts(self) -> dict[str, Any]:
        """As JSON, for PlanImport.choices."""
        return {
            "years": self.years,
            "left_out": sorted(self.left_out),
            "brought_in": sorted(self.brought_in),
            "split": sorted(self.split),
            "only_plan": self.only_plan,
            "copied": self.copied,
            "said": self.said.facts,
            "learned": self.learned.facts,
        }
