"""How much room an agency's files take; rooms above say what they keep, when they are loaded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from accounts.models import Agency
from core.file_kinds import MB

Measure = Callable[[Agency], int]
_MEASURES: Final[list[Measure]] = []


@dataclass(frozen=True)
class Usage:
    """Bytes that an agency's files take, and how many they may; a quota of 0 is none."""

    used: int
    quota: int

    @property
    def used_mb(self) -> int:
        return -(-self.used // MB)

    @property
    def quota_mb(self) -> int:
        return self.quota // MB

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.used / self.quota)) if self.quota else 0

    @property
    def is_full(self) -> bool:
        return bool(self.quota) and self.used > self.quota


def counts(measure: Measure) -> Measure:
    """A decorator: what this function says of an agency is counted too."""
    _MEASURES.append(measure)
    return measure


def usage_of(agency: Agency) -> Usage:
    """How much room the agency's files take now."""
    return Usage(sum(measure(agency) for measure in _MEASURES), settings.AGENCY_QUOTA)
