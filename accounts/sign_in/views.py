"""Signing in and out."""

from typing import Any

from allauth.account.views import LoginView, LogoutView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse

from accounts.sign_in.forms import SignInForm


class SignIn(LoginView):
    """The sign-in page; someone who is signed in already goes to their work."""

    template_name = "accounts/sign_in/page.html"
    form_class = SignInForm

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**more)
        context["next"] = context["redirect_field_value"] or ""
        context["sends_mail"] = settings.MAIL_IS_SET_UP
        context["provider"] = settings.OIDC_NAME if settings.OIDC_SERVER_URL else ""
        context["elsewhere"] = self.passthrough_next_url(reverse("openid_connect_login", args=["office"]))
        return context


class SignOut(LogoutView):
    """Signing out, by a button and not a link; it also ends a sign-in that stopped half-way."""

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            response: HttpResponse = super().get(request, *args, **options)
            return response
        return HttpResponseNotAllowed(["POST"])
