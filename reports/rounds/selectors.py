"""Questions about a round: what it lacks, who has not reported, and which report of it counts now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models.functions import Length
from django.utils import timezone

from accounts.access import can_see_private_evidence
from accounts.models import Division, User
from measures.models import Evidence, Measure, Report
from measures.status import FINISHED, Status
from reports.document.builder import build_document
from reports.document.facts import ReportDocument
from reports.document.personal_data import PersonalDataPlace, findings_in
from reports.document.redaction import for_everybody
from reports.document.serialization import from_json
from reports.models import Edition, Round, RoundLength, RoundState, Submission, SubmissionOutcome
from reports.renderers import FORMATS
from reports.signatures.selectors import KeptSignature, signature_of, with_signatures


@dataclass(frozen=True)
class Gap:
    """What a measure lacks before its round can be submitted."""

    measure: Measure
    missing: str


@dataclass(frozen=True)
class Waiting:
    """A division with measures on which it has not reported in a round."""

    division: Division
    measures: Sequence[Measure]


def gaps_of(reporting_round: Round, measures: Iterable[Measure]) -> Sequence[Gap]:
    """What stands in the way of submitting a round, in printed order; no query after measures_of()."""
    return [Gap(measure, missing) for measure in measures if (missing := _missing(reporting_round, measure))]


def _missing(reporting_round: Round, measure: Measure) -> str:
    if measure.status == Status.NOT_STARTED and not measure.status_reason:
        if measure.reported_at is None:
            joinable = any(part.reported_at for part in measure.assigned_parts)
            return "ส่วนราชการรายงานแล้ว แต่ยังไม่ได้รวมผล" if joinable else "ยังไม่มีการรายงานสถานะ"
        return "ยังไม่ได้ดำเนินการ แต่ยังไม่ได้ระบุเหตุผล"
    if measure.is_late_on(reporting_round.ends_on) and not measure.status_reason:
        return "ล่าช้า แต่ยังไม่ได้ระบุเหตุผล"
    if (
        measure.status == Status.DONE
        and reporting_round.plan.agency.demands_evidence
        and not measure.evidence.all()
    ):
        return "ดำเนินการแล้วเสร็จ แต่ยังไม่มีหลักฐานของรอบนี้"
    return ""


def waiting_for(reporting_round: Round, measures: Iterable[Measure]) -> Sequence[Waiting]:
    """The divisions that have not reported in a round, by their order; no query after measures_of().

    A measure that is finished needs no report. One that is not needs one from within the round's own time:
    what the six-month report said of it is no news for the twelve-month one. Of what is reported division by
    division, each division's own part says so.
    """
    waiting: defaultdict[Division, list[Measure]] = defaultdict(list)
    for measure in measures:
        for division in measure.parties:
            if any(_is_awaited(reporting_round, report) for report in measure.reports_of([division])):
                waiting[division].append(measure)
    return [
        Waiting(division, waiting[division])
        for division in sorted(waiting, key=lambda found: (found.position, found.pk))
    ]


def _is_awaited(reporting_round: Round, report: Report) -> bool:
    reported = report.reported_at and timezone.localdate(report.reported_at)
    recent = reported is not None and reported >= reporting_round.reports_from
    return report.counted_status not in FINISHED and not recent


def pending_submission(reporting_round: Round) -> Submission | None:
    """What is waiting for a decision, with who submitted it."""
    waiting = reporting_round.submissions.filter(outcome=SubmissionOutcome.PENDING)
    return waiting.select_related("submitted_by").first()


def closes_plan(reporting_round: Round) -> bool:
    """Whether approving a round closes its plan: the twelve-month one, and a correction beside one that is
    approved. A query for the six-month round that was approved before.
    """
    if reporting_round.months == RoundLength.TWELVE:
        return True
    if not reporting_round.edition_count:
        return False
    return Round.objects.filter(
        plan=reporting_round.plan_id, months=RoundLength.TWELVE, state=RoundState.APPROVED
    ).exists()


def last_submission(reporting_round: Round) -> Submission | None:
    """The latest submission with who submitted it and who decided; without what was submitted."""
    found = reporting_round.submissions.select_related("submitted_by", "decided_by").defer("document")
    return found.order_by("-submitted_at", "-id").first()


def newest_edition(reporting_round: Round) -> Edition | None:
    """The edition with the highest revision, with who published it and by what it was withdrawn."""
    found = reporting_round.editions.select_related(
        "publication__published_by", "withdrawal__replaced_by"
    ).defer("withdrawal__replaced_by__document")
    return found.order_by("-revision").first()


def file_sizes(edition: Edition) -> Mapping[str, int]:
    """How many bytes each stored file of an edition has, by format in the order of FORMATS; one query."""
    return {name: size for name, (size, _) in stored_files(edition).items()}


def stored_files(edition: Edition) -> Mapping[str, tuple[int, KeptSignature | None]]:
    """How many bytes each stored file of an edition has, and its signature where it has one, by format in the
    order of FORMATS; one query.
    """
    files = with_signatures(edition.files.all()).annotate(size=Length("content"))
    kept = {file.format: (file.size, signature_of(file)) for file in files}
    return {name: kept[name] for name in FORMATS if name in kept}


def edition_in_force(reporting_round: Round) -> Edition | None:
    """The edition that is the round's report, files and all, as long as no correction is under way."""
    return newest_edition(reporting_round) if reporting_round.state == RoundState.APPROVED else None


def told_before(reporting_round: Round, user: User) -> Edition | None:
    """As edition_before, for who may read it: what a correction withdrew tells what is not for everybody."""
    before = edition_before(reporting_round)
    if before and before.withdrawn and not can_see_private_evidence(user, reporting_round.plan.agency):
        return None
    return before


def edition_before(reporting_round: Round) -> Edition | None:
    """What the report of a round is compared with: the last edition before it, if there is one."""
    if reporting_round.state == RoundState.SUBMITTED and reporting_round.edition_count:
        return newest_edition(reporting_round)
    plan, months = reporting_round.plan_id, reporting_round.months
    editions = Edition.objects.filter(round__plan=plan, round__months__lte=months)
    newest_first = list(
        editions.select_related("round", "withdrawal__replaced_by").order_by("-approved_at")[:2]
    )
    if reporting_round.state == RoundState.APPROVED:
        newest_first = newest_first[1:]
    return newest_first[0] if newest_first else None


def document_in_force(reporting_round: Round) -> ReportDocument:
    """The report of a round as it is to be shown now: as approved, as submitted, or as things stand."""
    if edition := edition_in_force(reporting_round):
        return document_of(edition)
    if reporting_round.state == RoundState.SUBMITTED and (pending := pending_submission(reporting_round)):
        return document_of(pending)
    return build_document(reporting_round)


def as_seen_by(user: User, reporting_round: Round, document: ReportDocument) -> ReportDocument:
    """The document as a person may read it: who may not see private evidence reads it as everybody would."""
    private = can_see_private_evidence(user, reporting_round.plan.agency)
    return document if private else for_everybody(document)


def document_of(frozen: Edition | Submission) -> ReportDocument:
    """The document that was frozen."""
    return from_json(frozen.document.encode())


def personal_data_in(document: ReportDocument) -> Sequence[PersonalDataPlace]:
    """What looks like personal data in what would leave the agency, the names of its public files included.

    What is inside the files is not looked at. One query, where there is a public file.
    """
    leaving = for_everybody(document)
    files = [line.id for row in leaving.measures for line in row.evidence if line.public and line.sha256]
    stored = Evidence.objects.filter(pk__in=files).values_list("pk", "file_name") if files else ()
    return findings_in(leaving, dict(stored))
