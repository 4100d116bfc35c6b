"""Signing in."""

from urllib.parse import urlsplit

from django.contrib.auth.views import LoginView
from django.http import HttpRequest
from django.urls import reverse

from accounts.sign_in.forms import SignInForm


class SignIn(LoginView):
    """The sign-in page; someone who is signed in already goes to their work."""

    template_name = "accounts/sign_in/page.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Where the person wanted to go; nobody wants to sign in or out once they are in."""
        wanted = super().get_redirect_url()
        return "" if urlsplit(wanted).path in {reverse("login"), reverse("logout")} else wanted
