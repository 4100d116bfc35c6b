"""What the system keeps of a person: the page and the file, of oneself alone and without secrets."""

import json
from typing import Any, Final

import pytest
from django.test import Client

from accounts.events import note_event
from accounts.kept.kinds import all_kinds
from accounts.models import AccountEventKind, User
from accounts.noting import note_rights
from measures.models import Measure
from tests.conftest import SignIn
from tests.support.factories import PASSWORD
from tests.support.html import read

pytestmark = pytest.mark.django_db

PAGE: Final = "/account/data/"
FILE: Final = "/account/data/file/"


def told(client: Client) -> dict[str, Any]:
    answer = client.get(FILE)
    assert answer["Content-Type"] == "application/json"
    assert "no-store" in answer["Cache-Control"]
    found: dict[str, Any] = json.loads(answer.content)
    return found


def test_each_kind_says_why_and_for_how_long(sign_in: SignIn) -> None:
    rows = read(sign_in("staff").get(PAGE)).one("tbody").all("tr")
    assert len(rows) == len(all_kinds())
    for row, kind in zip(rows, all_kinds(), strict=True):
        assert kind.why in row.text
        assert kind.how_long.replace(" ", "")[:6] in row.text.replace(" ", "")
    assert len({kind.name for kind in all_kinds()}) == len(all_kinds())


def test_every_room_adds_what_it_keeps() -> None:
    names = {kind.name for kind in all_kinds()}
    assert {
        "account",
        "sessions",
        "refused_sign_ins",
        "evidence",
        "comments",
        "decisions",
        "reminders",
    } <= names


def test_the_file_has_what_one_did(sign_in: SignIn, people: dict[str, User], measure: Measure) -> None:
    client = sign_in("staff")
    Measure.objects.filter(pk=measure.pk).update(reported_by=people["staff"])
    kept = told(client)["kept"]
    assert [row["title"] for row in kept["reported_measures"]["rows"]] == [measure.title]
    assert kept["account"]["rows"][0]["username"] == "staff"
    assert kept["sessions"]["rows"]
    assert told(sign_in("other_staff"))["kept"]["reported_measures"]["rows"] == []


def test_the_file_names_the_lines_of_the_provable_log(sign_in: SignIn, people: dict[str, User]) -> None:
    """Of the person's account alone; what a line hides is not in it, nor the key by which it is hidden."""
    note_rights(people["staff"].pk)
    note_rights(people["officer"].pk)
    note_event(AccountEventKind.CHANGED, people["officer"], people["staff"])
    note_event(AccountEventKind.CHANGED, people["staff"], people["officer"])
    rows = told(sign_in("staff"))["kept"]["log_lines"]["rows"]
    assert [(row["number"], row["kind"]) for row in rows] == [(1, "rights"), (4, "account")]
    assert all(row.keys() == {"number", "kind", "day", "sha256"} for row in rows)


def test_it_holds_no_secret_and_nothing_of_others(sign_in: SignIn, people: dict[str, User]) -> None:
    staff = people["staff"]
    User.objects.filter(pk=staff.pk).update(calendar_key="s" * 43)
    note_event(AccountEventKind.CHANGED, people["other_staff"], people["officer"], "ความลับของผู้อื่น")
    client = sign_in("staff")
    content = client.get(FILE).content.decode()
    for secret in (staff.password, "s" * 43, str(client.session.session_key), PASSWORD, "ความลับของผู้อื่น"):
        assert secret not in content


def test_the_page_asks_the_same_number_of_queries_however_much_there_is(
    sign_in: SignIn, people: dict[str, User], django_assert_max_num_queries: Any
) -> None:
    client = sign_in("officer")
    for _ in range(30):
        note_event(AccountEventKind.CHANGED, people["officer"], people["officer"])
    with django_assert_max_num_queries(len(all_kinds()) + 6):
        client.get(PAGE)
