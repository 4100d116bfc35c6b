"""Who may see a round, and who moves it on. Views, templates and tests ask here: whoever may see the plan may
see its rounds; what the public may see is a published edition, not a round.
"""

from collections.abc import Sequence
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, QuerySet
from django.shortcuts import get_object_or_404

from accounts.access import (
    agency_in_view,
    approves,
    can_manage_agency,
    can_see_agency,
    can_see_private_evidence,
)
from accounts.models import Agency, User
from accounts.request import Request
from core.http import NotFound
from core.prepared import Given, PreparedQuestion
from reports.models import Edition, ReminderSending, Round, SignedScan


def can_submit_round(user: User, reporting_round: Round) -> bool:
    """Submit, publish and correct: the officer of the agency."""
    return can_manage_agency(user, reporting_round.plan.agency)


def can_approve_round(user: User, reporting_round: Round) -> bool:
    """Approve or return what was submitted: an executive of the agency, or who acts for one today."""
    return can_see_agency(user, reporting_round.plan.agency) and approves(user)


def can_attach_scan(user: User, reporting_round: Round) -> bool:
    """Attach a scan of the signed report, offer it to everybody or no longer: the officer of the agency."""
    return can_manage_agency(user, reporting_round.plan.agency)


def can_see_scan(user: User, scan: SignedScan, agency: Agency) -> bool:
    """A scan that is not for everybody: whoever may see what the agency does not publish."""
    return (scan.is_public and bool(scan.edition.published_at)) or can_see_private_evidence(user, agency)


def can_make_papers(user: User, agency: Agency) -> bool:
    """The memo and the form that go round an edition, and the agency's own templates of them: its officer."""
    return can_manage_agency(user, agency)


def get_edition_of_papers(request: Request, year: int, months: int, revision: int) -> Edition:
    """An edition whose papers one may make and read; as get_round, 403 for others who see the round."""
    round_ = get_round(request, year, months)
    if not can_make_papers(request.user, round_.plan.agency):
        raise PermissionDenied
    return pick_edition(round_, revision)


def get_agency_of_papers(request: Request) -> Agency:
    """The agency in view, whose templates one may change; 403 for others who see it."""
    agency = agency_in_view(request)
    if not can_make_papers(request.user, agency):
        raise PermissionDenied
    return agency


def can_see_reminders(user: User, agency: Agency) -> bool:
    """Who is reminded of what, what was sent, sending again: the officer of the agency."""
    return can_manage_agency(user, agency)


def get_reminder(request: Request, pk: int) -> ReminderSending:
    """A reminder that was noted; 404 for another agency's, 403 for whoever does not see the own agency's."""
    found = get_object_or_404(ReminderSending.objects.select_related("agency"), pk=pk)
    if request.user.agency_id != found.agency_id:
        raise NotFound("ไม่พบการเตือนนี้")
    if not can_see_reminders(request.user, found.agency):
        raise PermissionDenied
    return found


def _rounds() -> QuerySet[Round]:
    rounds = Round.objects.filter(plan__agency=Given("agency", BigIntegerField()))
    return rounds.select_related("plan").with_decisions().order_by("-plan__fiscal_year", "months")


ROUNDS: Final = PreparedQuestion(_rounds)


def rounds_in_view(request: Request) -> Sequence[Round]:
    """All rounds of the agency in view, newest year first, each with its editions counted and why it was
    returned last; one query, two rounds a year.
    """
    agency = agency_in_view(request)
    rounds = list(ROUNDS.ask(agency=agency.pk))
    for round_ in rounds:
        round_.plan.agency = agency
    # Every plan has its rounds: the menu need not ask for the plans as well.
    request.plans = list(dict.fromkeys((each.plan.fiscal_year, each.plan.closed_at) for each in rounds))
    return rounds


def get_round(request: Request, year: int, months: int) -> Round:
    """A round of the agency in view, with its plan and agency.

    Raises:
        NotFound: the agency has no plan of that year, or the plan no such round.
    """
    rounds = rounds_in_view(request)
    for round_ in rounds:
        if (round_.plan.fiscal_year, round_.months) == (year, months):
            request.plan = round_.plan
            return round_
    if any(round_.plan.fiscal_year == year for round_ in rounds):
        raise NotFound(f"ไม่มีรอบ {months} เดือนในปีงบประมาณ พ.ศ. {year}")
    raise NotFound(f"ยังไม่มีแผนของปีงบประมาณ พ.ศ. {year}")


def get_round_to_submit(request: Request, year: int, months: int) -> Round:
    """As get_round; 403 for whoever may see the round but not submit it."""
    round_ = get_round(request, year, months)
    if not can_submit_round(request.user, round_):
        raise PermissionDenied
    return round_


def get_round_to_approve(request: Request, year: int, months: int) -> Round:
    """As get_round; 403 for whoever may see the round but not approve it."""
    round_ = get_round(request, year, months)
    if not can_approve_round(request.user, round_):
        raise PermissionDenied
    return round_


def get_round_to_attach_scan(request: Request, year: int, months: int) -> Round:
    """As get_round; 403 for whoever may see the round but not attach a scan."""
    round_ = get_round(request, year, months)
    if not can_attach_scan(request.user, round_):
        raise PermissionDenied
    return round_


def get_scan(request: Request, reporting_round: Round, pk: int) -> SignedScan:
    """A scan of one of the round's editions, without what is in it.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    scans = SignedScan.objects.filter(edition__round=reporting_round.pk).select_related(
        "publication", "edition__publication", "edition__withdrawal__replaced_by"
    )
    scans = scans.defer("content", "edition__document", "edition__withdrawal__replaced_by__document")
    scan = scans.filter(pk=pk).first()
    if scan is None or not can_see_scan(request.user, scan, reporting_round.plan.agency):
        raise NotFound("ไม่พบสำเนาที่ลงนามนี้")
    scan.edition.round = reporting_round
    return scan


def pick_edition(reporting_round: Round, revision: int) -> Edition:
    """An edition of a round that one may see.

    Raises:
        NotFound: the round has no such revision.
    """
    editions = reporting_round.editions.select_related("publication", "withdrawal__replaced_by")
    edition = editions.defer("withdrawal__replaced_by__document").filter(revision=revision).first()
    if edition is None:
        raise NotFound(f"รอบนี้ไม่มีฉบับที่ {revision}")
    edition.round = reporting_round
    return edition
