"""What changed since the edition before, as a file: for the agency and for everybody."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.request import Request
from core.http import NotFound, file_response
from reports.access import get_round
from reports.document.facts import ReportDocument
from reports.renderers import FORMATS
from reports.renderers.differences import MAKERS, Compared
from reports.rounds.comparison import differences
from reports.rounds.selectors import as_seen_by, document_in_force, document_of, told_before


@require_safe
def round_changes(request: Request, year: int, months: int, ending: str) -> HttpResponse:
    """What the page of the round shows with ?changes=1."""
    round_ = get_round(request, year, months)
    before = told_before(round_, request.user)
    if before is None:
        raise NotFound("ยังไม่มีฉบับก่อนหน้าให้เปรียบเทียบ")
    documents = (document_of(before), document_in_force(round_))
    told = [as_seen_by(request.user, round_, document) for document in documents]
    name = f"{round_.plan.agency.slug}-{year}-{months}-changes"
    return changes_response(told[0], told[1], ending, name, cache="private, no-cache")


def changes_response(
    before: ReportDocument, after: ReportDocument, ending: str, name: str, *, cache: str
) -> HttpResponse:
    """The comparison of two reports as a file.

    Raises:
        NotFound: it is not to be had in that format.
    """
    if ending not in MAKERS:
        raise NotFound(f"ไม่มีรายการเปลี่ยนแปลงแบบ .{ending}")
    content = MAKERS[ending](Compared(before, after, differences(before, after)))
    return file_response(content, FORMATS[ending].content_type, f"{name}.{ending}", cache=cache)
