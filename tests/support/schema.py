"""What a database is made of, in a form in which two that were made in other ways can be compared."""

import re
from collections.abc import Iterator
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

# Of each question the first column names the table.
POSTGRESQL: Final = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
               a.attidentity::text, a.attcollation, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relkind IN ('r', 'S', 'v') AND c.relnamespace = 'public'::regnamespace
          AND a.attnum > 0 AND NOT a.attisdropped
    """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), condeferrable, condeferred,
               convalidated
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """,
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, tgenabled::text, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal
    """,
    "functions": """
        SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    """,
}
ROWS: Final = {
    "content types": "SELECT app_label, model FROM django_content_type",
    "permissions": """
        SELECT t.app_label, t.model, p.codename, p.name
        FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
    """,
    "migrations": "SELECT app, name FROM django_migrations",
}


def schema_of(connection: BaseDatabaseWrapper) -> list[tuple[Any, ...]]:
    """Tables with columns, constraints, indexes, triggers and functions; and the rows that migrating stores.

    Without the order of columns: Django names each one, and when SQLite makes a table anew it puts those last
    that refer to their own table.
    """
    with connection.cursor() as cursor:

        def ask(question: str) -> list[Any]:
            cursor.execute(question)
            return list(cursor.fetchall())

        found: list[tuple[Any, ...]] = [(kind, *row) for kind, text in ROWS.items() for row in ask(text)]
        if connection.vendor == "postgresql":
            found += [(kind, *row) for kind, text in POSTGRESQL.items() for row in ask(text)]
        else:
            for kind, name, table, sql in ask("SELECT type, name, tbl_name, sql FROM sqlite_master"):
                if kind == "table" and name != "sqlite_sequence":
                    found += [("parts", name, part) for part in parts_of(sql)]
                elif not name.startswith("sqlite_"):
                    found.append((kind, table, name, plain(sql)))
    return sorted(found, key=repr)


def parts_of(sql: str) -> Iterator[str]:
    """What stands between the commas of CREATE TABLE."""
    body = sql[sql.index("(") + 1 : sql.rindex(")")]
    depth, part = 0, ""
    for piece in re.findall(r"'(?:[^']|'')*'|.", body, re.DOTALL):
        depth += (piece == "(") - (piece == ")")
        if piece == "," and not depth:
            yield plain(part)
            part = ""
        else:
            part += piece
    yield plain(part)


def plain(sql: str) -> str:
    """Without what means nothing: spaces, and marks round names."""
    return re.sub(r"\s+", " ", sql).replace('"', "").replace("( ", "(").strip()
