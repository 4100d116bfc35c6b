"""What no page can show and no file can hold is refused or taken as what it is, place by place.

That no route at all is answered 500 is asked in test_fuzzed_requests.py. Of the values here each has its turn
over the places as the suite runs; `make thorough` sends every value to every place.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import quote, unquote
from xml.etree import ElementTree

import docx
import openpyxl
import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import CharField, Model, TextField, Value
from django.db.models.functions import Concat
from django.forms import BaseForm
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import Agency, Division, User
from core.fields import PlainText
from core.text import cut_to_bytes, number_in, only_text, plain_text
from ita_tracker.requests import ReadableRequest
from measures.models import Evidence, Indicator, Measure, Plan
from reports.document.builder import build_document
from reports.models import EditionFile, Round
from reports.renderers import FORMATS, pdf
from reports.rounds.services import submit
from tests.conftest import SignIn
from tests.ita_tracker.test_permissions import address
from tests.support.factories import PASSWORD, YEAR, make_edition, make_evidence, make_measure
from tests.support.html import read
from tests.support.thorough import in_turn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

# As text, or as the bytes that stand for no text: half a character as UTF-8 would write it.
HOSTILE: Final[Sequence[str]] = (
    "\ud800",
    "\0",
    "\ufffe\ufdd0\U0001ffff",
    "\x07\x1b\x85\u2028",
    "ก" * 10_000,
    "9" * 5_000,
    "99999999999999999999",
    "-1",
    "๒๕๖๖",
    "٢٥٦٦",
    "²",
    "1e400",
    "",
    '=HYPERLINK("x")',
    '{"pk": 1, "version": 1, "values": {"status": "\\ud800"}}',
    "steps:up:๓",
    "../../etc/passwd",
    "HTTPS://ก.ไทย:99999/\ufffe",
)
FORM: Final = "application/x-www-form-urlencoded"


def encoded(pairs: Iterable[tuple[str, str]]) -> str:
    return "&".join(f"{quote(name)}={quote(value, errors='surrogatepass')}" for name, value in pairs)


def asked(client: Client, method: str, path: str, body: str = "", **headers: str) -> int:
    """The status of an answer, whose error a test client would otherwise raise."""
    client.raise_request_exception = False
    with transaction.atomic():
        response: HttpResponseBase = client.generic(method, path, body, content_type=FORM, headers=headers)
        transaction.set_rollback(True)
    return response.status_code


def as_list(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


ARRANGED: Final = ("split:0", "lines:0", "up:0", "down:9", "in:0", "add:999", "restore:1")


@pytest.mark.parametrize("action", ARRANGED)
def test_no_list_that_is_arranged_is_answered_500(sign_in: SignIn, plan: Plan, action: str) -> None:
    officer, path = sign_in("officer"), reverse("add_measure", args=[YEAR])
    pages_forms = read(officer.get(path)).all("form", method="post")
    form = next(form for form in pages_forms if "steps-0-text" in form.form_data())
    names = [name for name in form.form_data() if name != "csrfmiddlewaretoken"]
    fields = [(name, text) for name in names for text in as_list(form.form_data()[name])]
    lists = ("๑. ก\n" * 500, "1.\n" * 500, "(" * 2_000, " . ".join("1" * 900))
    for hostile in (*in_turn(HOSTILE, ARRANGED.index(action), 6), *in_turn(lists, ARRANGED.index(action), 4)):
        for rows in ("steps", "parties"):
            text = [
                (name, hostile if name in ("steps-0-text", "parties-0-division") else said)
                for name, said in fields
            ]
            body = encoded([*text, ("arrange", f"{rows}:{action}")])
            assert asked(officer, "POST", path, body) < 500, hostile[:20]


def test_no_save_that_is_to_be_put_back_is_answered_500(sign_in: SignIn, measure: Measure) -> None:
    staff, path = sign_in("staff"), reverse("put_back", args=[measure.pk])
    for place, value in enumerate(HOSTILE):
        ways = (("", encoded([("save", value)])), (f"?{encoded([('page', value), ('who', value)])}", ""))
        for query, body in in_turn(ways, place % 2, 2):
            assert asked(staff, "POST", f"{path}{query}", body) < 500, (value[:20], query)


# --- Each by itself -----------------------------------------------------------------------------------


def test_signed_in_the_sign_in_page_leads_to_the_work_wherever_it_was_to_lead(sign_in: SignIn) -> None:
    officer = sign_in("officer")
    for wanted in ("/login/", "/login/?next=/login/", "http://testserver/login/", "/logout/", "//[", "\n"):
        response = officer.get(reverse("login"), {"next": wanted})
        assert (response.status_code, response["Location"]) == (302, reverse("home")), wanted
    assert officer.get("/login/?next=/plans/")["Location"] == "/plans/"


@pytest.mark.parametrize("room", ["plan", "edit", "reports", "work", ""])
def test_a_year_in_thai_digits_is_that_year(sign_in: SignIn, plan: Plan, room: str) -> None:
    officer = sign_in("officer")
    thai, arabic = (officer.get(reverse("year"), {"year": year, "room": room}) for year in ("๒๕๖๖", "2566"))
    assert thai.status_code == 302
    assert thai["Location"] == arabic["Location"]
    assert officer.get(reverse("dashboard"), {"year": "๒๕๖๖"}).status_code == 200


@pytest.mark.parametrize("year", ["²", "٢٥٦٦", "2566.", "-2566", "+2566", "9" * 5_000, "25 66"])
def test_what_is_no_year_leads_home(sign_in: SignIn, plan: Plan, year: str) -> None:
    officer = sign_in("officer")
    assert officer.get(reverse("year"), {"year": year, "room": "plan"})["Location"] == reverse("home")
    assert officer.get(reverse("dashboard"), {"year": year}).status_code == 404
    assert number_in(year) is None


def test_numbers_of_people_and_of_addresses() -> None:
    assert [number_in(text) for text in ("2566", " ๒๕๖๖ ", "๒5๖6", "0", "")] == [2566, 2566, 2566, 0, None]
    assert number_in("12345") is None
    assert number_in("12345", 5) == 12_345


@pytest.mark.parametrize("name", ["ก" * 256, "x" * 10_000, "a\0b", "\ufffe"])
def test_a_name_that_nobody_can_have_is_refused(client: Client, db: None, name: str) -> None:
    response = client.post("/login/", {"username": name, "password": "x" * 300}, REMOTE_ADDR="10.0.0.1")
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_administrator_still_comes_in_and_nobody_else(client: Client, people: dict[str, User]) -> None:
    def shown(name: str) -> int:
        client.logout()
        data = {"username": name, "password": PASSWORD, "next": "/admin/"}
        return client.post("/login/", data, REMOTE_ADDR="10.0.0.1", follow=True).status_code

    assert [shown("officer"), shown("admin")] == [403, 200]


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "unicode_escape", "latin-1"])
def test_another_alphabet_than_utf_8_is_refused(client: Client, charset: str) -> None:
    body = '--x\r\nContent-Disposition: form-data; name="username"\r\n\r\n+2AA-\\ud800\r\n--x--\r\n'
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    response = client.post("/login/?next=%2B2AA-", body.encode(), content_type=kind)
    assert response.status_code == 400
    assert "คำขอไม่ถูกต้อง" in response.content.decode()


@pytest.mark.parametrize("said", ["charset=rot13", "charset=idna", "x*=bogus''x", "charset=x-none"])
def test_a_request_is_made_whatever_it_says_of_itself(said: str) -> None:
    environ = RequestFactory().generic("GET", f"/{'x' * 70}?next={'x' * 70}").environ
    request = ReadableRequest({**environ, "CONTENT_TYPE": f"multipart/form-data; {said}"})
    assert request.GET["next"] == "x" * 70


def test_a_server_makes_requests_that_way(monkeypatch: pytest.MonkeyPatch) -> None:
    # A worker lays a report out when it starts.
    monkeypatch.setattr(pdf, "warm_up", lambda: None)
    from ita_tracker.wsgi import application

    assert application.request_class is ReadableRequest


def test_a_cookie_that_is_no_text_is_nobodys(client: Client, db: None) -> None:
    # As a header: a newer Python's jar of cookies would not take what is to be sent.
    cookies = 'sessionid="aaaaaaaaaaaaaaaa\\000"; csrftoken="\\377"'
    assert client.get(reverse("plans"), headers={"Cookie": cookies}).status_code == 302


# --- What no file can hold ----------------------------------------------------------------------------

NOT_TEXT: Final = (
    "\0",
    "\x07",
    "\x1b",
    "\x85",
    "\ud800",
    "\ufdd0",
    "\ufffe",
    "\uffff",
    "\U0001ffff",
    "\u0e5f",
    "\u0378",
    "\U000e0fff",
)


@pytest.mark.parametrize("character", NOT_TEXT)
def test_every_field_of_every_form_and_model_refuses_it(character: str) -> None:
    forms_of_text = [
        field
        for form in [*subclasses(BaseForm)]
        for field in getattr(form, "base_fields", {}).values()
        if isinstance(field, PlainText)
    ]
    assert len(forms_of_text) > 15
    for field in forms_of_text:
        with pytest.raises(ValidationError):
            field.clean(f"ก{character}ข")
    columns = [
        column
        for app in ("accounts", "measures", "reports")
        for model in apps.get_app_config(app).get_models()
        for column in model._meta.get_fields()
        if isinstance(column, CharField | TextField) and plain_text in column.validators
    ]
    assert len(columns) > 15
    for column in columns:
        with pytest.raises(ValidationError):
            column.run_validators(f"ก{character}")


def subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    for found in kind.__subclasses__():
        yield found
        yield from subclasses(found)


def test_text_is_left_as_it_is() -> None:
    # Private use too: vowels that older Thai PDFs have put there.
    text = "น้ำใจ\uf70a\tก\u200bข\n👍🏽 \u202b x"
    assert only_text(text) is not None
    assert only_text(text) == text
    assert only_text("ก" + "".join(NOT_TEXT) + "ข") == "กข"


def stored_past_the_forms(plan: Plan) -> Measure:
    """A measure as older versions, an import or another program may have left it."""
    measure = make_measure(plan, "=1+1")
    Measure.objects.filter(pk=measure.pk).update(
        title="=1+1\ufffe", result="ก\ufffeข\u0e5f\x07 _x0041_", obstacle="+ก", status_reason="@ก"
    )
    Division.objects.filter(agency=plan.agency).update(name=Concat(Value("=SUM(1)\uffff"), "name"))
    Agency.objects.filter(pk=plan.agency_id).update(name="อบต.\ufffe", short_name="-1\ufffe")
    plan.agency.refresh_from_db()
    measure.refresh_from_db()
    return measure


def test_what_is_stored_all_the_same_breaks_no_workbook(sign_in: SignIn, plan: Plan) -> None:
    measure = stored_past_the_forms(plan)
    officer = sign_in("officer")
    division = plan.agency.divisions.order_by("position")[0]
    for query in ("", f"?division={division.pk}"):
        response = officer.get(reverse("plan_workbook", args=[YEAR]) + query)
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} == {"s", "n"}
        assert any(cell.value == "=1+1" for cell in cells)
        assert_is_xml(response.content)
        # It comes back as it went out: nothing has changed.
        back = SimpleUploadedFile("x.xlsx", response.content)
        page = read(officer.post(reverse("sheet", args=[YEAR]), {"file": back}))
        assert "ไม่มีอะไรเปลี่ยน" in page.text
        assert page.all("input", name="row") == []
    assert measure.title in Measure.objects.get().title


def assert_is_xml(package: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        for part in archive.namelist():
            if part.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(part))  # noqa: S314 - we wrote it


@pytest.mark.parametrize("name", ["docx", "xlsx", "csv", "json"])
def test_what_is_stored_all_the_same_breaks_no_report(plan: Plan, name: str) -> None:
    stored_past_the_forms(plan)
    document = build_document(plan.rounds.select_related("plan__agency").get(months=6))
    content = FORMATS[name].render(document).content
    assert content
    if name in {"docx", "xlsx"}:
        assert_is_xml(content)


def test_what_is_stored_all_the_same_breaks_no_feed_and_no_page(
    sign_in: SignIn, plan: Plan, client: Client
) -> None:
    measure = stored_past_the_forms(plan)
    make_edition(plan.rounds.select_related("plan__agency").get(months=6))
    feed = ElementTree.fromstring(client.get("/public/feed.xml").content)  # noqa: S314 - we wrote it
    assert "อบต. ปีงบประมาณ" in "".join(feed.itertext())
    officer = sign_in("officer")
    for path in (address("measure", measure), address("report", measure), "/public/here/", "/public/"):
        assert officer.get(path).status_code == 200


SIGNS: Final = ("=", "+", "-", "@", "\t=", "＝", "'=")


@pytest.mark.parametrize("sign", SIGNS)
def test_no_cell_of_any_workbook_is_a_formula(sign_in: SignIn, plan: Plan, sign: str) -> None:
    text = f"{sign}HYPERLINK(1)"
    measure = make_measure(plan, text, result=text, obstacle=text, status_reason=text)
    Measure.objects.update(due_text=text)
    make_evidence(measure, text)
    Division.objects.filter(agency=plan.agency, position=1).update(name=text)
    Agency.objects.update(name=text, short_name=text)
    round_ = plan.rounds.select_related("plan__agency").get(months=6)
    division = plan.agency.divisions.get(position=1)
    query = f"?division={division.pk}"
    books = [
        FORMATS["xlsx"].render(build_document(round_)).content,
        sign_in("officer").get(reverse("plan_workbook", args=[YEAR])).content,
        sign_in("officer").get(reverse("plan_workbook", args=[YEAR]) + query).content,
    ]
    for content in books:
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        types = [cell.data_type for row in sheet.iter_rows() for cell in row]
        assert types.count("s") > 10
        assert "f" not in types


# --- Names that are as long as they may be ------------------------------------------------------------


def test_an_agency_whose_every_name_is_as_long_as_it_may_be_gets_its_report(
    sign_in: SignIn, plan: Plan, people: dict[str, User]
) -> None:
    def longest(model: type[Model], name: str) -> str:
        column = model._meta.get_field(name)
        assert isinstance(column, CharField)
        return "ก่" * ((column.max_length or 0) // 2)

    text_columns: list[tuple[type[Model], list[str]]] = [
        (Agency, ["name", "short_name", "province"]),
        (Division, ["name"]),
        (User, ["full_name", "post"]),
        (Indicator, ["name"]),
    ]
    for model, names in text_columns:
        # No two divisions of an agency have one name.
        keys = model._default_manager.order_by("pk").values_list("pk", flat=True)
        rows = model._default_manager.filter(pk__in=list(keys[: 1 if model is Division else 20]))
        rows.update(**{name: longest(model, name) for name in names})
    make_measure(plan, longest(Measure, "title"), status="in_progress")
    Measure.objects.update(due_text=longest(Measure, "due_text"))
    division = plan.agency.divisions.order_by("pk")[0]
    response = sign_in("officer").get(reverse("plan_workbook", args=[YEAR]) + f"?division={division.pk}")
    (name,) = re.findall(r"filename\*=utf-8''(\S+)", response["Content-Disposition"])
    assert len(unquote(name).encode()) <= 255
    assert unquote(name).endswith("-2566.xlsx")
    round_ = plan.rounds.get(months=6)
    submit(Round.objects.select_related("plan__agency").get(pk=round_.pk), people["officer"])
    pending = round_.submissions.get()
    path = reverse("approve_round", args=[YEAR, 6])
    assert sign_in("executive").post(path, {"submission": pending.pk, "confirmed": "1"}).status_code == 302
    files = {file.format: bytes(file.content) for file in EditionFile.objects.all()}
    assert files.keys() == FORMATS.keys()
    assert len(docx.Document(io.BytesIO(files["docx"])).core_properties.title) == 255
    assert openpyxl.load_workbook(io.BytesIO(files["xlsx"])).properties.title


def test_a_text_is_cut_between_letters_and_not_within_one() -> None:
    assert cut_to_bytes("กข", 6) == "กข"
    assert cut_to_bytes("กข", 5) == "ก"
    # The tone stands on its letter: without it the letter goes too.
    assert cut_to_bytes("กข่", 8) == "ก"
    assert cut_to_bytes("👍👍", 7) == "👍"
    assert cut_to_bytes("\u0e48\u0e48", 4) == ""


# --- Addresses and rows of workbooks ------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["HTTPS://Www.Example.go.th/A", "Http://example.go.th/", "hTTpS://ก.ไทย/"])
def test_an_address_in_capitals_is_an_address(sign_in: SignIn, measure: Measure, typed: str) -> None:
    data = {"evidence-title": "ก", "evidence-address": typed, "evidence-effective_on": "31/1/2566"}
    assert sign_in("staff").post(reverse("add_evidence", args=[measure.pk]), data).status_code == 302
    stored = measure.evidence.get()
    scheme, _, rest = typed.partition("://")
    assert stored.address == f"{scheme.lower()}://{rest}"


def test_the_model_takes_what_the_form_takes(measure: Measure) -> None:
    proof = Evidence(
        measure=measure, title="ก", address="HTTPS://example.go.th", effective_on=date(2023, 1, 1)
    )
    proof.full_clean(exclude=["added_by"])
    proof.save()
    assert proof.address == "https://example.go.th"


@pytest.mark.parametrize("bad", ["\\ud800", "\\u0000", "\\ufffe", "\\udc00x"])
def test_a_row_of_a_workbook_that_is_no_text_changes_nothing(
    sign_in: SignIn, measure: Measure, bad: str
) -> None:
    row = (
        f'{{"pk": {measure.pk}, "version": 1, "values":'
        f' {{"status": "done", "status_reason": "", "result": "ก{bad}", "obstacle": ""}}}}'
    )
    response = sign_in("officer").post(reverse("sheet", args=[YEAR]), {"row": row})
    assert response.status_code == 409
    assert "ยังไม่ได้บันทึกอะไร" in response.content.decode()
    assert Measure.objects.get().version == 1


@pytest.mark.parametrize(
    "name",
    [
        "filename*=utf-7''a%2B2AA-.csv",
        'filename="\ufffe.csv"',
        'filename="\x07"',
        'filename="' + "ก" * 300 + '"',
    ],
)
def test_a_file_may_be_called_anything(sign_in: SignIn, plan: Plan, name: str) -> None:
    table = "ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\n1\tก\t1. ข\n"
    body = (
        f'--x\r\nContent-Disposition: form-data; name="year"\r\n\r\n{YEAR}\r\n'
        f'--x\r\nContent-Disposition: form-data; name="file"; {name}\r\n\r\n{table}\r\n--x--\r\n'
    )
    officer = sign_in("officer")
    kind = "multipart/form-data; boundary=x"
    response = officer.post(reverse("import_plan"), body.encode(), content_type=kind)
    # A name without a visible sign is no file to Django.
    assert response.status_code in (302, 422)
    if response.status_code == 302:
        assert officer.get(response["Location"]).status_code == 200
        assert plan.imports.get().name == only_text(plan.imports.get().name) != ""
