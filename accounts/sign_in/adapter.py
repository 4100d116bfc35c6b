"""What allauth asks the site: whose address it is, whether a password may be tried, which words to use."""

from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.sign_in.client_address import client_address
from accounts.sign_in.limits import Try, begin_try, has_to_wait

WRONG: Final = "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง กรุณาตรวจแล้วลองอีกครั้ง"
WAIT: Final = "ใส่รหัสผิดหลายครั้งเกินไป กรุณารอ 15 นาทีแล้วลองใหม่"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by name and password of people who have been added; nobody adds themselves."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "incorrect_password": "รหัสผ่านไม่ถูกต้อง กรุณาตรวจแล้วลองอีกครั้ง",
        "enter_current_password": "รหัสผ่านปัจจุบันไม่ถูกต้อง กรุณาตรวจแล้วลองอีกครั้ง",
        "incorrect_code": "รหัสไม่ถูกต้อง กรุณาดูรหัสล่าสุดในแอปแล้วลองอีกครั้ง",
        "too_many_login_attempts": WAIT,
        "rate_limited": WAIT,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people are added by their agency's officer or the administrator."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def is_safe_url(self, url: str) -> bool:
        """An address of this site to which somebody who is signed in can want to go."""
        inside = {reverse("login"), reverse("logout")}
        try:
            return super().is_safe_url(url) and urlsplit(url).path not in inside
        except ValueError:
            # It has only the beginning of an address, like //[
            return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Never: every answer is a page."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try, or answer that one has to wait."""
        self.tried: Try | None = begin_try(request, credentials.get("username", ""))
        if self.tried is None:
            raise ImmediateHttpResponse(wait(request))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The person with this name and password; None for wrong ones."""
        person: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if person and self.tried:
            self.tried.was_right()
        return person

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Say at once that this wrong password was one too many."""
        if has_to_wait(request, credentials.get("username", "")):
            raise ImmediateHttpResponse(wait(request))

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        messages.error(request, "บัญชีนี้ถูกระงับ กรุณาติดต่อเจ้าหน้าที่ผู้รับผิดชอบ ITA ของหน่วยงาน")
        return redirect("login")

    def add_message(self, *args: Any, **options: Any) -> None:
        """Nothing: the views say in Thai what was done."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing: what there is to tell is sent by accounts.mails."""


def wait(request: HttpRequest) -> HttpResponse:
    """The page that says how long."""
    return render(request, "accounts/sign_in/locked_out.html", status=429)
