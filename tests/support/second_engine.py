"""What the second engine is asked: of all tests those that it could answer in another way.

A test that asks a database nothing new tells nothing new. So it is noted on SQLite which statements each test
asks, and PostgreSQL is asked the tests that are needed until each kind of statement has been asked there too;
beside them all that commit, all in which the database has refused something, all that SQLite skips, and those
about what engines are known to take in another way. The year of an agency in the browser, which is long, is
left to PostgreSQL. `make thorough` asks both all.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import Error as AnyDatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

TESTS: Final = Path(__file__).resolve().parents[1]
LEFT_TO_THE_SECOND: Final = TESTS / "browser" / "test_whole_year.py"
# In statements: what a test costs whatever it asks.
COST: Final = 20
# Values that one engine takes and the other does not; what it finds, and in which order.
TAKEN_OTHERWISE: Final = ("ita_tracker/test_hostile_input.py", "measures/search/")
# The same statement with more values, or about another number, is the same kind.
VALUES: Final = re.compile(r"\((?:%s, )*%s\)(?:, \((?:%s, )*%s\))*")
NUMBER: Final = re.compile(r"\d+")


DATABASE_FIXTURES: Final = {"db", "transactional_db", "django_db_serialized_rollback", "live_server"}


def asks_database(item: pytest.Item) -> bool:
    """Whether another database could make a difference to a test."""
    if item.get_closest_marker("browser"):
        # A journey with the script and one without send the database the same.
        return item.get_closest_marker("journey") is not None and "without script" not in item.name
    return item.get_closest_marker("django_db") is not None or bool(
        DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    )


def commits(item: pytest.Item) -> bool:
    """Whether a test leaves what it stores in the database, for a flush to take away."""
    marker = item.get_closest_marker("django_db")
    return bool({"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))) or bool(
        marker and marker.kwargs.get("transaction")
    )


def differs(item: pytest.Item) -> bool:
    """Whether engines are known to differ in a test before it has asked anything."""
    return commits(item) or item.path.relative_to(TESTS).as_posix().startswith(TAKEN_OTHERWISE)


@dataclass
class Asked:
    """What a test has asked of the database."""

    kinds: set[str] = field(default_factory=set)
    """Of the statements, each by a digest."""
    differs: bool = False
    """Whether engines are known to differ in it."""
    times: int = 0
    """How often it has asked."""


def kind_of(sql: str) -> str:
    """The digest of a statement without what differs from one asking to the next."""
    general = NUMBER.sub("0", VALUES.sub("(%s)", sql))
    return hashlib.blake2b(general.encode(), digest_size=6).hexdigest()


def enough(asked: Mapping[str, Asked]) -> set[str]:
    """Tests that together ask each kind of statement, and whatever differs.

    Those are taken first that ask most of what is missing with the fewest statements, which is the same on
    every machine, as the time that they take is not.
    """
    chosen = {test for test, each in asked.items() if each.differs}
    missing = {kind for each in asked.values() for kind in each.kinds}
    missing = missing.difference(*(asked[test].kinds for test in chosen))
    rank = [(-_worth(each, missing), test) for test, each in asked.items() if test not in chosen]
    heapify(rank)
    while missing:
        _, test = heappop(rank)
        worth = _worth(asked[test], missing)
        if rank and -worth > rank[0][0]:
            # Others have asked some of it meanwhile.
            heappush(rank, (-worth, test))
        else:
            chosen.add(test)
            missing -= asked[test].kinds
    return chosen


def _worth(asked: Asked, missing: set[str]) -> float:
    return len(asked.kinds & missing) / (asked.times + COST)


def file_of(test: str) -> str:
    """The file of a test, from the root of the project."""
    return test.partition("::")[0]


class Notes:
    """A plugin that notes on the first engine what each test asks, whatever thread asks it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._tests: dict[str, Asked] = {}
        self._now = Asked()
        self._kinds: dict[str, str] = {}

    def pytest_sessionstart(self) -> None:
        self._file.unlink(missing_ok=True)
        connection_created.connect(self._connected, dispatch_uid="notes of what is asked")

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        left = [item for item in items if item.path == LEFT_TO_THE_SECOND]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._now = Asked(differs=differs(item))
        # What only one engine is asked anyway is noted as asking nothing.
        self._tests[item.nodeid] = self._now if asks_database(item) else Asked()
        answer = yield
        self._now = Asked()
        return answer

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """What is skipped here is perhaps a matter of the other engine."""
        if report.skipped and report.nodeid in self._tests:
            self._tests[report.nodeid].differs = True

    def _connected(self, connection: BaseDatabaseWrapper, **_: Any) -> None:
        if self._note not in connection.execute_wrappers:
            connection.execute_wrappers.append(self._note)

    def _note(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Mapping[str, Any]
    ) -> Any:
        if sql not in self._kinds:
            self._kinds[sql] = kind_of(sql)
        self._now.kinds.add(self._kinds[sql])
        self._now.times += 1
        try:
            return execute(sql, params, many, context)
        except AnyDatabaseError:
            self._now.differs = True
            raise

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["asked"] = [
                [test, sorted(each.kinds), each.differs, each.times] for test, each in self._tests.items()
            ]
        elif exitstatus == pytest.ExitCode.OK:
            chosen = enough(self._tests)
            files = {file_of(test) for test in self._tests} - {file_of(test) for test in chosen}
            left_out = {"tests": sorted(self._tests.keys() - chosen), "files": sorted(files)}
            self._file.parent.mkdir(exist_ok=True)
            self._file.write_text(json.dumps(left_out, indent=0), encoding="utf-8")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker has ended, and tells what it has noted."""
        for test, kinds, *others in getattr(node, "workeroutput", {}).get("asked", ()):
            self._tests[test] = Asked(set(kinds), *others)


class SecondEngine:
    """A plugin that leaves out what need not be asked of a second engine.

    Args:
        file: what Notes has written; where there is none, all is asked that could be answered otherwise.
    """

    def __init__(self, file: Path) -> None:
        noted = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {"tests": (), "files": ()}
        self._tests, self._files = frozenset(noted["tests"]), frozenset(noted["files"])

    def pytest_ignore_collect(self, collection_path: Path, config: pytest.Config) -> bool | None:
        """A file of which nothing is asked need not be imported."""
        place = collection_path.relative_to(config.rootpath).as_posix()
        return True if place in self._files else None

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        kept = [item for item in items if item.nodeid not in self._tests and asks_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept
