"""Keeping a worker: started again when it dies, and nothing is left when the server or its keeper ends."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.support.workers import ROOT, wait_until

# Writes its number into a file, and then only waits.
SLEEPER = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(300)"
# Minds every signal, also where whoever runs the tests has told them to ignore one: nohup, or a job in the
# background of a shell.
KEEPER = """
import signal, sys
from accounts.background import keeper
keeper.FIRST_PAUSE = 0.1
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)
worker = [sys.executable, "-c", sys.argv[1], sys.argv[2]]
sys.exit(keeper.Keeper(worker, sys.argv[3:]).run())
"""


@contextmanager
def kept(folder: Path, program: Sequence[str]) -> Iterator["subprocess.Popen[bytes]"]:
    """A keeper in a session of its own, so that a signal to its group reaches no test."""
    process = subprocess.Popen(
        [sys.executable, "-c", KEEPER, SLEEPER, str(folder / "worker"), *program],
        cwd=ROOT,
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pid in numbers(folder / "worker") + numbers(folder / "server"):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def sleeper(folder: Path) -> list[str]:
    return [sys.executable, "-c", SLEEPER, str(folder / "server")]


def numbers(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().splitlines()] if file.exists() else []


def lives(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def started(folder: Path) -> tuple[int, int]:
    """The worker and the server, once both are there."""
    wait_until(lambda: bool(numbers(folder / "worker") and numbers(folder / "server")))
    return numbers(folder / "worker")[-1], numbers(folder / "server")[-1]


def test_a_worker_that_dies_is_started_again(tmp_path: Path) -> None:
    with kept(tmp_path, sleeper(tmp_path)):
        worker, server = started(tmp_path)
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: len(numbers(tmp_path / "worker")) == 2)
        assert lives(numbers(tmp_path / "worker")[1])
        assert lives(server)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_nothing_is_left_when_the_keeper_is_told_to_end(tmp_path: Path, number: signal.Signals) -> None:
    with kept(tmp_path, sleeper(tmp_path)) as keeper:
        pids = started(tmp_path)
        keeper.send_signal(number)
        keeper.wait(20)
        assert not any(map(lives, pids))


@pytest.mark.skipif(not shutil.which("setpriv"), reason="the kernel is asked by setpriv")
def test_nothing_is_left_when_the_keeper_is_killed(tmp_path: Path) -> None:
    with kept(tmp_path, sleeper(tmp_path)) as keeper:
        pids = started(tmp_path)
        keeper.kill()
        wait_until(lambda: not any(map(lives, pids)))


def test_the_worker_ends_with_the_server_whose_status_is_told(tmp_path: Path) -> None:
    with kept(tmp_path, sleeper(tmp_path)) as keeper:
        worker, server = started(tmp_path)
        os.kill(server, signal.SIGKILL)
        assert keeper.wait(20) == 128 + signal.SIGKILL
        assert not lives(worker)
    with kept(tmp_path, [sys.executable, "-c", "raise SystemExit(3)"]) as keeper:
        assert keeper.wait(20) == 3


@pytest.mark.parametrize("killed", [False, True])
def test_what_a_server_that_reloads_has_started_ends_too(tmp_path: Path, *, killed: bool) -> None:
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEPER!r}, *sys.argv[1:]])"
    with kept(tmp_path, [sys.executable, "-c", outer, str(tmp_path / "server")]) as keeper:
        pids = started(tmp_path)
        sleep(0.5)
        if killed:
            parent = Path(f"/proc/{pids[1]}/stat").read_text().rpartition(")")[2].split()[1]
            os.kill(int(parent), signal.SIGKILL)
        else:
            keeper.terminate()
        keeper.wait(20)
        wait_until(lambda: not any(map(lives, pids)))


def test_a_worker_that_ends_at_once_is_started_ever_more_slowly(tmp_path: Path) -> None:
    command = KEEPER.replace("FIRST_PAUSE = 0.1", "FIRST_PAUSE = 0.2")
    ends = "import sys; open(sys.argv[1], 'a').write('1\\n')"
    process = subprocess.Popen(
        [sys.executable, "-c", command, ends, str(tmp_path / "worker")], cwd=ROOT, stderr=subprocess.DEVNULL
    )
    begun = monotonic()
    try:
        wait_until(lambda: len(numbers(tmp_path / "worker")) >= 3)
        # 0.4 and 0.8; on a busy machine more.
        assert monotonic() - begun > 1.1
    finally:
        process.terminate()
        assert process.wait(20) == 0


def test_keep_worker_passes_the_server_s_options_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.management import execute_from_command_line

    asked: list[tuple[list[str], list[str]]] = []

    class Noted:
        def __init__(self, worker: list[str], program: list[str]) -> None:
            asked.append((worker, program))

        def run(self) -> int:
            return 0

    monkeypatch.setattr("accounts.management.commands.keep_worker.Keeper", Noted)
    for typed in (
        ["python", "-m", "gunicorn", "--workers", "3"],
        ["--", "python", "-m", "gunicorn", "--workers", "3"],
    ):
        with pytest.raises(SystemExit) as ended:
            execute_from_command_line(["manage.py", "keep_worker", *typed])
        assert ended.value.code == 0
        worker, program = asked.pop()
        assert program == ["python", "-m", "gunicorn", "--workers", "3"]
        assert "db_worker" in worker
        assert "--no-reload" in worker
