"""The dashboard is one screen, one sheet and one projection, whatever the plan is like."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Final

import pypdfium2
import pytest
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from accounts.models import Agency, Division, User
from core.thai_calendar import FiscalYear
from measures.models import Measure, Plan, Responsibility
from reports.demo import DEFAULT_PASSWORD, load_demo
from reports.models import Round
from reports.new_year.services import open_year
from reports.rounds.services import give_back, submit
from tests.browser.conftest import DESK, PHONE, OpenPage
from tests.browser.looks import NARROWEST
from tests.support.demo_world import without_laying_out

pytestmark = pytest.mark.browser

PROJECTORS: Final[tuple[ViewportSize, ...]] = (
    {"width": 1280, "height": 720},
    {"width": 1920, "height": 1080},
    {"width": 1024, "height": 768},
)
LONG: Final = "กองการศึกษา ศาสนา วัฒนธรรม และการพัฒนาคุณภาพชีวิตของประชาชน"


@pytest.fixture
def this_year(site: str) -> Plan:
    """The whole demonstration; the plan of the fiscal year in which today lies."""
    with pytest.MonkeyPatch.context() as patch:
        without_laying_out(patch)
        load_demo(DEFAULT_PASSWORD)
    year = FiscalYear.containing(timezone.localdate()).number
    return Plan.objects.select_related("agency").get(agency__slug="kongkoi", fiscal_year=year)


def crowd(this_year: Plan) -> None:
    """Forty divisions, a dozen late measures with long names, a round returned for a long reason."""
    agency = this_year.agency
    Division.objects.bulk_create(
        Division(agency=agency, name=f"{LONG} ที่ {n}", position=100 + n) for n in range(40)
    )
    divisions = list(agency.divisions.all())
    indicators = list(Measure.objects.filter(plan=this_year).values_list("indicator", flat=True))
    late = Measure.objects.bulk_create(
        Measure(
            plan=this_year,
            indicator_id=indicators[n % len(indicators)],
            position=50 + n,
            title=f"มาตรการที่ {n} " + "ส่งเสริมความโปร่งใสและการมีส่วนร่วมของประชาชน" * 8,
            due_on=timezone.localdate() - timedelta(days=1 + n),
            status_reason="เหตุผล",
            reported_at=timezone.now(),
            reported_by=User.objects.get(username="staff"),
        )
        for n in range(12)
    )
    Responsibility.objects.bulk_create(
        Responsibility(measure=measure, division=division, position=place)
        for measure in late
        for place, division in enumerate(divisions, 1)
    )
    Measure.objects.filter(plan=this_year, status="not_started").update(
        status_reason="เหตุผล", reported_at=timezone.now()
    )
    Measure.objects.filter(plan=this_year).exclude(status="done").update(status_reason="เหตุผล")
    officer, executive = (User.objects.get(username=name) for name in ("officer", "executive"))
    round_ = Round.objects.select_related("plan__agency").get(plan=this_year, months=6)
    if round_.state == "open":
        give_back(submit(round_, officer), executive, "ขอให้เพิ่มผลการดำเนินงานที่วัดได้" * 10)


def height_of(page: Page) -> int:
    height: int = page.evaluate("document.documentElement.scrollHeight")
    return height


def sideways(page: Page) -> int:
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


def sheets_of(page: Page) -> list[bool]:
    """The pages that the page is printed on, each as whether it lies on its side."""
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    with pypdfium2.PdfDocument(BytesIO(printed)) as document:
        return [sheet.get_width() > sheet.get_height() for sheet in document]


def is_one_screen_and_one_sheet(page: Page, person: str, more: int = 0) -> None:
    """The dashboard, on a desk; more: how many pixels it may be higher."""
    page.goto("/dashboard/")
    assert height_of(page) <= DESK["height"] + more, person
    assert sheets_of(page) == [True], person


def is_one_projection(page: Page) -> None:
    page.goto("/dashboard/?view=screen")
    for size in PROJECTORS:
        page.set_viewport_size(size)
        assert height_of(page) <= size["height"], size
    page.get_by_role("link", name="กลับหน้าภาพรวม").click()
    expect(page.get_by_role("banner")).to_be_visible()


def is_never_wider_than_the_window(page: Page) -> None:
    for query in ("", "?view=screen", "?divisions=all"):
        page.goto(f"/dashboard/{query}")
        for width in (NARROWEST, PHONE["width"], 768, 1024, DESK["width"], 1920):
            page.set_viewport_size({"width": width, "height": 800})
            assert sideways(page) <= 0, (query, width)


def test_a_dashboard_is_one_screen_one_sheet_and_one_projection(open_page: OpenPage, this_year: Plan) -> None:
    """As this year's plan is, and as soon as it is crowded."""
    pages = {person: open_page(person, viewport=DESK) for person in ("executive", "officer", "staff")}
    for person, page in pages.items():
        is_one_screen_and_one_sheet(page, person)
        expect(page.get_by_role("heading", level=1)).to_contain_text(str(this_year.fiscal_year))
        # The real report of an earlier year as well.
        page.goto("/dashboard/?year=2566")
        assert height_of(page) <= DESK["height"], person
    crowd(this_year)
    for person in ("executive", "officer"):
        # Where several things wait for the officer, the reason of the first may take two lines more.
        is_one_screen_and_one_sheet(pages[person], person, more=50 if person == "officer" else 0)
        pages[person].get_by_role("link", name=re.compile(r"ดูทั้ง \d+ ส่วนราชการ")).click()
        expect(pages[person].locator(".by-division tbody tr")).to_have_count(45)
    is_one_projection(pages["executive"])
    is_never_wider_than_the_window(pages["executive"])


def test_an_empty_plan_is_one_screen_and_offers_how_to_begin(open_page: OpenPage, site: str) -> None:
    open_year(Agency.objects.get(slug="kongkoi"), 2567)
    page = open_page("officer", viewport=DESK)
    page.goto("/dashboard/?year=2567")
    assert height_of(page) <= DESK["height"]
    page.get_by_role("link", name="เพิ่มมาตรการแรก").click()
    page.wait_for_url("**/plans/2567/edit/add/")
