"""What the suite proves in short and `make thorough` at length, with the same tests."""

import os
from collections.abc import Sequence
from typing import Final, TypeVar

THOROUGH: Final = bool(os.environ.get("THOROUGH"))

T = TypeVar("T")


def in_turn(everything: Sequence[T], place: int, share: int) -> Sequence[T]:
    """One of so many shares of what is to be tried at a place, so that each has its turn over the places; in
    the long form all of it at every place.
    """
    return everything if THOROUGH else everything[place % share :: share]
