"""Whatever is sent to whatever address, nobody is answered 500: random requests out of one seed.

Every route with its values, every parameter that a page reads, every field of every form, every header. As
the suite runs, a part of them; `make fuzz` sends ten thousand on each engine and says how many were answered
what.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings as site
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import get_resolver

from accounts.models import User
from measures.models import Measure, Plan
from reports.dashboard import summary
from reports.help import paper
from reports.renderers import FORMATS, Rendered
from tests.conftest import SignIn
from tests.ita_tracker.test_permissions import ROLES, TABLE, addresses_of, routes
from tests.support.factories import YEAR
from tests.support.fuzzer import Fuzzer, Sent, Target
from tests.support.html import Element, read
from tests.support.sweep import Visit, furnish, seen
from tests.support.thorough import THOROUGH

# Django's own pages of administration name variables that it does not always set.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("february"),
    pytest.mark.ignore_template_errors,
]

SEED: Final = 2566
REQUESTS: Final = 10_000 if THOROUGH else 160
# So that the long form is done by several processes at once.
SHARES: Final = 5 if THOROUGH else 1
ROOMS: Final = ("accounts", "core", "measures", "operations", "reports", "ita_tracker")
READ_IN_ADDRESS: Final = re.compile(r'GET\.get\(\s*"(\w+)"|"(\w+)" (?:not )?in (?:self\.)?request\.GET')
READ_IN_FORM: Final = re.compile(r'POST\.get(?:list)?\(\s*"([\w-]+)"')
SENSIBLE: Final = {
    "year": str(YEAR),
    "agency": "here",
    "room": "plan",
    "months": "6",
    "in": "list",
    "page": "1",
}

# Files of an edition that a worker has still to make are asked for again later.
NOT_MADE_YET: Final = {"download", "edition", "public_download", "public_edition_download"}

# The administrator's pages are Django's own: their addresses, and what their forms ask for.
ADMIN: Final = (
    *("/admin/?next={}", "/admin/{}/", "/admin/{}/{}/", "/admin/r/{}/{}/", "/admin/jsi18n/?x={}"),
    *("/admin/accounts/agency/?q={}", "/admin/accounts/agency/?p={}", "/admin/accounts/agency/?o={}"),
    *("/admin/accounts/agency/?e={}&_popup={}", "/admin/accounts/user/?q={}", "/admin/accounts/user/?{}={}"),
    *("/admin/accounts/user/?role__exact={}", "/admin/accounts/user/?is_active__exact={}"),
    *(
        "/admin/accounts/agency/{}/change/",
        "/admin/accounts/agency/{}/history/",
        "/admin/accounts/user/{}/password/",
    ),
    *("/admin/accounts/agency/{}/history/{}/", "/admin/accounts/agency/add/?name={}&slug={}"),
    "/admin/autocomplete/?app_label=accounts&model_name=user&field_name=agency&term={}",
    "/admin/autocomplete/?app_label={}&model_name={}&field_name={}&term={}",
)
ADMIN_FORMS: Final = ("/admin/accounts/agency/add/", "/admin/accounts/user/add/", "/admin/login/")
ADMIN_FIELDS: Final = (
    *(("divisions-INITIAL_FORMS", "0"), ("divisions-TOTAL_FORMS", "1"), ("divisions-0-name", "ก")),
    *(
        ("divisions-0-position", "1"),
        ("name", "ก"),
        ("short_name", "ก"),
        ("slug", "new"),
        ("province", "เลย"),
    ),
    *(("username", "new"), ("full_name", "ก"), ("is_officer", "on"), ("agency", "1"), ("divisions", "1")),
    *(("password1", "x"), ("password", "x"), ("overseen_agencies", "1"), ("overseen_provinces", "เลย")),
)


def sources() -> Iterator[str]:
    for room in ROOMS:
        for path in sorted((Path(site.BASE_DIR) / room).rglob("*.py")):
            yield path.read_text()


def names_read(pattern: re.Pattern[str]) -> set[str]:
    """Every name that code asks a request for in so many words."""
    return {name for text in sources() for found in pattern.findall(text) for name in _each(found) if name}


def _each(found: str | tuple[str, ...]) -> tuple[str, ...]:
    return (found,) if isinstance(found, str) else found


def as_list(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def pattern_of(name: str) -> str:
    """The address of a route with {} for each value in it; empty where there is none."""
    ((template, values), *_), *_ = get_resolver().reverse_dict.getlist(name)[0]
    return "/" + re.sub(r"%\(\w+\)s", "{}", template) if values else ""


def route_targets(measure: Measure) -> Iterator[Target]:
    """Every route, mostly asked by those to whom it answers."""
    addresses = addresses_of(measure)
    for name in dict.fromkeys(routes(get_resolver())):
        answers = [dict(zip(ROLES, TABLE[name, method].split(), strict=True)) for method in ("GET", "POST")]
        roles = [role for role in ROLES if role != "far_overseer"]
        served = [role for role in roles if any(each[role] in {"200", "409", "422"} for each in answers)]
        yield Target([*served, *served, *ROLES[:2]], addresses[name], name, pattern_of(name))
    for place, pattern in enumerate(ADMIN):
        yield Target(["admin"], pattern.replace("{}", "1"), f"admin {place}", pattern)
    for path in ADMIN_FORMS:
        yield Target(["admin"], path, f"admin form {path}", fields=ADMIN_FIELDS, method="POST")


def has_new_forms(visit: Visit) -> bool:
    """In short not what was refused and parts of pages: most of their forms stand on the whole page too."""
    return THOROUGH or (visit.status < 400 and not visit.htmx)


def form_targets(sign_in: SignIn, measures: dict[str, Any], parameters: dict[str, str]) -> Iterator[Target]:
    """Each form that stores something, once, from all pages of the sweep; notes what their links and searches
    put into an address.
    """
    known: set[tuple[str, frozenset[str]]] = set()
    for visit, response in seen(sign_in, measures, wanted=has_new_forms):
        if not response.get("Content-Type", "").startswith("text/html"):
            continue
        page = read(response)
        parameters |= dict(_in_addresses(page))
        for form in page.all("form", method="post"):
            action, data = form.get("action") or visit.path, form.form_data()
            names = frozenset(data)
            if (action, names) not in known and "logout" not in action:
                known.add((action, names))
                fields = tuple((name, text) for name, texts in data.items() for text in as_list(texts))
                yield Target(
                    [visit.role], action, f"form {action.split('?')[0]}", fields=fields, method="POST"
                )


def _in_addresses(page: Element) -> Iterator[tuple[str, str]]:
    for form in page.all("form", method="get"):
        yield from ((name, as_list(value)[0]) for name, value in form.form_data().items())
    for link in page.all("a"):
        yield from parse_qsl(urlsplit(link.get("href")).query)


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch, sign_in: SignIn) -> Any:
    """What a request is answered, as a site would; nothing of what it does stays."""
    for name in ("pdf", "png"):
        if name in FORMATS:
            made = replace(FORMATS[name], make=lambda _: Rendered(b"%PDF-"))
            monkeypatch.setitem(FORMATS, name, made)
    monkeypatch.setattr(paper, "make_pdf", lambda *_: Rendered(b"%PDF-"))
    monkeypatch.setattr(summary, "_make", lambda *_: Rendered(b"%PDF-"))
    signed_in: dict[str, Client] = {}

    def answered(sent: Sent) -> int:
        role = signed_in.get(sent.role) or signed_in.setdefault(sent.role, sign_in(sent.role))
        client = Client(raise_request_exception=False, enforce_csrf_checks=sent.checks_csrf)
        if not sent.checks_csrf:
            client.handler = role.handler
        client.cookies.update(role.cookies)
        with transaction.atomic():
            response: HttpResponseBase = client.generic(
                sent.method, sent.path, sent.body, content_type=sent.content_type, headers=sent.headers
            )
            # A file or a stream is read to its end, as a browser would.
            b"".join(response)
            transaction.set_rollback(True)
        return response.status_code

    return answered


@pytest.mark.parametrize("share", range(SHARES))
def test_no_random_request_is_answered_500(
    sign_in: SignIn,
    plan: Plan,
    people: dict[str, User],
    answer: Any,
    share: int,
    record_property: Callable[[str, object], None],
) -> None:
    measures = furnish(plan, people)
    parameters = dict.fromkeys(names_read(READ_IN_ADDRESS), "1") | SENSIBLE
    forms = list(form_targets(sign_in, measures, parameters))
    targets = [*route_targets(measures["late"]), *forms]
    fuzzer = Fuzzer(SEED + share, targets, parameters, sorted(names_read(READ_IN_FORM)))
    answers: Counter[int] = Counter()
    wrong: list[str] = []
    for sent in islice(fuzzer.requests(), REQUESTS // SHARES):
        try:
            status = answer(sent)
        except Exception as error:
            # What no server would hand on, or what nothing has made a page of.
            status = 599
            wrong.append(repr(error))
        answers[status] += 1
        if status >= 500 and not (status == 503 and sent.name in NOT_MADE_YET):
            wrong.append(f"{status} {sent}")
    # The end of the run tells of them (tests/conftest.py).
    record_property("answers", dict(answers))
    record_property("places", fuzzer.places)
    assert wrong == []
    assert sum(answers.values()) == REQUESTS // SHARES
    # Most of them came as far as a page or its form.
    assert sum(answers[status] for status in (200, 302, 409, 422)) > REQUESTS // SHARES / 2
