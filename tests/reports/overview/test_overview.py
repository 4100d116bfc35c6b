"""The overseer's table of agencies: where each stands in a round; filters, order, pages, CSV."""

import csv
import io
from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

from accounts.models import Agency, Division, Role
from measures.models import Plan
from reports.models import Publication, Round
from reports.new_year.services import open_year
from reports.overview.selectors import LATE, PUBLISHED, SENT, STANDINGS, WAITING, WITHOUT_PLAN
from reports.rounds.services import submit
from tests.conftest import SignIn
from tests.support.factories import OFFICE, YEAR, make_agency, make_edition, make_measure, make_person
from tests.support.html import Element, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

HERE = "องค์การบริหารส่วนตำบล here"
ELSEWHERE = "องค์การบริหารส่วนตำบล elsewhere"


def opened(sign_in: SignIn, **query: str) -> Element:
    response = sign_in("overseer").get(reverse("overview"), query)
    assert response.status_code == 200
    return read(response)


def names(page: Element) -> list[str]:
    return [cell.all("a")[0].text if cell.all("a") else cell.text for cell in page.all("th", "list-title")]


def tiles(page: Element) -> list[tuple[str, int]]:
    links = page.one("ul", "standings").all("a")
    return [(link.one("span").text, int(link.one("strong").text)) for link in links]


def standing_of(page: Element, name: str) -> str:
    (row,) = [row for row in page.one("tbody").all("tr") if name in row.one("th").text]
    return row.one("span", "standing-word").text


def named(slug: str, name: str, province: str = "") -> Agency:
    agency = make_agency(slug)
    Agency.objects.filter(pk=agency.pk).update(name=name, province=province)
    agency.refresh_from_db()
    return agency


def round_of(agency: Agency, months: int = 6) -> Round:
    return Round.objects.select_related("plan__agency").get(
        plan__agency=agency, plan__fiscal_year=YEAR, months=months
    )


@pytest.fixture
def agencies(plan: Plan) -> list[Agency]:
    """Three agencies with a plan: here (no province), ก and ข; elsewhere has none."""
    made = [named("a", "อบต. ก", "ตรัง"), named("b", "อบต. ข", "กาฬสินธุ์")]
    for agency in made:
        open_year(agency, YEAR)
    return made


# --- The table -----------------------------------------------------------------------------------------


def test_agencies_stand_by_province_and_name_with_their_counts(
    sign_in: SignIn, agencies: list[Agency], plan: Plan
) -> None:
    make_measure(plan, status="done", due_on=date(2022, 12, 1), divisions=2, steps=3)
    make_measure(plan, position=2, due_on=date(2022, 12, 1), divisions=2, steps=3)
    make_measure(plan, position=3, status="cancelled", status_reason="x", due_on=date(2022, 12, 1))
    make_measure(plan, position=4, due_on=date(2023, 2, 1))
    page = opened(sign_in)
    rows = [
        [row.one("th").text, *(cell.text for cell in row.all("td"))] for row in page.one("tbody").all("tr")
    ]
    waiting = STANDINGS[WAITING]
    assert rows == [
        # Named, though it has no plan.
        [ELSEWHERE, "–", "ยังไม่มีแผน", "–", "–", "–"],
        [HERE, "–", waiting, "4", "1", "1"],
        ["อบต. ข", "กาฬสินธุ์", waiting, "0", "0", "0"],
        ["อบต. ก", "ตรัง", waiting, "0", "0", "0"],
    ]
    assert page.one("p", "count").text == "พบ 4 หน่วยงาน"


def test_a_row_leads_to_the_agency_s_dashboard_and_its_late_measures(
    sign_in: SignIn, agencies: list[Agency]
) -> None:
    make_measure(agencies[1].plans.get(), due_on=date(2022, 12, 1))
    (row,) = [row for row in opened(sign_in).one("tbody").all("tr") if "อบต. ข" in row.text]
    client = sign_in("overseer")
    dashboard, late = row.all("a")
    assert "อบต. ข" in read(client.get(dashboard["href"])).text
    assert len(read(client.get(late["href"])).all("th", "list-title", scope="row")) == 1


def test_every_agency_stands_at_one_place_and_the_counts_add_up(
    sign_in: SignIn, agencies: list[Agency], plan: Plan
) -> None:
    make_edition(round_of(agencies[0]))
    make_measure(agencies[1].plans.get(), status="done", reported_at=timezone.now())
    submit(round_of(agencies[1]), make_person("o", Role.OFFICER, agencies[1]))
    page = opened(sign_in)
    assert tiles(page) == [
        ("ทุกหน่วยงาน", 4),
        ("เผยแพร่แล้ว", 1),
        ("ส่งแล้ว รอเผยแพร่", 1),
        ("อยู่ระหว่างรายงาน", 1),
        ("พ้นรอบ ยังไม่ส่ง", 0),
        ("ยังไม่มีแผน", 1),
    ]
    assert (standing_of(page, "อบต. ก"), standing_of(page, "อบต. ข")) == (
        STANDINGS[PUBLISHED],
        STANDINGS[SENT],
    )
    # Published and submitted today.
    assert page.one("tbody").text.count("1 ก.พ. 2566") == 2


def test_what_is_approved_and_not_published_is_still_waited_for(
    sign_in: SignIn, agencies: list[Agency]
) -> None:
    edition = make_edition(round_of(agencies[0]))
    Publication.objects.filter(edition=edition).delete()
    assert standing_of(opened(sign_in), "อบต. ก") == STANDINGS[SENT]


def test_a_correction_leaves_published_what_is_published(sign_in: SignIn, agencies: list[Agency]) -> None:
    make_edition(round_of(agencies[0]))
    Round.objects.update(state="open")
    assert standing_of(opened(sign_in), "อบต. ก") == STANDINGS[PUBLISHED]


@pytest.mark.parametrize(
    ("day", "months", "standing"),
    [
        (datetime(2023, 3, 31, 12, tzinfo=OFFICE), "6", WAITING),
        (datetime(2023, 4, 1, 12, tzinfo=OFFICE), "6", LATE),
        (datetime(2023, 4, 1, 12, tzinfo=OFFICE), "12", WAITING),
        (datetime(2023, 10, 1, 12, tzinfo=OFFICE), "12", LATE),
        # Without being asked: the round whose report is due.
        (datetime(2023, 9, 30, 12, tzinfo=OFFICE), "", LATE),
        (datetime(2023, 10, 1, 12, tzinfo=OFFICE), "", LATE),
    ],
)
def test_a_round_that_is_over_and_not_submitted_is_said_to_be(
    sign_in: SignIn,
    agencies: list[Agency],
    time_machine: TimeMachineFixture,
    day: datetime,
    months: str,
    standing: str,
) -> None:
    time_machine.move_to(day, tick=False)
    page = opened(sign_in, months=months, year=str(YEAR))
    assert standing_of(page, "อบต. ก") == STANDINGS[standing]


def test_a_standing_of_one_round_says_nothing_of_the_other(sign_in: SignIn, agencies: list[Agency]) -> None:
    make_edition(round_of(agencies[0], 12))
    assert standing_of(opened(sign_in), "อบต. ก") == STANDINGS[WAITING]
    assert standing_of(opened(sign_in, months="12"), "อบต. ก") == STANDINGS[PUBLISHED]


# --- Filters -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["ตรัง", "อบต. ก", " ตรัง "])
def test_agencies_are_found_by_name_and_province(sign_in: SignIn, agencies: list[Agency], text: str) -> None:
    assert names(opened(sign_in, text=text)) == ["อบต. ก"]


def test_agencies_of_a_kind_alone(sign_in: SignIn, agencies: list[Agency]) -> None:
    Agency.objects.filter(name="อบต. ก").update(kind="subdistrict")
    page = opened(sign_in, kind="subdistrict", sort="-late")
    assert names(page) == ["อบต. ก"]
    assert page.one("form", "filters").form_data()["kind"] == "subdistrict"
    # A kind that there is not is ignored, as everything that an address says wrongly.
    assert len(names(opened(sign_in, kind="x"))) == 4


def test_a_tile_leads_to_those_that_it_counts(sign_in: SignIn, agencies: list[Agency]) -> None:
    make_edition(round_of(agencies[0]))
    client = sign_in("overseer")
    page = read(client.get(reverse("overview")))
    for tile in page.one("ul", "standings").all("a"):
        listed = read(client.get(reverse("overview") + tile["href"]))
        assert len(names(listed)) == int(tile.one("strong").text), tile.text
        assert listed.one("p", "count").text.startswith(f"พบ {tile.one('strong').text} ")


def test_filters_go_together_and_can_be_cleared(sign_in: SignIn, agencies: list[Agency]) -> None:
    make_edition(round_of(agencies[0]))
    page = opened(sign_in, province="ตรัง", standing="published", text="อบต", sort="-late")
    assert names(page) == ["อบต. ก"]
    # The tiles count what the other filters leave.
    assert dict(tiles(page))["ทุกหน่วยงาน"] == 1
    assert names(opened(sign_in, province="กาฬสินธุ์", standing="published")) == []
    cleared = page.one("p", "count").one("a")["href"]
    assert len(names(read(sign_in("overseer").get(reverse("overview") + cleared)))) == 4
    # What the form sends next time still holds what was chosen.
    assert page.one("form", "filters").form_data() == {
        "year": "2566",
        "months": "6",
        "province": "ตรัง",
        "kind": "",
        "text": "อบต",
        "standing": "published",
        "sort": "-late",
    }


@pytest.mark.parametrize("text", ["ไม่มีเลย", "100%", "_", "<b>"])
def test_a_search_without_a_find_says_so(sign_in: SignIn, agencies: list[Agency], text: str) -> None:
    page = opened(sign_in, text=text)
    assert names(page) == []
    assert page.one("div", "empty").one("h2").text == "ไม่พบหน่วยงานตามเงื่อนไขนี้"


def test_a_search_for_nothing_readable_finds_all(sign_in: SignIn, agencies: list[Agency]) -> None:
    assert len(names(opened(sign_in, text=" \x00"))) == 4


@pytest.mark.parametrize(
    "query",
    [{"standing": "x"}, {"sort": "password"}, {"sort": "--name"}, {"months": "7"}, {"months": "๖๖"}],
    ids=str,
)
def test_what_is_asked_wrongly_is_ignored(
    sign_in: SignIn, agencies: list[Agency], query: dict[str, str]
) -> None:
    assert names(opened(sign_in, **query)) == names(opened(sign_in))


def test_the_year_is_chosen_and_the_newest_to_begin_with(
    sign_in: SignIn, agencies: list[Agency], plan: Plan
) -> None:
    open_year(plan.agency, YEAR + 1)
    page = opened(sign_in)
    assert page.one("h1").text == "ทุกหน่วยงาน ปีงบประมาณ พ.ศ. 2567"
    assert dict(tiles(page))["ยังไม่มีแผน"] == 3
    assert [option.value for option in page.one(id="masthead-year").all("option")] == ["2567", "2566"]
    earlier = opened(sign_in, year="2566")
    assert dict(tiles(earlier))["ยังไม่มีแผน"] == 1
    assert earlier.one(id="masthead-year").value == "2566"
    assert dict(tiles(opened(sign_in, year="2500")))["ยังไม่มีแผน"] == 4


@pytest.mark.parametrize("year", ["abc", "-1", "0", "543", "9999", "99999", "9" * 5000])
def test_what_is_no_year_is_ignored(sign_in: SignIn, agencies: list[Agency], year: str) -> None:
    assert len(names(opened(sign_in, year=year))) == 4


# --- Order and pages -----------------------------------------------------------------------------------


def test_the_table_is_sorted_by_a_press_on_a_head(sign_in: SignIn, agencies: list[Agency]) -> None:
    make_edition(round_of(agencies[0]))
    for n in range(2):
        make_measure(agencies[1].plans.get(), position=n + 1, due_on=date(2022, 12, 1))
    make_measure(agencies[0].plans.get(), status="done")
    first = {
        "หน่วยงาน": ELSEWHERE,
        "จังหวัด": "อบต. ก",
        "รายงานของรอบ": "อบต. ก",
        "มาตรการ": "อบต. ข",
        "แล้วเสร็จ": "อบต. ก",
        "ล่าช้า": "อบต. ข",
    }
    client = sign_in("overseer")
    heads = read(client.get(reverse("overview"))).one("thead").all("th")
    assert [head.get("aria-sort") for head in heads] == ["", "ascending", "", "", "", ""]
    for head in heads:
        page = read(client.get(reverse("overview") + head.one("a")["href"]))
        assert names(page)[0] == first[head.text], head.text
        (again,) = [other for other in page.one("thead").all("th") if other.get("aria-sort")]
        assert again.text == head.text
        reverted = read(client.get(reverse("overview") + again.one("a")["href"]))
        assert {again["aria-sort"], reverted.one("thead").all("th", aria_sort="ascending") != []} in (
            {"ascending", False},
            {"descending", True},
        )


def test_agencies_without_a_plan_come_last_whichever_way_counts_are_sorted(
    sign_in: SignIn, agencies: list[Agency]
) -> None:
    for sort in ("late", "-late", "total", "-total", "done", "-done"):
        assert names(opened(sign_in, sort=sort))[-1] == ELSEWHERE


def test_fifty_agencies_are_a_page(sign_in: SignIn, plan: Plan) -> None:
    made = Agency.objects.bulk_create(
        Agency(name=f"อบต. {n:03}", short_name=f"{n}", slug=f"s{n}", province="ตรัง") for n in range(120)
    )
    Division.objects.bulk_create(Division(agency=agency, name="กอง") for agency in made)
    Plan.objects.bulk_create(Plan(agency=agency, fiscal_year=YEAR) for agency in made)
    seen: list[str] = []
    address = "?text=ตรัง&sort=-late"
    for number in (1, 2, 3):
        response = sign_in("overseer").get(reverse("overview") + address)
        page = read(response)
        seen += names(page)
        pager = page.one("nav", "pager")
        assert pager.one("span").text == f"หน้า {number} จาก 3"
        following = [link["href"] for link in pager.all("a") if link.text == "ถัดไป"]
        assert len(following) == (number < 3)
        assert len([link for link in pager.all("a") if link.text == "ก่อนหน้า"]) == (number > 1)
        address = following[0] if following else ""
    assert seen == [f"อบต. {n:03}" for n in range(120)]


@pytest.mark.parametrize("number", ["0", "-1", "99", "abc", "9" * 30])
def test_a_page_that_does_not_exist_is_another_one(
    sign_in: SignIn, agencies: list[Agency], number: str
) -> None:
    assert len(names(opened(sign_in, page=number))) == 4


def test_before_there_is_any_plan_every_agency_is_without_one(sign_in: SignIn, agency: Agency) -> None:
    page = opened(sign_in)
    # Of the fiscal year in which today lies.
    assert page.one("h1").text == "ทุกหน่วยงาน ปีงบประมาณ พ.ศ. 2566"
    assert dict(tiles(page))[STANDINGS[WITHOUT_PLAN]] == 2


# --- CSV -----------------------------------------------------------------------------------------------


def downloaded(sign_in: SignIn, **query: str) -> list[dict[str, str]]:
    response = sign_in("overseer").get(reverse("overview_csv"), query)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    # Without the mark Excel shows Thai as signs.
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def test_the_file_holds_what_the_table_shows(sign_in: SignIn, agencies: list[Agency]) -> None:
    make_edition(round_of(agencies[0]))
    make_measure(agencies[0].plans.get(), status="done")
    (row,) = downloaded(sign_in, text="อบต. ก")
    assert row == {
        "หน่วยงาน": "อบต. ก",
        "จังหวัด": "ตรัง",
        "ปีงบประมาณ": "2566",
        "รอบ (เดือน)": "6",
        "สถานะรายงาน": "เผยแพร่แล้ว",
        "ขั้นของรายงาน": "อนุมัติแล้ว",
        "วันที่ส่งหรือเผยแพร่": "2023-02-01",
        "มาตรการ": "1",
        "แล้วเสร็จ": "1",
        "ล่าช้า": "0",
        "หมายเหตุ": "",
    }


def test_the_file_has_the_filters_and_the_order_of_the_page(sign_in: SignIn, agencies: list[Agency]) -> None:
    for query in ({}, {"sort": "-name"}, {"standing": "without_plan"}, {"province": "ตรัง"}, {"text": "zz"}):
        page = names(opened(sign_in, **query))
        assert [row["หน่วยงาน"] for row in downloaded(sign_in, **query)] == page
    assert opened(sign_in, sort="-name").one("div", "buttons").one("a")["href"].endswith("sort=-name")


def test_the_file_is_not_cut_into_pages(sign_in: SignIn, plan: Plan) -> None:
    Agency.objects.bulk_create(Agency(name=f"ก{n}", short_name="ก", slug=f"s{n}") for n in range(600))
    assert len(downloaded(sign_in)) == 602


def test_a_name_is_never_a_formula(sign_in: SignIn, agencies: list[Agency]) -> None:
    Agency.objects.filter(pk=agencies[0].pk).update(name='=HYPERLINK("x")', province="+1")
    (row,) = downloaded(sign_in, text="HYPERLINK")
    assert (row["หน่วยงาน"], row["จังหวัด"]) == ('\'=HYPERLINK("x")', "'+1")


def test_an_invented_plan_says_so_in_the_file(sign_in: SignIn, agencies: list[Agency]) -> None:
    Plan.objects.filter(agency=agencies[0]).update(is_sample=True)
    assert [row["หมายเหตุ"] for row in downloaded(sign_in, text="อบต. ก")] == ["ข้อมูลตัวอย่าง"]
