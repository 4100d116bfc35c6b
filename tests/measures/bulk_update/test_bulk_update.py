"""One change for many measures: said before, each by its own rule, all of it or nothing."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from measures.models import Measure, Plan
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_measure
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

CHANGE = reverse("change_many", args=[YEAR])


@pytest.fixture
def measures(plan: Plan) -> dict[str, Measure]:
    return {
        "open": make_measure(plan, "เปิดอยู่", steps=2),
        "done": make_measure(plan, "เสร็จแล้ว", position=2, status="done"),
        "late": make_measure(plan, "ล่าช้า", position=3, due_on=date(2023, 1, 1)),
        "theirs": make_measure(plan, "ของไม่มีใคร", position=4, divisions=0),
    }


def ask(client: Client, measures: dict[str, Measure], **change: str) -> Any:
    data = {f"bulk-{name}": value for name, value in change.items()}
    return client.post(CHANGE, {**data, "measure": [measure.pk for measure in measures.values()]})


def confirm(client: Client, page: str, **change: str) -> Any:
    data = {f"bulk-{name}": value for name, value in change.items()}
    return client.post(CHANGE, {**data, "seen": re.findall(r'name="seen" value="([0-9.]+)"', page)})


def told(page: str) -> tuple[int, int]:
    """How many measures the page says will change, and how many not."""
    return len(read(page).all("strong", "will")), len(read(page).all("strong", "will-not"))


def statuses() -> dict[str, str]:
    return dict(Measure.objects.values_list("title", "status"))


def test_it_says_what_will_change_and_what_not_and_why(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    before = statuses()
    page = ask(sign_in("staff"), measures, status="in_progress").content.decode()
    assert statuses() == before
    assert told(page) == (2, 2)
    assert read(page).one("p", "lead").text == "จะเปลี่ยน 2 มาตรการ · ไม่เปลี่ยน 2 มาตรการ · ต้องระบุเหตุผล 1 มาตรการ"
    assert "คุณรายงานผลของมาตรการนี้ไม่ได้" in page
    assert 'name="seen"' in page


def test_what_was_confirmed_is_stored_by_the_rule_of_each(
    sign_in: SignIn, measures: dict[str, Measure]
) -> None:
    officer = sign_in("officer")
    # Late without a reason: the measure's own page would refuse it as well.
    page = ask(officer, measures, status="cancelled").content.decode()
    assert told(page) == (0, 4)
    assert read(page).one("p", "lead").text == "ไม่มีมาตรการใดเปลี่ยนได้ · ต้องระบุเหตุผล 4 มาตรการ"
    assert 'name="seen"' not in page
    assert 'for="id_bulk-status_reason"' in page
    change = {"status": "done", "open_steps": "finish"}
    page = ask(officer, measures, **change).content.decode()
    assert confirm(officer, page, **change).status_code == 302
    assert set(statuses().values()) == {"done"}
    assert not measures["open"].steps.filter(done_on__isnull=True).exists()
    history = measures["open"].history.latest()
    assert (history.status, history.history_user.username) == ("done", "officer")


def test_what_was_chosen_can_be_mended_and_checked_again(
    sign_in: SignIn, measures: dict[str, Measure]
) -> None:
    """Two of them change; the late one waits for a reason, and need not be ticked once more."""
    officer = sign_in("officer")
    page = read(ask(officer, measures, status="in_progress"))
    assert page.one("p", "lead").text.endswith("ต้องระบุเหตุผล 1 มาตรการ")
    form = page.one("form", "check-again")
    assert form.parent is not None
    assert "open" in form.parent.attributes
    again = officer.post(
        form["action"], form.form_data() | {"bulk-status": "cancelled", "bulk-status_reason": "งด"}
    )
    assert told(again.content.decode()) == (4, 0)


def test_the_day_on_which_they_are_due(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    officer = sign_in("officer")
    page = ask(officer, measures, due_on="31/8/2566").content.decode()
    assert "ครบกำหนด 31 สิงหาคม 2566" in page
    confirm(officer, page, due_on="31/8/2566")
    assert set(Measure.objects.values_list("due_on", flat=True)) == {date(2023, 8, 31)}
    # Staff have no such field: a forged one changes nothing.
    refused = ask(sign_in("staff"), measures, due_on="1/9/2566")
    assert refused.status_code == 422
    assert set(Measure.objects.values_list("due_on", flat=True)) == {date(2023, 8, 31)}


def test_of_a_stale_list_nothing_is_stored(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    officer = sign_in("officer")
    page = ask(officer, measures, status="in_progress").content.decode()
    changed = measures["open"]
    changed.version += 1
    changed.result = "ของอีกคน"
    changed.save()
    before = statuses()
    answer = confirm(officer, page, status="in_progress")
    assert answer.status_code == 409
    assert "ยังไม่ได้บันทึกอะไร" in answer.content.decode()
    assert statuses() == before
    # What is shown now is what is stored now, and can be confirmed.
    assert confirm(officer, answer.content.decode(), status="in_progress").status_code == 302
    assert statuses()["เปิดอยู่"] == "in_progress"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"bulk-status": "done"}, "กรุณาเลือกมาตรการอย่างน้อยหนึ่งรายการ"),
        ({"measure": "1"}, "กรุณาเลือกสถานะใหม่ หรือกรอกวันครบกำหนดใหม่"),
        ({"bulk-due_on": "พรุ่งนี้"}, "อ่านวันที่ไม่ได้"),
        ({"bulk-status": "done", "measure": "x", "seen": "1.2"}, "กรุณาเลือกมาตรการ"),
    ],
)
def test_what_is_missing_is_said(
    sign_in: SignIn, measures: dict[str, Measure], data: dict[str, str], said: str
) -> None:
    answer = sign_in("officer").post(CHANGE, data)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_list_offers_it_to_whoever_may(sign_in: SignIn, measures: dict[str, Measure]) -> None:
    plan = reverse("plan", args=[YEAR])
    assert sign_in("officer").get(plan).content.decode().count('name="measure"') == 4
    assert sign_in("staff").get(plan).content.decode().count('name="measure"') == 3
    assert 'id="change-many"' not in sign_in("executive").get(plan).content.decode()
