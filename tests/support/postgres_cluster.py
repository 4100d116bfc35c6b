"""A PostgreSQL server that a test stops and starts, and a site of its own process that uses it."""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
ROLE: Final = "ita"


class Cluster:
    """A server with one empty database, below a folder of its own.

    Args:
        folder: for its socket and log, and for its data where nothing else is named.
        data: a folder that is not there yet.
        durable: as in an office: what was committed is on the disk. Else it is quick.
    """

    def __init__(self, folder: Path, data: Path | None = None, *, durable: bool = False) -> None:
        loader = SourceFileLoader("with_postgres", str(ROOT / ".ci" / "with-postgres"))
        spec = importlib.util.spec_from_loader("with_postgres", loader)
        assert spec is not None
        suite: Any = importlib.util.module_from_spec(spec)
        loader.exec_module(suite)
        try:
            self._programs: Path = suite.programs()
            self._user: dict[str, Any] = suite.server_user()
        except SystemExit as reason:
            pytest.skip(str(reason))
        self._folder, self._data = folder, data or folder / "data"
        self._options = f"-c listen_addresses='' -c fsync={'on' if durable else 'off'} -k {folder}"
        self._pid = 0
        self.url = f"postgres://{ROLE}@{quote(str(folder), safe='')}/{ROLE}"
        if self._user:
            for each in {folder, self._data.parent}:
                os.chown(each, self._user["user"], self._user["group"])
        asked = ["--pgdata", str(self._data), "--username", ROLE, "--auth", "trust"]
        asked += ["--encoding", "UTF8", "--locale", "C.UTF-8"]
        self._run("initdb", *asked, *([] if durable else ["--no-sync"]))
        self.start()
        self._run("createdb", "--host", str(folder), "--username", ROLE, ROLE)

    def start(self) -> None:
        """Until it answers."""
        begin = ["-w", "-D", str(self._data), "-l", f"{self._folder}/log", "-o", self._options]
        self._run("pg_ctl", "start", *begin)
        self._pid = int((self._data / "postmaster.pid").read_text(encoding="ascii").split()[0])

    def stop(self, mode: str = "immediate") -> None:
        """At once, with every connection; "fast": after it has put everything in order."""
        self._run("pg_ctl", "stop", "-m", mode, "-w", "-D", str(self._data))

    def is_running(self) -> bool:
        """Whether its first process is there."""
        return Path(f"/proc/{self._pid}").exists()

    def kill(self) -> None:
        """All of its processes by SIGKILL, as when the machine loses its power."""
        own = [self._pid, *children_of(self._pid)]
        for pid in own:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while any(Path(f"/proc/{pid}").exists() for pid in own):
            time.sleep(0.01)

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """It takes calls and does not answer."""
        os.kill(self._pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._pid, signal.SIGCONT)

    def end(self) -> None:
        """Also one that is stopped already."""
        stop = [str(self._programs / "pg_ctl"), "stop", "-m", "immediate", "-D", str(self._data)]
        subprocess.run(stop, check=False, capture_output=True, cwd=self._folder, **self._user)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._programs / program), *arguments],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            **self._user,
        )


def children_of(parent: int) -> list[int]:
    """The numbers of the processes that one has started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            said = status.read_text(encoding="ascii", errors="replace").rpartition(")")[2]
            if int(said.split()[1]) == parent:
                found.append(int(status.parent.name))
    return found


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A running server, gone after the block; the test is skipped where PostgreSQL is not installed."""
    # In /tmp itself: a socket's path may have no more than 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="ita-pg-", dir="/tmp"))
    made: Cluster | None = None
    try:
        made = Cluster(folder)
        yield made
    finally:
        if made is not None:
            made.end()
        shutil.rmtree(folder, ignore_errors=True)


class Answered(NamedTuple):
    """What the site said, and how long it took."""

    status: int
    seconds: float
    headers: dict[str, str]
    text: str


SITE: Final = """
import json, sys, time
from concurrent.futures import ThreadPoolExecutor
import django
django.setup()
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
from django.db import close_old_connections
from django.test import Client
from django.apps import apps
from django.db import connection
# The tables of sessions: all that the site asks of a stranger with a cookie.
if "accounts_sitesession" not in connection.introspection.table_names():
    with connection.schema_editor() as editor:
        for room in ("contenttypes", "auth", "accounts"):
            for model in apps.get_app_config(room).get_models():
                editor.create_model(model)
connection.close()
# As a server has them: the middleware once, for all threads.
handler = Client().handler
handler.load_middleware()

def ask(asked):
    client = Client(raise_request_exception=False)
    client.handler = handler
    client.cookies["sessionid"] = "a" * 32
    began = time.monotonic()
    answer = client.generic(asked["method"], asked["path"])
    # As at the end of a request, which this client leaves to the test.
    close_old_connections()
    return {"status": answer.status_code, "seconds": time.monotonic() - began,
            "headers": dict(answer.headers), "text": answer.content.decode()}

for line in sys.stdin:
    asked = json.loads(line)
    with ThreadPoolExecutor(max(1, len(asked))) as threads:
        print(json.dumps(list(threads.map(ask, asked))), flush=True)
"""


class OtherSite:
    """The site in a process of its own, which lives through all that happens to its database."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def get(self, path: str) -> Answered:
        """One page, as somebody with a session's cookie."""
        return self.get_all([path])[0]

    def get_all(self, paths: list[str], method: str = "GET") -> list[Answered]:
        """All of them at once."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([{"method": method, "path": path} for path in paths]) + "\n")
        self._process.stdin.flush()
        return [Answered(**each) for each in json.loads(self._process.stdout.readline())]


def environment_of(url: str, folder: Path) -> dict[str, str]:
    """A production site's, on this database."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "ita_tracker.settings",
        "DATABASE_URL": url,
        "SECRET_KEY": "for-a-site-that-lives-as-long-as-one-test-and-listens-nowhere",
        "ALLOWED_HOSTS": "testserver",
        "HTTPS": "off",
        "MEDIA_ROOT": str(folder / "media"),
        "CACHE_DIR": str(folder / "cache"),
        "PYTHONWARNINGS": "ignore",
    }


@contextmanager
def site_on(url: str, folder: Path, **more: str) -> Iterator[OtherSite]:
    """A production site whose database has nothing but sessions."""
    environment = environment_of(url, folder) | more
    with (folder / "log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", SITE],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            yield OtherSite(process)
        finally:
            process.kill()
            process.communicate()
