"""Lines in the provable log for what was there before it, each marked as noted afterwards."""

from collections import defaultdict
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from accounts.noting import event_noted
from ledger.services import write_lines
from measures.evidence.noting import hiding_noted
from reports import noting


def note_past(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    drafts = []
    approved = defaultdict(list)
    for submission in apps.get_model("reports", "Submission").objects.order_by("decided_at", "pk").iterator(200):
        drafts.append(noting.submission_noted(submission))
        if submission.outcome in noting.DECISIONS:
            drafts.append(noting.decision_noted(submission))
        elif submission.outcome == "approved":
            approved[submission.round_id].append(submission.pk)
    editions = apps.get_model("reports", "Edition").objects
    counts = defaultdict(int)
    for round_id in editions.values_list("round_id", flat=True):
        counts[round_id] += 1
    times = {}
    for edition in editions.order_by("pk").iterator(200):
        times[edition.pk] = edition.approved_at
        of_round = approved[edition.round_id]
        # Each approval made one edition, in this order; where they are not as many nobody knows which.
        known = len(of_round) == counts[edition.round_id]
        found = None
        if known:
            found = apps.get_model("reports", "Submission").objects.get(pk=of_round[edition.revision - 1])
        drafts.append(noting.edition_noted(edition, found))
    for file in apps.get_model("reports", "EditionFile").objects.order_by("pk").defer("content"):
        drafts.append(noting.file_noted(file, times[file.edition_id]))
    for withdrawal in apps.get_model("reports", "EditionWithdrawal").objects.order_by("pk"):
        drafts.append(noting.withdrawal_noted(withdrawal, times[withdrawal.replaced_by_id]))
    for publication in apps.get_model("reports", "Publication").objects.order_by("pk"):
        drafts.append(noting.publication_noted(publication))
    for hiding in apps.get_model("measures", "EvidenceHiding").objects.order_by("pk"):
        drafts.append(hiding_noted(hiding))
    for event in apps.get_model("accounts", "AccountEvent").objects.order_by("pk").iterator(2000):
        drafts.append(event_noted(event))
    if drafts:
        drafts.sort(key=lambda draft: draft.at)
        line, salt = apps.get_model("ledger", "LogLine"), apps.get_model("ledger", "LogSalt")
        write_lines(line, salt, drafts, afterwards=True)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_log"),
        ("accounts", "0008_background_jobs"),
        ("measures", "0010_import_undo"),
        ("reports", "0007_reminder_sending"),
    ]

    operations = [migrations.RunPython(note_past, migrations.RunPython.noop)]
