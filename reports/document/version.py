"""Which version of its facts a round's draft shows, asked of the database without building the document.

A version is a hash of whole rows: every column of every row that the builder reads, also of columns that come
later. So nothing that changes a row has to remember to say so; what changes nothing on paper may give another
version, and costs building the document once. A table that the builder begins to read has to be added here:
tests/reports/document/test_version.py compares both.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils import timezone

from reports.models import Round, SubmissionOutcome

# What the document of the same rows depends on besides: the words of statuses, the calendar, the builder.
PROGRAM: Final = ("core", "accounts", "measures", "reports")
# Each with the key of the round, or else of its plan.
OF_ROUND: Final = (
    (
        "SELECT a.*, b.*, c.* FROM reports_round a JOIN measures_plan b ON b.id = a.plan_id"
        " JOIN accounts_agency c ON c.id = b.agency_id WHERE a.id = %s"
    ),
)
OF_PLAN: Final = (
    "SELECT * FROM measures_measure WHERE plan_id = %s ORDER BY id",
    (
        "SELECT a.*, b.* FROM measures_responsibility a JOIN accounts_division b ON b.id = a.division_id"
        " WHERE a.measure_id IN (SELECT id FROM measures_measure WHERE plan_id = %s) ORDER BY a.id"
    ),
    (
        "SELECT * FROM measures_step"
        " WHERE measure_id IN (SELECT id FROM measures_measure WHERE plan_id = %s) ORDER BY id"
    ),
    (
        "SELECT * FROM measures_part"
        " WHERE measure_id IN (SELECT id FROM measures_measure WHERE plan_id = %s) ORDER BY id"
    ),
    (
        "SELECT * FROM measures_evidence"
        " WHERE measure_id IN (SELECT id FROM measures_measure WHERE plan_id = %s) ORDER BY id"
    ),
)
# An edition never changes: which there are says all of them.
EARLIER: Final = (
    "SELECT a.id FROM reports_edition a JOIN reports_round b ON b.id = a.round_id"
    " WHERE b.plan_id = %s AND b.months < %s ORDER BY a.id"
)
INDICATORS: Final = "SELECT * FROM measures_indicator ORDER BY id"
SUBMITTED: Final = "SELECT * FROM reports_submission WHERE round_id = %s AND outcome = %s ORDER BY id"


def content_version(reporting_round: Round) -> str:
    """A text that is another one as soon as the round's document may be another one.

    Nine queries at any size of plan. It changes at midnight, because the document says its day.
    """
    own: list[int | str] = [reporting_round.pk]
    plan: list[int | str] = [reporting_round.plan_id]
    asked: list[tuple[str, list[int | str]]] = [
        *((statement, own) for statement in OF_ROUND),
        *((statement, plan) for statement in OF_PLAN),
        (EARLIER, [reporting_round.plan_id, reporting_round.months]),
        (INDICATORS, []),
        (SUBMITTED, [reporting_round.pk, SubmissionOutcome.PENDING.value]),
    ]
    digest = hashlib.sha256(f"{program()} {timezone.localdate()}".encode())
    with connection.cursor() as cursor:
        for statement, parameters in asked:
            cursor.execute(statement, parameters)
            digest.update(repr(cursor.fetchall()).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


@cache
def program() -> str:
    """A hash of the program: a new version of it may make another document of the same rows."""
    digest = hashlib.sha256()
    root: Path = settings.BASE_DIR
    for path in sorted(path for room in PROGRAM for path in root.glob(f"{room}/**/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
