"""Whoever appends keeps all others from it until the transaction ends: it is the last that it waits for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountEvent, Role, User
from accounts.people.acting import confirm_acting, end_acting, name_acting
from accounts.people.approvers import confirm_executive, decline_executive
from accounts.people.passwords import hand_over_password, password_mark
from accounts.people.services import (
    PersonFacts,
    add_person,
    change_person,
    facts_of,
    person_version,
    set_active,
)
from accounts.set_up.services import NewPerson, create_people
from measures.evidence.hiding import hide
from measures.models import Evidence, Plan
from reports.models import Round
from reports.renderers import FORMATS, Rendered
from reports.rounds.services import approve, give_back, publish, reopen, submit, unpublish, withdraw
from tests.support.factories import make_evidence_file, make_measure

pytestmark = pytest.mark.django_db

OURS = ("ledger_", "SAVEPOINT", "pg_advisory_xact_lock")
LINE = 'INSERT INTO "ledger_logline"'


def text_of(name: str, _: object) -> Rendered:
    return Rendered(name.encode())


@contextmanager
def ends_with_a_line(what: str) -> Iterator[None]:
    """What is done in the block asks the database for nothing of others after it began to append."""
    with CaptureQueriesContext(connection) as queries:
        yield
    asked = [query["sql"] for query in queries]
    first = next((place for place, sql in enumerate(asked) if LINE in sql), None)
    assert first is not None, f"{what} leaves no line"
    others = [sql for sql in asked[first:] if not any(ours in sql for ours in OURS)]
    assert others == [], what


def test_rounds_and_evidence(plan: Plan, people: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, report_format in FORMATS.items():
        monkeypatch.setitem(FORMATS, name, replace(report_format, make=partial(text_of, name)))
    officer, executive = people["officer"], people["executive"]
    measure = make_measure(plan, status="done", result="ผล", reported_at=timezone.now())
    proof = make_evidence_file(measure, public=True)
    round_ = Round.objects.select_related("plan__agency").get(plan=plan, months=6)

    def submitted() -> Any:
        with ends_with_a_line("submit"):
            return submit(round_, officer)

    def approved() -> Any:
        submission = submitted()
        with ends_with_a_line("approve"):
            return approve(submission, executive, "https://example.com/", in_background=False)

    submission = submitted()
    with ends_with_a_line("withdraw"):
        withdraw(submission, officer)
    submission = submitted()
    with ends_with_a_line("give back"):
        give_back(submission, executive, "แก้")
    edition = approved()
    with ends_with_a_line("publish"):
        publish(edition, officer)
    with ends_with_a_line("hide"):
        hide(Evidence.objects.with_hiding().get(pk=proof.pk), officer, "ผิดไฟล์")
    with ends_with_a_line("unpublish"):
        unpublish(round_, officer)
    # A correction withdraws what tells more than the public may know.
    reopen(round_, "แก้ไข")
    approved()


def test_people(plan: Plan, people: dict[str, User]) -> None:
    agency, officer, executive = plan.agency, people["officer"], people["executive"]
    division = agency.divisions.order_by("pk")[0]
    facts = PersonFacts("ก", "", "", frozenset({Role.STAFF}), (division,))
    with ends_with_a_line("add"):
        person = add_person(agency, "added", facts, officer)
    person = User.objects.get(pk=person.pk)
    with ends_with_a_line("password"):
        hand_over_password(person, password_mark(person), officer)
    person = User.objects.get(pk=person.pk)
    changed = replace(facts_of(person), roles=frozenset({Role.STAFF, Role.EXECUTIVE}))
    with ends_with_a_line("change"):
        change_person(person, changed, person_version(person), officer)
    today = timezone.localdate()
    with ends_with_a_line("name acting"):
        acting = name_acting(agency, person, today, today + timedelta(days=3), "1", executive)
    with ends_with_a_line("end acting"):
        end_acting(acting, executive)
    name_acting(agency, person, today, today + timedelta(days=3), "1", executive)
    proposed = add_person(
        agency, "proposed", replace(facts, roles=frozenset({Role.EXECUTIVE}), divisions=()), officer
    )
    with ends_with_a_line("confirm an executive"):
        confirm_executive(proposed, executive)
    proposed = add_person(
        agency, "declined", replace(facts, roles=frozenset({Role.EXECUTIVE}), divisions=()), officer
    )
    with ends_with_a_line("decline an executive"):
        decline_executive(proposed, executive)
    staff = people["staff"]
    with ends_with_a_line("propose acting"):
        acting = name_acting(agency, staff, today, today + timedelta(days=3), "2", officer)
    with ends_with_a_line("confirm acting"):
        confirm_acting(acting, executive)
    with ends_with_a_line("take out of use"):
        set_active(person, active=False, by=officer)
    with ends_with_a_line("many"):
        create_people(agency, [NewPerson(name, name, Role.STAFF) for name in ("one", "two")], officer)


def test_the_administrators_own_pages(people: dict[str, User]) -> None:
    User.objects.filter(pk=people["admin"].pk).update(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(people["admin"], backend="django.contrib.auth.backends.ModelBackend")
    person = people["overseer"]
    address = reverse("admin:accounts_user_change", args=[person.pk])
    sent = {"username": person.username, "full_name": "ชื่อใหม่", "is_overseer": "on", "is_active": "on"}
    with CaptureQueriesContext(connection) as queries:
        response = client.post(address, sent)
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert AccountEvent.objects.get().person == person
    asked = [query["sql"] for query in queries]
    (own,) = [place for place, sql in enumerate(asked) if 'INSERT INTO "django_admin_log"' in sql]
    (line,) = [place for place, sql in enumerate(asked) if LINE in sql]
    assert own < line
