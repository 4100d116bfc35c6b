"""What went wrong is said in Thai with a way back and nothing about the code, on a production site and by
`make run`; whoever changes the code (`make dev`) is shown Django's own page with the trace.
"""

import logging
from typing import Any, Final

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

import measures.plan_list.views
from measures.models import Measure
from tests.conftest import SignIn
from tests.support.factories import YEAR
from tests.support.html import Element, read

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[False, True], ids=["in production", "by make run"], autouse=True)
def debug(request: pytest.FixtureRequest, settings: Settings) -> bool:
    settings.DEBUG = settings.READABLE_ERRORS = request.param
    return bool(request.param)


def readable(response: Any) -> Element:
    """A page in Thai with a heading and a way back, that shows nothing of the program."""
    text = response.content.decode()
    for word in ("Traceback", "Exception", "urlpatterns", "DEBUG", "site-packages", ".py", "settings"):
        assert word not in text
    page = read(response)
    assert page.one("html")["lang"] == "th"
    assert page.one("h1").text
    assert page.one("main").all("a", "button")
    assert response["Content-Type"] == "text/html; charset=utf-8"
    return page


NOT_THERE: Final = (
    "/nothing/here/",
    "/plans/abc/",
    "/plans/-1/",
    "/measures/0/",
    "/measures/999999/",
    "/measures/" + "9" * 30 + "/",
    "/measures/" + "9" * 5000 + "/",
    "/plans/2599/",
    "/plans/0/",
    "/plans/" + "9" * 30 + "/",
    "/plans/" + "9" * 5000 + "/",
    "/reports/2566/9/",
    "/reports/2599/6/",
    "/reports/" + "9" * 30 + "/6/",
    "/reports/2566/6/report.exe",
    "/dashboard/?year=2599",
    "/%00",
    "/static/nothing.css",
    "/favicon.ico",
)


def test_what_does_not_exist_is_not_found(sign_in: SignIn, measure: Measure) -> None:
    officer = sign_in("officer")
    for path in NOT_THERE:
        response = officer.get(path)
        assert response.status_code == 404, path
        page = readable(response)
        assert page.one("h1").text == "ไม่พบหน้านี้", path
        ways = [link["href"] for link in page.one("main").all("a")]
        assert ways == [reverse("home"), reverse("plans")], path


def test_the_view_s_own_sentence_is_shown(sign_in: SignIn, measure: Measure) -> None:
    page = readable(sign_in("officer").get("/plans/2599/"))
    assert "ยังไม่มีแผนของปีงบประมาณ พ.ศ. 2599" in page.one("main").text
    page = readable(sign_in("stranger").get(reverse("measure", args=[measure.pk])))
    assert "ไม่พบมาตรการนี้" in page.one("main").text
    page = readable(sign_in("officer").get("/reports/2566/6/report.exe"))
    assert "ไม่มีรายงานแบบ .exe" in page.one("main").text


def test_django_s_own_english_is_not_shown(sign_in: SignIn, measure: Measure) -> None:
    page = readable(sign_in("officer").get(reverse("import_preview", args=[999999])))
    assert "No PlanImport" not in page.text
    assert "ที่อยู่ที่เปิดอาจพิมพ์ผิด" in page.one("main").text


def test_nobody_who_is_not_signed_in_learns_what_exists(measure: Measure) -> None:
    response = Client().get("/nothing/here/")
    assert response.status_code == 404
    ways = [link["href"] for link in readable(response).one("main").all("a")]
    assert ways == [reverse("public"), reverse("login")]
    for path in (reverse("measure", args=[measure.pk]), "/measures/999999/"):
        assert Client().get(path).status_code == 302


def test_what_one_may_not_do_is_said(sign_in: SignIn, measure: Measure) -> None:
    response = sign_in("executive").get(reverse("edit_plan", args=[YEAR]))
    assert response.status_code == 403
    assert readable(response).one("h1").text == "ไม่มีสิทธิ์ทำรายการนี้"


def test_an_error_in_the_program_is_an_apology_and_a_line_in_the_log(
    sign_in: SignIn, measure: Measure, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the secret of the database")

    monkeypatch.setattr(measures.plan_list.views, "MeasureFilter", broken)
    client = sign_in("officer")
    client.raise_request_exception = False
    with caplog.at_level(logging.ERROR):
        response = client.get(reverse("plan", args=[YEAR]))
    assert response.status_code == 500
    page = readable(response)
    assert page.one("h1").text == "ระบบขัดข้อง"
    assert "secret" not in page.text
    logged = [record for record in caplog.records if record.exc_info]
    assert len(logged) == 1
    assert logged[0].exc_info is not None
    assert "the secret of the database" in str(logged[0].exc_info[1])
    assert f"/plans/{YEAR}/" in logged[0].getMessage()


def test_who_changes_the_code_is_shown_the_trace(
    sign_in: SignIn, measure: Measure, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a defect in this line")

    monkeypatch.setattr(measures.plan_list.views, "MeasureFilter", broken)
    settings.DEBUG, settings.READABLE_ERRORS = True, False
    client = sign_in("officer")
    client.raise_request_exception = False
    response = client.get(reverse("plan", args=[YEAR]))
    assert response.status_code == 500
    page = response.content.decode()
    assert "a defect in this line" in page
    assert "Traceback" in page
    # Django's page brings its own style and script with it.
    assert "Content-Security-Policy" not in response


def test_an_error_before_the_view_is_an_apology_too(
    sign_in: SignIn, measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the database does not answer: the person is read before any view is called."""

    def broken(*args: object) -> None:
        raise RuntimeError("no connection")

    client = sign_in("officer")
    client.raise_request_exception = False
    monkeypatch.setattr("django.contrib.auth.middleware.get_user", broken)
    response = client.get(reverse("plan", args=[YEAR]))
    assert response.status_code == 500
    assert readable(response).one("h1").text == "ระบบขัดข้อง"


def test_a_request_nobody_can_read_is_said_to_be_so(
    sign_in: SignIn, measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    def suspicious(*args: object, **kwargs: object) -> None:
        raise SuspiciousOperation("too clever")

    monkeypatch.setattr(measures.plan_list.views, "MeasureFilter", suspicious)
    response = sign_in("officer").get(reverse("plan", args=[YEAR]))
    assert response.status_code == 400
    assert readable(response).one("h1").text == "คำขอไม่ถูกต้อง"


def test_a_form_with_too_many_fields_is_a_bad_request(sign_in: SignIn, measure: Measure) -> None:
    data = {f"f{n}": "" for n in range(2_001)}
    client = sign_in("officer")
    client.raise_request_exception = False
    response = client.post(reverse("measure", args=[measure.pk]), data)
    assert response.status_code == 400
    assert readable(response).one("h1").text == "คำขอไม่ถูกต้อง"


def test_another_host_s_name_is_a_bad_request(measure: Measure, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["ita.example.go.th"]
    response = Client().get(reverse("login"), headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert readable(response).one("h1").text == "คำขอไม่ถูกต้อง"


def test_a_form_without_its_token_is_said_to_be_old(people: dict[str, Any], measure: Measure) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["staff"], backend="django.contrib.auth.backends.ModelBackend")
    for path in (reverse("measure", args=[measure.pk]), reverse("login")):
        response = client.post(path, {"status": "done"})
        assert response.status_code == 403
        page = readable(response)
        assert page.one("h1").text == "แบบฟอร์มนี้เปิดค้างไว้นานเกินไป"
        assert "ระบบจึงยังไม่ได้บันทึก" in page.one("main").text
    measure.refresh_from_db()
    assert measure.status == "not_started"


def test_the_token_of_the_page_is_good(people: dict[str, Any], measure: Measure) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["staff"], backend="django.contrib.auth.backends.ModelBackend")
    form = read(client.get(reverse("measure", args=[measure.pk]))).one("form", "progress-form")
    data = form.form_data() | {"status": "in_progress"}
    # The session's year is another one than the measure's: today it is late.
    assert client.post(form["action"], data | {"status_reason": "เหตุผล"}).status_code == 302
