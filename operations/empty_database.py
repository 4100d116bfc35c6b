"""All tables of an empty database, made as the last migration leaves them and not migration after migration.

Where nothing is stored yet it makes no difference that a column came later. Of each room, one step makes the
tables as its migrations together say they are, runs what these do besides (triggers, the table of the cache),
and notes all of them as applied. What only changes rows is marked `elidable`, as for Django's own squashing,
and left out. A package whose migrations say nothing but what its tables are is taken so too; of all others
the migrations are applied as they are. A database in which anything is goes the long way; so does an empty
one where a migration of ours holds an operation of a kind that is not known here.
"""

from collections.abc import Callable, Sequence
from typing import Final, cast

from django.apps import apps
from django.db import migrations
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

# Packages' migrations build on the first one: they come directly after it, when there are few models.
ROOMS: Final = ("accounts", "ledger", "measures", "reports")
# After these, in whatever order, tables are as if the models had been made so. Names of what an engine makes
# for a column or a table (indexes, keys) stay as they were where it is renamed: renaming is not among them.
KNOWN: Final = (
    migrations.CreateModel,
    migrations.DeleteModel,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.AlterUniqueTogether,
    migrations.AddField,
    migrations.AlterField,
    migrations.RemoveField,
    migrations.AddIndex,
    migrations.RemoveIndex,
    migrations.AddConstraint,
    migrations.RemoveConstraint,
)
Key = tuple[str, str]
Progress = Callable[..., None]


class MakeTables(Operation):
    """The tables of several models at once."""

    reduces_to_sql = True
    reversible = False

    def __init__(self, models: Sequence[ModelState]) -> None:
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Forget classes of models that were made: with each model more, most of them would be made anew."""
        vars(state).pop("apps", None)
        state.is_delayed = False
        for model in self.models:
            state.add_model(model)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for each in self.models:
            model = to_state.apps.get_model(app_label, each.name)
            # Not of one that has no table of its own.
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.create_model(model)
        # Keys between tables now and not at the end: where nothing waits, Django notes a step in the same
        # transaction, and no killed process leaves tables of which nothing is noted.
        for statement in schema_editor.deferred_sql:
            schema_editor.execute(statement, None)
        schema_editor.deferred_sql.clear()

    def describe(self) -> str:
        return f"Make {len(self.models)} tables"


def make_tables_of_empty_database(connection: BaseDatabaseWrapper, progress: Progress | None = None) -> bool:
    """Apply all migrations to a database without any table.

    A killed process leaves the rooms that were finished, from where the long way goes on.

    Args:
        progress: told of each step as by Django's own executor.

    Returns:
        Whether it was done; otherwise nothing was.
    """
    if connection.introspection.table_names():
        return False
    executor = MigrationExecutor(connection, progress)
    steps = steps_of(executor.loader)
    if steps is None:
        return False
    executor.recorder.ensure_schema()
    state = ProjectState(real_apps=executor.loader.unmigrated_apps)
    for step in steps:
        state = executor.apply_migration(state, step)
    return True


def steps_of(loader: MigrationLoader) -> Sequence[Migration] | None:
    """One migration for each app that can be taken at once, and those of the others.

    Returns:
        None where something stands in the way.
    """
    graph = loader.graph
    order: list[Key] = []
    for leaf in graph.leaf_nodes():
        order += [key for key in graph.forwards_plan(leaf) if key not in order]
    aside = set(ROOMS) - {app for app, _ in order}
    without = [app for app in loader.unmigrated_apps if any(apps.get_app_config(app).get_models())]
    if aside or without or loader.detect_conflicts():
        # Migrations were set aside, or do not fit together: Django knows what to say and do.
        return None
    unknown = {key[0]: found for key in order if (found := what_stands_in_the_way(graph.nodes[key]))}
    if unknown.keys() & set(ROOMS):
        return None
    every = [*(app for app in dict.fromkeys(app for app, _ in order) if app not in ROOMS), *ROOMS]
    waiting = []
    for app in every:
        keys = [key for key in order if key[0] == app]
        waiting += [[key] for key in keys] if app in unknown else [keys]
    after = loader.project_state()
    steps: list[Migration] = []
    done: set[Key] = set()
    while waiting:
        for keys in waiting:
            needed = {parent.key for key in keys for parent in graph.node_map[key].parents}
            if needed <= done | set(keys):
                break
        else:
            return None
        waiting.remove(keys)
        done |= set(keys)
        parts = [cast(Migration, graph.nodes[key]) for key in keys]
        steps.append(parts[0] if keys[0][0] in unknown else _as_one(parts, after))
    return steps


def what_stands_in_the_way(migration: Migration) -> Sequence[Operation]:
    """Its operations that are neither known to be said by the tables in the end nor can be run after them."""
    return [
        operation
        for operation in migration.operations
        if type(operation) not in KNOWN
        and not (isinstance(operation, migrations.RunPython) and migration.app_label in ROOMS)
    ]


def _as_one(found: Sequence[Migration], after: ProjectState) -> Migration:
    app = found[0].app_label
    models = [model for (label, _), model in after.models.items() if label == app]
    besides = [
        operation
        for migration in found
        for operation in migration.operations
        if isinstance(operation, migrations.RunPython) and not operation.elidable
    ]
    one = Migration(found[-1].name, app)
    vars(one).update(
        operations=[MakeTables(models), *besides],
        # One that is itself instead of others counts as applied only where they do.
        replaces=[key for migration in found for key in (*migration.replaces, (app, migration.name))],
    )
    return one
