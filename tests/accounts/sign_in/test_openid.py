"""Signing in with a provider of OpenID Connect: only who has been added, and only on its signed word."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from tests.support.html import read
from tests.support.openid_provider import CLIENT, SECRET, OpenIdProvider, new_key, openid_provider
from tests.support.second_factor import code_of, give_app

pytestmark = pytest.mark.django_db

BEGIN: Final = "/login/office/"
BACK: Final = "/login/office/back/"


@pytest.fixture
def provider(settings: Settings, people: dict[str, User]) -> Iterator[OpenIdProvider]:
    with openid_provider() as provider:
        settings.OIDC_SERVER_URL = provider.address
        app = {
            "provider_id": "office",
            "name": settings.OIDC_NAME,
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {"server_url": provider.address, "fetch_userinfo": False},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        yield provider


def came_back(client: Client, provider: OpenIdProvider, **claims: Any) -> Any:
    """The answer to a person who has signed in at the provider."""
    provider.claims = claims
    begun = client.get(BEGIN)
    assert begun.status_code == 302
    return client.get(provider.authorize(begun["Location"]))


def signed_in(client: Client) -> str:
    return get_user(client).get_username()


def test_it_is_off_unless_it_is_set_up(client: Client, people: dict[str, User]) -> None:
    assert "บัญชีขององค์กร" not in client.get(reverse("login")).content.decode()
    for path in (BEGIN, BACK, f"{BACK}?code=x&state=y", "/login/other/"):
        assert client.get(path).status_code == 404


def test_the_sign_in_page_leads_to_the_provider(client: Client, provider: OpenIdProvider) -> None:
    page = read(client.get(reverse("login")))
    (link,) = [each for each in page.one("main").all("a") if "บัญชีขององค์กร" in each.text]
    assert client.get(link["href"])["Location"].startswith(f"{provider.address}/authorize?")


def test_a_person_is_found_by_user_name(client: Client, provider: OpenIdProvider) -> None:
    answer = came_back(client, provider, preferred_username="officer")
    assert (answer.status_code, answer["Location"]) == (302, reverse("home"))
    assert signed_in(client) == "officer"
    # Found anew each time: what was believed once is stored nowhere.
    assert not SocialAccount.objects.exists()


def test_it_leads_where_one_wanted_to_go(client: Client, provider: OpenIdProvider) -> None:
    provider.claims = {"preferred_username": "officer"}
    page = read(client.get(f"{reverse('login')}?next=/divisions/"))
    (link,) = [each for each in page.one("main").all("a") if "บัญชีขององค์กร" in each.text]
    back = provider.authorize(client.get(link["href"])["Location"])
    assert client.get(back)["Location"] == "/divisions/"


def test_a_person_is_found_by_a_verified_e_mail(client: Client, provider: OpenIdProvider) -> None:
    User.objects.filter(username="staff").update(email="Staff@example.go.th")
    came_back(client, provider, email="staff@example.go.th", email_verified=True, preferred_username="x")
    assert signed_in(client) == "staff"


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"preferred_username": "nobody"},
        {"preferred_username": "OFFICER"},
        {"preferred_username": "away"},
        {"preferred_username": "off\0icer"},
        {"email": "one@example.go.th"},
        {"email": "one@example.go.th", "email_verified": False},
        {"email": "one@example.go.th", "email_verified": "true"},
        {"email": "shared@example.go.th", "email_verified": True},
        {"email": "", "email_verified": True},
        {"email": "new@example.go.th", "email_verified": True, "preferred_username": "new"},
    ],
)
def test_nobody_else_comes_in_and_no_account_is_made(
    client: Client, provider: OpenIdProvider, claims: dict[str, Any]
) -> None:
    User.objects.filter(username="staff").update(email="one@example.go.th")
    User.objects.filter(username__in=["officer", "executive"]).update(email="shared@example.go.th")
    User.objects.filter(username="stranger").update(username="away", is_active=False)
    count = User.objects.count()
    answer = came_back(client, provider, **claims)
    assert answer.status_code == 403
    assert "ยังไม่มีบัญชีของท่านในระบบนี้" in read(answer).one("h1").text
    assert signed_in(client) == ""
    assert User.objects.count() == count


def forged(provider: OpenIdProvider) -> None:
    provider.signs_with = new_key()


def for_another(provider: OpenIdProvider) -> None:
    provider.token = {"aud": "another client"}


def from_another(provider: OpenIdProvider) -> None:
    provider.token = {"iss": "https://evil.example"}


def over(provider: OpenIdProvider) -> None:
    provider.token = {"exp": 1}


@pytest.mark.parametrize("spoil", [forged, for_another, from_another, over])
def test_a_token_that_is_not_in_order_lets_nobody_in(
    client: Client, provider: OpenIdProvider, spoil: Callable[[OpenIdProvider], None]
) -> None:
    spoil(provider)
    answer = came_back(client, provider, preferred_username="officer")
    assert answer.status_code == 403
    assert "ไม่สำเร็จ" in read(answer).one("h1").text
    assert signed_in(client) == ""


def test_a_provider_that_is_away_is_a_sentence(client: Client, provider: OpenIdProvider) -> None:
    provider.is_down = True
    answer = client.get(BEGIN)
    assert answer.status_code == 403
    assert "กรุณาลองใหม่อีกครั้ง" in read(answer).one("main").text


@pytest.mark.parametrize(
    "query", ["", "?code=one-time", "?state=x&code=y", "?error=access_denied", "?state=%00"]
)
def test_who_did_not_begin_here_does_not_come_in(
    client: Client, provider: OpenIdProvider, query: str
) -> None:
    assert client.get(BACK + query).status_code == 403
    assert signed_in(client) == ""


def test_another_browser_cannot_use_what_came_back(client: Client, provider: OpenIdProvider) -> None:
    provider.claims = {"preferred_username": "officer"}
    back = provider.authorize(client.get(BEGIN)["Location"])
    assert Client().get(back).status_code == 403


def test_the_second_factor_is_still_asked_for(
    client: Client, provider: OpenIdProvider, people: dict[str, User]
) -> None:
    secret = give_app(people["officer"])
    answer = came_back(client, provider, preferred_username="officer")
    assert answer["Location"] == "/login/step/"
    assert signed_in(client) == ""
    client.post("/login/step/", {"code": code_of(secret)})
    assert signed_in(client) == "officer"
