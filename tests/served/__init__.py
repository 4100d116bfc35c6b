"""The site as an office runs it: Gunicorn, DEBUG off, collected static files; its data in its own folder.

Two worlds to be served: the demonstration as it stands at one moment, for pictures and walks; and a small
agency in which every page and every state of it has something to show, for what is measured of all pages.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal
from urllib.request import urlopen
from zoneinfo import ZoneInfo

ROOT: Final = Path(__file__).resolve().parents[2]
SETTINGS: Final = "tests.served.settings"
# Where the demonstration stands still: a Wednesday in the last weeks of a round, when there is most to show.
MOMENT: Final = datetime(2027, 3, 10, 10, 20, tzinfo=ZoneInfo("Asia/Bangkok"))
# Of all people of the demonstration.
PASSWORD: Final = "only for a walk through the site"
SECONDS_TO_START: Final = 120
SECONDS_TO_STOP: Final = 15

World = Literal["demo", "sweep"]


@dataclass(frozen=True)
class ServedVisit:
    """One page to be looked at: whose, which, what is sent to it, and how it answers."""

    name: str
    role: str
    path: str
    data: Mapping[str, Any] | None
    status: int


@dataclass(frozen=True)
class Site:
    """A site that is served now."""

    address: str
    sessions: Mapping[str, str]
    """The session of each person, by name; who is not named here is not signed in."""
    visits: tuple[ServedVisit, ...] = ()
    """In the world of the sweep: everything that is looked at."""
    places: Mapping[str, str] = field(default_factory=dict)
    """In the demonstration: addresses that hold the number of a row, by what they are called."""


@contextmanager
def served(world: World, folder: Path) -> Iterator[Site]:
    """Make a world in an empty folder and serve it until the end of the block.

    The demonstration is served with its clock standing still at MOMENT; the other in the present.

    Raises:
        RuntimeError: the site did not start; the message says what it printed.
    """
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DEBUG")},
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "SERVED_FOLDER": str(folder),
        "SERVED_WORLD": world,
        "SQLITE_PATH": str(folder / "site.sqlite3"),
        "MEDIA_ROOT": str(folder / "media"),
        "CACHE_DIR": str(folder / "cache"),
        "SECRET_KEY": "for-a-site-that-lives-as-long-as-one-run-and-listens-on-this-machine-alone",
        "HTTPS": "off",
        "ALLOWED_HOSTS": "localhost",
        "PUBLIC_URL": "https://ita.example.go.th",
        "PYTHONWARNINGS": "ignore",
    }
    run([sys.executable, "-m", "tests.served", world], environment | {"DEBUG": "on"})
    about = json.loads((folder / "site.json").read_text(encoding="utf-8"))
    if world == "demo":
        environment["SERVED_MOMENT"] = MOMENT.isoformat()
    with server(port, environment, folder / "server.log") as address:
        visits = tuple(ServedVisit(**visit) for visit in about["visits"])
        yield Site(address, about["sessions"], visits, about["places"])


def run(command: list[str], environment: Mapping[str, str]) -> None:
    """Run a command to its end.

    Raises:
        RuntimeError: it failed; the message says what it printed.
    """
    done = subprocess.run(
        command, cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def server(port: int, environment: Mapping[str, str], log: Path) -> Iterator[str]:
    """Gunicorn as README.md says, but for its clock; yields the address."""
    command = [sys.executable, "-m", "gunicorn", "tests.served.wsgi", "--bind", f"localhost:{port}"]
    # Without a time limit: the limit is a matter of clocks, of which one stands still.
    command += ["--workers", "1", "--threads", "8", "--timeout", "0", "--no-control-socket"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=output, stderr=output)
    address = f"http://localhost:{port}"
    try:
        wait_for(f"{address}/healthz", process, log)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until an address answers.

    Raises:
        RuntimeError: the process ended, or took too long.
    """
    give_up = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < give_up:
        with suppress(OSError), urlopen(address, timeout=5):  # noqa: S310 - our own
            return
        time.sleep(0.1)
    raise RuntimeError(f"the site did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")
