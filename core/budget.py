"""What looking at one file may cost, wherever it is read: seconds of this machine's work, and memory.

Python that reads a file asks its WorkLimit now and then. What cannot be asked, a library in C, works in a
process of its own, which the system ends.
"""

import subprocess
import sys
import time
from pathlib import Path
from typing import Final

# Of work, not of waiting.
SECONDS: Final = 20
MEMORY: Final = 1024 * 1024 * 1024
LIMITED: Final = Path(__file__).with_name("limited.py")
# A machine that does everything at once is waited for so many times longer.
PATIENCE: Final = 6


class TooMuchWork(Exception):
    """Looking at a file has cost more than any honest one does."""


class WorkLimit:
    """Seconds of work of the thread that began it: a machine busy with something else refuses nothing."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._end = time.thread_time() + seconds

    @property
    def has_passed(self) -> bool:
        return time.thread_time() > self._end

    def check(self) -> None:
        """Go on, or not.

        Raises:
            TooMuchWork: the seconds are used up.
        """
        if self.has_passed:
            raise TooMuchWork


def in_child(program: Path, data: bytes, *, seconds: int = SECONDS, memory: int = MEMORY) -> str:
    """What a program says of a file; it runs by itself, in a process that ends when either is used up.

    Args:
        program: a file of Python that needs nothing of this project, with a function answer(data) that
            returns what it has to say as text.

    Raises:
        TooMuchWork: it was ended, or has ended itself.
    """
    command = [sys.executable, "-I", str(LIMITED), str(seconds), str(memory), str(program)]
    try:
        ended = subprocess.run(  # noqa: S603 - nothing of the command comes from outside
            command, input=data, capture_output=True, timeout=seconds * PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TooMuchWork from error
    if ended.returncode:
        raise TooMuchWork
    return ended.stdout.decode().strip()
