"""Signing in with a provider of OpenID Connect: only people who have been added here already."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from requests import RequestException

from accounts.models import User
from core.http import NotFound


class OpenIdAdapter(DefaultSocialAccountAdapter):
    """Finds the person whom the provider names, anew at each sign-in; nothing of it is stored."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never: nobody gets an account by a provider's word."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let the person in who is meant, or say that there is none."""
        person = person_named(sociallogin.account.extra_data.get("id_token", {}))
        if person is None:
            raise ImmediateHttpResponse(_refused(request, "not_added"))
        sociallogin.user = person

    def on_authentication_error(self, request: HttpRequest, *args: Any, **options: Any) -> None:
        """Say that it did not work; the provider's own words are for its administrator."""
        raise ImmediateHttpResponse(_refused(request, "failed"))


class SignedTokens(OpenIDConnectOAuth2Adapter):
    """Looks at the signature of every ID token, also of one that came from the provider itself."""

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return claims


def person_named(claims: dict[str, Any]) -> User | None:
    """The person whom an ID token means: by user name, else by a verified e-mail of one person alone."""
    active = User.objects.filter(is_active=True)
    name, email = (str(claims.get(claim) or "") for claim in ("preferred_username", "email"))
    named: User | None = active.filter(username=name).first() if name and name.isprintable() else None
    if named:
        return named
    if not email or not email.isprintable() or claims.get("email_verified") is not True:
        return None
    people: list[User] = list(active.filter(email__iexact=email)[:2])
    return people[0] if len(people) == 1 else None


@login_not_required
@never_cache
@require_safe
def sign_in_elsewhere(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Sends the person to the provider."""
    return _answered(request, provider_id, OAuth2LoginView)


@login_not_required
@never_cache
@require_safe
def back_from_elsewhere(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The person comes back with the provider's word for who they are."""
    return _answered(request, provider_id, OAuth2CallbackView)


def _answered(request: HttpRequest, provider_id: str, view: Any) -> HttpResponse:
    try:
        answer: HttpResponse = view.adapter_view(SignedTokens(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise NotFound("ระบบนี้ไม่ได้เปิดให้เข้าสู่ระบบด้วยบัญชีภายนอก") from error
    except (RequestException, OAuth2Error, KeyError, ValueError):
        return _refused(request, "failed")
    return answer


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    return render(request, "accounts/sign_in/refused_elsewhere.html", {"why": why}, status=403)
