"""A form that was stored and is sent again, because its answer was lost, is answered as the first time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any, Final
from unittest import mock

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, SavedForm, User
from accounts.repeats import services
from accounts.repeats.services import SAID, tidy
from accounts.repeats.watch import Watch
from measures.models import Comment, Evidence, Measure, Plan
from tests.conftest import SignIn
from tests.support.factories import PDF
from tests.support.html import Element, read
from tests.support.work import WITHOUT_END

pytestmark = pytest.mark.django_db


def form_at(client: Any, page: str, action: str) -> dict[str, Any]:
    """What a browser would send for the form of a page that leads there."""
    return form_in(client.get(page), action)


def form_in(response: HttpResponse, action: str) -> dict[str, Any]:
    forms: list[Element] = read(response).all("form", method="post")
    return next(form for form in forms if form.get("action") == action).form_data()


def evidence(client: Any, measure: Measure, **more: Any) -> tuple[str, dict[str, Any]]:
    path = reverse("add_evidence", args=[measure.pk])
    sent = form_at(client, reverse("measure", args=[measure.pk]), path)
    said = {
        "evidence-title": "ภาพถ่าย",
        "evidence-address": "https://example.go.th/a",
        "evidence-effective_on": "31/1/2566",
    }
    return path, {**sent, **said, **more}


def said_on(client: Any, path: str) -> str:
    return read(client.get(path)).text


def test_evidence_sent_twice_is_stored_once_and_answered_alike(sign_in: SignIn, measure: Measure) -> None:
    staff = sign_in("staff")
    path, sent = evidence(staff, measure)
    for _ in range(3):
        answer = staff.post(path, sent)
        assert (answer.status_code, answer["Location"]) == (302, f"/measures/{measure.pk}/#evidence")
        assert "เพิ่มหลักฐาน “ภาพถ่าย” แล้ว" in said_on(staff, answer["Location"])
    assert Evidence.objects.count() == 1


def test_a_file_sent_twice_is_stored_once(sign_in: SignIn, measure: Measure) -> None:
    staff = sign_in("staff")
    path, sent = evidence(staff, measure, **{"evidence-address": ""})
    for _ in range(2):
        file = SimpleUploadedFile("a.pdf", PDF)
        assert staff.post(path, {**sent, "evidence-file": file}).status_code == 302
    assert Evidence.objects.count() == 1


def test_after_back_other_content_is_another_form(sign_in: SignIn, measure: Measure) -> None:
    staff = sign_in("staff")
    path, sent = evidence(staff, measure)
    staff.post(path, sent)
    staff.post(path, {**sent, "evidence-title": "อีกภาพ"})
    staff.post(path, sent)
    assert sorted(Evidence.objects.values_list("title", flat=True)) == ["ภาพถ่าย", "อีกภาพ"]


def test_a_report_sent_twice_is_no_stale_edit(sign_in: SignIn, measure: Measure) -> None:
    staff, page = sign_in("staff"), reverse("measure", args=[measure.pk])
    sent = {**form_at(staff, page, page), "status": "in_progress", "status_reason": "x", "result": "ทำแล้ว"}
    for _ in range(2):
        assert staff.post(page, sent).status_code == 302
    measure.refresh_from_db()
    assert (measure.result, measure.version) == ("ทำแล้ว", 2)
    # What somebody else has stored meanwhile is one still, also for this page.
    officer = sign_in("officer")
    theirs = {
        **form_at(officer, page, page),
        "status": "in_progress",
        "status_reason": "x",
        "result": "ของเจ้าหน้าที่",
    }
    assert officer.post(page, theirs).status_code == 302
    assert staff.post(page, {**sent, "result": "แก้อีก"}).status_code == 409


def test_what_was_changed_and_changed_back_is_changed_anew(sign_in: SignIn, measure: Measure) -> None:
    staff, page = sign_in("staff"), reverse("measure", args=[measure.pk])
    first = {**form_at(staff, page, page), "status": "in_progress", "status_reason": "x", "result": "ก"}
    staff.post(page, first)
    second = {**form_at(staff, page, page), "status": "in_progress", "status_reason": "x", "result": "ข"}
    staff.post(page, second)
    # Back, twice, to the first page: what it would store is stale, and nobody says that it is stored.
    assert staff.post(page, first).status_code == 409


def test_a_refused_form_may_be_sent_again(sign_in: SignIn, measure: Measure) -> None:
    staff = sign_in("staff")
    path, sent = evidence(staff, measure, **{"evidence-title": ""})
    assert [staff.post(path, sent).status_code for _ in range(2)] == [422, 422]
    assert not SavedForm.objects.exists()


def test_a_key_is_of_its_person(sign_in: SignIn, measure: Measure) -> None:
    staff, officer = sign_in("staff"), sign_in("officer")
    path, sent = evidence(staff, measure)
    del sent["csrfmiddlewaretoken"]
    assert [each.post(path, sent).status_code for each in (staff, officer)] == [302, 302]
    assert Evidence.objects.count() == 2


def test_a_part_of_a_page_is_answered_again_as_it_was(sign_in: SignIn, measure: Measure) -> None:
    staff = sign_in("staff")
    path, sent = evidence(staff, measure)
    htmx = {"HX-Request": "true"}
    first, again = (staff.post(path, sent, headers=htmx) for _ in range(2))
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert Evidence.objects.count() == 1


def test_stored_and_killed_before_the_answer(
    sign_in: SignIn, measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff, page = sign_in("staff"), reverse("measure", args=[measure.pk])
    path, sent = evidence(staff, measure)
    with (
        mock.patch("accounts.repeats.middleware.keep_answer", side_effect=SystemExit),
        pytest.raises(SystemExit),
    ):
        staff.post(path, sent)
    monkeypatch.setattr(services, "PATIENCE", 0.0)
    again = staff.post(path, sent, headers={"Referer": f"http://testserver{page}"})
    assert again["Location"] == f"http://testserver{page}"
    assert SAID in said_on(staff, page)
    assert Evidence.objects.count() == 1
    elsewhere = staff.post(path, sent, headers={"Referer": "https://evil.example/"})
    assert elsewhere["Location"] == reverse("home")


def test_what_is_undone_takes_the_key_along(sign_in: SignIn, measure: Measure) -> None:
    """A failure after the first write: nothing is stored, and the form sent again is stored."""
    staff = sign_in("staff")
    path, sent = evidence(staff, measure)

    def fails(*_: Any) -> None:
        with transaction.atomic():
            Measure.objects.filter(pk=measure.pk).update(result="ก")
            assert SavedForm.objects.count() == 1
            raise RuntimeError

    staff.raise_request_exception = False
    with mock.patch("measures.measure_page.evidence_actions.store_evidence", side_effect=fails):
        assert staff.post(path, sent).status_code == 500
    assert not SavedForm.objects.exists()
    assert staff.post(path, sent).status_code == 302
    assert Evidence.objects.count() == 1


def test_a_comment_is_added_once(sign_in: SignIn, plan: Plan, measure: Measure) -> None:
    officer = sign_in("officer")
    path = reverse("add_comment", args=[measure.pk])
    sent = {**form_at(officer, reverse("measure", args=[measure.pk]), path), "comment-text": "ดี"}
    assert len({officer.post(path, sent)["Location"] for _ in range(2)}) == 1
    assert Comment.objects.count() == 1


def test_a_key_is_kept_for_a_day_and_no_longer(
    sign_in: SignIn, measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = sign_in("staff")
    path, sent = evidence(staff, measure)
    staff.post(path, sent)
    old = timezone.now() - timedelta(days=1, minutes=1)
    SavedForm.objects.update(stored_at=old)
    assert tidy() == 1
    # By itself, without a worker: with each so many stored forms.
    monkeypatch.setattr(services, "TIDY_EACH", 1)
    SavedForm.objects.create(
        person=User.objects.get(username="staff"), digest="x", attempt="x", stored_at=old
    )
    staff.post(path, {**sent, "evidence-title": "ข"})
    assert not SavedForm.objects.filter(digest="x").exists()


# Signing in and out, passwords and second factors: nothing of theirs is kept, not even a digest. A tick,
# and not wanting mails, say what is to be; sent again they change nothing.
WITHOUT_KEY: Final = {
    "accounts/passwords",
    "accounts/sessions",
    "accounts/sign_in",
    "accounts/second_factor",
    "parts",
    "reports/reminders",
    "measures/measure_page",
}


def test_every_form_that_stores_has_a_key() -> None:
    folder = Path(settings.BASE_DIR) / "templates"
    without: dict[str, int] = {}
    count = 0
    for file in folder.rglob("*.html"):
        text = file.read_text()
        forms, keys = text.count("{% csrf_token %}"), text.count("{% form_key")
        count += keys
        if forms != keys:
            feature = str(file.relative_to(folder).parent)
            without[feature] = without.get(feature, 0) + forms - keys
    assert without.keys() == WITHOUT_KEY
    assert (without["parts"], without["reports/reminders"], without["measures/measure_page"]) == (1, 1, 1)
    assert count > 50


@pytest.mark.django_db(transaction=True)
def test_what_is_stored_outside_of_a_transaction_is_stored_and_said(
    people: dict[str, User], caplog: pytest.LogCaptureFixture
) -> None:
    watch = Watch()
    watch.watch(people["staff"].pk, "digest")
    with connection.execute_wrapper(watch):
        Agency.objects.create(name="ก", short_name="ก", slug="outside", kind="subdistrict")
    assert Agency.objects.filter(slug="outside").exists()
    assert not SavedForm.objects.exists()
    assert "outside of a transaction" in caplog.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["evidence", "report"])
def test_two_presses_at_once_store_once(sign_in: SignIn, measure: Measure, what: str) -> None:
    staff, page = sign_in("staff"), reverse("measure", args=[measure.pk])
    if what == "evidence":
        path, sent = evidence(staff, measure)
    else:
        path = page
        sent = {
            **form_at(staff, page, page),
            "status": "in_progress",
            "status_reason": "x",
            "result": "ทำแล้ว",
        }
    clients = [staff, sign_in("staff")]
    together = Barrier(2)

    def press(client: Any) -> tuple[int, str]:
        try:
            together.wait(timeout=WITHOUT_END)
            answer = client.post(path, sent)
            return answer.status_code, answer["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(press, clients))
    assert answers == [(302, f"{page}#evidence" if what == "evidence" else page)] * 2
    assert SavedForm.objects.count() == 1
    measure.refresh_from_db()
    assert (Evidence.objects.count(), measure.version) == ((1, 1) if what == "evidence" else (0, 2))
