"""What the parts of the demonstration share while it is loaded: the moment, the people, the files."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

from django.core.files.storage import default_storage

from accounts.models import User
from measures.models import Indicator, Step
from reports.demo.people import Password


@dataclass
class Stage:
    """Where the story is played, and until when."""

    now: datetime
    site: str
    password: Password
    indicators: Mapping[int, Indicator] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    steps: dict[int, dict[str, Step]] = field(default_factory=dict)
    """Of each measure on which somebody has reported so far, by their number."""
    written: list[str] = field(default_factory=list)
    """Names in the store of the files that were written so far."""
    notes: list[str] = field(default_factory=list)
    """Thai sentences for whoever loads the demonstration."""

    @contextmanager
    def files_go_if_it_fails(self) -> Iterator[None]:
        """Take back the files that were written, if what needs them is not stored after all."""
        try:
            yield
        except BaseException:
            for name in self.written:
                with suppress(OSError):
                    default_storage.delete(name)
            raise
