"""What somebody could do to a site whose database and files are in their hands."""

import hashlib
import json
from datetime import datetime

from django.db import connection

from accounts.models import AccountEvent
from accounts.noting import rights_by_person, rights_noted
from accounts.triggers import release as release_log
from core import append_only
from ledger.entries import BEFORE_THE_FIRST, LogDraft, entry, sha256_of
from ledger.heads import LogHead
from ledger.merkle import frontier, node_ending_with, root_of
from ledger.models import LogKind, LogLine, LogSalt
from measures.models import Evidence
from operations.verify.rows import RowKey, rows_to_check
from reports import triggers
from reports.models import Edition, Submission


def take_the_triggers_away() -> None:
    """As the owner of the tables can."""
    triggers.release(connection)
    triggers.release_papers(connection)
    release_log(connection)
    for table in ("ledger_logline", "measures_evidencehiding"):
        append_only.release(connection, table)


def swap_everywhere(before: str, after: str) -> None:
    """Put another hash of a file in every place where the database names it."""
    Evidence.objects.filter(sha256=before).update(sha256=after)
    for row in (*Submission.objects.all(), *Edition.objects.all()):
        text = row.document.replace(before, after)
        type(row)._default_manager.filter(pk=row.pk).update(document=text)


def chain_anew() -> None:
    """Write every line so that it fits the rows of today and the line before; editions print what fits."""
    nodes: dict[int, bytes] = {}
    previous = BEFORE_THE_FIRST
    drafts = _drafts()
    salts = dict(LogSalt.objects.values_list("line_id", "value"))
    for line in LogLine.objects.order_by("number"):
        old = json.loads(line.text)
        if line.kind == LogKind.APPROVED:
            _print_head_anew(old["facts"]["edition"], nodes)
            drafts = _drafts()
        draft = drafts.get(RowKey(line.kind, line.subject, old["facts"].get("format", "")))
        if draft is None:
            draft = LogDraft(line.kind, line.subject, datetime.fromisoformat(old["at"]), old["facts"])
        noted = datetime.fromisoformat(old["noted"])
        at = draft if line.kind != LogKind.FILE_STORED else _at(draft, old["at"])
        salt = salts.get(line.number, "")
        text = entry(at, line.number, previous, salt, noted, afterwards=old["afterwards"])
        previous = sha256_of(text)
        nodes[line.number] = node_ending_with(line.number, previous, nodes)
        LogLine.objects.filter(pk=line.pk).update(text=text, sha256=previous, node=nodes[line.number].hex())


def _at(draft: LogDraft, moment: str) -> LogDraft:
    return LogDraft(draft.kind, draft.subject, datetime.fromisoformat(moment), draft.facts, draft.personal)


def _drafts() -> dict[RowKey, LogDraft]:
    """What each line would have to say."""
    texts = LogLine.objects.filter(kind=LogKind.APPROVED).values_list("text", flat=True)
    told = [json.loads(text)["facts"] for text in texts]
    submission_of = {facts["edition"]: facts["submission"] for facts in told}
    found = {row.key: row.draft for row in rows_to_check(submission_of)}
    rights = rights_by_person(None)
    for event in AccountEvent.objects.all():
        draft = found[RowKey(LogKind.ACCOUNT, f"event:{event.pk}")]
        found[RowKey(LogKind.ACCOUNT, draft.subject)] = LogDraft(
            draft.kind,
            draft.subject,
            draft.at,
            draft.facts,
            {**draft.personal, "rights": rights[event.person_id]},
        )
    for line in LogLine.objects.filter(kind=LogKind.RIGHTS):
        old = json.loads(line.text)
        person = old["facts"]["person"]
        draft = rights_noted(person, rights[person], datetime.fromisoformat(old["at"]))
        found[RowKey(LogKind.RIGHTS, draft.subject)] = draft
    return found


def _print_head_anew(pk: int, nodes: dict[int, bytes]) -> None:
    document = json.loads(Edition.objects.get(pk=pk).document)
    size = int(document["edition"]["log_head"].split()[0])
    root = root_of([nodes[number] for number in frontier(size)]).hex()
    document["edition"]["log_head"] = str(LogHead(size, root))
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    Edition.objects.filter(pk=pk).update(document=text, sha256=sha256)
