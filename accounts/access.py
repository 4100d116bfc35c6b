"""Who may see or manage an agency. Views, templates and tests ask these functions and no others."""

from accounts.models import Agency, User
from accounts.request import Request
from core.http import NotFound


def can_see_agency(user: User, agency: Agency) -> bool:
    """Everyone in the agency; the overseer sees all agencies."""
    return user.is_overseer or user.agency_id == agency.pk


def can_manage_agency(user: User, agency: Agency) -> bool:
    """The agency's ITA officer keeps its divisions, plans and people."""
    return user.is_officer and user.agency_id == agency.pk


def can_set_up_agencies(user: User) -> bool:
    """Who looks after the site adds agencies, each with its first officer, and sees how far each is."""
    return user.is_administrator


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
