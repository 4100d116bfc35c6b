"""What the papers round an edition say: every fact as text, the same for the PDF and for Word templates.

What the system does not know is a dotted line, to be filled in by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import timezone

from accounts.models import Agency, User
from core.thai_calendar import FiscalYear, long_date, thai_digits
from reports.document.facts import TITLE, EditionMark, MeasureRow, ReportDocument, Signatory
from reports.models import Edition

BLANK: Final = "." * 40
# Values of statuses, which no edition ever changed.
DONE, IN_PROGRESS, NOT_STARTED, CANCELLED = "done", "in_progress", "not_started", "cancelled"
# Stands after the words that mark invented facts; _paper.html says the same.
INVENTED: Final = "เป็นเรื่องสมมุติเพื่อทดลองใช้ระบบ ไม่ใช่ผลการดำเนินงานจริง"
NOBODY: Final = "–"


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """One measure in the papers: a row of a list."""

    indicator: str
    title: str
    parties: str
    status: str


@dataclass(frozen=True, slots=True)
class PackFacts:
    """Everything that a paper may say; all of it is text with Thai digits, but for codes and addresses."""

    agency: str
    agency_short: str
    province: str
    agency_address: str
    website: str
    owner: str
    """The officer's division, where there is one, and the agency."""
    made_on: str
    title: str
    """Of the report with its year and round."""
    fiscal_year: str
    months: str
    period: str
    as_of: str
    revision: str
    code: str
    correction: str
    """Empty for a first revision."""
    address: str
    reporter: str
    reporter_post: str
    reported_on: str
    approver: str
    approver_post: str
    approved_on: str
    head: str
    """Of the agency, as its profile says who approves."""
    head_post: str
    publisher: str
    publisher_post: str
    published_on: str
    measures: str
    done: str
    in_progress: str
    not_started: str
    cancelled: str
    late: str
    done_percent: str
    summary: str
    sample: str
    """Says of a plan for trying out that it is invented; empty in every real one."""
    rows: tuple[MeasureFacts, ...]


def facts_of(edition: Edition, document: ReportDocument, officer: User, today: date) -> PackFacts:
    """The facts of an edition, which has its round, plan, agency and publication, on the day of making.

    Args:
        document: of the edition.
        officer: who makes the papers.
    """
    agency = edition.round.plan.agency
    mark = document.edition or _mark_of(edition)
    head = _head(document, mark)
    publisher = _publisher(edition)
    counts = {count.value: count.count for count in document.status_counts}
    total = document.measure_count
    return PackFacts(
        agency=document.agency,
        agency_short=document.agency_short,
        province=document.province or BLANK,
        agency_address=thai_digits(agency.address) if agency.address else BLANK,
        website=agency.website or BLANK,
        owner=_owner(agency, document, officer),
        made_on=_day(today),
        title=thai_digits(f"{TITLE} ประจำ{document.round_name}"),
        fiscal_year=thai_digits(document.fiscal_year),
        months=thai_digits(document.months),
        period=thai_digits(FiscalYear(document.fiscal_year).round_period(document.months)),
        as_of=_day(document.as_of),
        revision=thai_digits(mark.revision),
        code=mark.code,
        correction=mark.correction,
        address=mark.address,
        reporter=document.reporter.name or BLANK,
        reporter_post=document.reporter.post or BLANK,
        reported_on=_day(mark.reported_on) if mark.reported_on else BLANK,
        approver=mark.approved_by or BLANK,
        approver_post=mark.approved_post or BLANK,
        approved_on=_day(mark.approved_on),
        head=head.name or BLANK,
        head_post=head.post or BLANK,
        publisher=publisher.name or BLANK,
        publisher_post=publisher.post or BLANK,
        published_on=_day(timezone.localdate(edition.published_at)) if edition.published_at else BLANK,
        measures=thai_digits(total),
        done=thai_digits(counts.get(DONE, 0)),
        in_progress=thai_digits(counts.get(IN_PROGRESS, 0)),
        not_started=thai_digits(counts.get(NOT_STARTED, 0)),
        cancelled=thai_digits(counts.get(CANCELLED, 0)),
        late=thai_digits(document.late_count),
        done_percent=thai_digits(round(100 * counts.get(DONE, 0) / total)) if total else thai_digits(0),
        summary=_summary(document),
        sample=f"{document.sample_note} {INVENTED}" if document.sample_note else "",
        rows=tuple(_row(section.number, row) for section in document.sections for row in section.measures),
    )


def _mark_of(edition: Edition) -> EditionMark:
    """Where an edition's document does not say what it is."""
    day = timezone.localdate(edition.approved_at)
    return EditionMark(
        edition.revision,
        edition.code,
        "",
        edition.approved_by,
        edition.approved_post,
        day,
        edition.correction,
    )


def _head(document: ReportDocument, mark: EditionMark) -> Signatory:
    """Whose leave is asked: who approves as the agency's profile says, else who approved."""
    if document.approver.name or document.approver.post:
        return document.approver
    return Signatory(mark.approved_by, mark.approved_post)


def _publisher(edition: Edition) -> Signatory:
    publication = getattr(edition, "publication", None)
    person = publication and publication.published_by
    return Signatory(person.get_full_name(), person.post) if person else Signatory()


def _owner(agency: Agency, document: ReportDocument, officer: User) -> str:
    """An officer of several divisions writes by hand for which."""
    names = list(officer.divisions.filter(agency=agency).values_list("name", flat=True)[:2])
    return f"{names[0]} {document.agency}" if len(names) == 1 else document.agency


def _summary(document: ReportDocument) -> str:
    counts = [
        f"{count.label} {thai_digits(count.count)} มาตรการ" for count in document.status_counts if count.count
    ]
    said = f"มีมาตรการทั้งสิ้น {thai_digits(document.measure_count)} มาตรการ"
    if counts:
        said += f" {_joined(counts)}"
    if document.late_count:
        said += f" ในจำนวนนี้ล่าช้ากว่ากำหนด {thai_digits(document.late_count)} มาตรการ"
    return said


def _joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{' '.join(parts[:-1])} และ{parts[-1]}"


def _row(indicator: int, row: MeasureRow) -> MeasureFacts:
    status = f"{row.status_label} (ล่าช้า)" if row.late else row.status_label
    return MeasureFacts(thai_digits(indicator), row.title, ", ".join(row.parties) or NOBODY, status)


def _day(day: date) -> str:
    return thai_digits(long_date(day))
