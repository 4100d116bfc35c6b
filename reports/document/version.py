"""Which version of its facts a round's draft shows, asked of the database without building the document.

A version is a hash of whole rows: every column of every row that the builder reads, also of columns that come
later. So nothing that changes a row has to remember to say so; what changes nothing on paper may give another
version, and costs building the document once. A table that the builder begins to read has to be added here:
tests/reports/document/test_version.py compares both.
"""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import Agency, Division
from measures.models import Evidence, Indicator, Measure, Part, Plan, Responsibility, Step
from reports.models import Round, Submission, SubmissionOutcome

# What the document of the same rows depends on besides: the words of statuses, the calendar, the builder.
PROGRAM: Final = ("core", "accounts", "measures", "reports")


def content_version(reporting_round: Round) -> str:
    """A text that is another one as soon as the round's document may be another one.

    Eight queries at any size of plan. It changes at midnight, because the document says its day.
    """
    digest = hashlib.sha256(f"{program()} {timezone.localdate()}".encode())
    with connection.cursor() as cursor:
        for statement, parameters in _statements(reporting_round):
            cursor.execute(statement, parameters)
            digest.update(repr(cursor.fetchall()).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _statements(reporting_round: Round) -> Iterator[tuple[str, list[object]]]:
    """What is asked, in an order that is always the same."""
    for statement, by_plan in _of_round():
        yield statement, [reporting_round.plan_id if by_plan else reporting_round.pk]
    yield _of_submission(), [reporting_round.pk, SubmissionOutcome.PENDING]
    yield f"SELECT * FROM {_table(Indicator)} ORDER BY id", []


@cache
def _of_round() -> tuple[tuple[str, bool], ...]:
    """Statements with one parameter: the plan's key, or else the round's."""
    measures = f"SELECT id FROM {_table(Measure)} WHERE plan_id = %s"
    of_measures = f"WHERE own.measure_id IN ({measures}) ORDER BY own.id"
    named = (
        f"SELECT own.*, division.* FROM {_table(Responsibility)} own"
        f" JOIN {_table(Division)} division ON division.id = own.division_id {of_measures}"
    )
    head = (
        f"SELECT round.*, plan.*, agency.* FROM {_table(Round)} round"
        f" JOIN {_table(Plan)} plan ON plan.id = round.plan_id"
        f" JOIN {_table(Agency)} agency ON agency.id = plan.agency_id WHERE round.id = %s"
    )
    rows = (f"SELECT own.* FROM {_table(kind)} own {of_measures}" for kind in (Step, Part, Evidence))
    return (
        (head, False),
        (f"SELECT * FROM {_table(Measure)} WHERE plan_id = %s ORDER BY id", True),
        (named, True),
        *((statement, True) for statement in rows),
    )


@cache
def _of_submission() -> str:
    return f"SELECT * FROM {_table(Submission)} WHERE round_id = %s AND outcome = %s ORDER BY id"


def _table(kind: type) -> str:
    name: str = kind._meta.db_table  # type: ignore[attr-defined]
    return f'"{name}"'


@cache
def program() -> str:
    """A hash of the program: a new version of it may make another document of the same rows."""
    digest = hashlib.sha256()
    root: Path = settings.BASE_DIR
    for path in sorted(path for room in PROGRAM for path in root.glob(f"{room}/**/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
