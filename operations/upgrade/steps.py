"""The steps of an upgrade, each with its way back.

The way back of migrations is to migrate back to where the database stood: whatever people have stored since
the backup stays. The backup is for what cannot be migrated back.
"""

import shlex
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

COMMAND_SECONDS: Final = 120
ANSWER_SECONDS: Final = 60.0


class UpgradeFailed(Exception):
    """A step did not succeed; the message says which and why.

    Attributes:
        not_undone: the steps, with the reason, that could not be undone; empty where all is as before.
    """

    def __init__(self, told: str, not_undone: Sequence[str] = ()) -> None:
        super().__init__(told)
        self.not_undone = not_undone


@dataclass(frozen=True)
class UpgradeStep:
    """One step: what it is called, what it does, and what undoes it."""

    name: str
    do: Callable[[], None]
    undo: Callable[[], None] | None = None


def carry_out(steps: Iterable[UpgradeStep], say: Callable[[str], None]) -> None:
    """Do all steps; where one fails, undo it and those before it, the last one first.

    Raises:
        UpgradeFailed: a step failed.
    """
    begun: list[UpgradeStep] = []
    for step in steps:
        say(step.name)
        begun.append(step)
        try:
            step.do()
        except (Exception, SystemExit, KeyboardInterrupt) as error:
            kept = _undo(begun, say)
            told = f"{step.name}: {str(error) or type(error).__name__}"
            raise UpgradeFailed(told, kept) from error


def _undo(steps: Sequence[UpgradeStep], say: Callable[[str], None]) -> Sequence[str]:
    kept = []
    for step in reversed(steps):
        if step.undo is None:
            continue
        say(f"back: {step.name}")
        try:
            step.undo()
        except (Exception, SystemExit) as error:
            kept.append(f"{step.name} ({error})")
    return kept


def backup(file: Path) -> None:
    """Everything, database and files, into one file."""
    call_command("backup", str(file))


def migrations() -> Mapping[str, frozenset[str]]:
    """The names of the applied migrations of each app."""
    applied: dict[str, set[str]] = {}
    for app, name in MigrationRecorder(connection).applied_migrations():
        applied.setdefault(app, set()).add(name)
    return {app: frozenset(names) for app, names in applied.items()}


def migrate() -> None:
    """To this program's version."""
    call_command("migrate", interactive=False, verbosity=0)


def migrate_back(before: Mapping[str, frozenset[str]]) -> None:
    """To the migrations that were applied before.

    Raises:
        django.db.migrations.exceptions.IrreversibleError: one of those since has no way back.
    """
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    since = [
        (app, name)
        for app, name in executor.loader.applied_migrations
        if name not in before.get(app, frozenset()) and (app, name) in graph.nodes
    ]
    for app in sorted({app for app, _ in since}):
        kept = before.get(app, frozenset())
        # The newest ones: those that no kept migration of the app is built on.
        newest = [
            name
            for name in kept
            if (app, name) in graph.nodes
            and not any(
                child.key[0] == app and child.key[1] in kept for child in graph.node_map[(app, name)].children
            )
        ]
        targets: list[tuple[str, str | None]] = [(app, name) for name in newest] or [(app, None)]
        for target in targets:
            MigrationExecutor(connection).migrate([target])


def collect_static() -> None:
    """Style, scripts and letters, under names that change with what they hold; those of before stay."""
    call_command("collectstatic", interactive=False, verbosity=0)


def static_names() -> bytes | None:
    """What says which name each static file has now; None before the first collectstatic."""
    try:
        return _manifest().read_bytes()
    except FileNotFoundError:
        return None


def put_static_names_back(names: bytes | None) -> None:
    """The files themselves are all there still."""
    if names is None:
        _manifest().unlink(missing_ok=True)
    else:
        part = _manifest().with_suffix(".part")
        part.write_bytes(names)
        part.replace(_manifest())


def _manifest() -> Path:
    return Path(settings.STATIC_ROOT) / "staticfiles.json"


def check() -> None:
    """That settings and database fit this program.

    Raises:
        SystemCheckError: they do not.
    """
    call_command("check", databases=["default"], verbosity=0)


def point(link: Path, folder: Path) -> None:
    """Let a link lead to a folder, in one move: at no moment it leads nowhere."""
    part = link.with_name(f"{link.name}.part")
    part.unlink(missing_ok=True)
    part.symlink_to(folder)
    part.replace(link)


def run(command: str) -> None:
    """A command of the administrator's, without a shell.

    Raises:
        UpgradeFailed: it ended with another status than 0, or not in time.
    """
    try:
        ended = subprocess.run(  # noqa: S603 - typed by whoever runs the site
            shlex.split(command), capture_output=True, text=True, check=False, timeout=COMMAND_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UpgradeFailed(str(error)) from error
    if ended.returncode:
        raise UpgradeFailed(f"{command} ended with {ended.returncode}: {ended.stderr.strip()[-500:]}")


def wait_for(address: str, seconds: float = ANSWER_SECONDS) -> None:
    """Until the site answers with 200.

    Raises:
        UpgradeFailed: it did not in time.
    """
    until = time.monotonic() + seconds
    while True:
        try:
            with urlopen(address, timeout=5):  # noqa: S310  # nosec B310 - the administrator names it
                return
        except (URLError, OSError, ValueError) as error:
            if time.monotonic() > until:
                raise UpgradeFailed(f"{address} does not answer: {error}") from error
        time.sleep(0.5)
