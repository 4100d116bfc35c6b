"""Rights of the application's own role on PostgreSQL: it works with the rows and owns nothing.

Who owns a table may drop its triggers. So one role owns and migrates, and another, by which web and worker
sign in, may read and write; of what is append-only it may add rows and no more. docs/LEDGER.md says how.
"""

from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

# The triggers of core/append_only.py are named so.
KEPT = """
SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE tgname = relname || '_stays' AND relnamespace = current_schema()::regnamespace
ORDER BY relname
"""


class UnknownRole(Exception):
    """There is no role of that name, or it is the one that owns the tables."""


def grant(connection: BaseDatabaseWrapper, role: str) -> Sequence[str]:
    """Give a role what the application needs, and take away whatever else it had of tables.

    Returns:
        The tables to which it may only add.

    Raises:
        UnknownRole: nothing is changed then.
    """
    name = sql.Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_schema(), current_database()")
        owner, schema, database = (sql.Identifier(found) for found in cursor.fetchone())
        cursor.execute("SELECT rolsuper OR rolname = current_user FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
        if found is None or found[0]:
            raise UnknownRole(role)
        for statement in (
            "GRANT CONNECT ON DATABASE {database} TO {role}",
            "REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role}",
            "GRANT USAGE ON SCHEMA {schema} TO {role}",
            "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
            "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
        ):
            cursor.execute(
                sql.SQL(statement).format(database=database, schema=schema, role=name, owner=owner)
            )
        cursor.execute(KEPT)
        kept = [table for (table,) in cursor.fetchall()]
        for table in kept:
            revoked = sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(sql.Identifier(table), name)
            cursor.execute(revoked)
    return kept
