"""A download costs few queries, and a draft that changed is served anew."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Agency
from measures.models import Measure, Plan, Step
from reports.access import get_round
from reports.models import Round
from reports.rounds import downloads, selectors
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_edition, make_evidence, make_measure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february", "nothing_written")]

DRAFT = reverse("download", args=[YEAR, 12, "json"])
APPROVED = reverse("download", args=[YEAR, 6, "pdf"])


def approve_six_months(plan: Plan) -> None:
    make_edition(Round.objects.select_related("plan__agency").get(plan=plan, months=6))


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[Round]:
    """The rounds whose document was built."""
    built: list[Round] = []
    build = selectors.document_in_force

    def counting(round_: Round) -> Any:
        built.append(round_)
        return build(round_)

    monkeypatch.setattr(downloads, "document_in_force", counting)
    return built


@pytest.mark.parametrize("measures", [1, 12])
def test_a_draft_that_is_there_costs_twelve_queries_at_any_size(
    measures: int, plan: Plan, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(measures):
        make_measure(plan, f"มาตรการ {number}", position=number + 1)
    client = sign_in("officer")
    client.get(DRAFT)
    with django_assert_num_queries(12):
        assert client.get(DRAFT).status_code == 200


def test_an_edition_costs_seven_queries(
    plan: Plan, measure: Measure, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    approve_six_months(plan)
    client = sign_in("officer")
    client.get(APPROVED)
    with django_assert_num_queries(7):
        assert client.get(APPROVED).status_code == 200


def served(client: Client, etag: str = "") -> tuple[int, str, Any]:
    """The status of a download, its tag, and what is in it."""
    answer = client.get(DRAFT, headers={"If-None-Match": etag} if etag else {})
    return answer.status_code, answer["ETag"], json.loads(answer.content) if answer.content else None


def test_a_draft_that_did_not_change_is_not_built_again(
    measure: Measure, sign_in: SignIn, builds: list[Round]
) -> None:
    client = sign_in("officer")
    first = served(client)
    assert served(client) == first
    assert served(client, first[1]) == (304, first[1], None)
    assert len(builds) == 1


CHANGES: dict[str, Callable[[Measure], object]] = {
    "a title": lambda measure: Measure.objects.filter(pk=measure.pk).update(title="อีกชื่อหนึ่ง"),
    "a report": lambda measure: Measure.objects.filter(pk=measure.pk).update(
        status="in_progress", result="จัดประชุมแล้ว", reported_at=timezone.now()
    ),
    "a step more": lambda measure: Step.objects.create(measure=measure, position=9, text="ขั้นใหม่"),
    "evidence": make_evidence,
    "the six-month edition": lambda measure: approve_six_months(measure.plan),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_draft_that_changed_is_served_anew(
    change: str, measure: Measure, sign_in: SignIn, builds: list[Round]
) -> None:
    """Also the twelve-month one when the six-month edition is approved: it says what changed since."""
    client = sign_in("officer")
    before = served(client)
    CHANGES[change](measure)
    after = served(client, before[1])
    assert after[0] == 200
    assert after[1:] != before[1:]
    assert len(builds) == 2


def test_what_changes_while_a_draft_is_asked_for_is_not_missed(
    measure: Measure, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the reading of the round and the version of its rows somebody else stores something."""
    read = get_round

    def overtaken(*asked: Any) -> Round:
        found = read(*asked)
        Agency.objects.filter(pk=found.plan.agency_id).update(name="ชื่อใหม่ของหน่วยงาน")
        return found

    client = sign_in("officer")
    with monkeypatch.context() as patch:
        patch.setattr(downloads, "get_round", overtaken)
        served(client)
    assert served(client)[2]["agency"] == "ชื่อใหม่ของหน่วยงาน"
