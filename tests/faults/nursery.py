"""python -m tests.faults.nursery: loads the site once, then starts and kills its servers and workers.

A server that is forked from here is there in a moment, so that a hundred kills do not take an hour. Each runs
in a session of its own and is killed as a whole, Gunicorn's processes with it. One command a line on standard
input, one answer a line: `server PORT`, `worker`, `kill PID`, `limit BYTES` (of all that is started later).
The clock of all of them is moved by the seconds that stand in the file named by FAULTS_CLOCK.
"""

import ctypes
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import django
import time_machine

BETWEEN_LOOKS: Final = 0.1
WORKERS: Final = "2"
THREADS: Final = "4"
# Of <sys/prctl.h>.
PR_SET_PDEATHSIG: Final = 1


def load() -> None:
    """The site as a server has it, but for static files, which nobody has collected, and slow passwords."""
    django.setup()
    from django.conf import settings

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    from django.urls import get_resolver

    # Also makes what the first report would have to wait for.
    import ita_tracker.wsgi  # noqa: F401

    _ = get_resolver().url_patterns


def follow_clock() -> None:
    """Move the clock of this process whenever its file says another number of seconds."""
    name = os.environ.get("FAULTS_CLOCK")
    if not name:
        return
    file, real = Path(name), time.time
    moved: list[Any] = []
    at = 0.0

    def look() -> None:
        nonlocal at
        asked = float(file.read_text(encoding="ascii") or 0) if file.exists() else 0.0
        if asked == at:
            return
        while moved:
            moved.pop().stop()
        at = asked
        if asked:
            now = datetime.fromtimestamp(real(), UTC)
            moved.append(time_machine.travel(now + timedelta(seconds=asked), tick=True))
            moved[-1].start()

    def go_on() -> None:
        while True:
            look()
            threading.Event().wait(BETWEEN_LOOKS)

    look()
    threading.Thread(target=go_on, name="clock", daemon=True).start()


def serve(port: str) -> None:
    """Gunicorn, as README.md says."""
    from gunicorn.app.wsgiapp import WSGIApplication

    def after_fork(_server: object, _worker: object) -> None:
        follow_clock()

    sys.argv = ["gunicorn", "ita_tracker.wsgi", "--bind", f"localhost:{port}", "--workers", WORKERS]
    # Without a time limit, which is a matter of clocks.
    sys.argv += ["--threads", THREADS, "--timeout", "0", "--no-control-socket", "--log-level", "warning"]
    served = WSGIApplication("%(prog)s")
    served.cfg.set("post_fork", after_fork)
    served.run()


def work() -> None:
    """A worker for what is done in the background."""
    from django.core.management import call_command

    follow_clock()
    call_command("db_worker", startup_delay=False, interval=0.1, reload=False, verbosity=0)


def end_with_parent() -> None:
    """Let the kernel kill this process when the one that has forked it is gone, however that ends."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def fork(program: Callable[[], None], limit: int) -> int:
    """Start a program in a session of its own; its number."""
    child = os.fork()
    if child:
        return child
    os.setsid()
    end_with_parent()
    # What it prints is no answer to a command.
    os.dup2(2, 1)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    code = 1
    try:
        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        program()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        os._exit(code)


def kill(leader: int) -> None:
    """End a program and all that it has started, at once."""
    with suppress(ProcessLookupError, ChildProcessError):
        os.killpg(leader, signal.SIGKILL)
        os.waitpid(leader, 0)


def main() -> None:
    load()
    running: set[int] = set()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print("ready", flush=True)
    try:
        obey(running)
    finally:
        for leader in running:
            kill(leader)


def obey(running: set[int]) -> None:
    """Do what is asked until nobody asks any more."""
    limit = 0
    for line in sys.stdin:
        command, _, argument = line.strip().partition(" ")
        answer = 0
        if command == "server":
            answer = fork(lambda port=argument: serve(port), limit)  # type: ignore[misc]
            running.add(answer)
        elif command == "worker":
            answer = fork(work, limit)
            running.add(answer)
        elif command == "kill":
            kill(int(argument))
            running.discard(int(argument))
        elif command == "limit":
            limit = int(argument)
        print(answer, flush=True)


if __name__ == "__main__":
    main()
