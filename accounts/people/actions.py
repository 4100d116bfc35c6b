"""What is done to a person: a new password, in and out of use, acting as approver, having read of it."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import (
    can_decide_on,
    can_decide_who_approves,
    can_manage_person,
    can_name_acting,
    can_reset_password,
    can_set_active,
    get_person_to_decide_on,
    get_person_to_reset,
    get_person_to_set_active,
    people_in_view,
)
from accounts.events import acknowledge
from accounts.models import ActingApprover, Agency
from accounts.people.acting import confirm_acting, end_acting, name_acting
from accounts.people.answers import back_to, password_on_paper
from accounts.people.approvers import confirm_executive, decline_executive
from accounts.people.forms import LINK, ActingForm
from accounts.people.passwords import can_mail_link, hand_over_password, mail_password_link, password_mark
from accounts.people.services import set_active
from accounts.people.views import person_page
from accounts.request import Request
from accounts.sessions.again import ask_password_again
from core.http import NotFound
from core.locking import StaleEdit

STALE = "มีผู้อื่นออกรหัสผ่านให้ผู้นี้ไปก่อนแล้ว ยังไม่มีอะไรเปลี่ยนจากการกดครั้งนี้ กดอีกครั้งหากต้องการออกใหม่"
DECIDED = "มีผู้อื่นตัดสินไปก่อนแล้ว หรือเวลาผ่านไปแล้ว ยังไม่มีอะไรเปลี่ยนจากการกดครั้งนี้"
NO_ADDRESS = "ส่งลิงก์ไม่ได้ ผู้นี้ไม่มีอีเมล หรือระบบยังไม่ได้ตั้งค่าการส่งอีเมล"


@require_http_methods(["GET", "HEAD", "POST"])
def person_password(request: Request, pk: int) -> HttpResponse:
    """Ask which way a new password goes, then give it."""
    found = get_person_to_reset(request, pk)
    agency = cast(Agency, found.agency)
    problem, status = "", 200
    if request.method == "POST":
        ask_password_again(request)
    if request.method == "POST" and request.POST.get("way") == LINK:
        if can_mail_link(found):
            mail_password_link(found, request.user, request)
            messages.success(request, f"ส่งลิงก์ตั้งรหัสผ่านของ {found} ไปที่ {found.email} แล้ว")
            return back_to(request, agency)
        problem, status = NO_ADDRESS, 422
    elif request.method == "POST":
        try:
            password = hand_over_password(found, request.POST.get("seen", ""), request.user)
        except StaleEdit:
            problem, status = STALE, 409
        else:
            return password_on_paper(request, found, password, is_first=False)
    context = {
        "person": found,
        "seen": password_mark(found),
        "can_mail": can_mail_link(found),
        "problem": problem,
    }
    return render(request, "accounts/people/password.html", context, status=status)


@require_POST
def person_active(request: Request, pk: int) -> HttpResponse:
    """Take an account out of use, or back into it."""
    found = get_person_to_set_active(request, pk)
    active = request.POST.get("active") == "1"
    ask_password_again(request)
    try:
        changed = set_active(found, active=active, by=request.user)
    except ValidationError as error:
        if not can_manage_person(request.user, found):
            messages.error(request, " ".join(error.messages))
            return back_to(request, cast(Agency, found.agency))
        return person_page(request, found, problem=" ".join(error.messages), status=422)
    if changed:
        said = f"เปิดบัญชีของ {found} อีกครั้งแล้ว" if active else f"ระงับบัญชีของ {found} แล้ว ชื่อในประวัติยังอยู่ครบ"
        messages.success(request, said)
    return back_to(request, cast(Agency, found.agency))


@require_http_methods(["GET", "HEAD", "POST"])
def acting(request: Request) -> HttpResponse:
    """Name who approves in the executive's place for a time."""
    agency = people_in_view(request)
    if not can_name_acting(request.user, agency):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = ActingForm(data, agency=agency, initial={"starts_on": timezone.localdate()})
    if form.is_valid():
        ask_password_again(request)
        said = form.cleaned_data
        try:
            name_acting(
                agency, said["person"], said["starts_on"], said["ends_on"], said["order"], request.user
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            decided = can_decide_who_approves(request.user, agency)
            said_of = "อนุมัติรายงานได้ในช่วงเวลานั้น" if decided else "อนุมัติรายงานได้เมื่อผู้บริหารหรือผู้ดูแลระบบยืนยัน"
            messages.success(request, f"บันทึกแล้ว {said['person']} {said_of}")
            return back_to(request, agency)
    context = {"form": form, "decides": can_decide_who_approves(request.user, agency)}
    return render(request, "accounts/people/acting.html", context, status=422 if form.is_bound else 200)


@require_POST
def stop_acting(request: Request, pk: int) -> HttpResponse:
    """End it before its last day."""
    agency = people_in_view(request)
    found = _acting(agency, pk)
    ask_password_again(request)
    if end_acting(found, request.user):
        messages.success(request, f"สิ้นสุดการรักษาราชการแทนของ {found.person} แล้ว")
    return back_to(request, agency)


def _acting(agency: Agency, pk: int) -> ActingApprover:
    found = ActingApprover.objects.select_related("agency", "person").filter(pk=pk, agency=agency).first()
    if found is None:
        raise NotFound("ไม่พบการรักษาราชการแทนนี้")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def acting_confirmation(request: Request, pk: int) -> HttpResponse:
    """Say yes to an officer's proposal of an acting approver; no is said by ending it."""
    agency = people_in_view(request)
    found = _acting(agency, pk)
    if not can_decide_on(request.user, found.person):
        raise PermissionDenied
    problem, status = "", 200
    if request.method == "POST":
        ask_password_again(request)
        try:
            password = confirm_acting(found, request.user)
        except StaleEdit:
            problem, status = DECIDED, 409
        else:
            return password_on_paper(request, found.person, password, is_first=False)
    context = {"person": found.person, "acting": found, "problem": problem}
    return render(request, "accounts/people/confirm_acting.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def executive(request: Request, pk: int) -> HttpResponse:
    """Say yes or no to an executive whom an officer proposed; of others, in and out of use."""
    found = get_person_to_decide_on(request, pk)
    agency = cast(Agency, found.agency)
    if not found.is_executive:
        raise NotFound("ผู้นี้ไม่ได้เป็นผู้บริหารแล้ว")
    problem, status = "", 200
    if request.method == "POST":
        ask_password_again(request)
        try:
            if request.POST.get("answer") == "yes":
                password = confirm_executive(found, request.user)
                return password_on_paper(request, found, password, is_first=False)
            decline_executive(found, request.user)
            messages.success(request, f"ไม่ยืนยันให้ {found} เป็นผู้บริหารแล้ว")
            return back_to(request, agency)
        except StaleEdit:
            problem, status = DECIDED, 409
            found.refresh_from_db()
    context = {
        "person": found,
        "problem": problem,
        "can_reset": can_reset_password(request.user, found),
        "can_set_active": can_set_active(request.user, found),
    }
    return render(request, "accounts/people/executive.html", context, status=status)


@require_POST
def read_news(request: Request, pk: int) -> HttpResponse:
    """The person has read what they were told; what is another's stays as it is."""
    event = request.user.news.filter(pk=pk).first()
    if event is not None:
        acknowledge(event, request.user)
    next_page = request.POST.get("next", "")
    is_path = next_page.startswith("/") and next_page.isprintable()
    if not (is_path and url_has_allowed_host_and_scheme(next_page, None)):
        next_page = reverse("home")
    # Not redirect(): it would look for a view of that name.
    return HttpResponseRedirect(next_page)
