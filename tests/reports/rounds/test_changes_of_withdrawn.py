"""What a correction withdrew is not told by what changed since it either."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from time_machine import TimeMachineFixture

from accounts.models import User
from measures.evidence.hiding import hide
from measures.models import Evidence, Plan
from reports.models import Edition, Publication
from reports.rounds.services import approve, reopen, submit
from tests.conftest import SignIn
from tests.support.factories import make_evidence, make_measure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february", "nothing_written")]

TITLE = "หลักฐานที่ซ่อนภายหลัง"
Approved = Callable[[int], Edition]


@pytest.fixture
def approved(plan: Plan, people: dict[str, User]) -> Approved:
    """approved(6) is the round's newest edition, made now and published."""

    def made(months: int) -> Edition:
        round_ = plan.rounds.select_related("plan__agency").get(months=months)
        address = f"https://ita.example.go.th/public/here/2566/{months}/"
        edition = approve(submit(round_, people["officer"]), people["executive"], address, in_background=True)
        if edition.revision == 1:
            Publication.objects.create(
                edition=edition, published_by=people["officer"], published_at=timezone.now()
            )
        return edition

    return made


@pytest.fixture
def withdrawn(
    plan: Plan, people: dict[str, User], approved: Approved, time_machine: TimeMachineFixture
) -> Edition:
    """A published six-month edition that told of evidence, hidden since; its correction is not published."""
    evidence = make_evidence(make_measure(plan, status="done", result="แล้ว"), TITLE)
    Evidence.objects.filter(pk=evidence.pk).update(public=True)
    evidence.refresh_from_db()
    edition = approved(6)
    hide(evidence, people["officer"], "ผิดไฟล์")
    time_machine.move_to("2023-09-30 10:00+07:00")
    approved(12)
    reopen(plan.rounds.get(months=6), "แก้หลักฐาน")
    time_machine.shift(1000)
    approved(6)
    edition = Edition.objects.get(pk=edition.pk)
    assert edition.withdrawn
    return edition


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_nobody_is_told_by_the_public_file(withdrawn: Edition, client: Client, ending: str) -> None:
    answer = client.get(f"/public/here/2566/12/changes.{ending}")
    assert answer.status_code == 410
    assert TITLE not in answer.content.decode()
    assert "changes." not in client.get("/public/here/2566/12/").content.decode()


@pytest.mark.parametrize(
    "path", ["/reports/2566/6/changes.csv?agency=here", "/reports/2566/6/?changes=1&agency=here"]
)
def test_who_sees_no_private_evidence_is_not_told(withdrawn: Edition, sign_in: SignIn, path: str) -> None:
    assert TITLE not in sign_in("overseer").get(path).content.decode()
    assert TITLE in sign_in("executive").get(path.removesuffix("agency=here")).content.decode()
