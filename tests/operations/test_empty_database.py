"""An empty database gets all its tables at once, and the same ones as by one migration after the other."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, migrations, models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, ProjectState

from operations import empty_database
from operations.empty_database import (
    ROOMS,
    MakeTables,
    make_tables_of_empty_database,
    steps_of,
    what_stands_in_the_way,
)
from tests.support.empty_site import empty_site
from tests.support.schema import schema_of
from tests.support.thorough import THOROUGH


class Killed(Exception):
    """The end of a process, as the command would see it."""


@pytest.fixture
def stale_names() -> Iterator[None]:
    """Numbers of models are kept in memory: those of another database are forgotten with it."""
    yield
    ContentType.objects.clear_cache()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor == "sqlite" and not THOROUGH,
    reason="SQLite's tables are compared by tests/tooling/test_upgrade.py",
)
@pytest.mark.parametrize("room", ROOMS if THOROUGH else ["reports"])
@pytest.mark.usefixtures("stale_names")
def test_the_long_way_goes_on_where_the_short_one_ended_and_makes_the_same(room: str, tmp_path: Path) -> None:
    def until(action: str, migration: Migration, fake: bool = False) -> None:
        if action == "apply_start" and migration.app_label == room:
            raise Killed

    expected = schema_of(connection)
    with empty_site(tmp_path):
        with pytest.raises(Killed):
            make_tables_of_empty_database(connection, until)
        tables = connection.introspection.table_names()
        assert tables
        assert not [name for name in tables if name.startswith(f"{room}_")]
        call_command("migrate", verbosity=0)
        found = schema_of(connection)
    assert set(found) ^ set(expected) == set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.usefixtures("stale_names")
def test_whoever_is_killed_while_a_room_is_noted_leaves_nothing_of_it(
    room: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The long way would find tables of which it knows nothing, and make them once more."""
    note = MigrationRecorder.record_applied

    def killed(recorder: MigrationRecorder, app: str, name: str) -> None:
        if app == room:
            raise Killed
        note(recorder, app, name)

    monkeypatch.setattr(MigrationRecorder, "record_applied", killed)
    with empty_site(tmp_path):
        with pytest.raises(Killed):
            make_tables_of_empty_database(connection)
        tables = connection.introspection.table_names()
    assert "django_content_type" in tables
    assert not [name for name in tables if name.startswith(f"{room}_")]


def test_migrations_that_do_not_fit_together_are_django_s_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MigrationLoader, "detect_conflicts", lambda _: {"reports": {"0013_a", "0013_b"}})
    assert steps_of(MigrationLoader(None)) is None


def test_tables_of_an_app_without_migrations_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    loader = MigrationLoader(None)
    monkeypatch.setattr(loader, "unmigrated_apps", {*loader.unmigrated_apps, "auth"})
    assert steps_of(loader) is None


def test_each_migration_has_its_place_and_a_room_takes_one_step() -> None:
    """One that cannot be taken at once sends every new site, and every run of the tests, the long way."""
    graph = MigrationLoader(None).graph
    steps = steps_of(MigrationLoader(None))
    assert steps is not None, {
        key: found for key, migration in graph.nodes.items() if (found := what_stands_in_the_way(migration))
    }
    names = [name for step in steps for name in step.replaces or [(step.app_label, step.name)]]
    assert sorted(names) == sorted(graph.nodes)
    at_once = [
        step.app_label for step in steps if step.operations and isinstance(step.operations[0], MakeTables)
    ]
    assert at_once == [
        "sessions",
        "accounts",
        "admin",
        "mfa",
        "socialaccount",
        "ledger",
        "measures",
        "reports",
    ]
    for place, name in enumerate(names):
        needed = {parent.key for parent in graph.node_map[name].parents if parent.key[0] != name[0]}
        assert needed <= set(names[:place]), name


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RunSQL("SELECT 1"),
        migrations.RenameField("plan", "year", "of"),
        migrations.RenameModel("a", "b"),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_tables_do_not_say_stands_in_the_way(operation: Operation) -> None:
    migration = Migration("0099_later", "reports")
    run = migrations.RunPython(migrations.RunPython.noop)
    vars(migration)["operations"] = [migrations.DeleteModel("a"), operation, run]
    assert what_stands_in_the_way(migration) == [operation]
    # What a package runs may need the tables as they were.
    migration.app_label = "package"
    assert what_stands_in_the_way(migration) == [operation, run]


def test_one_instead_of_others_is_noted_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    loader = MigrationLoader(None)
    last = loader.graph.nodes["ledger", loader.graph.leaf_nodes("ledger")[0][1]]
    monkeypatch.setattr(last, "replaces", [("ledger", "0001_before")])
    noted = [step.replaces for step in steps_of(loader) or [] if step.app_label == "ledger"]
    assert noted[0][-2:] == [("ledger", "0001_before"), ("ledger", last.name)]


def test_with_something_in_the_way_it_is_the_long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(empty_database, "KNOWN", (migrations.CreateModel,))
    assert steps_of(MigrationLoader(None)) is None


def test_what_only_changes_rows_is_left_out_and_the_rest_run() -> None:
    """Marked as elidable, as for squashing: what a new site needs must not be."""
    loader = MigrationLoader(None)
    written = [
        operation
        for key in sorted(loader.graph.nodes)
        if key[0] in ROOMS
        for operation in loader.graph.nodes[key].operations
        if isinstance(operation, migrations.RunPython)
    ]
    run = [
        operation
        for step in steps_of(loader) or []
        if step.app_label in ROOMS
        for operation in step.operations
        if isinstance(operation, migrations.RunPython)
    ]
    assert any(operation.elidable for operation in written)
    assert set(run) == {operation for operation in written if not operation.elidable}


def test_a_model_without_a_table_of_its_own_gets_none() -> None:
    key = ("id", models.BigAutoField(primary_key=True))
    step = MakeTables(
        [
            ModelState("reports", "Kept", [key]),
            ModelState("reports", "Seen", [], {"proxy": True}, bases=("reports.kept",)),
            ModelState("reports", "Elsewhere", [key], {"managed": False}),
        ]
    )
    state = ProjectState()
    step.state_forwards("reports", state)
    editor = Mock(connection=connection, deferred_sql=[])
    step.database_forwards("reports", editor, ProjectState(), state)
    assert [call.args[0].__name__ for call in editor.create_model.mock_calls] == ["Kept"]


@pytest.mark.django_db
def test_a_database_with_anything_in_it_is_left_alone() -> None:
    assert not make_tables_of_empty_database(connection, lambda *_: pytest.fail("it was begun"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asks", [{"check_unapplied": True}, {"plan": True}, {"app_label": "sessions"}, {"fake": True}]
)
def test_whoever_does_not_ask_for_all_of_it_is_given_what_django_does(
    asks: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "operations.management.commands.migrate.make_tables_of_empty_database"
    monkeypatch.setattr(name, lambda *_: pytest.fail("it was begun"))
    call_command("migrate", verbosity=0, **asks)
