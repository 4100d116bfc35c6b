"""Looking at a PDF that somebody has sent: what was added to one of our files, or which it says it is.

Each look is a process of its own with an end to its time and memory, and a few go on at once.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from core.budget import TooMuchWork, in_child
from core.slots import NoSlot, slot
from reports.signatures import added_look, names_look

# Of work, and of memory: a report of 130 pages takes five seconds.
SECONDS: Final = 20
MEMORY: Final = 768 * 1024 * 1024
AT_ONCE: Final = 2
# One of our files ends after as many of these as it has revisions: it is signed and stamped once.
MAX_ENDS: Final = 60
END: Final = re.compile(rb"%%EOF")


class TooManyLook(Exception):
    """As many files are looked at as this machine can at once."""


@dataclass(frozen=True)
class Added:
    """What was added to a file, and nothing else was."""

    signatures: int
    stamps: int


def looks_like_pdf(sent: bytes) -> bool:
    """Whether readers would take it for one."""
    return b"%PDF-" in sent[:1024]


def beginnings(sent: bytes) -> Iterator[int]:
    """Where a file that was sent could have ended before something was added, the longest last."""
    for place, found in enumerate(END.finditer(sent)):
        if place == MAX_ENDS:
            return
        end = found.end()
        yield end
        for line_end in (b"\n", b"\r", b"\r\n"):
            if sent.startswith(line_end, end):
                yield end + len(line_end)


def added_to(stored: bytes, sent: bytes) -> Added | None:
    """What was added to a stored file; None where something else was done to it as well.

    Raises:
        TooManyLook: others are looked at.
        TooMuchWork: it takes more than a report does.
    """
    if not sent.startswith(stored):
        return None
    with _one_of_few():
        asked = b"%d\n" % len(stored) + sent
        said = in_child(Path(added_look.__file__), asked, seconds=SECONDS, memory=MEMORY)
    if said == "altered":
        return None
    signatures, stamps = said.split()
    return Added(int(signatures), int(stamps))


def names_in(sent: bytes) -> Sequence[str]:
    """By which names a PDF calls itself: addresses and codes; none where it is no PDF or cannot be read.

    Raises:
        TooManyLook: others are looked at.
    """
    if not looks_like_pdf(sent):
        return []
    with _one_of_few():
        try:
            said = in_child(Path(names_look.__file__), sent, seconds=SECONDS, memory=MEMORY)
        except TooMuchWork:
            return []
    return said.splitlines()


@contextmanager
def _one_of_few() -> Iterator[None]:
    try:
        with slot(Path(settings.CACHE_DIR) / "slots", "looks-at-pdf", AT_ONCE):
            yield
    except NoSlot as error:
        raise TooManyLook from error
