"""Headers, cookies and settings are strict; no page holds an inline script or the address of another site."""

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings as site
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings
from whitenoise.middleware import WhiteNoiseMiddleware

from ita_tracker.safety import PERMISSIONS, SafetyHeaders
from reports.public.views import LICENCE
from tests.conftest import SignIn
from tests.support.factories import PASSWORD
from tests.support.html import Element, read

pytestmark = pytest.mark.django_db

POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# Attributes with which a browser would fetch from, or send to, an address.
ADDRESSES: Final = ("src", "href", "action", "formaction", "poster", "data", "srcset", "hx-get", "hx-post")
# Named, or followed by a person's own click: what a page is to search engines, the licence of its data, and
# where an approved report says that it can be checked. No browser fetches them by itself.
NAMED: Final = {
    "https://schema.org/Dataset",
    "https://schema.org/GovernmentOrganization",
    LICENCE,
    "https://ita.example.go.th/",
}
ROOT: Final = Path(site.BASE_DIR)


def policy(header: str) -> dict[str, str]:
    return dict(part.strip().split(" ", 1) for part in header.split(";") if part.strip())


def unsafe(page: Element) -> list[str]:
    """Everything in a page that the policy would stop, or that leads to another site."""
    wrong = []
    for element in page.walk():
        if element.tag == "script" and (not element.get("src") or element.text):
            wrong.append("inline script")
        if element.tag in ("style", "iframe", "object", "embed", "base"):
            wrong.append(f"<{element.tag}>")
        for name, value in element.attributes.items():
            if value in NAMED and element.tag in ("a", "link", "div", "span"):
                continue
            # What a message or another site shows of a page is asked for by whole address: this site's own.
            if element.get("property").startswith("og:") and value.startswith("http://testserver/"):
                continue
            if name == "style" or name.startswith(("on", "hx-on")):
                wrong.append(f"{element.tag} {name}={value!r}")
            if name in ADDRESSES and re.match(r"\s*(//|\\|[a-z][a-z0-9+.-]*:)", value, re.IGNORECASE):
                wrong.append(f"{element.tag} {name}={value!r}")
            # An example in a hint may be an address; nothing that a browser follows may be.
            if "://" in value and name not in ("xmlns", "value"):
                wrong.append(f"{element.tag} {name}={value!r}")
            if name in ("hx-vals", "hx-headers") and value.lstrip().startswith("js"):
                wrong.append(f"{name} is a script")
    return wrong


def unguarded(response: Any) -> list[str]:
    """What is wrong with the headers that protect a page."""
    wrong = []
    is_public = response.request["PATH_INFO"].startswith("/public/")
    if policy(response["Content-Security-Policy"]) != POLICY:
        wrong.append(response["Content-Security-Policy"])
    for header, value in (
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", PERMISSIONS),
        ("Cross-Origin-Resource-Policy", "cross-origin" if is_public else "same-origin"),
    ):
        if response.get(header) != value:
            wrong.append(f"{header}: {response.get(header)}")
    return wrong


# That no page of the site is unsafe or unguarded is asked with the habits of pages, in one sweep.


@pytest.mark.parametrize(
    "broken",
    [
        "<script>1</script>",
        '<script src="https://cdn.example/x.js"></script>',
        '<script src="//cdn.example/x.js"></script>',
        "<style>p{}</style>",
        '<p style="color:red">x</p>',
        '<p onclick="x()">x</p>',
        '<p hx-on:click="x()">x</p>',
        '<a href="javascript:x()">x</a>',
        '<form action="http://evil.example/"></form>',
        '<iframe src="/x"></iframe>',
        "<p hx-vals='js:{a: 1}'>x</p>",
    ],
)
def test_the_sweep_notices_what_is_unsafe(broken: str) -> None:
    assert unsafe(read(broken))


@pytest.mark.parametrize("ending", ["css", "js"])
def test_no_stylesheet_or_script_of_ours_fetches_from_elsewhere(ending: str) -> None:
    files = sorted((ROOT / "static").rglob(f"*.{ending}"))
    assert files
    for file in files:
        text = file.read_text()
        assert not re.search(r"https?://|url\(\s*[\"']?//|[\"'`]//", text), file.name
        # An import names a file of the same folder.
        text = re.sub(r'^(?:@import "|import "\./)[a-z_]+\.(?:css|js)";$', "", text, flags=re.MULTILINE)
        for word in ("@import", "import ", "eval(", "new Function", "innerHTML", "document.write"):
            assert word not in text, f"{word} in {file.name}"


def test_no_template_marks_text_as_safe() -> None:
    """What people type is escaped everywhere: nothing switches that off."""
    for file in sorted((ROOT / "templates").rglob("*.html")):
        text = file.read_text()
        assert not re.search(r"\|\s*safe\b|autoescape off|safeseq", text), file.name
    for app in ("core", "accounts", "measures", "reports", "ita_tracker"):
        for file in sorted((ROOT / app).rglob("*.py")):
            assert not re.search(r"mark_safe|\.raw\(|RawSQL", file.read_text()), file.name
            # What needs no token stores nothing: one view, tested to write nothing.
            exempt = file.read_text().count("@csrf_exempt")
            assert exempt == (1 if file.match("reports/public/check_views.py") else 0), file.name


def test_the_session_is_a_cookie_that_no_script_reads(people: dict[str, Any]) -> None:
    client = Client()
    client.post(reverse("login"), {"username": "staff", "password": PASSWORD})
    session = client.cookies["sessionid"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    assert int(session["max-age"]) == 12 * 60 * 60
    assert client.cookies["csrftoken"]["samesite"] == "Lax"


def test_signing_in_changes_the_session(people: dict[str, Any]) -> None:
    client = Client()
    client.get(reverse("login"))
    client.session["planted"] = "x"
    client.session.save()
    before = client.session.session_key
    client.post(reverse("login"), {"username": "staff", "password": PASSWORD})
    assert client.session.session_key != before


# --- The settings of a production site, read by a process of its own -------------------------------------

PRODUCTION: Final = {
    "SECRET_KEY": "k" * 25 + "0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "ita.example.go.th",
}
NAMES: Final = (
    "SECRET_KEY",
    "DEBUG",
    "HTTPS",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_URL",
    "SQLITE_PATH",
    "DATABASE_POOL_SIZE",
    "TRUSTED_PROXIES",
    "ADMIN_NETWORKS",
    # The browser's tests set it for their whole folder, and Django's check refuses it.
    "DJANGO_ALLOW_ASYNC_UNSAFE",
)


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with nothing of the present environment's settings."""
    clean = {name: value for name, value in os.environ.items() if name not in NAMES}
    return subprocess.run(
        [sys.executable, "-W", "error::SyntaxWarning", "manage.py", *arguments],
        cwd=ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# Reads the settings once for each line, in a process of its own each, which has read none before.
ASK: Final = """
import io, json, os, sys, traceback
import csp.constants, django.conf, django_stubs_ext, environs, fontpkg_sarabun, marshmallow.validate

def shown():
    import ita_tracker.settings as s
    engine = s.DATABASES["default"]["ENGINE"].rsplit(".")[-1]
    secure = s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT
    return " ".join(map(str, [s.DEBUG, *secure, s.SECURE_HSTS_SECONDS, engine]))

for line in sys.stdin:
    if not (child := os.fork()):
        try:
            os.environ |= json.loads(line)
            print(json.dumps([0, shown()]), flush=True)
        except Exception:
            print(json.dumps([1, traceback.format_exc()]), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""

TRYING_OUT: Final[dict[str, str]] = {}
SHOWN: Final[Sequence[tuple[dict[str, str], str]]] = (
    (TRYING_OUT, "True False False False 0 sqlite3"),
    (PRODUCTION, "False True True True 31536000 sqlite3"),
    # A closed network may do without HTTPS.
    (PRODUCTION | {"HTTPS": "off"}, "False False False False 0 sqlite3"),
    (
        PRODUCTION | {"DATABASE_URL": "postgres://u:p@localhost/ita"},
        "False True True True 31536000 postgresql",
    ),
)
REFUSED: Final[Sequence[tuple[dict[str, str], str]]] = (
    ({"DEBUG": "off"}, "SECRET_KEY is not set"),
    ({"DEBUG": "off", "ALLOWED_HOSTS": "x"}, "SECRET_KEY is not set"),
    ({"SECRET_KEY": PRODUCTION["SECRET_KEY"]}, "ALLOWED_HOSTS is not set"),
    (PRODUCTION | {"SECRET_KEY": "x"}, "SECRET_KEY is too short"),
    (PRODUCTION | {"SECRET_KEY": "x" * 60}, "SECRET_KEY is too short"),
    (PRODUCTION | {"SECRET_KEY": "django-insecure-" + PRODUCTION["SECRET_KEY"]}, "known to everybody"),
    (PRODUCTION | {"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name"),
    (PRODUCTION | {"ALLOWED_HOSTS": "ita.example.go.th,*"}, "ALLOWED_HOSTS must name"),
    (PRODUCTION | {"ADMIN_NETWORKS": "10.0.0.0/99"}, "ADMIN_NETWORKS must be networks"),
    (PRODUCTION | {"DATABASE_URL": "mysql://u:p@localhost/ita"}, "must be a postgres:// address"),
    (PRODUCTION | {"DATABASE_URL": "sqlite:///db.sqlite3"}, "must be a postgres:// address"),
    (PRODUCTION | {"DEBUG": "perhaps"}, "DEBUG"),
    (PRODUCTION | {"HTTPS": "perhaps"}, "HTTPS"),
    (PRODUCTION | {"TRUSTED_PROXIES": "one"}, "TRUSTED_PROXIES"),
    (PRODUCTION | {"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES"),
    (PRODUCTION | {"OIDC_SERVER_URL": "https://id.example.go.th"}, "OIDC_CLIENT_ID"),
)


def read_settings(asked: Sequence[dict[str, str]]) -> list[tuple[int, str]]:
    """Of each environment whether its settings are refused, and what they are or why."""
    clean = {name: value for name, value in os.environ.items() if name not in NAMES}
    lines = "".join(f"{json.dumps(environment)}\n" for environment in asked)
    ended = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env=clean,
        input=lines,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return [tuple(json.loads(line)) for line in ended.stdout.splitlines()]


def test_a_production_site_passes_django_s_own_check(monkeypatch: pytest.MonkeyPatch) -> None:
    # As it is where the same worker had a test of the browser before.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    ended = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_secret_key_makes_a_machine_for_trying_out_a_production_site_over_https() -> None:
    asked = [environment for environment, _ in SHOWN]
    assert read_settings(asked) == [(0, settings) for _, settings in SHOWN]


def test_unsafe_or_unreadable_settings_are_refused() -> None:
    told = read_settings([environment for environment, _ in REFUSED])
    for (environment, reason), (refused, said) in zip(REFUSED, told, strict=True):
        assert refused, environment
        assert reason in said.splitlines()[-1], environment


@pytest.mark.parametrize("refused", [REFUSED[0], REFUSED[11]], ids=lambda refused: refused[1])
def test_with_settings_that_are_refused_nothing_starts(refused: tuple[dict[str, str], str]) -> None:
    environment, said = refused
    ended = manage("check", **environment)
    assert ended.returncode != 0
    assert said in ended.stderr


def test_the_policy_has_no_way_around_it() -> None:
    directives = site.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert {name: " ".join(values) for name, values in directives.items()} == POLICY
    assert "unsafe" not in str(directives)


# --- Administration, static files, the database's file ----------------------------------------------------


def test_administration_answers_listed_networks_alone(sign_in: SignIn, settings: Settings) -> None:
    admin = sign_in("admin")
    settings.ADMIN_NETWORKS = [ip_network("10.1.0.0/16"), ip_network("2001:db8::/32")]
    asked = {
        address: admin.get("/admin/", REMOTE_ADDR=address).status_code
        for address in ("10.1.2.3", "::ffff:10.1.2.3", "2001:db8::9", "10.2.0.1", "127.0.0.1", "")
    }
    assert asked == {
        "10.1.2.3": 200,
        "::ffff:10.1.2.3": 200,
        "2001:db8::9": 200,
        "10.2.0.1": 403,
        "127.0.0.1": 403,
        "": 403,
    }
    # What a client writes itself is believed of counted proxies only.
    forged = {"X-Forwarded-For": "10.1.2.3"}
    assert admin.get("/admin/login/", REMOTE_ADDR="10.2.0.1", headers=forged).status_code == 403
    settings.TRUSTED_PROXIES = 1
    assert admin.get("/admin/", REMOTE_ADDR="127.0.0.1", headers=forged).status_code == 200
    assert admin.get("/site/", REMOTE_ADDR="10.2.0.1").status_code == 200


def not_reached(_: HttpRequest) -> HttpResponse:
    raise AssertionError


def test_static_files_are_for_this_site(settings: Settings) -> None:
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    answer = SafetyHeaders(WhiteNoiseMiddleware(not_reached))(RequestFactory().get("/static/icons.svg"))
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    # The file that it would send.
    answer.close()


def test_nobody_else_reads_the_file_of_the_database(tmp_path: Path) -> None:
    file = tmp_path / "site.sqlite3"
    ended = manage("migrate", "--verbosity", "0", "contenttypes", "0001", **PRODUCTION, SQLITE_PATH=str(file))
    assert ended.returncode == 0, ended.stderr
    assert {stat.filemode(each.stat().st_mode) for each in tmp_path.iterdir()} == {"-rw-------"}
    # One that an earlier version left open to others.
    file.chmod(0o644)
    ask = ("shell", "--no-imports", "-c", "from django.db import connection; connection.ensure_connection()")
    assert manage(*ask, **PRODUCTION, SQLITE_PATH=str(file)).returncode == 0
    assert stat.filemode(file.stat().st_mode) == "-rw-------"
