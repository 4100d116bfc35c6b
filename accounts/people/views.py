"""The pages about an agency's people: the list, adding one, one person, the log."""

from collections.abc import Sequence
from typing import Any, Final, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import (
    can_change_email,
    can_decide_on,
    can_decide_who_approves,
    can_manage_people,
    can_name_acting,
    can_reset_password,
    can_set_active,
    get_person_to_manage,
    people_in_view,
    people_to_manage,
)
from accounts.models import Agency, Role, User
from accounts.people.answers import back_to, password_on_paper
from accounts.people.forms import PAPER, NewPersonForm, PersonForm
from accounts.people.passwords import hand_over_password, mail_password_link, password_mark
from accounts.people.selectors import (
    ListedPerson,
    acting_of,
    log_of,
    people_of,
    people_with,
    suggested_username,
)
from accounts.people.services import PersonFacts, add_person, change_person, facts_of, person_version
from accounts.request import Request
from accounts.sessions.again import ask_password_again
from core.locking import Difference, StaleEdit
from core.text import number_in

# A list that fits on a screen or two needs no filter.
MANY_PEOPLE: Final = 20
EVENTS_ON_PAGE: Final = 50
MAX_SEARCHED: Final = 100


@require_safe
def people(request: Request) -> HttpResponse:
    """Who works in the agency, who acts as approver, who is out of use."""
    agency = people_in_view(request)
    listed = people_of(agency, request.user)
    in_use = [each for each in listed if each.person.is_active]
    division = number_in(request.GET.get("division", ""), 18)
    text = request.GET.get("text", "").strip()[:MAX_SEARCHED]
    found = people_with(text, listed)
    shown = [each for each in found if division is None or _is_in(each, division)]
    divisions = {each.pk: each for line in in_use for each in line.divisions}
    context = {
        "in_use": in_use,
        "shown": [each for each in shown if each.person.is_active],
        "out_of_use": [each for each in shown if not each.person.is_active],
        "count_out_of_use": len(listed) - len(in_use),
        "found": len(shown),
        "divisions": sorted(divisions.values(), key=lambda each: each.position),
        "has_filter": len(listed) > MANY_PEOPLE,
        "is_filtered": bool(text) or division is not None,
        "division": division,
        "text": text,
        "acting": acting_of(agency),
        "can_manage": can_manage_people(request.user, agency),
        "can_name_acting": can_name_acting(request.user, agency),
        "can_decide": can_decide_who_approves(request.user, agency),
        "does_something": any(each.resets_only for each in listed),
    }
    return render(request, "accounts/people/page.html", context)


def _is_in(listed: ListedPerson, division: int) -> bool:
    return any(each.pk == division for each in listed.divisions)


@require_http_methods(["GET", "HEAD", "POST"])
def new_person(request: Request) -> HttpResponse:
    """Add a person, and give them a first way in."""
    agency = people_to_manage(request)
    if request.method != "POST":
        divisions = [division.pk for division in agency.divisions.all()[:2]]
        initial = {
            "roles": [Role.STAFF.value],
            "divisions": divisions if len(divisions) == 1 else [],
            "username": suggested_username(agency),
            "way": PAPER,
        }
        return _add_page(request, NewPersonForm(agency=agency, initial=initial))
    form = NewPersonForm(request.POST, agency=agency)
    if form.is_valid():
        ask_password_again(request)
        try:
            return _add(request, agency, form)
        except ValidationError as error:
            form.add_error(None, error)
    return _add_page(request, form, status=422)


@transaction.atomic
def _add(request: Request, agency: Agency, form: NewPersonForm) -> HttpResponse:
    person = add_person(agency, form.cleaned_data["username"], form.facts, request.user)
    if not form.is_by_mail:
        password = hand_over_password(person, password_mark(person), request.user)
        return password_on_paper(request, person, password, is_first=True)
    mail_password_link(person, request.user, request)
    messages.success(request, f"เพิ่ม {person} แล้ว ลิงก์ตั้งรหัสผ่านถูกส่งไปที่ {person.email}")
    return back_to(request, agency)


def _add_page(request: Request, form: NewPersonForm, status: int = 200) -> HttpResponse:
    return render(request, "accounts/people/add.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: Request, pk: int) -> HttpResponse:
    """One person: what the office decides of them, their password, whether the account is in use."""
    found = get_person_to_manage(request, pk)
    agency = cast(Agency, found.agency)
    if request.method != "POST":
        return person_page(request, found)
    form = _form(request.user, found, agency, request.POST)
    if not form.is_valid():
        return person_page(request, found, form, status=422)
    ask_password_again(request)
    try:
        change_person(found, form.facts, form.cleaned_data["version"], request.user)
    except StaleEdit:
        return _stale(request, found, form.facts)
    except ValidationError as error:
        form.add_error(None, error)
        return person_page(request, found, form, status=422)
    messages.success(request, f"บันทึกข้อมูลของ {form.facts.full_name} แล้ว")
    return back_to(request, agency)


def _stale(request: Request, found: User, typed: PersonFacts) -> HttpResponse:
    """What was typed, beside what somebody else stored; saved again it is saved knowing both."""
    stored = User.objects.get(pk=found.pk)
    differences = [
        Difference(label, before, after)
        for (label, before), (_, after) in zip(facts_of(stored).lines, typed.lines, strict=True)
        if before != after
    ]
    data = request.POST.copy()
    data["version"] = person_version(stored)
    form = _form(request.user, stored, cast(Agency, stored.agency), data)
    return person_page(request, stored, form, differences=differences, is_stale=True, status=409)


def _form(user: User, found: User, agency: Agency, data: QueryDict | None = None) -> PersonForm:
    facts = facts_of(found)
    initial = {
        "full_name": facts.full_name,
        "post": facts.post,
        "email": facts.email,
        "roles": [role.value for role in facts.roles],
        "divisions": [division.pk for division in facts.own_divisions],
        "version": person_version(found),
    }
    form = PersonForm(data, agency=agency, initial=initial)
    # A field that is disabled keeps what is stored, whatever is sent.
    form.fields["email"].disabled = not can_change_email(user, found)
    return form


def person_page(
    request: Request,
    found: User,
    form: PersonForm | None = None,
    *,
    differences: Sequence[Difference] = (),
    is_stale: bool = False,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of one person, with the form as it was sent or as it is stored."""
    context: dict[str, Any] = {
        "person": found,
        "form": form or _form(request.user, found, cast(Agency, found.agency)),
        "differences": differences,
        "is_stale": is_stale,
        "problem": problem,
        "can_reset": can_reset_password(request.user, found),
        "can_set_active": can_set_active(request.user, found),
        "can_decide": found.awaits_confirmation and can_decide_on(request.user, found),
        "is_self": found.pk == request.user.pk,
    }
    return render(request, "accounts/people/person.html", context, status=status)


@require_safe
def log(request: Request) -> HttpResponse:
    """What was done to accounts and rights; the administrator sees all agencies until one is named."""
    user = request.user
    of_all = user.is_administrator and user.agency_id is None and "agency" not in request.GET
    agency = None if of_all else people_to_manage(request)
    page = Paginator(log_of(agency), EVENTS_ON_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/people/log.html", {"page": page, "of_all": of_all})
