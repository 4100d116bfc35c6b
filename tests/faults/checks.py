"""What must hold after a fault: every answered write is there, and nothing is there by half."""

import hashlib
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from django.core.management import CommandError, call_command, get_commands
from django.db import connection

from accounts.models import BackgroundJob
from measures.models import Evidence, Measure
from reports.models import Edition, EditionFile, Round, RoundState, Submission, SubmissionOutcome
from reports.rounds.edition_files import KIND, missing_formats
from tests.faults.browser import Write


def lost(writes: Iterable[Write]) -> list[str]:
    """The answered writes that are not there, or not as they were sent; or there more than once."""
    looked_for = (write for write in writes if write.kind in FINDERS)
    return [
        f"{write.kind} {write.about} {write.text}: {what}"
        for write in looked_for
        if (what := FINDERS[write.kind](write))
    ]


def _save(write: Write) -> str:
    found = Measure.history.filter(id=write.about, result=write.text).count()
    return "" if found == 1 else f"stored {found} times"


def _upload(write: Write) -> str:
    found = list(Evidence.objects.filter(measure=write.about, title=write.text))
    if len(found) != 1:
        return f"stored {len(found)} times"
    return "" if found[0].sha256 == write.sha256 else "another file"


def _decided(outcome: SubmissionOutcome) -> Callable[[Write], str]:
    def find(write: Write) -> str:
        return "" if Submission.objects.filter(pk=write.about, outcome=outcome).exists() else "not decided"

    return find


FINDERS: Mapping[str, Callable[[Write], str]] = {
    "save": _save,
    "upload": _upload,
    "approve": _decided(SubmissionOutcome.APPROVED),
    "return": _decided(SubmissionOutcome.RETURNED),
}


def counted(writes: Iterable[Write]) -> list[str]:
    """Of each round at least as many submissions and corrections as were answered."""
    answered: Counter[tuple[str, int]] = Counter((write.kind, write.about) for write in writes)
    found = []
    for round_ in Round.objects.filter(months=6).select_related("plan"):
        year = round_.plan.fiscal_year
        stored = round_.submissions.count()
        opened = round_.history.filter(state=RoundState.OPEN).exclude(correction="").count()
        if stored < answered["submit", year]:
            found.append(f"submit {year}: {answered['submit', year]} answered, {stored} stored")
        if opened < answered["reopen", year]:
            found.append(f"reopen {year}: {answered['reopen', year]} answered, {opened} stored")
    return found


def half_states(after: int = 0) -> list[str]:
    """What a change that was cut off in the middle has left: nothing, where all is right.

    Args:
        after: files of editions up to this key were looked at before.
    """
    return [
        *_database(),
        *_evidence(),
        *_histories(),
        *_rounds(),
        *_editions(after),
    ]


def _database() -> Iterator[str]:
    """What SQLite says of its own file; PostgreSQL says so when it starts."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for pragma, right in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
            cursor.execute(f"PRAGMA {pragma}")
            if (said := cursor.fetchall()) != right:
                yield f"{pragma}: {said[:3]}"


def _evidence() -> Iterator[str]:
    """Every row has its file, whole, and its line in the history."""
    told = set(Evidence.history.values_list("id", flat=True))
    for row in Evidence.objects.exclude(file=""):
        path = Path(row.file.path)
        if not path.is_file():
            yield f"evidence {row.pk} without its file"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != row.sha256:
            yield f"evidence {row.pk} with another file"
        if row.pk not in told:
            yield f"evidence {row.pk} without history"


def _histories() -> Iterator[str]:
    """The newest line of a measure is what it is now; versions are told without a gap."""
    lines: defaultdict[int, list[tuple[int, str, str]]] = defaultdict(list)
    rows = Measure.history.order_by("history_id").values_list("id", "version", "status", "result")
    for pk, *line in rows:
        lines[pk].append(tuple(line))
    for measure in Measure.objects.all():
        told = lines[measure.pk]
        if not told or told[-1] != (measure.version, measure.status, measure.result):
            yield f"measure {measure.pk} is not what its history says"
        elif [version for version, *_ in told] != list(range(1, measure.version + 1)):
            yield f"measure {measure.pk}: versions {[version for version, *_ in told]}"


def _rounds() -> Iterator[str]:
    """State, submissions and editions of a round say the same."""
    for round_ in Round.objects.all():
        outcomes = Counter(round_.submissions.values_list("outcome", flat=True))
        editions = round_.editions.count()
        pending = outcomes[SubmissionOutcome.PENDING]
        if pending != (round_.state == RoundState.SUBMITTED):
            yield f"round {round_.pk} is {round_.state} with {pending} that wait"
        if outcomes[SubmissionOutcome.APPROVED] != editions:
            yield f"round {round_.pk}: {outcomes[SubmissionOutcome.APPROVED]} approvals, {editions} editions"
        if round_.state == RoundState.APPROVED and not editions:
            yield f"round {round_.pk} is approved without an edition"
        newest = round_.history.order_by("-history_id").first()
        if newest is not None and newest.state != round_.state:
            yield f"round {round_.pk} is {round_.state}, its history says {newest.state}"


def _editions(after: int) -> Iterator[str]:
    """Documents and files have their hashes; what is missing of files somebody is to make."""
    for edition in Edition.objects.all():
        if hashlib.sha256(edition.document.encode()).hexdigest() != edition.sha256:
            yield f"edition {edition.pk}: its document is not that of its hash"
        if missing_formats(edition) and not BackgroundJob.objects.about(KIND, str(edition.pk)).exists():
            yield f"edition {edition.pk} without files, and nobody is to make them"
    for file in EditionFile.objects.filter(pk__gt=after):
        if hashlib.sha256(bytes(file.content)).hexdigest() != file.sha256:
            yield f"file {file.pk} of edition {file.edition_id}: not that of its hash"


def misfits() -> list[str]:
    """What `manage.py verify` says of the log and of all that it tells, where the site has that command."""
    if "verify" not in get_commands():
        return []
    try:
        call_command("verify", stdout=io.StringIO(), stderr=io.StringIO())
    except CommandError as error:
        return [f"verify: {error}"]
    return []


def without_files() -> list[Edition]:
    """The editions whose files are not all made yet."""
    return [
        edition
        for edition in Edition.objects.select_related("round__plan__agency")
        if missing_formats(edition)
    ]
