"""What `manage.py check`, /readyz and the administrator's page say of the certificate."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.checks import WARNING, CheckMessage, register

from core.thai_calendar import long_date
from reports.signatures.certificate import ENDS_SOON, CertificateProblem, roots, usable_facts


def problem_of_signing() -> str:
    """Why nothing can be signed now, in Thai; empty where all is well or nothing is to be signed."""
    if not settings.SIGNING.has_certificate:
        return ""
    try:
        usable_facts()
        roots()
    except CertificateProblem as problem:
        return str(problem)
    return ""


def warning_of_signing() -> str:
    """As problem_of_signing(), and that the certificate ends soon."""
    if problem := problem_of_signing():
        return problem
    if settings.SIGNING.has_certificate:
        ends_at = usable_facts().ends_at
        if ends_at - datetime.now(UTC) < ENDS_SOON:
            return f"ใบรับรองจะหมดอายุวันที่ {long_date(ends_at)}"
    return ""


@register()
def check_signing(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """A warning where what is approved is not signed, or soon will not be; the site works all the same."""
    said = warning_of_signing()
    if not said:
        return []
    hint = "Editions still get their files, without a signature: see docs/OPERATIONS.md."
    return [CheckMessage(WARNING, f"SIGNING_CERTIFICATE_FILE: {said}", hint=hint, id="reports.W001")]
