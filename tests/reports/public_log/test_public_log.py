"""Everybody reads heads and proofs of the log and checks them by hand; what is not published is a hash."""

import hashlib
import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from time_machine import TimeMachineFixture

from accounts.models import User
from accounts.noting import note_rights
from ledger.heads import LogHead, heads_in
from ledger.merkle import is_consistent, is_included
from ledger.models import LogLine
from ledger.selectors import current_head
from measures.models import Plan
from reports.document.facts import EditionMark
from reports.models import Edition, Round
from reports.public_log.mailing import mail_heads_tonight
from reports.renderers import FORMATS, Rendered
from reports.rounds.selectors import document_of
from reports.rounds.services import approve, publish, submit, unpublish
from tests.support.factories import make_measure
from tests.support.html import read

pytestmark = pytest.mark.django_db

PROGRAM: Final = re.compile(r"```python\n(.*?)```", re.DOTALL)
LEDGER: Final = Path(__file__).resolve().parents[3] / "docs" / "LEDGER.md"


def text_of(name: str, _: object) -> Rendered:
    return Rendered(name.encode())


@pytest.fixture
def edition(plan: Plan, people: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> Edition:
    """Published, after some other lines."""
    for name, report_format in FORMATS.items():
        if name != "json":
            made = replace(report_format, make=partial(text_of, name))
            monkeypatch.setitem(FORMATS, name, made)
    for person in people.values():
        note_rights(person.pk)
    make_measure(plan, status="done", result="ผล", reported_at=timezone.now())
    round_ = Round.objects.select_related("plan__agency").get(plan=plan, months=6)
    address = "https://ita.example.go.th/public/here/2566/6/"
    submission = submit(round_, people["officer"])
    found = approve(submission, people["executive"], address, in_background=False)
    publish(found, people["officer"])
    return found


def get(name: str, *args: int, **query: Any) -> Any:
    response = Client().get(reverse(name, args=args), query)
    assert response.status_code == 200
    assert not response.cookies
    return response


def approval(edition: Edition) -> int:
    return LogLine.objects.get(kind="approved", subject=f"edition:{edition.pk}").number


def test_the_program_of_the_manual_proves_a_report_with_a_kept_head(edition: Edition, tmp_path: Path) -> None:
    kept = current_head()
    note_rights(User.objects.get(username="staff").pk)
    (program,) = PROGRAM.findall(LEDGER.read_text(encoding="utf-8"))
    paths = [tmp_path / name for name in ("check_log.py", "proof.json", "report.json")]
    paths[0].write_text(program, encoding="utf-8")
    number = approval(edition)
    paths[1].write_bytes(get("public_log_inclusion", number, size=kept.size).content)
    paths[2].write_bytes(bytes(edition.files.get(format="json").content))

    def ended(head: str) -> tuple[int, str]:
        called = [sys.executable, str(paths[0]), str(paths[1]), head, str(paths[2])]
        done = subprocess.run(called, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    assert ended(str(kept)) == (0, "proven\n")
    assert "not in that log" in ended(f"{kept.size} {'0' * 64}")[1]
    paths[2].write_bytes(paths[2].read_bytes().replace(b"2566", b"2567"))
    assert "another report" in ended(str(kept))[1]


def test_every_line_is_proven_at_every_size(edition: Edition) -> None:
    """With the rules of RFC 9162, which know nothing of how the proof was made."""
    size = current_head().size
    for number in range(1, size + 1):
        for at in range(number, size + 1):
            proof = get("public_log_inclusion", number, size=at).json()
            path = [bytes.fromhex(step) for step in proof["audit_path"]]
            leaf, root = bytes.fromhex(proof["leaf_hash"]), bytes.fromhex(proof["root_hash"])
            assert is_included(leaf, number - 1, at, path, root)


def test_that_the_log_only_grew_is_proven(edition: Edition) -> None:
    size = current_head().size
    for first in range(1, size + 1):
        told = get("public_log_consistency", first=first).json()
        old, new = (bytes.fromhex(told[which]["root_hash"]) for which in ("first", "second"))
        steps = [bytes.fromhex(step) for step in told["proof"]]
        assert told["second"]["tree_size"] == size
        assert is_consistent(first, size, steps, old, new)


def test_what_the_log_never_had_is_not_found(edition: Edition) -> None:
    for query in ({}, {"first": 0}, {"first": "x"}, {"first": 3, "second": 2}, {"first": 999}):
        assert Client().get(reverse("public_log_consistency"), query).status_code == 404
    address = reverse("public_log_inclusion", args=[approval(edition)])
    for size in ("0", "1", "999", "x", ""):
        assert Client().get(address, {"size": size}).status_code == 404
    for number in (999, 10**30):
        assert Client().get(reverse("public_log_line", args=[number])).status_code == 404


def test_heads_of_days_are_for_keeping(edition: Edition, time_machine: TimeMachineFixture) -> None:
    before = current_head()
    time_machine.move_to(datetime(2090, 1, 5, 20, tzinfo=UTC), tick=False)
    note_rights(User.objects.get(username="staff").pk)
    text = get("public_log_heads").content.decode()
    assert list(heads_in(text)) == [before, current_head()]
    # Three in the morning of the next day in Thailand: that day is not over.
    newest, older = text.splitlines()
    assert newest.startswith("2090-01-06 ")
    assert newest.endswith("(ยังไม่สิ้นวัน)")
    assert older.endswith(before.root)
    told = get("public_log_heads_json").json()
    assert told["now"] == {"tree_size": current_head().size, "root_hash": current_head().root}
    assert [day["final"] for day in told["days"]] == [False, True]


def test_an_empty_log_has_a_head_and_no_line() -> None:
    assert current_head() == LogHead(0, hashlib.sha256(b"").hexdigest())
    assert "0 บรรทัด" in read(get("public_log")).text
    assert get("public_log_heads").content == b""
    assert Client().get(reverse("public_log_line", args=[1])).status_code == 404


def test_the_code_on_a_report_leads_to_its_line(edition: Edition) -> None:
    found = Client().get(reverse("public_log"), {"find": edition.code.lower()}, follow=True)
    assert found.redirect_chain == [(reverse("public_log_line", args=[approval(edition)]), 302)]
    page = read(found).text
    assert edition.code in page
    assert str(current_head()) in page
    report = Client().get(reverse("public_report", args=["here", edition.round.plan.fiscal_year, 6]))
    assert f"{reverse('public_log')}?find={edition.code}" in report.content.decode()
    assert Client().get(reverse("public_log"), {"find": "3"}).headers["Location"].endswith("/public/log/3/")
    for unknown in ("AAAA-2222", "999", "0", "x" * 200, "x\x00"):
        refused = Client().get(reverse("public_log"), {"find": unknown})
        assert (unknown, refused.status_code) == (unknown, 404)
        assert "ไม่พบบรรทัด" in refused.content.decode()


def test_what_is_not_published_is_a_hash(edition: Edition, people: dict[str, User]) -> None:
    """Of accounts, submissions and editions that were hidden nobody reads what happened."""
    number = approval(edition)
    assert json.loads(get("public_log_inclusion", number).json()["text"])["facts"]["code"] == edition.code
    unpublish(edition.round, people["officer"])
    for line in LogLine.objects.all():
        told = get("public_log_inclusion", line.number).json()
        assert (told["text"], told["sha256"]) == (None, line.sha256)
        page = get("public_log_line", line.number).content.decode()
        assert line.subject not in page
        assert edition.code not in page
    assert Client().get(reverse("public_log"), {"find": edition.code}).status_code == 404


def test_no_name_and_no_reason_stands_in_the_log(edition: Edition, people: dict[str, User]) -> None:
    for line in LogLine.objects.all():
        for person in people.values():
            assert person.get_full_name() not in line.text.replace(line.kind, "")


def test_the_log_asks_little_however_long_it_is(edition: Edition) -> None:
    def asked(name: str, *args: int) -> int:
        query = {"first": 1} if name == "public_log_consistency" else {}
        with CaptureQueriesContext(connection) as queries:
            get(name, *args, **query)
        return len(queries)

    names: tuple[Any, ...] = (
        ("public_log",), ("public_log_heads",), ("public_log_line", 1), ("public_log_consistency",),
    )  # fmt: skip
    few = [asked(*each) for each in names]
    for _ in range(40):
        note_rights(User.objects.get(username="staff").pk)
    assert [asked(*each) for each in names] == few
    assert max(few) <= 6


def test_an_edition_prints_the_head_before_it(edition: Edition) -> None:
    document = document_of(edition)
    mark = document.edition
    assert isinstance(mark, EditionMark)
    (printed,) = heads_in(mark.log_head)
    assert printed.size == approval(edition) - 1
    told = get("public_log_consistency", first=printed.size).json()
    assert told["first"] == {"tree_size": printed.size, "root_hash": printed.root}


# --- Heads by mail ------------------------------------------------------------------------------------


@pytest.fixture
def mail(settings: Settings) -> None:
    settings.MAIL_IS_SET_UP = True
    settings.PUBLIC_URL = "https://ita.example.go.th"
    User.objects.filter(username="overseer").update(email="overseer@example.go.th")


MONDAY: Final = datetime(2090, 1, 2, 3, tzinfo=UTC)


def test_overseers_get_the_head_on_mondays_once(
    edition: Edition, mail: None, mailoutbox: list[Any], time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    mail_heads_tonight()
    mail_heads_tonight()
    (sent,) = mailoutbox
    assert sent.to == ["overseer@example.go.th"]
    assert list(heads_in(sent.body)) == [current_head()]
    assert "https://ita.example.go.th/public/log/" in sent.body


def test_no_head_is_mailed_on_another_day_or_without_a_line(
    people: dict[str, User], mail: None, mailoutbox: list[Any], time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(MONDAY, tick=False)
    mail_heads_tonight()
    note_rights(people["staff"].pk)
    time_machine.move_to(MONDAY.replace(day=3), tick=False)
    mail_heads_tonight()
    assert mailoutbox == []
