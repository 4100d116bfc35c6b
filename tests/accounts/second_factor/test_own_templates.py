"""Every page that allauth answers is a page of this site: its own templates never show."""

from pathlib import Path
from typing import Any, Final

import allauth
import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from pytest_django import Settings

from accounts.models import User
from accounts.passwords.links import password_link
from tests.conftest import SignIn
from tests.ita_tracker import test_page_habits as habits
from tests.support.factories import PASSWORD
from tests.support.html import read
from tests.support.second_factor import give_app
from tests.support.sweep import Visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

FOREIGN: Final = Path(allauth.__file__).parent
CONFIRM: Final = "/account/confirm/"


def wrong_with(name: str, response: Any) -> list[str]:
    """What is foreign on a page, and which habits of this site's pages it does not have."""
    foreign = [
        f"{name}: {template.name}"
        for template in response.templates
        if template.origin and FOREIGN in Path(template.origin.name).parents
    ]
    if not response["Content-Type"].startswith("text/html"):
        return foreign
    page = read(response)
    visit = Visit(name, "staff", "", None, response.status_code)
    kept = [habits.unique_ids, habits.labels, habits.references, habits.buttons, habits.headings]
    wrong = [said for habit in kept for said in habit(page)] + habits.frame(page, visit)
    return foreign + [f"{name}: {said}" for said in wrong]


def test_every_page_is_of_this_site(
    client: Client, sign_in: SignIn, people: dict[str, User], settings: Settings
) -> None:
    settings.MAIL_IS_SET_UP = True
    settings.ALLOWED_HOSTS = ["*"]
    give_app(people["officer"])
    key = Authenticator.objects.create(
        user=people["officer"], type=Authenticator.Type.WEBAUTHN, data={"name": "โทรศัพท์", "credential": {}}
    )
    officer, staff = sign_in("officer"), sign_in("staff")
    here = {"Host": "localhost"}
    for each in (officer, staff):
        each.post(CONFIRM, {"password": PASSWORD}, headers=here)
    half = Client()
    half.post(reverse("login"), {"username": "executive", "password": PASSWORD})
    give_app(people["executive"])
    half.post(reverse("login"), {"username": "executive", "password": PASSWORD})
    stopped = Client()
    stopped.post(reverse("login"), {"username": "executive", "password": PASSWORD})
    asks: list[tuple[Client, str, dict[str, str] | None]] = [
        (client, reverse("login"), None),
        (client, reverse("login"), {"username": "x", "password": "x"}),
        (stopped, reverse("mfa_authenticate"), None),
        (stopped, reverse("mfa_authenticate"), {"code": "x"}),
        (stopped, reverse("mfa_authenticate"), {"credential": "x"}),
        (client, reverse("account_reset_password"), None),
        (client, reverse("account_reset_password"), {"email": "x"}),
        (client, reverse("account_reset_password"), {"email": "x@example.go.th"}),
        (client, password_link(people["staff"]), None),
        (client, reverse("set_password", args=["x", "x"]), None),
        (officer, reverse("account_change_password"), None),
        (officer, reverse("account_reauthenticate"), None),
        (officer, reverse("account_reauthenticate"), {"password": "x"}),
        (officer, reverse("mfa_index"), None),
        (staff, reverse("mfa_index"), None),
        (staff, reverse("mfa_activate_totp"), None),
        (staff, reverse("mfa_activate_totp"), {"code": "x"}),
        (officer, reverse("mfa_deactivate_totp"), None),
        (officer, reverse("mfa_view_recovery_codes"), None),
        (officer, reverse("mfa_download_recovery_codes"), None),
        (officer, reverse("mfa_generate_recovery_codes"), None),
        (staff, reverse("mfa_generate_recovery_codes"), {}),
        (staff, reverse("mfa_add_webauthn"), None),
        (staff, reverse("mfa_add_webauthn"), {"name": "", "credential": "x"}),
        (officer, reverse("mfa_remove_webauthn", args=[key.pk]), None),
        (client, reverse("openid_connect_login", args=["office"]), None),
        (client, reverse("openid_connect_callback", args=["office"]), None),
    ]
    wrong: list[str] = []
    for who, path, sent in asks:
        if sent is None:
            response = who.get(path, headers=here, follow=True)
        else:
            response = who.post(path, sent, headers=here, follow=True)
        assert response.status_code in (200, 403, 404, 410, 422), path
        wrong += wrong_with(f"{path} {sent or ''}", response)
    assert wrong == []


def test_no_route_answers_with_a_view_of_allauth_itself() -> None:
    """Each is a class or function of this site, which names its template."""

    def modules(patterns: Any) -> set[str]:
        found: set[str] = set()
        for each in patterns:
            nested = getattr(each, "url_patterns", None)
            found |= modules(nested) if nested is not None else {each.callback.__module__}
        return found

    assert not [name for name in modules(get_resolver().url_patterns) if name.startswith("allauth")]
    assert isinstance(get_resolver().url_patterns[0], URLPattern)
