"""Lines in the provable log for what was there before it, each marked as noted afterwards."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

from accounts.noting import event_noted
from ledger.entries import LogDraft, canonical
from ledger.services import write_lines
from measures.evidence.noting import hiding_noted
from reports import noting

SWITCHES = (
    "is_active", "is_staff", "is_superuser",
    "is_division_staff", "is_officer", "is_executive", "is_overseer", "is_administrator",
)
SCOPE = ("oversees_everywhere", "overseen_provinces", "sees_private_evidence")


def note_past(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    drafts = sorted([*rounds(apps), *people(apps)], key=lambda draft: draft.at)
    # Last, so that they hold from now on: of these nobody knows since when.
    drafts += rights(apps)
    if drafts:
        line, salt = apps.get_model("ledger", "LogLine"), apps.get_model("ledger", "LogSalt")
        write_lines(line, salt, drafts, afterwards=True)


def rounds(apps: Any) -> Iterator[LogDraft]:
    approved = defaultdict(list)
    submissions = apps.get_model("reports", "Submission").objects
    for submission in submissions.order_by("decided_at", "pk").iterator(200):
        yield noting.submission_noted(submission)
        if submission.outcome in noting.DECISIONS:
            yield noting.decision_noted(submission)
        elif submission.outcome == "approved":
            approved[submission.round_id].append(submission.pk)
    editions = apps.get_model("reports", "Edition").objects
    counts: dict[int, int] = defaultdict(int)
    for round_id in editions.values_list("round_id", flat=True):
        counts[round_id] += 1
    times = {}
    for edition in editions.order_by("pk").iterator(200):
        times[edition.pk] = edition.approved_at
        of_round = approved[edition.round_id]
        # Each approval made one edition, in this order; where they are not as many nobody knows which.
        known = len(of_round) == counts[edition.round_id]
        submission = submissions.get(pk=of_round[edition.revision - 1]) if known else None
        yield noting.edition_noted(edition, submission)
    for file in apps.get_model("reports", "EditionFile").objects.order_by("pk").defer("content"):
        yield noting.file_noted(file, times[file.edition_id])
    for withdrawal in apps.get_model("reports", "EditionWithdrawal").objects.order_by("pk"):
        yield noting.withdrawal_noted(withdrawal, times[withdrawal.replaced_by_id])
    for publication in apps.get_model("reports", "Publication").objects.order_by("pk"):
        yield noting.publication_noted(publication)


def people(apps: Any) -> Iterator[LogDraft]:
    for hiding in apps.get_model("measures", "EvidenceHiding").objects.order_by("pk"):
        yield hiding_noted(hiding)
    for event in apps.get_model("accounts", "AccountEvent").objects.order_by("pk").iterator(2000):
        yield event_noted(event)


def rights(apps: Any) -> Iterator[LogDraft]:
    """What each person may do, as accounts/noting.py wrote it at the time of this migration."""
    user = apps.get_model("accounts", "User")
    divisions, acting, overseen = defaultdict(list), defaultdict(list), defaultdict(list)
    through = user.divisions.through.objects.order_by("division_id")
    for person, division in through.values_list("user_id", "division_id"):
        divisions[person].append(division)
    through = user.overseen_agencies.through.objects.order_by("agency_id")
    for person, agency in through.values_list("user_id", "agency_id"):
        overseen[person].append(agency)
    named = apps.get_model("accounts", "ActingApprover").objects.filter(confirmed_at__isnull=False)
    for acts in named.order_by("pk"):
        days = [str(acts.starts_on), str(acts.ends_on), acts.ended_at is not None]
        acting[acts.person_id].append([acts.pk, acts.agency_id, *days])
    now = timezone.now()
    for person in user.objects.order_by("pk"):
        held: dict[str, Any] = {name: True for name in SWITCHES if getattr(person, name)}
        if person.awaits_confirmation:
            del held["is_executive"]
            held["awaits_confirmation"] = True
        if person.is_overseer:
            scope = {name: getattr(person, name) for name in SCOPE}
            held |= {name: value for name, value in scope.items() if value}
            if overseen[person.pk]:
                held["overseen_agencies"] = overseen[person.pk]
        others = {"agency": person.agency_id, "divisions": divisions[person.pk], "acting": acting[person.pk]}
        told = canonical(held | {name: value for name, value in others.items() if value})
        yield LogDraft("rights", f"person:{person.pk}", now, {"person": person.pk}, {"rights": told})


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("accounts", "0012_job_files"),
        ("measures", "0010_import_undo"),
        ("reports", "0007_reminder_sending"),
    ]

    operations = [migrations.RunPython(note_past, migrations.RunPython.noop, elidable=True)]
