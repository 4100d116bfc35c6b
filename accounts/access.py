"""Who may see or manage an agency and its people. Views, templates and tests ask these functions alone."""

from typing import Final

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from accounts.models import Agency, BackgroundJob, User
from accounts.request import Request
from core.http import NotFound

# What an edition has room for.
LONGEST_POST: Final = 150


def can_see_agency(user: User, agency: Agency) -> bool:
    """Everyone in the agency, and whoever oversees it."""
    return user.agency_id == agency.pk or oversees(user, agency)


def oversees(user: User, agency: Agency) -> bool:
    """An overseer sees all agencies, or those of the provinces and agencies that the administrator named."""
    if not user.is_overseer:
        return False
    if user.oversees_everywhere:
        return True
    of_province = bool(agency.province) and agency.province in user.overseen_provinces
    return of_province or agency.pk in user.overseen_agency_ids


def agencies_overseen(user: User) -> QuerySet[Agency]:
    """The agencies that oversees() says yes to; of anybody else none."""
    if not user.is_overseer:
        return Agency.objects.none()
    if user.oversees_everywhere:
        return Agency.objects.all()
    return Agency.objects.filter(
        Q(province__in=user.overseen_provinces, province__gt="") | Q(pk__in=user.overseen_agency_ids)
    )


def can_see_private_evidence(user: User, agency: Agency) -> bool:
    """What an agency does not publish: its own people, and an overseer to whom that is granted."""
    return user.agency_id == agency.pk or (user.sees_private_evidence and oversees(user, agency))


def can_manage_agency(user: User, agency: Agency) -> bool:
    """The agency's ITA officer keeps its divisions, plans and people."""
    return user.is_officer and user.agency_id == agency.pk


def can_set_up_agencies(user: User) -> bool:
    """Who looks after the site adds agencies, each with its first officer, and sees how far each is."""
    return user.is_administrator


def can_see_overview(user: User) -> bool:
    """The list of agencies is the overseer's; which are on it, agencies_overseen() says."""
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


def can_see_people(user: User, agency: Agency) -> bool:
    """The list of an agency's people: its executives, and whoever keeps it."""
    return can_manage_people(user, agency) or (user.is_executive and user.agency_id == agency.pk)


def can_manage_people(user: User, agency: Agency) -> bool:
    """Add people: the agency's officer, and the administrator."""
    return can_manage_agency(user, agency) or user.is_administrator


def can_manage_person(user: User, person: User) -> bool:
    """Change somebody's divisions and roles, deactivate and activate: whoever keeps the agency's people.

    The account of who keeps the site is out of an officer's reach: it opens every agency.
    """
    if person.agency is None or not can_manage_people(user, person.agency):
        return False
    return user.is_administrator or not person.is_above_offices


def can_reset_password(user: User, person: User) -> bool:
    """Give somebody a new way in: the officer, or of who approves another executive; the administrator.

    With an executive's password the officer could approve what he has submitted himself. One's own password
    is changed elsewhere, by who knows it.
    """
    if user.pk == person.pk or person.agency is None or not person.is_active:
        return False
    if user.is_administrator:
        return True
    if user.agency_id != person.agency_id or person.is_above_offices:
        return False
    # Whoever added somebody hands over the first password too, before anybody has been in.
    is_first = person.last_login is None and not person.has_usable_password()
    return user.is_confirmed_executive if is_to_approve(person) and not is_first else user.is_officer


def can_change_email(user: User, person: User) -> bool:
    """An address is a way in where links are mailed: of who approves it is changed as the password is."""
    return user.pk == person.pk or user.is_administrator or not is_to_approve(person)


def can_decide_who_approves(user: User, agency: Agency) -> bool:
    """Make somebody an executive or acting approver, and undo it: an executive there, and the administrator.

    What an officer gives of that waits until one of them has confirmed it: else who submits a report could
    approve it in another's name.
    """
    return user.is_administrator or (user.is_confirmed_executive and user.agency_id == agency.pk)


def can_decide_on(user: User, person: User) -> bool:
    """The same of one person; nobody decides on themselves."""
    if person.agency is None or user.pk == person.pk or not can_decide_who_approves(user, person.agency):
        return False
    return user.is_administrator or not person.is_above_offices


def can_set_active(user: User, person: User) -> bool:
    """Take an account out of use, and back: of who approves not the officer, who may end only their own."""
    if person.is_confirmed_executive:
        return can_decide_on(user, person) or (user.pk == person.pk and person.is_active)
    return can_manage_person(user, person)


def is_to_approve(person: User) -> bool:
    """Whether the person approves today, will on another day, or has been named to act by an officer."""
    return person.is_confirmed_executive or person.is_named_to_act


def approves(person: User) -> bool:
    """Whether the person approves reports of the own agency: an executive, or who acts for one today."""
    return person.is_confirmed_executive or person.acts_as_approver


def post_of_approver(person: User) -> str:
    """The post as it stands on what the person approves today: with the post in whose place they act."""
    if not person.acts_as_approver or person.agency is None:
        return person.post
    acts = f"รักษาราชการแทน {person.agency.approver_post or 'ผู้บริหาร'}"
    own = f"{person.post} {acts}".strip()
    # In whose place somebody acts counts for more than their own post.
    return own if len(own) <= LONGEST_POST else acts[:LONGEST_POST]


def can_name_acting(user: User, agency: Agency) -> bool:
    """Say who approves in the executive's place, and end it: the agency's executives and officers.

    An officer's word is a proposal: see can_decide_who_approves.
    """
    return user.agency_id == agency.pk and (user.is_confirmed_executive or user.is_officer)


def people_in_view(request: Request) -> Agency:
    """The agency whose people are asked for: one's own, or for the administrator the one of ?agency=SLUG.

    Raises:
        NotFound: no such agency, or another one than one's own.
        PermissionDenied: one's own, whose people one does not see.
    """
    slug = request.GET.get("agency", "")
    if request.user.is_administrator and slug:
        agency = Agency.objects.filter(slug=slug).first() if slug.isprintable() else None
        if agency is None:
            raise NotFound("ไม่พบหน่วยงานนี้")
        request.agency = agency
        return agency
    agency = agency_in_view(request)
    if not can_see_people(request.user, agency):
        raise PermissionDenied
    return agency


def people_to_manage(request: Request) -> Agency:
    """As people_in_view; 403 for whoever sees the people but does not keep them."""
    agency = people_in_view(request)
    if not can_manage_people(request.user, agency):
        raise PermissionDenied
    return agency


def get_person(request: Request, pk: int) -> User:
    """A person of the own agency, for the administrator of any.

    Raises:
        NotFound: no such person there: whether another agency has one is not told.
        PermissionDenied: of the own agency, whose people one does not see.
    """
    person: User | None = User.objects.filter(pk=pk).first()
    agency: Agency | None = person.agency if person else None
    user = request.user
    if person is None or agency is None or not (user.is_administrator or user.agency_id == agency.pk):
        raise NotFound("ไม่พบบุคคลนี้ในหน่วยงาน")
    if not can_see_people(user, agency):
        raise PermissionDenied
    request.agency = agency
    return person


def get_person_to_manage(request: Request, pk: int) -> User:
    """As get_person; 403 for whoever may not change this one."""
    person = get_person(request, pk)
    if not can_manage_person(request.user, person):
        raise PermissionDenied
    return person


def get_person_to_decide_on(request: Request, pk: int) -> User:
    """As get_person; 403 for whoever may not say that this one approves."""
    person = get_person(request, pk)
    if not can_decide_on(request.user, person):
        raise PermissionDenied
    return person


def get_person_to_set_active(request: Request, pk: int) -> User:
    """As get_person; 403 for whoever may not take this one out of use."""
    person = get_person(request, pk)
    if not can_set_active(request.user, person):
        raise PermissionDenied
    return person


def get_person_to_reset(request: Request, pk: int) -> User:
    """As get_person; 403 for whoever may not give this one a new password."""
    person = get_person(request, pk)
    if not can_reset_password(request.user, person):
        raise PermissionDenied
    return person


def can_see_job(user: User, job: BackgroundJob) -> bool:
    """Everyone in its agency, and whoever oversees it; one of no agency: who asked for it.

    Having asked opens nothing to who has gone to another agency since.
    """
    return job.asked_by_id == user.pk if job.agency is None else can_see_agency(user, job.agency)


def can_change_job(user: User, job: BackgroundJob) -> bool:
    """Cancel it or ask for it again: the officer of its agency; one of no agency: who asked for it.

    Done again, it would be done with the rights that its person had when they asked first.
    """
    return job.asked_by_id == user.pk if job.agency is None else can_manage_agency(user, job.agency)


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
