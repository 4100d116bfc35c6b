"""A real worker in a process of its own, on the database of the test that starts it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Final
from urllib.parse import quote

from django.db import connection
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

ROOT: Final = Path(__file__).resolve().parents[2]
SECONDS: Final = 60.0
SCRIPT: Final = """
import django
django.setup()
from django.core.management import call_command
{before}
call_command("db_worker", startup_delay=False, interval=0.1, reload=False, verbosity=0, batch={batch})
"""


def environment() -> Mapping[str, str]:
    """What a process needs to find the test's database."""
    database = connection.settings_dict
    found = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SQLITE_PATH")}
    found["DJANGO_SETTINGS_MODULE"] = "ita_tracker.settings"
    if connection.vendor == "sqlite":
        return found | {"SQLITE_PATH": str(database["NAME"])}
    host = quote(str(database["HOST"]), safe="")
    return found | {"DATABASE_URL": f"postgres://{database['USER']}@{host}/{database['NAME']}"}


@contextmanager
def worker(before: str = "", *, batch: bool = False) -> Iterator["subprocess.Popen[str]"]:
    """A worker; killed at the end of the block, if it has not ended by itself.

    Args:
        before: lines of Python that it runs first, once Django is set up.
        batch: it ends by itself when nothing waits any more.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT.format(before=before, batch=batch)],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()


def work_off(before: str = "") -> None:
    """Let one worker do all that waits."""
    with worker(before, batch=True) as process:
        said, _ = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, said


def wait_until(holds: Callable[[], bool]) -> None:
    """Until something is so; fails after a minute."""
    deadline = monotonic() + SECONDS
    while not holds():
        assert monotonic() < deadline, "it did not happen"
        sleep(0.05)


def work_once(name: str = "w") -> str:
    """Let a worker in this process do the newest of what is ready or waits for its hour; says how it went."""
    row = DBTaskResult.objects.filter(status=TaskResultStatus.READY).latest("enqueued_at")
    row.claim(name)
    here = Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        backend_name=row.backend_name,
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
    )
    here.run_task(row)
    return str(row.return_value or "failed")
