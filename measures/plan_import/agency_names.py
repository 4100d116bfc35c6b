"""Which of an agency's divisions a name in an original means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.models import Division
from measures.plan_import.choices import Choices
from measures.plan_import.model import ImportedParty
from measures.plan_import.tables.table import without_spaces
from measures.plan_import.understanding.division_names import KnownNames


@dataclass(frozen=True)
class Party:
    """A responsible party: the division that its name means, or None where applying makes a new one."""

    name: str
    division: Division | None
    near: Sequence[str]
    guessed: bool
    remembered: bool = False
    """The division is what the agency said of this name at an earlier import."""


class AgencyNames:
    """Which of the agency's divisions a name means: its own first, then what was said of it."""

    def __init__(self, divisions: Mapping[str, Division], choices: Choices) -> None:
        self._divisions = divisions
        self._known = KnownNames(divisions)
        self._said, self._learned = choices.said.divisions, choices.learned.divisions

    def party(self, party: ImportedParty) -> Party:
        name, near = self._known.matching(party.name)
        letters = without_spaces(party.name)
        said = self._divisions.get(name or self._said.get(letters, ""))
        is_answered = said is not None or letters in self._said
        learned = None if is_answered else self._divisions.get(self._learned.get(letters, ""))
        return Party(party.name, said or learned, near, party.guessed, remembered=learned is not None)
