"""On PostgreSQL the application's role works with rows, and changes neither what is kept nor its triggers."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.models import User
from ledger.models import LogKind, LogLine
from measures.models import Plan
from operations.verify.selectors import verify
from reports.models import Edition, Round
from reports.rounds.services import approve, publish, submit, unpublish
from tests.support.factories import make_measure

pytestmark = pytest.mark.django_db

ROLE = "ita_app_of_a_test"
KEPT = (
    "ledger_logline", "measures_evidencehiding", "reports_edition", "reports_editionfile",
    "reports_editionwithdrawal", "reports_signedscan",
)  # fmt: skip


@pytest.fixture
def role() -> str:
    """A role of the test, which goes with it."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
    return ROLE


@contextmanager
def signed_in(role: str) -> Iterator[None]:
    """What is done is done by the role."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        yield
        cursor.execute("RESET ROLE")


def test_the_role_works_and_only_adds_to_what_is_kept(
    role: str, plan: Plan, people: dict[str, User], nothing_laid_out: None,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    call_command("grant_rights", role)
    said = capsys.readouterr().out
    assert all(table in said for table in KEPT)
    make_measure(plan, status="done", result="ผล", reported_at=timezone.now())
    round_ = Round.objects.select_related("plan__agency").get(plan=plan, months=6)
    with signed_in(role):
        submission = submit(round_, people["officer"])
        edition = approve(submission, people["executive"], "https://example.com/", in_background=False)
        publish(edition, people["officer"])
        unpublish(round_, people["officer"])
        assert [line.kind for line in LogLine.objects.all()][-1] == LogKind.UNPUBLISHED
        assert {misfit.number for misfit in verify().misfits} <= {0}
    for table in KEPT:
        for statement in (
            f"UPDATE {table} SET {'number = number' if table == 'ledger_logline' else 'id = id'}",  # noqa: S608
            f"DELETE FROM {table}",  # noqa: S608
            f"TRUNCATE {table} CASCADE",
            f"DROP TRIGGER {table}_stays ON {table}",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            f"DROP FUNCTION {table}_stays() CASCADE",
            f"DROP TABLE {table} CASCADE",
            f"CREATE TRIGGER other BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_stays()",
        ):
            with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
                refused(role, statement)
    for statement in (
        "CREATE TABLE other (id int)",
        "SET session_replication_role = replica",
        "DELETE FROM django_migrations",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            refused(role, statement)
    assert Edition.objects.count() == 1


def refused(role: str, statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        cursor.execute(statement)


def test_who_could_do_anything_anyway_is_refused(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        owner = cursor.fetchone()[0]
    for name in (owner, "nobody_of_that_name", 'x"; DROP TABLE reports_edition; --'):
        with pytest.raises(CommandError, match="unknown role"):
            call_command("grant_rights", name)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER ROLE {role} SUPERUSER")
    with pytest.raises(CommandError, match="unknown role"):
        call_command("grant_rights", role)


def test_sqlite_has_no_roles() -> None:
    if connection.vendor == "postgresql":
        pytest.skip("of SQLite")
    with pytest.raises(CommandError, match="only PostgreSQL"):
        call_command("grant_rights", "x")
