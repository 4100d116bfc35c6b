"""Who may see and change plans and measures. Views, templates and tests ask these functions and no others.

Another agency's object does not exist for anyone but the overseer (404); one's own that one may not change
is refused (403).
"""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.access import agency_in_view, can_manage_agency, can_see_agency, can_see_private_evidence
from accounts.models import User
from accounts.request import Request
from core.http import NotFound
from measures.models import (
    Comment,
    CommentQuerySet,
    Evidence,
    EvidenceQuerySet,
    Measure,
    Part,
    Plan,
    PlanImport,
    Report,
    SavedFilter,
    Step,
)
from measures.questions import measure_of


def can_see_plan(user: User, plan: Plan) -> bool:
    return can_see_agency(user, plan.agency)


def can_edit_plan(user: User, plan: Plan) -> bool:
    """The officer, as long as the plan is open."""
    return can_manage_agency(user, plan.agency) and not plan.is_closed


def can_report(user: User, measure: Measure) -> bool:
    """Report on a measure, as a whole or on one's own part of it: the officer on all of the agency, staff on
    those of their own divisions.

    Asks no query for a measure that was read with_parties().
    """
    if measure.plan.is_closed or not can_see_plan(user, measure.plan):
        return False
    return user.is_officer or any(is_own(user, division.pk) for division in measure.parties)


def can_update_measure(user: User, measure: Measure) -> bool:
    """Report on a measure as a whole: as can_report(), but for the officer alone where each division has its
    own part.
    """
    return can_report(user, measure) and (user.is_officer or not measure.by_division)


def can_update_part(user: User, part: Part) -> bool:
    """Report on one division's part: the officer, and staff of that division as long as it is responsible.

    Asks no query for a part of a measure that was read with_parties().
    """
    measure = part.measure
    assigned = measure.by_division and any(party.pk == part.division_id for party in measure.parties)
    return assigned and can_report(user, measure) and (user.is_officer or is_own(user, part.division_id))


def can_update(user: User, report: Report) -> bool:
    """Report on a measure as a whole or on a part, as can_update_measure() and can_update_part()."""
    if isinstance(report, Part):
        return can_update_part(user, report)
    return can_update_measure(user, report)


def is_own(user: User, division_id: int) -> bool:
    """Whether a person reports for a division."""
    return any(division.pk == division_id for division in user.own_divisions)


def can_update_evidence(user: User, evidence: Evidence) -> bool:
    """Change evidence of a measure on which one may report; what belongs to a part, for who reports on that.

    Evidence of a part whose measure is reported together again is the measure's as any other.
    """
    measure = evidence.measure
    if user.is_officer or evidence.part is None or not measure.by_division:
        return can_report(user, measure)
    return can_report(user, measure) and is_own(user, evidence.part.division_id)


def can_hide_evidence(user: User, measure: Measure) -> bool:
    """Take evidence of a measure back from the public: whoever reports on it, and the officer at any time.

    Personal data that came out by mistake cannot wait for a closed plan to be opened again.
    """
    return can_manage_agency(user, measure.plan.agency) or can_report(user, measure)


def can_show_hidden_evidence(user: User, measure: Measure) -> bool:
    """Undo that evidence which a report refers to was hidden from the public: the officer, at any time."""
    return can_manage_agency(user, measure.plan.agency)


def can_read_comments(user: User, plan: Plan) -> bool:
    """What the people of an office write to one another stays there: not even the overseer reads it."""
    return user.agency_id == plan.agency_id


def can_comment(user: User, measure: Measure) -> bool:
    """The officer and the executives on all measures, staff on those of their own divisions, also when the
    plan is closed. Asks no query for a measure that was read with_parties().
    """
    if not can_read_comments(user, measure.plan):
        return False
    if user.is_officer or user.is_executive:
        return True
    own = {division.pk for division in user.own_divisions}
    return any(division.pk in own for division in measure.parties)


def can_return_measure(user: User, measure: Measure) -> bool:
    """Give a report back to its division: the officer, where a division can still mend it."""
    return can_edit_plan(user, measure.plan) and bool(measure.parties)


def can_answer(user: User, comment: Comment) -> bool:
    """Say that what was returned is mended: staff of that division, the officer and the executives.

    The measure of the comment was read with_parties().
    """
    if not comment.returns or not can_comment(user, comment.measure):
        return False
    return user.is_officer or user.is_executive or is_asked(user, comment)


def is_asked(user: User, comment: Comment) -> bool:
    """Whether a comment asks a division of the person's own to mend its report."""
    if not comment.returns:
        return False
    asked = {comment.division_id} if comment.division_id else {each.pk for each in comment.measure.parties}
    return any(division.pk in asked for division in user.own_divisions)


def can_update_some(user: User, plan: Plan) -> bool:
    """Whether there can be a measure of the plan on which the person may report."""
    return can_see_plan(user, plan) and not plan.is_closed and (user.is_division_staff or user.is_officer)


def plans_in_view(request: Request) -> QuerySet[Plan]:
    """The plans of the agency in view, newest first."""
    return Plan.objects.filter(agency=agency_in_view(request)).order_by("-fiscal_year")


def newest_plan(request: Request, year: int | None = None) -> Plan | None:
    """The newest plan of the agency in view, or the one of a year; None where there is none."""
    plans = plans_in_view(request).select_related("agency")
    return _shown(request, (plans if year is None else plans.filter(fiscal_year=year)).first())


def plans_to_edit(request: Request) -> Sequence[Plan]:
    """The plans of the agency in view that the person may edit, newest first."""
    plans = plans_in_view(request).select_related("agency")
    found = [plan for plan in plans if can_edit_plan(request.user, plan)]
    _shown(request, next(iter(found), None))
    return found


def _shown(request: Request, plan: Plan | None) -> Plan | None:
    """Note the plan that a page is about: the bar on top of the page shows it."""
    if plan is not None:
        request.plan = plan
    return plan


def get_plan(request: Request, year: int) -> Plan:
    """The plan of a Buddhist-era fiscal year of the agency in view, or 404."""
    agency = agency_in_view(request)
    plan = Plan.objects.filter(agency=agency, fiscal_year=year).first()
    if plan is None:
        raise NotFound(f"ยังไม่มีแผนของปีงบประมาณ พ.ศ. {year}")
    # Saves a query for each page: the agency is at hand.
    plan.agency = agency
    _shown(request, plan)
    return plan


def get_plan_to_edit(request: Request, year: int) -> Plan:
    """As get_plan; 403 for whoever may see the plan but not edit it."""
    plan = get_plan(request, year)
    if not can_edit_plan(request.user, plan):
        raise PermissionDenied
    return plan


def get_import(request: Request, pk: int) -> PlanImport:
    """An import into a plan that one may edit; 404 for another agency's, 403 for whoever may not edit."""
    found = get_object_or_404(PlanImport.objects.select_related("plan__agency"), pk=pk)
    if not can_see_plan(request.user, found.plan):
        raise NotFound("ไม่พบการนำเข้านี้")
    _shown(request, found.plan)
    if not can_edit_plan(request.user, found.plan):
        raise PermissionDenied
    return found


def get_measure(request: Request, pk: int) -> Measure:
    """A measure with its parties, parts and step counts, or 404."""
    measure = measure_of(pk)
    if measure is None or not can_see_plan(request.user, measure.plan):
        raise NotFound("ไม่พบมาตรการนี้")
    _shown(request, measure.plan)
    return measure


def get_measure_to_update(request: Request, pk: int) -> Measure:
    """As get_measure; 403 for whoever may see the measure but not report on it as a whole."""
    measure = get_measure(request, pk)
    if not can_update_measure(request.user, measure):
        raise PermissionDenied
    return measure


def get_measure_to_comment(request: Request, pk: int) -> Measure:
    """As get_measure; 403 for whoever may see the measure but not comment on it."""
    measure = get_measure(request, pk)
    if not can_comment(request.user, measure):
        raise PermissionDenied
    return measure


def get_measure_to_report(request: Request, pk: int) -> Measure:
    """As get_measure; 403 for whoever may report neither on the measure nor on a part of it."""
    measure = get_measure(request, pk)
    if not can_report(request.user, measure):
        raise PermissionDenied
    return measure


def comments_in_view(user: User, plan: Plan) -> CommentQuerySet:
    """The comments on the measures of a plan that a person may read: all of them or none."""
    comments = Comment.objects.filter(measure__plan=plan)
    return comments if can_read_comments(user, plan) else comments.none()


def get_part(request: Request, pk: int) -> Part:
    """A part of a measure that one may see, with its measure as get_measure() gives it, or 404.

    Also a part that is not in force: its division is no longer responsible, or all report together.
    """
    found = get_object_or_404(Part, pk=pk)
    measure = get_measure(request, found.measure_id)
    part = next((part for part in measure.parts.all() if part.pk == pk), None)
    if part is None:
        raise NotFound("ไม่พบส่วนนี้ของมาตรการ")
    return part


def get_measure_to_edit(request: Request, pk: int) -> Measure:
    """As get_measure; 403 for whoever may see the measure but not edit the plan."""
    measure = get_measure(request, pk)
    if not can_edit_plan(request.user, measure.plan):
        raise PermissionDenied
    return measure


def measures_to_update(request: Request, plan: Plan) -> Sequence[Measure]:
    """The measures of a plan on which the person may report, in report order; two queries."""
    measures = Measure.objects.filter(plan=plan).with_parties().in_report_order()
    return [measure for measure in measures if can_update_measure(request.user, measure)]


def get_step_to_update(request: Request, pk: int) -> Step:
    """A step of a measure on which the person may report, at least on a part; 404 and 403 as for that."""
    step = get_object_or_404(Step, pk=pk)
    step.measure = get_measure_to_report(request, step.measure_id)
    return step


def get_evidence(request: Request, pk: int) -> Evidence:
    """A piece of evidence of a measure that the person may see, with whether it is hidden, or 404."""
    evidence = get_object_or_404(Evidence.objects.with_hiding().select_related("part"), pk=pk)
    evidence.measure = get_measure(request, evidence.measure_id)
    if not can_see_evidence(request.user, evidence):
        raise NotFound("ไม่พบหลักฐานนี้")
    return evidence


def can_see_evidence(user: User, evidence: Evidence) -> bool:
    """Of a measure that one may see, read with_hiding(): what is public; the rest as private evidence."""
    is_public = evidence.public and not evidence.is_hidden
    return is_public or can_see_private_evidence(user, evidence.measure.plan.agency)


def evidence_in_view(user: User, plan: Plan) -> EvidenceQuerySet:
    """The evidence of a plan that a person may see, as get_evidence() hands it out."""
    evidence = Evidence.objects.filter(measure__plan=plan)
    if can_see_private_evidence(user, plan.agency):
        return evidence
    public = evidence.with_hiding().filter(Q(is_hidden=False), public=True)
    return public if can_see_plan(user, plan) else evidence.none()


def evidence_told(user: User, measure: Measure) -> EvidenceQuerySet | None:
    """The evidence that a measure's history tells a person of; None: of all, also of what is gone."""
    if can_see_private_evidence(user, measure.plan.agency):
        return None
    return evidence_in_view(user, measure.plan).filter(measure=measure)


def can_bundle_evidence(user: User, plan: Plan) -> bool:
    """Take all files of a plan away at once: the people of the office. An overseer reads one by one."""
    return user.agency_id == plan.agency_id and can_see_plan(user, plan)


def get_plan_to_bundle(request: Request, year: int) -> Plan:
    """As get_plan; 403 for whoever may see the plan but not take all its files."""
    plan = get_plan(request, year)
    if not can_bundle_evidence(request.user, plan):
        raise PermissionDenied
    return plan


def get_evidence_to_update(request: Request, pk: int) -> Evidence:
    """A piece of evidence that the person may change; 404 and 403 as for its measure."""
    evidence = get_evidence(request, pk)
    if not can_update_evidence(request.user, evidence):
        raise PermissionDenied
    return evidence


def get_evidence_to_publish(request: Request, pk: int, *, public: bool) -> Evidence:
    """As get_evidence; 403 for whoever may not let the public see it, or hide it."""
    evidence = get_evidence(request, pk)
    measure = evidence.measure
    if not public:
        allowed = can_hide_evidence(request.user, measure)
    elif evidence.is_hidden:
        allowed = can_show_hidden_evidence(request.user, measure)
    else:
        allowed = can_update_evidence(request.user, evidence)
    if not allowed:
        raise PermissionDenied
    return evidence


def saved_filters_in_view(user: User, plan: Plan) -> QuerySet[SavedFilter]:
    """The filters that a person has kept for the plans of an agency: one's own, and nobody else's."""
    return SavedFilter.objects.filter(person=user, agency=plan.agency_id)


def get_saved_filter(request: Request, plan: Plan, pk: int) -> SavedFilter:
    """A filter of one's own for the plan's agency, or 404."""
    return get_object_or_404(saved_filters_in_view(request.user, plan), pk=pk)
