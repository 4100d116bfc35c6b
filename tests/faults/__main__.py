"""python -m tests.faults: put the site under every fault on both engines, and print a table of it.

Each engine, and each disk, is a process of its own: settings are read once.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.faults.disks import Disk, NoDisk
from tests.faults.site import production, site_at
from tests.faults.table import HEADS, Row, print_row, show
from tests.served import ROOT, run
from tests.support.postgres_cluster import Cluster

if TYPE_CHECKING:
    from tests.faults.faults import Torture

ENGINES: Final = ("sqlite", "postgresql")
ROUNDS: Final = 100
# Of the other faults, for each so many kills one round, and at least two.
FEWER: Final = 10
# Those that need a disk of their own, and those that do not.
ON_A_DISK: Final = ("cut", "full")
PLAIN: Final = ("kill", "restart", "clock", "approvals", "workers")
KINDS: Final = frozenset({"save", "upload", "submit", "approve", "return", "reopen"})
NAMES: Final = {"cut": "power cut", "full": "disk full"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"kills on each engine ({ROUNDS})")
    parser.add_argument("--engine", choices=[*ENGINES, "both"], default="both")
    parser.add_argument(
        "--only", choices=[*PLAIN, *ON_A_DISK], action="append", help="a fault; may be repeated"
    )
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(31))
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    faults = options.only or [*PLAIN, *ON_A_DISK]
    if options.one:
        rows = one(options.engine, options.one.split(","), options.rounds, options.seed)
        Path(os.environ["FAULTS_RESULT"]).write_text(
            json.dumps([asdict(row) for row in rows]), encoding="utf-8"
        )
        return 0
    engines = ENGINES if options.engine == "both" else (options.engine,)
    return all_of(engines, faults, options.rounds, options.seed)


def all_of(engines: Sequence[str], faults: Sequence[str], rounds: int, seed: int) -> int:
    """Every fault on every engine; 1 if anything was lost, is there by half, or failed."""
    print(f"seed {seed}; again: make torture ROUNDS={rounds} SEED={seed}")
    begun = time.monotonic()
    print_row(HEADS)
    bad: list[str] = []
    kinds: Counter[str] = Counter()
    for engine in engines:
        together = [fault for fault in faults if fault in PLAIN and (fault, engine) != ("restart", "sqlite")]
        groups = [together] if together else []
        for group in [*groups, *([fault] for fault in faults if fault in ON_A_DISK)]:
            rows = in_a_process(engine, group, rounds, seed)
            bad += wrong_in(engine, rows)
            for row in rows:
                kinds.update(row.kinds)
    print(f"{time.monotonic() - begun:.0f} s; of what was written: {said_of(kinds)}")
    if rounds >= FEWER and set(faults) >= {*PLAIN, *ON_A_DISK}:
        bad += [
            f"nobody was told that {kind} is done: nothing is proven of it" for kind in KINDS - set(kinds)
        ]
    print("\n".join(bad) if bad else "Nothing lost, nothing by half, no server error.")
    return bool(bad)


def in_a_process(engine: str, faults: Sequence[str], rounds: int, seed: int) -> list[Row]:
    """Do some faults and print their rows."""
    with tempfile.TemporaryDirectory(prefix="ita-torture-") as folder:
        result = Path(folder, "rows.json")
        command = [sys.executable, "-m", "tests.faults", "--engine", engine, "--one", ",".join(faults)]
        command += ["--rounds", str(rounds), "--seed", str(seed)]
        child = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "FAULTS_RESULT": str(result)})
        try:
            code = child.wait()
        except BaseException:
            # It takes its disk and its servers away.
            child.terminate()
            child.wait()
            raise
        if code:
            return [Row(", ".join(faults), errors=[f"ended with {code}"])]
        return [Row(**row) for row in json.loads(result.read_text(encoding="utf-8"))]


def wrong_in(engine: str, rows: Sequence[Row]) -> list[str]:
    """All that is wrong in some rows, each once."""
    return [
        f"{engine}, {row.fault}: {what}"
        for row in rows
        for what in dict.fromkeys([*row.lost, *row.half, *row.errors])
    ]


def said_of(kinds: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "nothing"


def one(engine: str, faults: Sequence[str], rounds: int, seed: int) -> list[Row]:
    """Some faults on one engine, on a site that is made for them."""
    folder = Path(tempfile.mkdtemp(prefix="ita-fault-", dir="/tmp"))
    # The server of PostgreSQL is another user, and goes through it.
    folder.chmod(0o755)
    disk: Disk | None = None
    database: Cluster | None = None
    note = ""
    try:
        if faults[0] in ON_A_DISK:
            try:
                disk = Disk(folder)
            except NoDisk as reason:
                note = f"no disk of its own here ({reason})"
        place = disk.place if disk else folder / "plain"
        place.mkdir(exist_ok=True)
        (place / "site").mkdir()
        if engine == "postgresql":
            (place / "database").mkdir()
            (folder / "socket").mkdir()
            database = Cluster(folder / "socket", place / "database" / "data", durable=True)
            address = {"DATABASE_URL": database.url}
        else:
            address = {"SQLITE_PATH": str(place / "site" / "site.sqlite3")}
        environment = production(place / "site", **address)
        run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], environment)
        return under(engine, environment, folder, faults, rounds, seed, database, disk, note)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if database is not None:
            database.end()
        if disk is not None:
            disk.unmount()
        shutil.rmtree(folder, ignore_errors=True)


def under(
    engine: str,
    environment: dict[str, str],
    folder: Path,
    faults: Sequence[str],
    rounds: int,
    seed: int,
    database: Cluster | None,
    disk: Disk | None,
    note: str,
) -> list[Row]:
    """The faults themselves, once there is a database with tables."""
    # Of this process, which only looks: a connection that is closed is closed.
    os.environ.update(environment | {"DATABASE_POOL_SIZE": "0"})
    import django

    django.setup()
    from django.db import connection

    from tests.faults.faults import Torture
    from tests.faults.world import lay_out

    if faults == ["cut"] and disk is None:
        left_out = Row(NAMES["cut"], note=f"left out: {note}")
        show(engine, left_out)
        return [left_out]
    world = lay_out()
    connection.close()
    rows: list[Row] = []
    with site_at(environment, folder) as site:
        site.start()
        torture = Torture(site, world, seed, database, disk)
        fewer = max(2, rounds // FEWER)
        for fault in faults:
            try:
                rows.append(done(torture, fault, rounds, fewer))
            except NoDisk as reason:
                rows.append(Row(NAMES.get(fault, fault), note=f"left out: {reason}"))
            if disk is None and fault == "full":
                rows[-1].note = f"{note}; files that may not grow instead"
            show(engine, rows[-1])
        rows.append(torture.finish())
        show(engine, rows[-1])
    return rows


def done(torture: "Torture", fault: str, rounds: int, fewer: int) -> Row:
    """One fault, as often as it is to be."""
    ways: dict[str, Callable[[], Row]] = {
        "kill": lambda: torture.kills(rounds),
        "restart": lambda: torture.restarts(fewer),
        "clock": lambda: torture.clocks(fewer),
        "approvals": lambda: torture.approvals(fewer),
        "workers": lambda: torture.workers(fewer),
        "cut": lambda: torture.cuts(fewer),
        "full": lambda: torture.full(max(2, fewer // 2)),
    }
    return ways[fault]()


if __name__ == "__main__":
    sys.exit(main())
