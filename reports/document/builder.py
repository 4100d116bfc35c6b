"""Reads a round from the database into a report document."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import count

from django.db.models import Prefetch
from django.utils import timezone

from accounts.agency_settings.seals import seal_as_text
from accounts.models import ReportTextSize
from measures.models import Evidence, Indicator, Measure
from measures.status import Status
from measures.steps import numbered
from reports.document.changes import as_earlier
from reports.document.earlier import EarlierEdition
from reports.document.facts import (
    EvidenceLine,
    IndicatorSection,
    MeasureRow,
    PartLine,
    ReportDocument,
    Signatory,
    StatusName,
    StepLine,
)
from reports.document.serialization import from_json
from reports.models import Edition, Round, RoundLength

SUMMARY_ORDER = (Status.DONE, Status.IN_PROGRESS, Status.NOT_STARTED, Status.CANCELLED)


def build_document(
    reporting_round: Round, as_of: date | None = None, measures: Iterable[Measure] | None = None
) -> ReportDocument:
    """The report of a round as its plan stands now.

    Asks the database six times at any size of plan (indicators, measures, parties, parts, steps, evidence),
    once more for a twelve-month round, which stands beside the six-month one,
    and twice more where the round does not have its plan and agency with it: select_related("plan__agency").

    Args:
        reporting_round: the round to report on.
        as_of: the day that the report is dated; today in the office's time zone when left out.
        measures: what measures_of() gave, where that was read already.
    """
    plan, agency = reporting_round.plan, reporting_round.plan.agency
    rows: defaultdict[int, list[MeasureRow]] = defaultdict(list)
    annex_numbers = count(1)
    for measure in measures_of(reporting_round) if measures is None else measures:
        rows[measure.indicator_id].append(_row(measure, reporting_round.ends_on, annex_numbers))
    return ReportDocument(
        agency=agency.name,
        agency_short=agency.short_name,
        province=agency.province,
        fiscal_year=plan.fiscal_year,
        months=reporting_round.length,
        as_of=as_of or timezone.localdate(),
        statuses=tuple(StatusName(status.value, status.label) for status in SUMMARY_ORDER),
        indicators=tuple(
            IndicatorSection(indicator.number, indicator.name, tuple(rows[indicator.pk]))
            for indicator in Indicator.objects.order_by("number")
        ),
        obstacles_public=agency.publishes_obstacles,
        sample_note=plan.sample_note,
        seal=seal_as_text(agency),
        reporter=Signatory(agency.reporter_name, agency.reporter_post),
        approver=Signatory(agency.approver_name, agency.approver_post),
        text_size=14 if agency.report_text_size == ReportTextSize.SMALL else 16,
        earlier=_earlier(reporting_round),
    )


def _earlier(reporting_round: Round) -> EarlierEdition | None:
    """The last approved six-month report, for a twelve-month one to stand beside."""
    if reporting_round.months != RoundLength.TWELVE:
        return None
    editions = Edition.objects.filter(round__plan=reporting_round.plan_id, round__months=RoundLength.SIX)
    text = editions.order_by("-revision").values_list("document", flat=True).first()
    return as_earlier(from_json(text.encode())) if text else None


def measures_of(reporting_round: Round) -> Sequence[Measure]:
    """A round's measures in printed order, with all that its report says of them; five queries."""
    evidence = Evidence.objects.within(reporting_round.starts_on, reporting_round.ends_on)
    measures = (
        Measure.objects.filter(plan=reporting_round.plan_id).in_report_order().with_parties().with_parts()
    )
    return list(measures.prefetch_related("steps", Prefetch("evidence", evidence)))


def _row(measure: Measure, round_end: date, annex_numbers: Iterator[int]) -> MeasureRow:
    return MeasureRow(
        title=measure.title,
        steps=tuple(
            StepLine(row.number, row.level, row.step.text, row.step.done_on)
            for row in numbered(measure.steps.all(), measure.first_step)
        ),
        parties=tuple(division.name for division in measure.parties),
        due_text=measure.due_text,
        due_on=measure.due_on,
        status=measure.status,
        status_label=Status(measure.status).label,
        late=measure.is_late_on(round_end),
        reason=measure.status_reason,
        result=measure.result,
        obstacle=measure.obstacle,
        evidence=tuple(
            EvidenceLine(
                next(annex_numbers),
                line.title,
                line.address,
                line.effective_on,
                line.pk,
                line.public,
                line.sha256,
                line.content_type,
                line.size,
            )
            for line in measure.evidence.all()
        ),
        id=measure.pk,
        parts=tuple(
            PartLine(
                division=part.division.name,
                status=part.status,
                status_label=Status(part.status).label,
                late=part.is_late_on(round_end),
                reason=part.status_reason,
                result=part.result,
                obstacle=part.obstacle,
            )
            for part in measure.assigned_parts
        ),
    )
