"""The size of letters that an agency chose, in PDF and Word: of the agency, frozen in the report."""

import io

import pytest
from docx import Document

from accounts.models import Agency, ReportTextSize
from measures.models import Plan
from reports.document.builder import build_document
from reports.document.facts import TextSize
from reports.document.serialization import from_json, to_json
from reports.models import Round
from reports.renderers import docx
from tests.support.papers import ROW, document, section


def test_a_report_is_made_in_the_size_of_its_agency_and_keeps_it(plan: Plan) -> None:
    reporting_round = Round.objects.filter(plan=plan).select_related("plan__agency").first()
    assert reporting_round is not None
    assert build_document(reporting_round).text_size == 16
    Agency.objects.filter(pk=plan.agency_id).update(report_text_size=ReportTextSize.SMALL)
    reporting_round.plan.agency.refresh_from_db()
    kept = to_json(build_document(reporting_round))
    Agency.objects.filter(pk=plan.agency_id).update(report_text_size=ReportTextSize.LARGE)
    assert from_json(kept).text_size == 14


@pytest.mark.parametrize(("size", "points"), [(14, 9.5), (16, 11)])
def test_word_has_the_size_that_was_chosen(size: TextSize, points: float) -> None:
    made = docx.make(document(section(1, ROW), text_size=size))
    normal = Document(io.BytesIO(made.content)).styles["Normal"]
    assert normal.font.size.pt == points
