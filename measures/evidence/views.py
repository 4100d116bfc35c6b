"""The file of a piece of evidence, handed out."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.request import Request
from measures.access import get_evidence
from measures.evidence.downloads import evidence_response


@require_safe
def evidence_file(request: Request, pk: int) -> HttpResponse:
    """The file of a piece of evidence, for whoever may see its measure."""
    return evidence_response(request, get_evidence(request, pk))
