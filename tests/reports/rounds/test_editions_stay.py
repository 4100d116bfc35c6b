"""Every spelling of a change that either database knows leaves an edition as it was, byte for byte."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from string import Template
from typing import Any, Final

import pytest
from django.conf import settings as site
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from measures.models import Plan
from reports import triggers
from reports.models import Edition, EditionFile, FileSignature, SignedCopy
from tests.support.factories import make_edition
from tests.support.thorough import THOROUGH

pytestmark = pytest.mark.django_db

SQLITE: Final = site.DATABASES["default"]["ENGINE"].endswith("sqlite3")
SHA: Final = f"'{'9' * 64}'"
MIGRATION: Final = "0005_editions_stay_against_replace"

Rows = list[tuple[Any, ...]]
# The other columns of a row that is to be found by one key alone, and is new by all others.
OTHERWISE_NEW: Final[Mapping[tuple[str, str], Mapping[str, str]]] = {
    ("reports_edition", "id"): {"code": "'ZZZZ-9999'", "revision": "revision + 1", "correction": "'x'"},
    ("reports_edition", "code"): {"id": "", "revision": "revision + 1", "correction": "'x'"},
    ("reports_edition", "round_id, revision"): {"id": "", "code": "'ZZZZ-9999'"},
    ("reports_editionfile", "id"): {"format": "'zip'"},
    ("reports_editionfile", "edition_id, format"): {"id": ""},
}
TABLES: Final = tuple(triggers.KEYS)
# PostgreSQL empties no table without those that point to it.
POINTING: Final = ("reports_publication", "reports_scanpublication", "reports_editionpaper")
COLUMNS: Final = {
    model._meta.db_table: [str(field.column) for field in model._meta.concrete_fields]
    for model in (Edition, EditionFile)
}


def sql(text: str, table: str, **words: str) -> str:
    return Template(text).substitute(table=table, sha=SHA, **words)


def copied(table: str, changes: Mapping[str, str], names: Mapping[str, str] | None = None) -> str:
    """The columns of a table and a SELECT of its rows with some columns changed ("" leaves one out)."""
    changes = {"sha256": SHA, **changes}
    chosen = [column for column in COLUMNS[table] if changes.get(column) != ""]
    into = ", ".join((names or {}).get(column, column) for column in chosen)
    values = ", ".join(changes.get(column, column) for column in chosen)
    return sql("$table ($into) SELECT $values FROM $table WHERE true", table, into=into, values=values)


# In the place of a row that has the same key; $row is what copied() gives.
INSERTS = {
    "insert": ["INSERT INTO $row"],
    "upsert": ["INSERT INTO $row ON CONFLICT ($key) DO UPDATE SET sha256 = excluded.sha256"],
    "insert or nothing": ["INSERT INTO $row ON CONFLICT DO NOTHING"],
}
if SQLITE:
    INSERTS |= {
        "REPLACE": ["REPLACE INTO $row"],
        "INSERT OR REPLACE": ["INSERT OR REPLACE INTO $row"],
        "INSERT OR IGNORE": ["INSERT OR IGNORE INTO $row"],
        "INSERT OR FAIL": ["INSERT OR FAIL INTO $row"],
        "INSERT OR ABORT": ["INSERT OR ABORT INTO $row"],
        "REPLACE with a query": ["WITH made AS (SELECT 1) REPLACE INTO $row"],
        "REPLACE returning": ["REPLACE INTO $row RETURNING *"],
        "REPLACE in another table's trigger": [
            "CREATE TEMP TRIGGER sly AFTER UPDATE ON accounts_agency BEGIN REPLACE INTO $row; END",
            "UPDATE accounts_agency SET province = 'x'",
        ],
    }

# A row where it is, and all that hangs on what an edition hangs on.
CHANGES = {
    "update": ["UPDATE $table SET sha256 = $sha"],
    "update that changes nothing": ["UPDATE $table SET sha256 = sha256"],
    "update of the key": ["UPDATE $table SET id = id + 1000"],
    "update from": ["UPDATE $table SET sha256 = $sha FROM accounts_agency AS a WHERE a.id > 0"],
    "update returning": ["UPDATE $table SET sha256 = $sha RETURNING id"],
    "update with a query": [
        "WITH of AS (SELECT id FROM $table) UPDATE $table SET sha256 = $sha WHERE id IN (SELECT id FROM of)"
    ],
    "delete": ["DELETE FROM $table"],
    "delete where": ["DELETE FROM $table WHERE id IN (SELECT id FROM $table)"],
    "delete returning": ["DELETE FROM $table RETURNING id"],
    "delete with a query": ["WITH of AS (SELECT 1) DELETE FROM $table WHERE EXISTS (SELECT * FROM of)"],
    "a renamed table": ["ALTER TABLE $table RENAME TO x", "DELETE FROM x"],
    "a renamed column": ["ALTER TABLE $table RENAME COLUMN sha256 TO x", "UPDATE $table SET x = 'y'"],
}
if SQLITE:
    for verb in ("REPLACE", "IGNORE", "FAIL", "ABORT"):
        change = "UPDATE OR VERB $table SET ".replace("VERB", verb)
        CHANGES |= {
            f"update or {verb}": [f"{change} sha256 = $sha"],
            f"update or {verb} of the key": [f"{change} id = 1000"],
        }
    for alias in ("rowid", "oid", "_rowid_"):
        CHANGES |= {
            f"update of {alias}": ["UPDATE $table SET ALIAS = 1000".replace("ALIAS", alias)],
            f"delete by {alias}": ["DELETE FROM $table WHERE ALIAS > 0".replace("ALIAS", alias)],
        }
    CHANGES |= {
        "a view that can be written": [
            "CREATE TEMP VIEW seen AS SELECT * FROM main.$table",
            "CREATE TEMP TRIGGER sly INSTEAD OF UPDATE ON seen BEGIN UPDATE $table SET sha256 = $sha; END",
            "UPDATE seen SET id = 1",
        ],
    }
    options = sqlite3.connect(":memory:").execute("PRAGMA compile_options").fetchall()
    if ("ENABLE_UPDATE_DELETE_LIMIT",) in options:
        CHANGES |= {
            "update with a limit": ["UPDATE $table SET sha256 = $sha ORDER BY id LIMIT 1"],
            "delete with a limit": ["DELETE FROM $table ORDER BY id LIMIT 1"],
        }
else:
    CHANGES |= {
        "update of no descendants": ["UPDATE ONLY $table SET sha256 = $sha"],
        "update in a query": [
            "WITH done AS (UPDATE $table SET sha256 = $sha RETURNING id) SELECT * FROM done"
        ],
        "delete in a query": ["WITH done AS (DELETE FROM $table RETURNING id) SELECT * FROM done"],
        "delete using": ["DELETE FROM $table USING accounts_agency AS a WHERE a.id > 0"],
        "truncate": [
            f"TRUNCATE {', '.join((*TABLES, *POINTING))}",
        ],
        "truncate cascade": ["TRUNCATE $table CASCADE"],
        "truncate and count anew": ["TRUNCATE $table RESTART IDENTITY CASCADE"],
        "truncate of the rounds": ["TRUNCATE reports_round CASCADE"],
        "truncate of the plans": ["TRUNCATE measures_plan CASCADE"],
        "truncate of the agencies": ["TRUNCATE accounts_agency CASCADE"],
        "truncate of a renamed table": ["ALTER TABLE $table RENAME TO x", "TRUNCATE x CASCADE"],
        "merge that updates": [
            "MERGE INTO $table USING accounts_agency ON true WHEN MATCHED THEN UPDATE SET sha256 = $sha"
        ],
        "merge that deletes": ["MERGE INTO $table USING accounts_agency ON true WHEN MATCHED THEN DELETE"],
        "update of a view": [
            "CREATE VIEW seen AS SELECT * FROM $table",
            "UPDATE seen SET sha256 = $sha",
        ],
        "delete from a view": ["CREATE VIEW seen AS SELECT * FROM $table", "DELETE FROM seen"],
        "update as a replica": [
            "SET LOCAL session_replication_role = replica",
            "UPDATE $table SET sha256 = $sha",
        ],
        "delete as a replica": ["SET LOCAL session_replication_role = replica", "DELETE FROM $table"],
        "truncate as a replica": [
            "SET LOCAL session_replication_role = replica",
            "TRUNCATE $table CASCADE",
        ],
        "a prepared statement": [
            "DEALLOCATE ALL",
            "PREPARE sly AS UPDATE $table SET sha256 = $sha",
            "EXECUTE sly",
        ],
        "a block": ["DO $$$$ BEGIN UPDATE $table SET sha256 = $sha; END $$$$"],
    }


def insertions(table: str) -> Iterator[tuple[str, list[str]]]:
    """Every spelling of a row in the place of one that is there, each with its name."""
    for (of_table, key), others in OTHERWISE_NEW.items():
        if of_table != table:
            continue
        for name, texts in INSERTS.items():
            row = copied(table, others)
            yield f"{name} by {key}", [sql(text, table, row=row, key=key) for text in texts]
        if SQLITE and key == "id":
            for alias in ("rowid", "oid", "_rowid_"):
                row = copied(table, others, {"id": alias})
                yield f"REPLACE by {alias}", [f"REPLACE INTO {row}"]


def alterations(table: str) -> Iterator[tuple[str, list[str]]]:
    """Every spelling of a change of a row that is there, each with its name."""
    for name, texts in CHANGES.items():
        yield name, [sql(text, table) for text in texts]


@pytest.fixture
def edition(plan: Plan) -> Edition:
    made = make_edition(plan.rounds.get(months=6))
    EditionFile.objects.create(edition=made, format="json", content=bytes(range(256)), sha256="1" * 64)
    if connection.vendor == "postgresql":
        # What the inserts have left to be checked at the end would be in the way of TRUNCATE and ALTER.
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    return made


def rows() -> Rows:
    """Every column of every edition and its files."""
    return [
        tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
        for model in (Edition, EditionFile)
        for row in model.objects.order_by("pk").values_list()
    ]


def tried(statements: list[str]) -> tuple[str, Rows]:
    """What the database said to the statements, and the rows as they would be if it had agreed."""
    found: Rows = []
    said = ""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
            found = rows()
            transaction.set_rollback(True)
    except DatabaseError as error:
        said, found = str(error), rows()
    return said, found


@pytest.fixture(params=[False, True] if SQLITE else [False], ids=lambda on: "recursive" if on else "")
def recursive(request: pytest.FixtureRequest) -> Iterator[None]:
    """SQLite's own setting, which a program may change: whether REPLACE calls the triggers of DELETE."""
    if not SQLITE:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA recursive_triggers = {int(request.param)}")
        yield
        cursor.execute("PRAGMA recursive_triggers = 0")


@pytest.mark.parametrize("table", COLUMNS)
@pytest.mark.parametrize("spelled", [insertions, alterations])
def test_an_edition_stays(edition: Edition, recursive: None, spelled: Any, table: str) -> None:
    before, agreed, told = rows(), [], {}
    for name, statements in spelled(table):
        # PostgreSQL knows it since version 15.
        if statements[0].startswith("MERGE") and connection.get_database_version() < (15,):
            continue
        said, after = tried(statements)
        if not after == before == rows():
            agreed.append(name)
        if statements[0].endswith("true"):
            # A plain INSERT, which PostgreSQL refuses by the key itself.
            is_refused = triggers.SAID in said or "unique" in said
        else:
            is_refused = triggers.SAID in said or (not SQLITE and statements[0].endswith("DO NOTHING"))
        if not is_refused:
            told[name] = said
    assert (agreed, told) == ([], {})


@pytest.mark.parametrize("above", ["reports_round", "measures_plan", "accounts_agency"])
@pytest.mark.parametrize(
    "text", ["DELETE FROM $table", "UPDATE $table SET id = id + 1000", "REPLACE INTO $row"]
)
def test_what_an_edition_hangs_on_does_not_take_it_along(edition: Edition, above: str, text: str) -> None:
    if text.startswith("REPLACE") and not SQLITE:
        pytest.skip("SQLite alone knows REPLACE")
    before = rows()
    row = sql("$table SELECT * FROM $table", above)
    assert tried([sql(text, above, row=row)])[1] == before


def test_a_new_row_is_no_replacement(edition: Edition) -> None:
    EditionFile.objects.create(edition=edition, format="csv", content=b"1", sha256="2" * 64)
    EditionFile.objects.bulk_create(
        EditionFile(edition=edition, format=name, content=b"2", sha256="3" * 64) for name in ("xlsx", "docx")
    )
    Edition.objects.create(
        round=edition.round,
        revision=2,
        code="WXYZ-2345",
        document="{}",
        sha256="4" * 64,
        approved_by="ผู้บริหาร",
        approved_at=edition.approved_at,
        correction="แก้ไข",
    )
    assert len(rows()) == 7


@pytest.mark.django_db(transaction=True)
def test_a_value_is_not_written_in_place_either(edition: Edition) -> None:
    """SQLite can open a value like a file, of which no trigger hears."""
    if not SQLITE:
        pytest.skip("SQLite alone can write into a value in place")
    before = rows()
    raw = connection.connection
    for keys in ("ON", "OFF"):
        raw.execute(f"PRAGMA foreign_keys = {keys}")
        for table, columns in COLUMNS.items():
            for column in columns[1:]:
                with pytest.raises(Exception, match="cannot open"):
                    raw.blobopen(table, column, before[0][0])
    raw.execute("PRAGMA foreign_keys = ON")
    assert rows() == before
    with raw.blobopen(
        "reports_editionfile", "content", edition.files.order_by("pk")[0].pk, readonly=True
    ) as blob:
        assert blob.read() == b"%PDF-"


@pytest.mark.django_db(transaction=True)
def test_without_foreign_keys_it_stays_too(edition: Edition) -> None:
    if not SQLITE:
        pytest.skip("SQLite alone can be told to forget foreign keys")
    before = rows()
    connection.disable_constraint_checking()
    try:
        for (table, _), changes in OTHERWISE_NEW.items():
            assert triggers.SAID in tried([f"REPLACE INTO {copied(table, changes)}"])[0]
    finally:
        connection.enable_constraint_checking()
    assert rows() == before


def test_every_key_of_an_edition_is_guarded() -> None:
    """A key that a later migration adds is one more by which REPLACE finds a row."""
    for model in (Edition, EditionFile, FileSignature, SignedCopy):
        columns = {field.name: str(field.column) for field in model._meta.concrete_fields}
        keys: set[Sequence[str]] = {(columns[f.name],) for f in model._meta.concrete_fields if f.unique}
        keys |= {
            tuple(columns[name] for name in each.fields) for each in model._meta.total_unique_constraints
        }
        assert set(triggers.KEYS[model._meta.db_table]) == keys


def test_django_can_still_read_the_tables() -> None:
    """What a later migration asks of them."""
    with connection.cursor() as cursor:
        for table in COLUMNS:
            assert connection.introspection.get_constraints(cursor, table)


def guards() -> list[str]:
    """The names of what keeps editions."""
    names = (
        "SELECT name FROM sqlite_master WHERE name LIKE '%_stays%'"
        if SQLITE
        else "SELECT tgname FROM pg_trigger WHERE tgname LIKE '%_stays%' AND tgenabled = 'A'"
    )
    with connection.cursor() as cursor:
        cursor.execute(names)
        return sorted(name for (name,) in cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_the_migration_can_be_undone_and_done_again() -> None:
    complete, migration = guards(), import_module(f"reports.migrations.{MIGRATION}")
    (operation,) = migration.Migration.operations
    for done, is_there in ((operation.reverse_code, False), (operation.code, True)):
        with connection.schema_editor() as editor:
            done(None, editor)
        assert (guards() == complete) == is_there
    triggers.protect(connection)
    assert guards() == complete


@pytest.mark.skipif(not THOROUGH, reason="takes seconds: make thorough")
@pytest.mark.django_db(transaction=True)
def test_it_can_be_undone_with_all_that_came_after_it() -> None:
    complete = guards()
    graph = MigrationExecutor(connection).loader.graph
    before = [parent.key for parent in graph.node_map["reports", MIGRATION].parents]
    MigrationExecutor(connection).migrate([key for key in before if key[0] == "reports"])
    assert len(guards()) < len(complete) or not SQLITE
    MigrationExecutor(connection).migrate(graph.leaf_nodes("reports"))
    assert guards() == complete
