"""Ten thousand editions are verified within a minute; what it asks of the database grows by batches alone."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from time import process_time
from typing import Final

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.noting import note_rights
from ledger.heads import LogHead
from ledger.selectors import current_head
from ledger.services import append
from measures.models import Plan
from operations.verify.rows import BATCH
from operations.verify.selectors import verify
from reports.document.facts import EditionMark, ReportDocument
from reports.document.serialization import to_json
from reports.models import Edition, EditionFile, Round, Submission
from reports.noting import edition_noted, file_noted, submission_noted
from tests.support.papers import ROW, document, section
from tests.support.thorough import THOROUGH

pytestmark = pytest.mark.django_db

EDITIONS: Final = 10_000 if THOROUGH else 2 * BATCH
# As many measures as make the seed report's 28 kB of JSON, and a file of each format.
MEASURES: Final = 40
FORMATS: Final = ("pdf", "docx", "xlsx", "csv", "json")
SECONDS: Final = 60


def many(round_: Round, numbers: range) -> None:
    """Store editions with their submissions, files and lines."""
    now = timezone.now()
    whole = document(section(1, *[replace(ROW, id=number) for number in range(1, MEASURES + 1)]))
    head = str(current_head())
    submitted = to_json(whole).decode()
    submissions = Submission.objects.bulk_create(
        Submission(round=round_, document=submitted, submitted_at=now, outcome="approved", decided_at=now)
        for _ in numbers
    )
    editions = Edition.objects.bulk_create(_editions(round_, numbers, whole, head))
    files = EditionFile.objects.bulk_create(
        EditionFile(edition=edition, format=name, content=b"x" * 9_999, sha256=X)
        for edition in editions
        for name in FORMATS
    )
    with transaction.atomic():
        append(
            *map(submission_noted, submissions),
            *(edition_noted(*both) for both in zip(editions, submissions, strict=True)),
            *(file_noted(file, now) for file in files),
        )


X: Final = hashlib.sha256(b"x" * 9_999).hexdigest()


def _editions(round_: Round, numbers: range, whole: ReportDocument, head: str) -> Iterator[Edition]:
    now = timezone.now()
    for number in numbers:
        mark = EditionMark(number, f"{number:09d}", "https://x/", "ก", "ข", now.date(), "แก้", log_head=head)
        text = to_json(replace(whole, edition=mark))
        yield Edition(
            round=round_,
            revision=number,
            code=mark.code,
            document=text.decode(),
            sha256=hashlib.sha256(text).hexdigest(),
            approved_by=mark.approved_by,
            approved_post=mark.approved_post,
            approved_at=now + timedelta(seconds=number),
            correction=mark.correction,
        )


def test_many_editions_are_verified_in_time(plan: Plan, people: dict[str, User]) -> None:
    for person in people.values():
        with transaction.atomic():
            note_rights(person.pk)
    round_ = Round.objects.get(plan=plan, months=6)
    numbers = iter(range(2, EDITIONS + 2))
    with CaptureQueriesContext(connection) as before:
        verify()
    while batch := list(islice(numbers, 500)):
        many(round_, range(batch[0], batch[-1] + 1))
    kept = [current_head()]
    began = process_time()
    with CaptureQueriesContext(connection) as queries:
        done = verify(kept)
    seconds = process_time() - began
    print(f"{EDITIONS} editions, {done.head.size} lines, {len(queries)} queries: {seconds:.1f} s")
    assert done.misfits == []
    assert (done.editions, done.files) == (EDITIONS, EDITIONS * len(FORMATS))
    assert done.head == LogHead(len(people) + 7 * EDITIONS, done.head.root)
    # The submissions of each batch of editions, and nothing else.
    assert len(queries) - len(before) <= EDITIONS / BATCH
    assert seconds <= SECONDS
