"""The report of a round as plain facts: what every renderer prints and what an approved edition freezes.

Nothing here knows of Django, of a database or of HTML. Every container is a tuple, every value is plain
text, a number or a day, so that a document can be compared, written as JSON and kept for ever. Numbers and
labels made here have Arabic digits; a renderer that prints Thai ones changes them itself. Text that people
typed (titles, steps, due dates, results) is verbatim.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from core.thai_calendar import FiscalYear, RoundMonths
from reports.document.earlier import EarlierEdition

# How large the text of the printed report is, as offices say it: in points of TH Sarabun New.
TextSize = Literal[14, 16]
USUAL_SIZE: Final = 16
TITLE: Final = "รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส"


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step (ขั้นตอน) of a measure, with the number that is printed before it."""

    label: str
    """1. on the first level, 1.1 on the second."""
    level: int
    """1 or 2."""
    text: str
    done_on: date | None
    """None says that nobody reported the step, which is not the same as "not done"."""


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One piece of evidence (หลักฐาน): a line of the annex, referred to by its number from the table."""

    number: int
    """From 1, through the whole document."""
    title: str
    """Empty where the title stays at the agency and the document is for everybody (redaction.py)."""
    address: str
    """Where it can be seen on the web; empty for a file, and where the title is."""
    effective_on: date
    """The day that it is evidence of, not the day on which it was entered."""
    id: int = 0
    """The number by which the system knows it; 0 where it knows none."""
    public: bool = False
    """Whether the agency shows it to everybody, as it was chosen when the document was made."""
    sha256: str = ""
    """Of its file; empty for a web address, and in documents of version 1."""
    content_type: str = ""
    """Of its file: image/jpeg; empty for a web address, for what is kept, and before version 5."""
    size: int = 0
    """Of its file in bytes; 0 where the content type is empty."""


@dataclass(frozen=True, slots=True)
class PartLine:
    """What one division reported of a measure that is reported division by division.

    The measure's own status and texts are what is printed; these are the divisions' own words beside them.
    """

    division: str
    status: str
    """One of the values in the document's statuses."""
    status_label: str
    late: bool
    """Due before the round's last day and neither done nor cancelled."""
    reason: str
    result: str
    obstacle: str


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure (มาตรการ): a row of the report's table."""

    title: str
    steps: tuple[StepLine, ...]
    """In printed order: a step of the first level, then those under it, then the next."""
    parties: tuple[str, ...]
    """Names of those responsible, in the order in which the plan lists them."""
    due_text: str
    """When it is to be finished, in the plan's own words; may be empty."""
    due_on: date | None
    """The day that lateness is computed from."""
    status: str
    """One of the values in the document's statuses."""
    status_label: str
    late: bool
    """Due before the round's last day and neither done nor cancelled."""
    reason: str
    """Why it is late, cancelled or not started; may be empty."""
    result: str
    obstacle: str
    evidence: tuple[EvidenceLine, ...] = ()
    id: int = 0
    """The number by which the system knows the measure, whatever its title becomes; 0 where it knows none."""
    parts: tuple[PartLine, ...] = ()
    """One for each responsible division in the plan's order; empty where all of them report together."""


@dataclass(frozen=True, slots=True)
class IndicatorSection:
    """One indicator (ตัวชี้วัด) of the nation's assessment and the agency's measures under it, maybe none."""

    number: int
    name: str
    measures: tuple[MeasureRow, ...]

    def count(self, status: str) -> int:
        """How many of its measures have a status."""
        return sum(measure.status == status for measure in self.measures)


@dataclass(frozen=True, slots=True)
class StatusName:
    """A status and the words for it; kept in the document so that an old edition keeps its own words."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many measures of the document have a status."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class EditionMark:
    """What an approved report (ฉบับที่อนุมัติ) says of itself, so that it can be told from any other."""

    revision: int
    """1, and one more for each correction."""
    code: str
    """Short enough to be read out: 7KQF-29XM."""
    address: str
    """The public page where anybody can check the report: of this revision, since version 4."""
    approved_by: str
    approved_post: str
    """May be empty."""
    approved_on: date
    correction: str
    """Why the revision before it was corrected; empty for the first."""
    reported_on: date | None = None
    """The day on which the officer submitted it; None in documents before version 4."""
    log_head: str = ""
    """The head of the site's log before this edition, SIZE ROOT; empty in editions from before the log."""

    @property
    def page_of_round(self) -> str:
        """The public page of the round, which shows its newest revision."""
        return f"{self.address.removesuffix(f'/{self.revision}/')}/" if self.reported_on else self.address


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs a report, as the agency's profile says; what is empty is written by hand."""

    name: str = ""
    post: str = ""


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """The report (รายงาน) of one agency's round."""

    agency: str
    agency_short: str
    province: str
    """Empty where the agency did not say."""
    fiscal_year: int
    """Buddhist era: 2566 runs from 2022-10-01 to 2023-09-30."""
    months: RoundMonths
    as_of: date
    """The day on which the facts were read."""
    statuses: tuple[StatusName, ...]
    """Every status there is, in the order of the summary."""
    indicators: tuple[IndicatorSection, ...]
    """All indicators of the assessment by number, also those without a measure."""
    edition: EditionMark | None = None
    """Empty in a draft, and in what is submitted and not yet approved."""
    obstacles_public: bool = True
    """Whether obstacles leave the agency, as it had chosen when the document was made; where they do not,
    a document for everybody has none."""
    sample_note: str = ""
    """Says of a report for trying out that its facts are invented; empty in every real one."""
    seal: str = ""
    """The agency's seal when the document was made: a PNG as base64; empty where it has none."""
    reporter: Signatory = Signatory()
    """Who reports; printed below the line for the signature."""
    approver: Signatory = Signatory()
    """Who approves; of an edition, EditionMark says who did."""
    text_size: TextSize = USUAL_SIZE
    """How large its text is printed, as the agency had chosen when the document was made."""
    earlier: EarlierEdition | None = None
    """Of a twelve-month report the approved six-month one of its year, where there is one."""

    @property
    def is_draft(self) -> bool:
        """Whether it is the agency's own, not yet approved."""
        return self.edition is None

    @property
    def starts_on(self) -> date:
        return FiscalYear(self.fiscal_year).start

    @property
    def ends_on(self) -> date:
        """The last day of the round; what is due before it and not finished is late."""
        return FiscalYear(self.fiscal_year).round_end(self.months)

    @property
    def round_name(self) -> str:
        """ปีงบประมาณ พ.ศ. 2566 รอบ 6 เดือน."""
        return f"ปีงบประมาณ พ.ศ. {self.fiscal_year} รอบ {self.months} เดือน"

    @property
    def round_line(self) -> str:
        """The title's third line: ประจำปีงบประมาณ พ.ศ. 2566 รอบ 6 เดือน (ตุลาคม 2565 - มีนาคม 2566)."""
        return f"ประจำ{self.round_name} ({FiscalYear(self.fiscal_year).round_period(self.months)})"

    @property
    def title_lines(self) -> tuple[str, str, str]:
        """The three lines that a printed report begins with."""
        return TITLE, self.agency, self.round_line

    @property
    def sections(self) -> tuple[IndicatorSection, ...]:
        """The indicators that have a measure: the others get no place in the table."""
        return tuple(indicator for indicator in self.indicators if indicator.measures)

    @property
    def indicators_without_measures(self) -> tuple[IndicatorSection, ...]:
        return tuple(indicator for indicator in self.indicators if not indicator.measures)

    @property
    def measures(self) -> Iterator[MeasureRow]:
        """Every measure, in printed order."""
        return (measure for indicator in self.indicators for measure in indicator.measures)

    @property
    def measure_count(self) -> int:
        return sum(len(indicator.measures) for indicator in self.indicators)

    @property
    def status_counts(self) -> tuple[StatusCount, ...]:
        """One count for each status, also where it is zero; they add up to measure_count."""
        counts = Counter(measure.status for measure in self.measures)
        return tuple(StatusCount(name.value, name.label, counts[name.value]) for name in self.statuses)

    @property
    def late_count(self) -> int:
        """How many measures are late; each of them is also counted under its status."""
        return sum(measure.late for measure in self.measures)

    @property
    def evidence(self) -> tuple[EvidenceLine, ...]:
        """The annex: all evidence by number."""
        return tuple(line for measure in self.measures for line in measure.evidence)
