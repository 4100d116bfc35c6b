"""Who may see or manage an agency. Views, templates and tests ask these functions and no others."""

from django.core.exceptions import PermissionDenied

from accounts.models import Agency, BackgroundJob, User
from accounts.request import Request
from core.http import NotFound


def can_see_agency(user: User, agency: Agency) -> bool:
    """Everyone in the agency; the overseer sees all agencies."""
    return user.is_overseer or user.agency_id == agency.pk


def can_manage_agency(user: User, agency: Agency) -> bool:
    """The agency's ITA officer keeps its divisions, plans and people."""
    return user.is_officer and user.agency_id == agency.pk


def can_see_overview(user: User) -> bool:
    """The list of all agencies is the overseer's."""
    return user.is_overseer


def agency_in_view(request: Request) -> Agency:
    """The agency whose page is asked for: one's own, or for the overseer the one named by ?agency=SLUG.

    Raises:
        NotFound: no such agency, or another agency than one's own: whether it exists is not told.
    """
    user = request.user
    slug = request.GET.get("agency", "")
    if user.is_overseer:
        # PostgreSQL refuses to be asked for a NUL; no agency has a name with one.
        agency = Agency.objects.filter(slug=slug).first() if slug.isprintable() else None
    else:
        agency = user.agency if slug in ("", user.agency and user.agency.slug) else None
    if agency is None or not can_see_agency(user, agency):
        raise NotFound("ไม่พบหน่วยงานนี้")
    # The bar on top of the page shows it.
    request.agency = agency
    return agency


def can_see_job(user: User, job: BackgroundJob) -> bool:
    """Who asked for it, and everyone in its agency."""
    return job.asked_by_id == user.pk or (job.agency is not None and can_see_agency(user, job.agency))


def can_change_job(user: User, job: BackgroundJob) -> bool:
    """Cancel it or ask for it again: who asked for it, and the officer of its agency."""
    return job.asked_by_id == user.pk or (job.agency is not None and can_manage_agency(user, job.agency))


def get_job(request: Request, pk: int) -> BackgroundJob:
    """A job that one may see.

    Raises:
        NotFound: there is none, it is of another agency, or it ended more than seven days ago.
    """
    job = BackgroundJob.objects.select_related("agency").filter(pk=pk).first()
    if job is None or not can_see_job(request.user, job):
        raise NotFound("ไม่พบงานนี้ ผลของงานเก็บไว้ 7 วัน")
    return job


def get_job_to_change(request: Request, pk: int) -> BackgroundJob:
    """As get_job; 403 for whoever may see it but not change it."""
    job = get_job(request, pk)
    if not can_change_job(request.user, job):
        raise PermissionDenied
    return job
