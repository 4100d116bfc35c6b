"""Of all who ask for the same report at once, in whatever thread or process, one makes it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from select import select
from threading import Barrier, Condition, Event, Lock
from typing import Any, Final

import pytest
from django.db import connections

from core import single_flight
from core.single_flight import SingleFlight
from measures.models import Measure
from reports.renderers import FORMATS, Format, Rendered, RendererUnavailable
from reports.renderers.stored import stored_rendering
from tests.conftest import SignIn
from tests.support.papers import document

ROOT: Final = Path(__file__).resolve().parents[2]
MANY: Final = 12
# So many requests at once have a connection to the database, of eight that a process opens to PostgreSQL.
AS_CONNECTIONS: Final = 6
# How long a test waits for what would never come if the code were wrong; nothing waits this long otherwise.
NEVER: Final = 30


def at_once(job: Callable[[], Any], times: int = MANY) -> list[Any]:
    """What each of many threads returned or raised that do the same at the same moment."""
    together = Barrier(times)

    def run(_: int) -> Any:
        try:
            together.wait(timeout=NEVER)
            return job()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


class Waiting:
    """How many threads wait for the one that makes it."""

    def __init__(self) -> None:
        self.count = 0
        self.changed = Condition()

    def one_more(self) -> None:
        with self.changed:
            self.count += 1
            self.changed.notify_all()

    def until(self, count: int) -> None:
        """Go on as soon as so many do."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.count >= count, NEVER)


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Waiting:
    """Counts the threads of this test."""
    counted = Waiting()
    result = Future.result

    def wait(future: Any, timeout: float | None = None) -> Any:
        # The pool of threads has Futures of its own, which are waited for without an end.
        if timeout is not None:
            counted.one_more()
        return result(future, timeout)

    monkeypatch.setattr(Future, "result", wait)
    return counted


# --- Threads ----------------------------------------------------------------------------------------


def test_of_many_threads_one_makes_it_and_all_have_it(waiting: Waiting) -> None:
    made: list[object] = []

    def make() -> object:
        waiting.until(MANY - 1)
        made.append(object())
        return made[-1]

    flight = SingleFlight[object]()
    assert at_once(lambda: flight.once("key", make)) == made * MANY
    assert len(made) == 1


def test_what_fails_fails_for_all_and_is_tried_again_afterwards(waiting: Waiting) -> None:
    tried: list[int] = []

    def make() -> str:
        waiting.until(MANY - 1)
        tried.append(1)
        raise RendererUnavailable("ไม่พบ Pango")

    flight = SingleFlight[str]()
    assert [str(error) for error in at_once(lambda: flight.once("key", make))] == ["ไม่พบ Pango"] * MANY
    assert len(tried) == 1
    assert flight.once("key", lambda: "made") == "made"


def test_who_waits_for_a_thread_that_was_told_to_end_makes_it_alone(waiting: Waiting) -> None:
    lock, tried = Lock(), [0]

    def make() -> str:
        with lock:
            tried[0] += 1
            first = tried[0] == 1
        if first:
            waiting.until(MANY - 1)
            raise SystemExit
        return "made"

    flight = SingleFlight[str]()

    def ask() -> str:
        try:
            return flight.once("key", make)
        except SystemExit:
            return "ended"

    assert sorted(at_once(ask)) == ["ended", *["made"] * (MANY - 1)]


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that hangs is waited for as long as is said, and then each makes it alone."""
    monkeypatch.setattr(single_flight, "PATIENCE_WITH_THREADS", 0)
    flight, begun, end = SingleFlight[str](), Event(), Event()

    def hang() -> str:
        begun.set()
        assert end.wait(NEVER)
        return "late"

    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(flight.once, "key", hang)
        assert begun.wait(NEVER)
        assert flight.once("key", lambda: "alone") == "alone"
        end.set()
        assert late.result(NEVER) == "late"


def test_different_things_do_not_wait_for_each_other() -> None:
    flight = SingleFlight[str]()
    assert flight.once("one", lambda: flight.once("other", lambda: "made")) == "made"


# --- Downloads --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("store", "times"), [("a store", MANY), ("no store", AS_CONNECTIONS)])
def test_downloads_of_a_new_draft_at_the_same_time_lay_it_out_once(
    measure: Measure,
    sign_in: SignIn,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    waiting: Waiting,
    store: str,
    times: int,
) -> None:
    settings.CACHE_DIR = tmp_path / "cache"
    if store == "no store":
        # Neither reports nor locks find a place: the threads of a worker still share what one of them makes.
        settings.CACHE_DIR.write_bytes(b"")
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    location = settings.CACHE_DIR / "reports"
    settings.CACHES = {**settings.CACHES, "reports": {"BACKEND": backend, "LOCATION": location}}
    made: list[int] = []

    def make(facts: object) -> Rendered:
        waiting.until(AS_CONNECTIONS - 1)
        made.append(1)
        return Rendered(b"%PDF", pages=1)

    monkeypatch.setitem(FORMATS, "pdf", replace(FORMATS["pdf"], make=make))
    # Here it is one person who asks so often at once, which the site would not let them.
    monkeypatch.setattr("accounts.background.limits.MAX_AT_ONCE", times)
    client = sign_in("officer")
    cookies = client.cookies

    def download() -> tuple[int, bytes]:
        mine = type(client)()
        mine.cookies = cookies
        answer = mine.get("/reports/2566/6/report.pdf")
        return answer.status_code, answer.content

    assert at_once(download, times) == [(200, b"%PDF")] * times
    assert len(made) == 1


# --- Processes --------------------------------------------------------------------------------------

# Loaded once; what is asked of it is done by a process of its own each time.
OTHER_WORKERS: Final = """
import json, os
from pathlib import Path
from django.conf import settings
settings.configure()
from reports.renderers import Format, Rendered
from reports.renderers.stored import stored_rendering
from tests.support.papers import document

# Without a buffer: what stands in the next line is for the child.
told = open(0, "rb", buffering=0)

def make(facts):
    print("making", flush=True)
    if told.readline() == b"fail\\n":
        raise ZeroDivisionError
    return Rendered(b"%PDF of the other", 3, ("note",))

def work(folder):
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    settings.CACHE_DIR = folder
    settings.CACHES = {"reports": {"BACKEND": backend, "LOCATION": folder / "reports"}}
    stored_rendering("key", document(), Format("pdf", "PDF", "", make))

while line := told.readline():
    if child := os.fork():
        print(child, flush=True)
        os.waitpid(child, 0)
        print("gone", flush=True)
        continue
    try:
        work(Path(json.loads(line)))
    finally:
        os._exit(0)
"""


class Other:
    """Another worker, in the middle of making the report."""

    def __init__(self, workers: subprocess.Popen[str], folder: Path) -> None:
        self._workers, self._said = workers, b""
        self._tell(json.dumps(str(folder)))
        # Which of both is there first nobody knows.
        said = {self._answer(), self._answer()}
        assert "making" in said
        (number,) = said - {"making"}
        self._number, self._is_gone = int(number), False

    def finish(self, end: str) -> None:
        """Let it make it, or fail, or kill it; comes back when it is gone."""
        if end == "kill":
            os.kill(self._number, signal.SIGKILL)
        else:
            self._tell(end)
        assert self._answer() == "gone"
        self._is_gone = True

    def end(self) -> None:
        """Also one that hangs."""
        if not self._is_gone:
            self.finish("kill")

    def _tell(self, line: str) -> None:
        assert self._workers.stdin is not None
        self._workers.stdin.write(f"{line}\n")
        self._workers.stdin.flush()

    def _answer(self) -> str:
        """The next line; what hangs is given up."""
        assert self._workers.stdout is not None
        while b"\n" not in self._said:
            says, _, _ = select([self._workers.stdout], [], [], NEVER)
            assert says, "the other worker says nothing"
            more = os.read(self._workers.stdout.fileno(), 1024)
            assert more, "the other worker has ended"
            self._said += more
        line, _, self._said = self._said.partition(b"\n")
        return line.decode()


@pytest.fixture(scope="module")
def workers() -> Iterator[subprocess.Popen[str]]:
    """What starts the other workers."""
    with subprocess.Popen(
        [sys.executable, "-c", OTHER_WORKERS],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        yield process
        process.kill()


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """What the workers of a site share."""
    settings.CACHE_DIR = tmp_path / "cache"
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    location = settings.CACHE_DIR / "reports"
    settings.CACHES = {**settings.CACHES, "reports": {"BACKEND": backend, "LOCATION": location}}
    cache: Path = settings.CACHE_DIR
    return cache


@pytest.fixture
def other(workers: subprocess.Popen[str], folder: Path) -> Iterator[Other]:
    """One on the same folder as this process."""
    worker = Other(workers, folder)
    yield worker
    worker.end()


@pytest.fixture
def mine() -> list[Rendered]:
    """What this process made."""
    return []


def ask(mine: list[Rendered]) -> Rendered:
    def make(facts: object) -> Rendered:
        mine.append(Rendered(b"%PDF of this one"))
        return mine[-1]

    return stored_rendering("key", document(), Format("pdf", "PDF", "", make))


def when_it_waits(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> list[float]:
    """Act as soon as this process is found waiting for the other; how long it was going to wait each time."""
    waits: list[float] = []

    def waited(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 1:
            act()

    monkeypatch.setattr(single_flight, "sleep", waited)
    return waits


def test_of_two_workers_one_makes_it_and_the_other_takes_it(
    monkeypatch: pytest.MonkeyPatch, other: Other, mine: list[Rendered]
) -> None:
    waits = when_it_waits(monkeypatch, partial(other.finish, "make"))
    assert ask(mine) == Rendered(b"%PDF of the other", 3, ("note",))
    assert (mine, len(waits)) == ([], 1)


def test_all_threads_of_a_worker_take_what_another_worker_made(
    monkeypatch: pytest.MonkeyPatch, other: Other, mine: list[Rendered]
) -> None:
    when_it_waits(monkeypatch, partial(other.finish, "make"))
    assert at_once(partial(ask, mine)) == [Rendered(b"%PDF of the other", 3, ("note",))] * MANY
    assert mine == []


@pytest.mark.parametrize("end", ["fail", "kill"])
def test_a_worker_that_fails_or_dies_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch, other: Other, mine: list[Rendered], end: str
) -> None:
    waits = when_it_waits(monkeypatch, partial(other.finish, end))
    assert [ask(mine)] == mine
    assert len(waits) == 1


def test_a_worker_that_hangs_is_waited_for_so_long_and_no_longer(
    monkeypatch: pytest.MonkeyPatch, other: Other, mine: list[Rendered]
) -> None:
    clock = [0.0]

    def wait(seconds: float) -> None:
        clock[0] += seconds

    monkeypatch.setattr(single_flight, "sleep", wait)
    monkeypatch.setattr(single_flight, "monotonic", lambda: clock[0])
    assert [ask(mine)] == mine
    assert clock[0] == pytest.approx(single_flight.PATIENCE_WITH_PROCESSES, abs=single_flight.PAUSE)


def test_threads_wait_longer_for_each_other_than_one_of_them_may_for_a_process() -> None:
    assert single_flight.PATIENCE_WITH_THREADS > 2 * single_flight.PATIENCE_WITH_PROCESSES


def test_there_are_few_locks_however_many_reports_there_are(tmp_path: Path) -> None:
    for number in range(1_000):
        with single_flight.one_process_at_a_time(tmp_path / "locks", f"../{number}"):
            pass
    assert len(list((tmp_path / "locks").iterdir())) <= 256
    assert list(tmp_path.iterdir()) == [tmp_path / "locks"]
