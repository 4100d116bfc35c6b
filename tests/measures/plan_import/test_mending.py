"""What an officer does on the preview: few presses, each back to its place, never on an old page."""

from typing import Any, Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.models import Measure, Plan, PlanImport
from measures.plan_import.preview import preview
from measures.plan_import.services import apply, take_in
from tests.conftest import SignIn
from tests.support.factories import YEAR
from tests.support.html import Element, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

HEAD: Final = "ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tกำหนดแล้วเสร็จ\tผลการดำเนินงาน"
DONE: Final = "1. ข\tกองที่ 1\tมีนาคม 2566\tแล้วเสร็จ"
# Five heads are misspelt, and of three headings none names an indicator as it is spelled.
MISSPELT: Final = "\n".join(
    [
        "มาตการ\tขั้นตอนวิทีการ\tผู้รับผิดซอบ\tกำหนดแล้วเส็จ\tผลการดำเนิงาน",
        "ตชีวดที่ ๑ การปฏิบัตหน้าที\t\t\t\t",
        f"ก\t{DONE}",
        f"ข\t{DONE}",
        "หมวดเงินของหน่วย\t\t\t\t",
        f"ค\t{DONE}",
        "หมวดว่าด้วยอำนาจ\t\t\t\t",
        f"ง\t{DONE}",
    ]
)


def text(*rows: str) -> bytes:
    return "\n".join([HEAD, *rows]).encode()


def shown(officer: Client, taken: PlanImport, query: str = "") -> Element:
    return read(officer.get(reverse("import_preview", args=[taken.pk]) + query))


def form_of(page: Element, action: str) -> dict[str, str]:
    """What a form would send as it stands."""
    form = next(form for form in page.all("form") if form.get("action") == action)
    fields = [*form.all("input"), *form.all("select"), *form.all("textarea")]
    return {field["name"]: field.value for field in fields if field.get("name")}


def press(officer: Client, taken: PlanImport, name: str, **button: str) -> Any:
    """One press on a button of the preview as it stands."""
    action = reverse(name, args=[taken.pk])
    return officer.post(action, {**form_of(shown(officer, taken), action), **button})


# --- A whole document at once -----------------------------------------------------------------------


def test_a_document_that_took_eighteen_actions_takes_at_most_seven(sign_in: SignIn, plan: Plan) -> None:
    officer = sign_in("officer")
    actions = 2  # The text is pasted, and sent.
    officer.post(reverse("import_plan"), {"year": YEAR, "text": MISSPELT})
    taken = PlanImport.objects.get()
    page = shown(officer, taken)
    assert not preview(taken).may_apply
    assert "open" in page.one("details", id="reading").attributes
    action = reverse("import_columns", args=[taken.pk])
    form = form_of(page, action)
    # The first heading is proposed; what the other two mean is chosen.
    wanted = {"heading-0": "1", "heading-1": "2", "heading-2": "3"}
    changed = {name: value for name, value in wanted.items() if form[name] != value}
    actions += len(changed) + 1
    answer = officer.post(action, form | changed)
    assert answer["Location"].endswith("#import-answer")
    actions += 1
    assert press(officer, taken, "import_apply").status_code == 302
    stored = Measure.objects.order_by("indicator__number", "position")
    assert list(stored.values_list("indicator__number", "title")) == [(1, "ก"), (1, "ข"), (2, "ค"), (3, "ง")]
    assert set(stored.values_list("status", flat=True)) == {"done"}
    assert actions <= 7


def test_columns_show_what_stands_below_them(sign_in: SignIn, plan: Plan) -> None:
    taken = take_in(plan, "", b"A\tB\n1\t\xe0\xb8\x81\xe0\xb8\x82\n2\t\xe0\xb8\x84\xe0\xb8\x87", None)
    hint = shown(sign_in("officer"), taken).one("p", id="id_column-1_helptext")
    assert hint.text == "เช่น กข · คง"


def test_a_column_of_ticks_can_be_chosen_where_its_heading_says_when(sign_in: SignIn, plan: Plan) -> None:
    officer = sign_in("officer")
    taken = take_in(
        plan, "", text(f"1\tก\t{DONE}").replace("กำหนดแล้วเสร็จ".encode(), "ไตรมาส 2".encode()), None
    )
    column = reverse("import_columns", args=[taken.pk])
    form = form_of(shown(officer, taken), column)
    refused = officer.post(column, form | {"column-1": "period"})
    assert refused.status_code == 422
    assert "ไม่บอกเดือนหรือไตรมาส" in read(refused).text
    assert officer.post(column, form | {"column-4": "period"}).status_code == 302


def test_an_unknown_name_becomes_a_division_that_is_there(sign_in: SignIn, plan: Plan) -> None:
    officer = sign_in("officer")
    taken = take_in(plan, "", text("1\tก\t1. ข\tกองที่หนึ่ง\tมีนาคม 2566\tแล้วเสร็จ"), None)
    press(officer, taken, "import_columns", **{"name-0": "กองที่ 1"})
    press(officer, taken, "import_apply")
    assert [party.name for party in Measure.objects.with_parties().get().parties] == ["กองที่ 1"]
    assert plan.agency.divisions.count() == 2


# --- One press --------------------------------------------------------------------------------------


def test_a_row_is_left_out_and_brought_in_by_one_press_each(sign_in: SignIn, plan: Plan) -> None:
    officer = sign_in("officer")
    taken = take_in(plan, "", text(f"1\tก\t{DONE}", f"2\tข\t{DONE}", "\tรวมทั้งสิ้น 2 มาตรการ"), None)
    left = press(officer, taken, "import_choose", leave="1.2")
    assert left["Location"].endswith("#measure-0")
    page = shown(officer, taken)
    assert [each.text for each in page.one("main").all("h3") if each.get("id").startswith("at-")] == ["ข"]
    rows = [row.text for row in page.one("details", id="left-out").all("li")]
    assert "เลือกไม่นำเข้า" in rows[0]
    assert "แถวรวมหรือสรุป" in rows[1]
    brought = press(officer, taken, "import_choose", bring="1.2")
    assert brought["Location"].endswith("#at-1-2")
    taken.refresh_from_db()
    assert [each.imported.title for each in preview(taken).measures] == ["ก", "ข"]
    # What the reading proposed to leave out becomes a measure as well, and goes again.
    press(officer, taken, "import_choose", bring="1.4")
    taken.refresh_from_db()
    assert len(preview(taken).measures) == 3
    press(officer, taken, "import_choose", leave="1.4")
    taken.refresh_from_db()
    assert len(preview(taken).measures) == 2
    assert press(officer, taken, "import_choose", leave="9.9").status_code == 404


def test_a_row_that_goes_on_with_a_measure_can_be_taken_out_again(sign_in: SignIn, plan: Plan) -> None:
    officer = sign_in("officer")
    taken = take_in(plan, "", text(f"1\tก\t{DONE}", "ลงชื่อ ........ ผู้รายงาน"), None)
    press(officer, taken, "import_choose", bring="1.3")
    row = shown(officer, taken).one("details", id="left-out").one("li")
    assert "เป็นส่วนหนึ่งของมาตรการก่อนหน้า" in row.text
    press(officer, taken, "import_choose", leave=row.one("button")["value"])
    row = shown(officer, taken).one("details", id="left-out").one("li")
    assert "แถวลงชื่อ" in row.text


def test_several_measures_in_one_cell_are_split_by_one_press(sign_in: SignIn, plan: Plan) -> None:
    officer = sign_in("officer")
    cell = '"1. จัดทำคู่มือการให้บริการ\n2. เผยแพร่คู่มือการให้บริการ"'
    taken = take_in(plan, "", text(f"1\t{cell}\t{DONE}"), None)
    button = next(each for each in shown(officer, taken).all("button") if each.get("name") == "split")
    assert "แยกเป็น 2 มาตรการ" in button.text
    press(officer, taken, "import_choose", split=button["value"])
    taken.refresh_from_db()
    assert len(preview(taken).measures) == 2
    back = next(each for each in shown(officer, taken).all("button") if each.get("name") == "join")
    press(officer, taken, "import_choose", join=back["value"])
    taken.refresh_from_db()
    assert len(preview(taken).measures) == 1


def test_statuses_and_results_are_left_out_by_one_press(sign_in: SignIn, plan: Plan) -> None:
    officer = sign_in("officer")
    taken = take_in(plan, "", text(f"1\tก\t{DONE}"), None)
    press(officer, taken, "import_choose", only_plan="1")
    assert "นำเข้าเฉพาะแผน" in shown(officer, taken).one("ul", "import-sums").text
    press(officer, taken, "import_apply")
    assert list(Measure.objects.values_list("status", "result")) == [("not_started", "")]
    press(officer, taken, "import_choose", only_plan="0")
    taken.refresh_from_db()
    assert preview(taken).measures[0].imported.status == "done"


def test_one_of_several_tables_is_left_out_by_one_press(sign_in: SignIn, plan: Plan) -> None:
    officer = sign_in("officer")
    taken = take_in(plan, "", text(f"1\tก\t{DONE}"), None)
    assert shown(officer, taken).all("details", id="tables") == []
    press(officer, taken, "import_choose", leave="1")
    taken.refresh_from_db()
    assert preview(taken).measures == []
    press(officer, taken, "import_choose", bring="1")
    taken.refresh_from_db()
    assert len(preview(taken).measures) == 1


def test_the_question_of_the_year_comes_first_and_is_one_press(sign_in: SignIn, plan: Plan) -> None:
    officer = sign_in("officer")
    taken = take_in(plan, "", text("1\tก\t1. ข\tกองที่ 1\t31 มีนาคม 2564\tแล้วเสร็จ"), None)
    main = shown(officer, taken).one("main")
    assert "ปีงบประมาณ 2564" in main.all("h2")[0].text
    asked = next(
        form for form in main.all("form") if form["action"] == reverse("import_year", args=[taken.pk])
    )
    assert [each.text for each in asked.all("button")] == ["เลื่อนไป 2 ปี เป็นปี 2566", "คงวันเดิมปี 2564"]
    assert asked.one("a")["href"] == reverse("import_plan")
    press(officer, taken, "import_year", years="2")
    taken.refresh_from_db()
    assert preview(taken).may_apply


# --- Back to the same place -------------------------------------------------------------------------


def test_a_measure_is_mended_in_its_place_beside_the_original(sign_in: SignIn, plan: Plan) -> None:
    officer = sign_in("officer")
    rows = [f"1\tมาตรการที่ {number}\t{DONE}" for number in range(60)]
    taken = take_in(plan, "", text(*rows), None)
    mending = reverse("import_measure", args=[taken.pk, 55])
    page = read(officer.get(mending + "?show=all"))
    assert page.one("li", id="measure-55").one("form")["action"] == mending
    assert "มาตรการที่ 55" in page.one("li", id="measure-55").one("dl", "import-cells").text
    form = form_of(page, mending)
    assert (form["show"], form["page"]) == ("all", "2")
    answer = officer.post(mending, form | {"title": "ชื่อที่แก้"})
    assert answer["Location"].endswith("?show=all&page=2#measure-55")
    assert "ชื่อที่แก้" in read(officer.get(answer["Location"])).one("li", id="measure-55").text


def test_the_cell_of_a_finding_stands_beside_it(sign_in: SignIn, plan: Plan) -> None:
    taken = take_in(plan, "", text("1\tก\t1. ข\tกองที่ 1\tเมื่อพร้อม\tแล้วเสร็จ", f"2\tข\t{DONE}"), None)
    page = shown(sign_in("officer"), taken)
    cells = page.one("li", id="measure-0").one("div", "import-original")
    assert cells.one("dt").text == "กำหนดแล้วเสร็จ"
    assert cells.one("dd").text == "เมื่อพร้อม"
    assert page.one("li", id="measure-1").all("div", "import-original") == []


def test_of_two_hundred_measures_those_to_check_are_shown_first(sign_in: SignIn, plan: Plan) -> None:
    officer = sign_in("officer")
    rows = [f"{n % 10 + 1}\tมาตรการที่ {n}\t{DONE}" for n in range(200)]
    for place in (3, 77, 150, 199):
        rows[place] = rows[place].replace("มีนาคม 2566", "เมื่อพร้อม")
    taken = take_in(plan, "", text(*rows), None)
    with CaptureQueriesContext(connection) as asked:
        page = shown(officer, taken)
    assert len(asked) <= 12
    places = [each["id"] for each in page.all("li", "import-measure")]
    assert places == [f"measure-{place}" for place in (3, 77, 150, 199)]
    links = page.one("nav", "import-filter").all("a")
    assert [link.text for link in links] == ["แสดงเฉพาะที่ต้องตรวจ 4 มาตรการ", "ทั้งหมด 200 มาตรการ"]
    whole = shown(officer, taken, "?show=all&page=4")
    assert len(whole.all("li", "import-measure")) == 50
    assert "หน้า 4 จาก 4" in whole.one("nav", "pager").text


def test_a_short_plan_is_shown_whole(sign_in: SignIn, plan: Plan) -> None:
    taken = take_in(plan, "", text(f"1\tก\t{DONE}", "2\tข\t1. ข\tกองที่ 1\tเมื่อพร้อม\tแล้วเสร็จ"), None)
    assert len(shown(sign_in("officer"), taken).all("li", "import-measure")) == 2


# --- Old pages --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "button"),
    [
        ("import_choose", {"leave": "1.2"}),
        ("import_columns", {}),
        ("import_year", {"years": "0"}),
        ("import_apply", {}),
    ],
)
@pytest.mark.parametrize("change", ["applied", "chosen"])
def test_an_old_page_changes_nothing(
    sign_in: SignIn, plan: Plan, name: str, button: dict[str, str], change: str
) -> None:
    officer = sign_in("officer")
    taken = take_in(plan, "", text("1\tก\t1. ข\tกองที่ 1\t31 มีนาคม 2564\tแล้วเสร็จ"), None)
    press(officer, taken, "import_year", years="2")
    action = reverse(name, args=[taken.pk])
    old = form_of(shown(officer, taken), action)
    taken.refresh_from_db()
    if change == "applied":
        apply(taken, None)
    else:
        press(officer, taken, "import_choose", only_plan="1")
    before = PlanImport.objects.values("choices", "mapping", "edits", "applied_at").get()
    answer = officer.post(action, old | button)
    assert answer.status_code == 409
    assert "ในอีกหน้าต่างหนึ่ง" in read(answer).one("div", "conflict").text
    assert PlanImport.objects.values("choices", "mapping", "edits", "applied_at").get() == before


def test_an_old_form_of_a_measure_keeps_what_was_typed_and_meets_no_other(
    sign_in: SignIn, plan: Plan
) -> None:
    officer = sign_in("officer")
    taken = take_in(plan, "", text(f"1\tก\t{DONE}", f"2\tข\t{DONE}"), None)
    mending = reverse("import_measure", args=[taken.pk, 1])
    old = form_of(read(officer.get(mending)), mending)
    press(officer, taken, "import_choose", leave="1.2")
    answer = officer.post(mending, old | {"title": "ที่พิมพ์ไว้"})
    assert answer.status_code == 409
    page = read(answer)
    assert page.one("li", id="measure-0").one("input", id="id_title").value == "ที่พิมพ์ไว้"
    taken.refresh_from_db()
    assert taken.edits == {}
    # Of a measure that is gone there is no form any more.
    press(officer, taken, "import_choose", leave="1.3")
    assert officer.post(mending, old).status_code in {404, 409}
