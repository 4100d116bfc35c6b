"""The pages of reports: the list of rounds, the preview, the file to download."""

import io
from dataclasses import replace
from datetime import datetime

import pypdfium2
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from core.file_kinds import size_text
from measures.models import Measure, Plan
from reports.document.builder import build_document
from reports.models import Round
from reports.new_year.services import open_year
from reports.renderers import FORMATS, Rendered, RendererUnavailable, pdf
from reports.renderers.pdf import paper_html
from reports.rounds.services import approve, give_back, publish, submit
from tests.conftest import SignIn
from tests.support.factories import OFFICE as OFFICE_TIME
from tests.support.factories import make_measure
from tests.support.html import Element, read
from tests.support.papers import squeezed

PREVIEW = "/reports/2566/6/"
PDF = "/reports/2566/6/report.pdf"
CONTENT = b"%PDF-" + bytes(100)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A renderer that takes no time, in the place of the real one."""
    monkeypatch.setitem(
        FORMATS, "pdf", replace(FORMATS["pdf"], make=lambda document: Rendered(CONTENT, pages=1))
    )


@pytest.fixture
def officer(sign_in: SignIn) -> Client:
    return sign_in("officer")


def page(client: Client, address: str, status: int = 200) -> Element:
    response = client.get(address)
    assert response.status_code == status
    assert response["Content-Type"] == "text/html; charset=utf-8"
    return read(response.content.decode().removeprefix("<!doctype html>"))


# --- The list ---------------------------------------------------------------------------------------


def listed(client: Client, address: str = "/reports/") -> dict[str, list[list[str]]]:
    """The list as it reads: for each year its rounds, each with name, where it stands, and buttons."""
    years = page(client, address).all("section", "round-year")
    return {
        year.one("h2").text: [
            [row.one("a", "round-name").text, row.one(class_="standing").text]
            + [link.text for link in row.one(class_="buttons").all("a")]
            for row in year.all("li")
        ]
        for year in years
    }


@pytest.mark.usefixtures("february")
def test_rounds_stand_under_their_year_with_what_they_are_called_today(plan: Plan, officer: Client) -> None:
    open_year(plan.agency, 2565)
    assert listed(officer) == {
        "ปีงบประมาณ พ.ศ. 2566": [
            [
                "รอบ 6 เดือน ปีงบประมาณ พ.ศ. 2566 1 ต.ค. 2565 – 31 มี.ค. 2566",
                "เปิดรับรายงาน",
                "PDF ปี 2566 รอบ 6 เดือน",
            ],
            ["รอบ 12 เดือน ปีงบประมาณ พ.ศ. 2566 1 ต.ค. 2565 – 30 ก.ย. 2566", "ยังไม่ถึงรอบ"],
        ],
        "ปีงบประมาณ พ.ศ. 2565": [
            [
                "รอบ 6 เดือน ปีงบประมาณ พ.ศ. 2565 1 ต.ค. 2564 – 31 มี.ค. 2565",
                "สิ้นสุดรอบแล้ว รอส่งรายงาน",
                "PDF ปี 2565 รอบ 6 เดือน",
                "ตรวจและส่งรายงาน รอบ 6 เดือน ปี 2565",
            ],
            [
                "รอบ 12 เดือน ปีงบประมาณ พ.ศ. 2565 1 ต.ค. 2564 – 30 ก.ย. 2565",
                "สิ้นสุดรอบแล้ว รอส่งรายงาน",
                "PDF ปี 2565 รอบ 12 เดือน",
                "ตรวจและส่งรายงาน รอบ 12 เดือน ปี 2565",
            ],
        ],
    }
    assert "อีก 58 วัน" in page(officer, "/reports/").one("main").text
    # Two wait for the officer, and one button is the first.
    assert len(page(officer, "/reports/").one("main").all("a", "primary")) == 1


@pytest.mark.usefixtures("february", "nothing_written")
def test_the_next_action_is_the_persons_own(plan: Plan, people: dict[str, User], sign_in: SignIn) -> None:
    def actions(role: str) -> list[str]:
        rows = [row for rows in listed(sign_in(role)).values() for row in rows]
        return [text for row in rows for text in row[2:] if not text.startswith("PDF")]

    def round_() -> Round:
        return Round.objects.select_related("plan__agency").with_decisions().get(plan=plan, months=6)

    make_measure(plan, status="in_progress")
    assert actions("officer") == actions("executive") == []
    submission = submit(round_(), people["officer"])
    assert actions("executive") == ["อ่านและพิจารณา รอบ 6 เดือน ปี 2566"]
    assert actions("officer") == actions("staff") == []
    give_back(submission, people["executive"], "ขาดภาพถ่าย")
    assert actions("officer") == ["แก้ไขและส่งใหม่ รอบ 6 เดือน ปี 2566"]
    assert actions("executive") == []
    edition = approve(submit(round_(), people["officer"]), people["executive"], "https://ita.example.go.th/")
    assert actions("officer") == ["เผยแพร่ รอบ 6 เดือน ปี 2566"]
    publish(edition, people["officer"])
    assert actions("officer") == actions("executive") == []


@pytest.mark.usefixtures("plan", "quick", "february")
@pytest.mark.parametrize("role", ["officer", "overseer"])
def test_every_link_of_the_list_leads_somewhere(sign_in: SignIn, role: str) -> None:
    client = sign_in(role)
    rows = page(client, "/reports/?agency=here").one("section", "round-year").all("li")
    links = [link["href"] for row in rows for link in row.all("a")]
    assert len(links) == 3
    for link in links:
        assert client.get(link).status_code == 200


@pytest.mark.usefixtures("people", "plan")
def test_another_agencys_rounds_are_not_listed(sign_in: SignIn, plan: Plan) -> None:
    from accounts.models import Agency

    open_year(Agency.objects.get(slug="elsewhere"), 2570)
    assert "2570" not in page(sign_in("officer"), "/reports/").text
    assert "2566" not in page(sign_in("stranger"), "/reports/").one("section", "round-year").text


@pytest.mark.usefixtures("agency")
def test_an_agency_without_a_plan_is_led_to_where_one_is_opened(officer: Client) -> None:
    response = officer.get("/reports/")
    assert (response.status_code, response["Location"]) == (302, "/plans/new/")


def test_a_plan_without_rounds_says_so(plan: Plan, officer: Client) -> None:
    Round.objects.all().delete()
    empty = page(officer, "/reports/").one(class_="empty")
    assert empty.one("h2").text == "ยังไม่มีรอบการรายงาน"
    assert empty.one("a", "primary")["href"] == "/plans/new/"


def test_many_years_ask_no_more_queries_than_one(
    plan: Plan, officer: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    officer.get("/reports/")
    with django_assert_max_num_queries(20) as first:
        officer.get("/reports/")
    for year in range(2550, 2566):
        open_year(plan.agency, year)
    with django_assert_max_num_queries(len(first)):
        assert officer.get("/reports/").content.count(b'<li class="round-listed">') == 34


# --- The preview ------------------------------------------------------------------------------------


def test_the_preview_shows_the_paper_that_is_printed(plan: Plan, officer: Client) -> None:
    make_measure(plan, "ก & <ข>", result="ผล\nสองบรรทัด", obstacle="คน 3 คน")
    round_ = Round.objects.get(plan=plan, months=6)
    printed = read(paper_html(build_document(round_)).removeprefix("<!doctype html>"))
    shown = page(officer, PREVIEW)
    assert shown.one("article", "paper").text == printed.one("article", "paper").text
    assert shown.one("h1").text == "รายงานรอบ 6 เดือน ปีงบประมาณ พ.ศ. 2566"
    assert shown.one("h3", "paper-title").text == printed.one("h1", "paper-title").text


def test_the_preview_has_sheets_and_every_measure_on_one_of_them(plan: Plan, officer: Client) -> None:
    for place in range(1, 8):
        make_measure(plan, f"มาตรการ {place}", position=place, steps=12)
    round_ = Round.objects.get(plan=plan, months=6)
    printed = read(paper_html(build_document(round_)).removeprefix("<!doctype html>"))
    shown = page(officer, PREVIEW).one("article", "paper")
    rows = [row.text for row in shown.all("tr", "paper-measure")]
    assert rows == [row.text for row in printed.all("tr", "paper-measure")]
    tables = shown.all("table", "paper-table")
    assert len(tables) > 2
    assert len({table["aria-label"] for table in tables}) == len(tables)
    assert len(printed.all("table", "paper-table")) == 1


@pytest.mark.usefixtures("february", "nothing_written")
def test_in_every_state_one_thing_at_most_is_the_next(
    plan: Plan, people: dict[str, User], sign_in: SignIn
) -> None:
    def primary(role: str) -> list[str]:
        main = page(sign_in(role), PREVIEW).one("main")
        return [element.text for element in main.walk() if "primary" in element.get("class").split()]

    def round_() -> Round:
        return Round.objects.select_related("plan__agency").with_decisions().get(plan=plan, months=6)

    measure = make_measure(plan)
    assert primary("officer") == ["เติมข้อมูลที่ขาด"]
    measure.status = "in_progress"
    measure.save()
    assert primary("officer") == ["ส่งให้ผู้บริหารพิจารณา"]
    assert primary("executive") == primary("staff") == []
    submission = submit(round_(), people["officer"])
    assert primary("executive") == ["อนุมัติรายงานนี้"]
    assert primary("officer") == []
    edition = approve(submission, people["executive"], "https://ita.example.go.th/")
    assert primary("officer") == ["เผยแพร่ให้ทุกคนดู"]
    assert primary("executive") == []
    publish(edition, people["officer"])
    assert primary("officer") == primary("executive") == []


@pytest.mark.usefixtures("february")
def test_nothing_is_called_complete_while_a_division_has_not_reported(plan: Plan, officer: Client) -> None:
    make_measure(plan, status="in_progress")
    heading = page(officer, PREVIEW).one("h2", id="next").text
    assert heading == "ส่งได้แล้ว แต่ยังมี 1 ส่วนราชการที่ยังไม่รายงานในรอบนี้"
    Measure.objects.update(reported_at=datetime(2023, 1, 31, tzinfo=OFFICE_TIME))
    heading = page(officer, PREVIEW).one("h2", id="next").text
    assert heading == "ทุกส่วนราชการรายงานแล้ว ส่งให้ผู้บริหารพิจารณาได้"


@pytest.mark.usefixtures("february")
def test_the_form_for_returning_is_open_for_who_asks_for_it(
    plan: Plan, people: dict[str, User], sign_in: SignIn
) -> None:
    make_measure(plan, status="in_progress")
    submit(Round.objects.select_related("plan__agency").get(plan=plan, months=6), people["officer"])
    executive = sign_in("executive")
    bar = page(executive, PREVIEW).one(class_="save-bar")
    assert "open" not in page(executive, PREVIEW).one("details", id="return").attributes
    address, _, fragment = bar.one("a")["href"].partition("#")
    assert fragment == "return"
    assert "open" in page(executive, address).one("details", id="return").attributes


def test_the_paper_has_thai_digits_whatever_the_screen_has(plan: Plan, officer: Client) -> None:
    make_measure(plan)
    shown = page(officer, PREVIEW).one("article", "paper")
    plan.agency.thai_digits = True
    plan.agency.save()
    again = page(officer, PREVIEW)
    assert again.one("article", "paper").text == shown.text
    assert again.one("h1").text == "รายงานรอบ ๖ เดือน ปีงบประมาณ พ.ศ. ๒๕๖๖"


@pytest.mark.usefixtures("plan")
def test_the_preview_has_the_papers_own_stylesheet_and_a_download_of_each_format(officer: Client) -> None:
    shown = page(officer, PREVIEW)
    assert "/static/css/paper.css" in [link["href"] for link in shown.all("link", rel="stylesheet")]
    assert [element.tag for element in shown.walk() if element.get("style")] == []
    downloads = [link for link in shown.walk() if "/report." in link.get("href")]
    assert [link["href"] for link in downloads] == [f"/reports/2566/6/report.{name}" for name in FORMATS]
    assert [link.text for link in downloads] == [found.label for found in FORMATS.values()]


@pytest.mark.usefixtures("nothing_written")
def test_the_downloads_of_an_edition_say_how_large_they_are(
    plan: Plan, people: dict[str, User], officer: Client
) -> None:
    make_measure(plan, status="in_progress")
    round_ = Round.objects.select_related("plan__agency").get(plan=plan, months=6)
    edition = approve(submit(round_, people["officer"]), people["executive"], "https://ita.example.go.th/")
    downloads = [link for link in page(officer, PREVIEW).walk() if "/6/report." in link.get("href")]
    sizes = {file.format: size_text(len(bytes(file.content))) for file in edition.files.all()}
    assert [link.text for link in downloads] == [
        f"{found.label} {sizes[found.name]}" for found in FORMATS.values()
    ]


def test_a_large_plan_asks_no_more_queries_than_a_small_one(
    plan: Plan, officer: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_measure(plan)
    officer.get(PREVIEW)
    with django_assert_max_num_queries(30) as small:
        officer.get(PREVIEW)
    for place in range(2, 20):
        make_measure(plan, indicator=place % 10 + 1, position=place, divisions=2)
    with django_assert_max_num_queries(len(small)):
        assert officer.get(PREVIEW).content.count(b'<tr class="paper-measure') == 19


# --- The file ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("measure")
@pytest.mark.parametrize(
    ("months", "period"), [(6, "ตุลาคม ๒๕๖๕ - มีนาคม ๒๕๖๖"), (12, "ตุลาคม ๒๕๖๕ - กันยายน ๒๕๖๖")]
)
def test_the_download_is_the_rounds_pdf(officer: Client, months: int, period: str) -> None:
    response = officer.get(f"/reports/2566/{months}/report.pdf")
    assert response.status_code == 200
    with pypdfium2.PdfDocument(io.BytesIO(response.content)) as opened:
        text = opened[0].get_textpage().get_text_bounded()
    assert squeezed(period) in squeezed(text)


@pytest.mark.usefixtures("measure", "quick")
@pytest.mark.parametrize(
    ("role", "address", "name"),
    [
        ("staff", "/reports/2566/6/report.pdf", "here-2566-6.pdf"),
        ("officer", "/reports/2566/12/report.pdf", "here-2566-12.pdf"),
        ("executive", "/reports/2566/6/report.pdf", "here-2566-6.pdf"),
        ("overseer", "/reports/2566/6/report.pdf?agency=here", "here-2566-6.pdf"),
    ],
)
def test_the_file_has_a_name_a_type_and_stays_out_of_caches(
    sign_in: SignIn, role: str, address: str, name: str
) -> None:
    response = sign_in(role).get(address)
    assert response.status_code == 200
    assert response.content == CONTENT
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert int(response["Content-Length"]) == len(CONTENT)


OFFICE = "application/vnd.openxmlformats-officedocument"


@pytest.mark.usefixtures("measure")
@pytest.mark.parametrize(
    ("ending", "content_type"),
    [
        ("pdf", "application/pdf"),
        ("docx", f"{OFFICE}.wordprocessingml.document"),
        ("xlsx", f"{OFFICE}.spreadsheetml.sheet"),
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
    ],
)
def test_every_format_has_its_type_its_name_and_its_content(
    officer: Client, ending: str, content_type: str
) -> None:
    response = officer.get(f"/reports/2566/12/report.{ending}")
    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f'attachment; filename="here-2566-12.{ending}"'
    made = build_document(Round.objects.get(plan__agency__slug="here", months=12))
    assert response.content == FORMATS[ending].render(made).content
    assert officer.head(f"/reports/2566/12/report.{ending}").content == b""


def test_there_is_a_test_of_every_format() -> None:
    assert list(FORMATS) == ["pdf", "docx", "xlsx", "csv", "json"]


@pytest.mark.usefixtures("measure", "quick")
@pytest.mark.parametrize(("role", "status"), [("stranger", 404), ("admin", 404), ("anonymous", 302)])
@pytest.mark.parametrize("address", [PREVIEW, PDF, f"{PREVIEW}?agency=here", f"{PDF}?agency=here"])
def test_who_is_of_another_agency_gets_no_report(
    sign_in: SignIn, role: str, status: int, address: str
) -> None:
    response = sign_in(role).get(address)
    assert response.status_code == status
    assert CONTENT not in response.content


# --- Where there is nothing to give -----------------------------------------------------------------


@pytest.mark.usefixtures("plan")
def test_without_pango_a_thai_page_says_what_to_pass_on(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "PANGO_ERROR", "cannot load library: /usr/lib/secret/place")
    response = officer.get(PDF)
    assert response.status_code == 503
    assert "Content-Disposition" not in response
    shown = read(response.content.decode().removeprefix("<!doctype html>"))
    assert shown.one("html")["lang"] == "th"
    assert shown.one("h1").text == "ยังทำไฟล์รายงานไม่ได้"
    assert "apt-get install libpango-1.0-0" in shown.one("code").text
    assert "secret" not in shown.text
    assert shown.one("a", "primary")["href"] == "/"


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize("ending", FORMATS)
def test_the_message_of_a_renderer_is_text(
    officer: Client, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    def make(document: object) -> Rendered:
        raise RendererUnavailable("ขาด <b>บางอย่าง</b>")

    monkeypatch.setitem(FORMATS, ending, replace(FORMATS[ending], make=make))
    shown = page(officer, f"/reports/2566/6/report.{ending}", status=503)
    assert shown.one("code").text == "ขาด <b>บางอย่าง</b>"


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize("ending", ["exe", "PDF", "pdf.exe", "pdf~"])
def test_a_format_that_there_is_not(officer: Client, ending: str) -> None:
    shown = page(officer, f"/reports/2566/6/report.{ending}", status=404)
    assert f"ไม่มีรายงานแบบ .{ending}" in shown.one("main").text


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/reports/2570/6/", "ยังไม่มีแผนของปีงบประมาณ พ.ศ. 2570"),
        ("/reports/2570/6/report.pdf", "ยังไม่มีแผนของปีงบประมาณ พ.ศ. 2570"),
        ("/reports/2566/9/", "ไม่พบหน้านี้"),
        ("/reports/2566/612/", "ไม่พบหน้านี้"),
        ("/reports/2566/๖/", "ไม่พบหน้านี้"),
        ("/reports/99999999999999999999/6/", "ไม่"),
    ],
)
def test_a_year_or_round_that_there_is_not(officer: Client, address: str, said: str) -> None:
    assert said in page(officer, address, status=404).one("main").text


def test_a_round_that_was_not_opened(plan: Plan, officer: Client) -> None:
    Round.objects.filter(months=12).delete()
    for address in ("/reports/2566/12/", "/reports/2566/12/report.pdf"):
        shown = page(officer, address, status=404)
        assert "ไม่มีรอบ 12 เดือนในปีงบประมาณ พ.ศ. 2566" in shown.one("main").text


@pytest.mark.usefixtures("plan", "quick")
@pytest.mark.parametrize("address", ["/reports/", PREVIEW, PDF])
def test_pages_that_only_show_are_not_posted_to(officer: Client, address: str) -> None:
    assert officer.post(address).status_code == 405
    assert officer.head(address).status_code == 200
