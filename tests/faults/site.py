"""The site that is put under faults: its server, its workers, its clock; started, killed, started again."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.request import urlopen

from tests.served import ROOT, free_port

SECONDS_TO_START: Final = 180.0
CLOCK: Final = "clock"


class Site:
    """A site whose database and files lie where the environment says.

    Args:
        environment: of the programs, as for `manage.py`.
        folder: for the log and the clock's file; no fault touches it.
    """

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self.port = free_port()
        self.address = f"http://localhost:{self.port}"
        self.log = folder / "site.log"
        self._clock = folder / CLOCK
        self._servers: list[int] = []
        self._workers: list[int] = []
        with self.log.open("ab") as log:
            self._nursery = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.nursery"],
                cwd=ROOT,
                env={**environment, "FAULTS_CLOCK": str(self._clock), "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._answer()

    def start(self, workers: int = 1) -> None:
        """Server and workers; returns when the site answers that it is well."""
        self._servers.append(int(self._ask(f"server {self.port}")))
        for _ in range(workers):
            self._workers.append(int(self._ask("worker")))
        self.wait()

    def wait(self) -> None:
        """Until the site is well."""
        give_up = time.monotonic() + SECONDS_TO_START
        while not self.is_well():
            assert time.monotonic() < give_up, f"the site did not start:\n{self.said()}"
            time.sleep(0.02)

    def is_well(self) -> bool:
        """Whether the site says that it and its database are."""
        address = f"{self.address}/healthz"
        with suppress(OSError), urlopen(address, timeout=5):  # noqa: S310 - our own
            return True
        return False

    def kill(self) -> None:
        """Server and workers, by SIGKILL."""
        while self._workers:
            self._ask(f"kill {self._workers.pop()}")
        while self._servers:
            self._ask(f"kill {self._servers.pop()}")

    def move_clock(self, seconds: float) -> None:
        """So many seconds from the true time; at once for what is started next, else in a moment."""
        # One write that is there as a whole or not at all.
        new = self._clock.with_suffix(".new")
        new.write_text(str(seconds), encoding="ascii")
        new.replace(self._clock)

    def limit_files(self, size: int) -> None:
        """No file of what is started from now on grows beyond so many bytes; 0: as large as it likes."""
        self._ask(f"limit {size}")

    def said(self) -> str:
        """The end of what the programs have printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-4_000:]

    def end(self) -> None:
        """All of it."""
        self.kill()
        assert self._nursery.stdin is not None
        self._nursery.stdin.close()
        self._nursery.wait()
        assert self._nursery.stdout is not None
        self._nursery.stdout.close()

    def _ask(self, command: str) -> str:
        assert self._nursery.stdin is not None
        self._nursery.stdin.write(f"{command}\n")
        self._nursery.stdin.flush()
        return self._answer()

    def _answer(self) -> str:
        assert self._nursery.stdout is not None
        answer = self._nursery.stdout.readline().strip()
        assert answer, f"the site's programs could not be loaded:\n{self.said()}"
        return answer


@contextmanager
def site_at(environment: Mapping[str, str], folder: Path) -> Iterator[Site]:
    """A site that is not started yet; ended with the block."""
    site = Site(environment, folder)
    try:
        yield site
    finally:
        site.end()


def production(folder: Path, **database: str) -> dict[str, str]:
    """The environment of a production site whose files lie in a folder."""
    left_out = ("DATABASE_URL", "SQLITE_PATH", "DEBUG", "READABLE_ERRORS")
    return {
        **{name: value for name, value in os.environ.items() if name not in left_out},
        "DJANGO_SETTINGS_MODULE": "ita_tracker.settings",
        "SECRET_KEY": "for-a-site-that-lives-as-long-as-one-run-and-listens-on-this-machine-alone",
        "ALLOWED_HOSTS": "localhost",
        "HTTPS": "off",
        "PUBLIC_URL": "https://ita.example.go.th",
        "MEDIA_ROOT": str(folder / "media"),
        "CACHE_DIR": str(folder / "cache"),
        "PYTHONWARNINGS": "ignore",
        **database,
    }
