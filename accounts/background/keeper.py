"""Keeping a worker: it is started again whenever it ends, and ends with whoever it belongs to.

Processes only: nothing here knows of a database.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Final

LOOKS_EVERY: Final = 0.2
# Seconds for a worker to end its step or to hand it back, and for a server to answer what it has begun.
PATIENCE: Final = 10.0
# A worker that ends at once is started again ever more slowly.
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0
LIVED: Final = 60.0

Process = subprocess.Popen[bytes]


class Keeper:
    """Runs a program, if there is one, with a worker beside it, until the program ends or a signal comes."""

    def __init__(self, worker: Sequence[str], program: Sequence[str] = ()) -> None:
        self._worker_command = worker
        self._program_command = program
        self._signal: int | None = None
        self._worker: Process | None = None
        self._started = 0.0
        self._pause = FIRST_PAUSE
        self._next_start = 0.0

    def run(self) -> int:
        """Until the end; the exit status is the program's."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # What nohup or a background job has been told to ignore stays ignored.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._note)
        program: Process | None = None
        helpers: Sequence[int] = ()
        try:
            if self._program_command:
                # In our own group: the terminal's Ctrl-C and a debugger's questions reach it.
                program = subprocess.Popen([*dies_with_us(), *self._program_command])
            while self._signal is None and (program is None or program.poll() is None):
                self._see_to_worker()
                # Known before it ends: afterwards nobody can tell whose they were.
                helpers = descendants(program.pid) if program is not None else ()
                time.sleep(LOOKS_EVERY)
        finally:
            # Both are told before one is waited for.
            if self._worker is not None:
                _tell(self._worker, signal.SIGTERM, group=True)
            if program is not None:
                self._end_program(program, helpers)
            if self._worker is not None:
                _end_group(self._worker)
        status = program.returncode if program is not None else 0
        return status if status >= 0 else 128 - status

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._signal = number

    def _see_to_worker(self) -> None:
        now = time.monotonic()
        if self._worker is not None and self._worker.poll() is not None:
            sys.stderr.write(f"The worker has ended ({self._worker.returncode}) and is started again.\n")
            self._pause = FIRST_PAUSE if now - self._started > LIVED else min(2 * self._pause, LONGEST_PAUSE)
            self._next_start = now + self._pause
            self._worker = None
        if self._worker is None and now >= self._next_start:
            self._started = now
            # In a group of its own: it ends when we say so, with all that it has started.
            self._worker = subprocess.Popen(
                [*dies_with_us(), *self._worker_command], stdin=subprocess.DEVNULL, process_group=0
            )

    def _end_program(self, program: Process, helpers: Sequence[int]) -> None:
        if self._signal == signal.SIGINT:
            # A terminal has told the program as well: it may end in its own way.
            with suppress(subprocess.TimeoutExpired):
                program.wait(2)
        _tell(program, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            program.wait(PATIENCE)
        if program.poll() is None:
            program.kill()
            program.wait()
        # What reloads runs the site in a process of its own.
        for pid in helpers:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGTERM)


def dies_with_us() -> Sequence[str]:
    """A prefix by which the kernel ends a child even if this process is killed outright."""
    return ("setpriv", "--pdeathsig", "TERM") if shutil.which("setpriv") else ()


def descendants(pid: int) -> Sequence[int]:
    """The children of a process and theirs, where the system tells; none elsewhere."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, task.read_text(encoding="ascii").split()):
                found += [child, *descendants(child)]
    return found


def _tell(process: Process, number: signal.Signals, *, group: bool = False) -> None:
    with suppress(ProcessLookupError):
        if group:
            os.killpg(process.pid, number)
        elif process.poll() is None:
            process.send_signal(number)


def _end_group(process: Process) -> None:
    """Told once a worker ends after its task; told twice it hands the task back; then it is killed."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE / 2)
            return
        _tell(process, number, group=True)
    process.wait()
