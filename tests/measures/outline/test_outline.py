"""The officer edits the plan: measures with their parties and steps, in order; nothing typed is lost."""

import re
from datetime import date
from time import monotonic
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Division
from core.row_arranging import MAX_ROWS
from measures.models import Indicator, Measure, Plan, Responsibility, Step
from measures.outline.services import move_measure
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_measure
from tests.support.html import Element, read
from tests.support.thorough import in_turn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

HTMX: Final = {"HX-Request": "true"}
Form = dict[str, Any]


@pytest.fixture
def officer(sign_in: SignIn) -> Client:
    return sign_in("officer")


def edit_of(measure: Measure) -> str:
    return reverse("edit_measure", args=[measure.pk])


def add_to(year: int = YEAR) -> str:
    return reverse("add_measure", args=[year])


def form_at(client: Client, path: str) -> Form:
    return read(client.get(path)).one("form", "edit-form").form_data()


def typed_in(response: Any) -> Form:
    return read(response).one("form", "edit-form").form_data()


def error_at(page: Element, field: str) -> str:
    assert f"id_{field}_error" in page.one(id=f"id_{field}")["aria-describedby"].split()
    return page.one(id=f"id_{field}_error").text


def steps_of(measure: Measure) -> list[tuple[int, str, int | None]]:
    """Place, text and the place of the step it hangs on."""
    steps = list(measure.steps.select_related("parent").order_by("position", "id"))
    return [(step.position, step.text, step.parent.position if step.parent else None) for step in steps]


def new_measure(plan: Plan, **changes: Any) -> Form:
    """A filled form for a new measure, with two divisions and three steps, the second under the first."""
    first, second = plan.agency.divisions.order_by("position")
    data: Form = {
        "version": "0",
        "indicator": str(Indicator.objects.get(number=4).pk),
        "title": "จัดทำคู่มือ",
        "due_text": "เมษายน ๒๕๖๖",
        "due_on": "30/4/2566",
        "first_step": "1",
        "parties-TOTAL_FORMS": "2",
        "parties-INITIAL_FORMS": "0",
        "parties-0-division": str(second.pk),
        "parties-1-division": str(first.pk),
        "steps-TOTAL_FORMS": "3",
        "steps-INITIAL_FORMS": "0",
    }
    for n, (text, level) in enumerate((("ร่าง", 1), ("ประชุม", 2), ("เผยแพร่", 1))):
        data |= {f"steps-{n}-id": "", f"steps-{n}-level": str(level), f"steps-{n}-text": text}
    return data | changes


# --- The plan as it is edited --------------------------------------------------------------------------


def test_the_plan_lists_every_measure_with_what_can_be_done(officer: Client, plan: Plan) -> None:
    first, last = make_measure(plan, "แรก", divisions=2), make_measure(plan, "หลัง", position=2, divisions=0)
    page = read(officer.get(reverse("edit_plan", args=[YEAR])))
    top, bottom = (page.one(id=f"measure-{measure.pk}") for measure in (first, last))
    assert [item.one("h3").text for item in (top, bottom)] == ["แรก", "หลัง"]
    assert top.one("p", "muted").text == "2 ขั้นตอน · กองที่ 1, กองที่ 2 · กำหนด ตลอดปีงบประมาณ พ.ศ. 2566"
    assert "ยังไม่มีผู้รับผิดชอบ" in bottom.one("p", "muted").text
    assert [button.value for button in top.all("button") if "disabled" not in button.attributes] == ["down"]
    assert [button.value for button in bottom.all("button") if "disabled" not in button.attributes] == ["up"]
    for item, measure in ((top, first), (bottom, last)):
        assert item.one("form")["action"] == reverse("move_measure", args=[measure.pk])
        assert {link["href"] for link in item.all("a")} == {
            edit_of(measure),
            reverse("delete_measure", args=[measure.pk]),
        }


def test_every_indicator_can_take_a_measure(officer: Client, plan: Plan) -> None:
    make_measure(plan, indicator=4)
    page = read(officer.get(reverse("edit_plan", args=[YEAR])))
    assert len(page.all("section", "outline-group")) == Indicator.objects.count()
    assert len(page.all("p", "outline-none")) == Indicator.objects.count() - 1
    form = read(officer.get(page.one("a", href=f"{add_to()}?indicator=9")["href"])).one("form", "edit-form")
    assert form.form_data()["indicator"] == str(Indicator.objects.get(number=9).pk)


def test_an_indicator_that_does_not_exist_is_not_chosen(officer: Client, plan: Plan) -> None:
    for asked in ("", "0", "99", "x", "๙๙๙๙"):
        assert form_at(officer, f"{add_to()}?indicator={asked}")["indicator"] == "", asked


def test_an_empty_plan_says_how_to_begin(officer: Client, plan: Plan) -> None:
    page = read(officer.get(reverse("edit_plan", args=[YEAR])))
    begin = page.one(class_="empty")
    assert [link["href"] for link in begin.all("a")] == [
        f"{reverse('import_plan')}?year={YEAR}",
        add_to(),
    ]
    assert len(page.all("a", "primary")) == 1


def test_a_measure_moves_within_its_indicator(officer: Client, plan: Plan) -> None:
    made = [make_measure(plan, name, position=n) for n, name in enumerate("กขค", 1)]
    make_measure(plan, "อื่น", indicator=2)

    def order() -> str:
        return "".join(m.title for m in Measure.objects.filter(indicator__number=1).in_report_order())

    def move(measure: Measure, to: str) -> None:
        response = officer.post(reverse("move_measure", args=[measure.pk]), {"to": to})
        assert response["Location"] == f"{reverse('edit_plan', args=[YEAR])}#measure-{measure.pk}"

    move(made[2], "up")
    assert order() == "กคข"
    move(made[0], "down")
    assert order() == "คกข"
    move(made[2], "up")
    assert order() == "คกข"
    move(made[1], "down")
    assert order() == "คกข"
    assert sorted(Measure.objects.filter(indicator__number=1).values_list("position", flat=True)) == [1, 2, 3]


def test_moving_mends_places_that_are_equal(plan: Plan) -> None:
    made = [make_measure(plan, name, position=1) for name in "กขค"]
    move_measure(made[0], 1)
    assert "".join(m.title for m in Measure.objects.in_report_order()) == "ขกค"


def test_deleting_asks_once_and_names_what_goes(officer: Client, measure: Measure) -> None:
    path = reverse("delete_measure", args=[measure.pk])
    page = read(officer.get(path))
    assert page.one("h2", "delete-what").text == "มาตรการ"
    assert "ขั้นตอน 2 ขั้น" in page.one("main").text
    assert Measure.objects.filter(pk=measure.pk).exists()
    response = officer.post(path, follow=True)
    assert response.redirect_chain == [(reverse("edit_plan", args=[YEAR]), 302)]
    assert read(response).one(role="status", class_="said").text == "ลบมาตรการ “มาตรการ” แล้ว"
    assert not Measure.objects.exists()
    assert not Step.objects.exists()
    assert officer.post(path).status_code == 404


# --- Adding --------------------------------------------------------------------------------------------


def test_a_measure_is_added_at_the_end_of_its_indicator(officer: Client, plan: Plan) -> None:
    make_measure(plan, "มีอยู่แล้ว", indicator=4, position=3)
    response = officer.post(add_to(), new_measure(plan), follow=True)
    assert response.redirect_chain == [(reverse("edit_plan", args=[YEAR]), 302)]
    assert read(response).one(role="status", class_="said").text == "เพิ่มมาตรการ “จัดทำคู่มือ” แล้ว"
    added = Measure.objects.get(title="จัดทำคู่มือ")
    assert (added.plan, added.position, added.indicator.number) == (plan, 4, 4)
    assert (added.due_text, added.due_on, added.first_step) == ("เมษายน ๒๕๖๖", date(2023, 4, 30), 1)
    assert (added.status, added.version, added.outline_version) == ("not_started", 1, 1)
    assert [party.name for party in added.parties] == ["กองที่ 2", "กองที่ 1"]
    assert steps_of(added) == [(1, "ร่าง", None), (2, "ประชุม", 1), (3, "เผยแพร่", None)]


def test_the_empty_form_has_two_rows_for_divisions_and_three_for_steps(officer: Client, plan: Plan) -> None:
    form = read(officer.get(add_to())).one("form", "edit-form")
    data = form.form_data()
    assert (data["parties-TOTAL_FORMS"], data["steps-TOTAL_FORMS"]) == ("2", "3")
    assert len(form.one("fieldset", data_rows="parties").one("ol").all("select")) == 2
    assert form.form_data()["first_step"] == "1"
    # The first button is the one that the Enter key presses: it saves.
    assert "name" not in form.all("button")[0].attributes


def test_rows_left_blank_do_not_count(officer: Client, plan: Plan) -> None:
    data = new_measure(plan, **{"steps-1-text": "  ", "parties-0-division": ""})
    assert officer.post(add_to(), data).status_code == 302
    added = Measure.objects.get()
    assert steps_of(added) == [(1, "ร่าง", None), (2, "เผยแพร่", None)]
    assert [party.name for party in added.parties] == ["กองที่ 1"]
    assert [r.position for r in added.responsibilities.all()] == [1]


def test_a_second_level_step_with_nothing_above_it_stands_on_the_first(officer: Client, plan: Plan) -> None:
    data = new_measure(plan, **{"steps-0-text": ""})
    officer.post(add_to(), data)
    assert steps_of(Measure.objects.get()) == [(1, "ประชุม", None), (2, "เผยแพร่", None)]


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(officer: Client, plan: Plan) -> None:
    data = new_measure(plan, indicator="", title=" ", due_on="พรุ่งนี้", first_step="0", due_text="ก" * 201)
    response = officer.post(add_to(), data)
    assert response.status_code == 422
    page = read(response)
    assert error_at(page, "indicator") == "กรุณาเลือกตัวชี้วัด"
    assert error_at(page, "title") == "กรุณากรอกชื่อมาตรการ"
    assert error_at(page, "due_on").startswith("อ่านวันที่ไม่ได้")
    assert error_at(page, "first_step") == "กรุณากรอกเลข 1 ถึง 99"
    assert "ใส่ได้ไม่เกิน 200 ตัวอักษร" in error_at(page, "due_text")
    linked = {link["href"] for link in page.one(class_="errors").all("a")}
    assert linked == {"#id_indicator", "#id_title", "#id_due_on", "#id_first_step", "#id_due_text"}
    kept = page.one("form", "edit-form").form_data()
    assert {name: kept[name] for name in data} == data
    assert not Measure.objects.exists()


WRONG_VALUES: Final = (
    ("title", "ก" * 501, "ใส่ได้ไม่เกิน 500"),
    ("title", "ก\x00ข", "U+0000"),
    ("due_text", "ก\x07", "U+0007"),
    ("due_on", "31/3/2023", "อ่านวันที่ไม่ได้"),
    ("due_on", "1" * 41, ""),
    ("first_step", "100", "กรุณากรอกเลข 1 ถึง 99"),
    ("first_step", "หนึ่ง", "กรุณากรอกเลขจำนวนเต็ม"),
    ("first_step", "", "กรุณากรอกเลขของขั้นตอนแรก"),
    ("indicator", "999", "ตัวเลือกนี้ไม่มีแล้ว"),
    ("steps-1-text", "ก" * 2001, "ใส่ได้ไม่เกิน 2000"),
    ("steps-1-text", "ก\x1b", "U+001B"),
    ("parties-0-division", "999999", "ตัวเลือกนี้ไม่มีแล้ว"),
    ("parties-0-division", "abc", "ตัวเลือกนี้ไม่มีแล้ว"),
)


def test_a_wrong_value_is_refused_at_its_field(officer: Client, plan: Plan) -> None:
    right = new_measure(plan)
    for field, value, said in WRONG_VALUES:
        response = officer.post(add_to(), right | {field: value})
        assert response.status_code == 422, (field, value[:40])
        page = read(response)
        message = error_at(page, field)
        assert said in message
        assert message
        assert [link["href"] for link in page.one(class_="errors").all("a")] == [f"#id_{field}"]
        kept = page.one("form", "edit-form").form_data()
        for name in right.keys() - {field}:
            assert kept[name] == right[name]
    assert not Measure.objects.exists()


def test_no_division_is_responsible_twice(officer: Client, plan: Plan) -> None:
    data = new_measure(plan)
    data["parties-1-division"] = data["parties-0-division"]
    response = officer.post(add_to(), data)
    assert response.status_code == 422
    assert error_at(read(response), "parties-1-division") == "เลือกผู้รับผิดชอบนี้ไว้แล้ว กรุณาเลือกรายอื่นหรือลบแถวนี้"
    assert not Measure.objects.exists()


def test_a_division_of_another_agency_cannot_be_chosen(officer: Client, plan: Plan) -> None:
    theirs = Division.objects.exclude(agency=plan.agency)[0]
    response = officer.post(add_to(), new_measure(plan, **{"parties-0-division": str(theirs.pk)}))
    assert response.status_code == 422
    assert not Responsibility.objects.exists()


def test_the_due_day_is_read_as_officials_type_it(officer: Client, plan: Plan) -> None:
    for typed, day in (
        ("31/3/2566", date(2023, 3, 31)),
        ("๓๑ มี.ค. ๒๕๖๖", date(2023, 3, 31)),
        ("31 มีนาคม พ.ศ. 2566", date(2023, 3, 31)),
        (" 31-03-2566 ", date(2023, 3, 31)),
        ("", None),
    ):
        assert officer.post(add_to(), new_measure(plan, due_on=typed)).status_code == 302, typed
        added = Measure.objects.latest("pk")
        assert added.due_on == day
        # Shown again as it can be typed.
        assert form_at(officer, edit_of(added))["due_on"] == ("31/03/2566" if day else "")


# --- Arranging rows of a half-filled form ----------------------------------------------------------------


def arrange(client: Client, path: str, data: Form, what: str, **options: Any) -> Form:
    response = client.post(path, data | {"arrange": what}, **options)
    assert response.status_code == 200
    page = read(response)
    assert page.all(class_="errors") == page.all(class_="wrong") == []
    return page.one("form", "edit-form").form_data()


def step_rows(data: Form) -> list[tuple[str, str]]:
    return [
        (data[f"steps-{n}-level"], data[f"steps-{n}-text"]) for n in range(int(data["steps-TOTAL_FORMS"]))
    ]


ARRANGED: Final = (
    ("steps:add:0", [("1", "ร่าง"), ("2", "ประชุม"), ("1", "เผยแพร่"), ("", "")]),
    ("steps:remove:1", [("1", "ร่าง"), ("2", "ประชุม"), ("1", "เผยแพร่")]),
    ("steps:up:2", [("1", "เผยแพร่"), ("1", "ร่าง"), ("2", "ประชุม")]),
    ("steps:down:0", [("1", "เผยแพร่"), ("1", "ร่าง"), ("2", "ประชุม")]),
    ("steps:in:2", [("1", "ร่าง"), ("2", "ประชุม"), ("2", "เผยแพร่")]),
    ("steps:out:1", [("1", "ร่าง"), ("1", "ประชุม"), ("1", "เผยแพร่")]),
)


def test_arranging_steps_keeps_everything_that_was_typed(officer: Client, plan: Plan) -> None:
    # Half filled and wrong: none of that matters before the person saves.
    data = new_measure(plan, title="", indicator="", due_on="พรุ่งนี้", first_step="x", due_text="ก" * 300)
    for what, rows in ARRANGED:
        after = arrange(officer, add_to(), data, what)
        assert step_rows(after) == rows
        for name, value in data.items():
            if not name.startswith("steps-") and not name.endswith("INITIAL_FORMS"):
                assert after[name] == value
    assert not Measure.objects.exists()


def test_arranging_parties_keeps_everything_that_was_typed(officer: Client, plan: Plan) -> None:
    data = new_measure(plan, title="")
    first, second = data["parties-1-division"], data["parties-0-division"]

    def parties(form: Form) -> list[str]:
        return [form[f"parties-{n}-division"] for n in range(int(form["parties-TOTAL_FORMS"]))]

    assert parties(arrange(officer, add_to(), data, "parties:up:1")) == [first, second]
    removed = arrange(officer, add_to(), data, "parties:remove:0")
    assert parties(removed) == [second, first]
    assert parties(arrange(officer, add_to(), removed, "parties:up:1")) == [first, second]
    added = arrange(officer, add_to(), data, "parties:add:0")
    assert parties(added) == [second, first, ""]
    assert step_rows(added) == step_rows(data)


FOCUSED: Final = (
    ("steps:add:0", "id_steps-3-text"),
    ("parties:add:0", "id_parties-2-division"),
    ("steps:remove:1", "steps-1-restore"),
    # The same button again, where it can be pressed again.
    ("steps:down:0", "steps-1-up"),
    ("steps:up:2", "steps-0-down"),
    ("steps:up:1", "steps-1-down"),
    ("parties:down:0", "parties-1-up"),
)


def test_the_focus_goes_with_the_row_that_was_arranged(officer: Client, plan: Plan) -> None:
    data = new_measure(plan)
    for what, focus in FOCUSED:
        page = read(officer.post(add_to(), data | {"arrange": what}))
        assert [each["id"] for each in page.walk() if "autofocus" in each.attributes] == [focus], what


def test_a_removed_row_says_so_and_can_be_taken_back(officer: Client, plan: Plan, measure: Measure) -> None:
    seen = form_at(officer, edit_of(measure))
    removed = officer.post(edit_of(measure), seen | {"arrange": "steps:remove:0"})
    row, other = read(removed).one("fieldset", data_rows="steps").one("ol").all("li")
    assert row.one("p", "row-gone").text == "จะลบเมื่อบันทึก: ขั้นที่ 1"
    assert "hidden" in row.one("div", "row-main").attributes
    assert [each.text for each in (row.one("span", "row-number"), other.one("span", "row-number"))] == [
        "",
        "1.",
    ]
    back = arrange(officer, edit_of(measure), typed_in(removed), "steps:restore:0")
    changing = ("csrfmiddlewaretoken", "form-key", "steps-INITIAL_FORMS", "parties-INITIAL_FORMS")
    assert back | dict.fromkeys(changing) == seen | dict.fromkeys(changing)
    assert officer.post(edit_of(measure), typed_in(removed)).status_code == 302
    assert steps_of(measure) == [(1, "ขั้นที่ 2", None)]


def test_what_is_wrong_in_a_removed_row_does_not_matter(officer: Client, plan: Plan) -> None:
    data = new_measure(plan, **{"steps-1-text": "ก" * 2001, "steps-1-DELETE": "1"})
    data |= {"parties-1-division": data["parties-0-division"], "parties-1-DELETE": "1"}
    assert officer.post(add_to(), data).status_code == 302
    assert steps_of(Measure.objects.get()) == [(1, "ร่าง", None), (2, "เผยแพร่", None)]


def test_a_removed_row_survives_a_refusal(officer: Client, plan: Plan) -> None:
    data = new_measure(plan, title="", **{"steps-1-DELETE": "1"})
    response = officer.post(add_to(), data)
    assert response.status_code == 422
    assert typed_in(response)["steps-1-DELETE"] == "1"
    assert [link["href"] for link in read(response).one(class_="errors").all("a")] == ["#id_title"]


PASTED: Final = "๑. แต่งตั้งคณะทำงาน\r\n๑.๑ จัดทำคำสั่ง\r\n 1.2) เสนอลงนาม\r\n\r\n๒) ประชุม\r\n- สรุปผล\r\n"
STEPS: Final = [("1", "แต่งตั้งคณะทำงาน"), ("2", "จัดทำคำสั่ง"), ("2", "เสนอลงนาม"), ("1", "ประชุม"), ("2", "สรุปผล")]


@pytest.mark.parametrize("what", ["steps:split:0", "steps:lines:0"])
def test_pasted_lines_become_steps_without_their_numbers(officer: Client, plan: Plan, what: str) -> None:
    data = new_measure(plan, title="", **{"steps-0-text": PASTED})
    after = arrange(officer, add_to(), data, what)
    assert step_rows(after) == [*STEPS, ("2", "ประชุม"), ("1", "เผยแพร่")]
    page = read(officer.post(add_to(), after | {"title": "ชื่อ", "arrange": "steps:up:0"}))
    numbers = [each.text for each in page.one("fieldset", data_rows="steps").all("span", "row-number")]
    assert numbers == ["1.", "1.1", "1.2", "2.", "2.1", "2.2", "3."]


NUMBERED: Final = (
    ("1. เดียว", [("1", "เดียว")]),
    ("ไม่มีเลข\nสองบรรทัด", [("1", "ไม่มีเลข"), ("1", "สองบรรทัด")]),
    ("• หนึ่ง\n• สอง", [("1", "หนึ่ง"), ("1", "สอง")]),
    ("(๑) หนึ่ง\n(๒) สอง", [("1", "หนึ่ง"), ("1", "สอง")]),
    ("๑.๕ ล้านบาท", [("1", "๑.๕ ล้านบาท")]),
    ("ข้อ ๑ หนึ่ง\nข้อ ๒ สอง", [("1", "หนึ่ง"), ("1", "สอง")]),
    (" \n ", [("1", " \n ")]),
)


def test_only_what_is_a_number_is_taken_off(officer: Client, plan: Plan) -> None:
    for text, steps in NUMBERED:
        data = new_measure(plan, **{"steps-0-text": text})
        assert step_rows(arrange(officer, add_to(), data, "steps:split:0"))[: len(steps)] == steps


@pytest.mark.parametrize(
    ("what", "line"),
    # Of each button and each kind of line one; the long form tries all together.
    in_turn(
        [
            ("steps:split:0", "{n}. ประชุม {n};"),
            ("steps:split:0", "ประชุม {n};"),
            ("steps:lines:0", "{n}. ประชุม {n};"),
            ("steps:lines:0", "ประชุม {n};"),
        ],
        0,
        3,
    ),
)
def test_of_a_whole_book_that_is_pasted_nothing_is_lost(
    officer: Client, plan: Plan, what: str, line: str
) -> None:
    book = "\n".join(line.format(n=n) for n in range(1, 8_000))
    data = new_measure(plan, **{"steps-0-text": book})
    begun = monotonic()
    after = step_rows(arrange(officer, add_to(), data, what))
    assert monotonic() - begun < 10
    assert len(after) <= MAX_ROWS
    text = "\n".join(text for _, text in after)
    assert {int(n) for n in re.findall(r"ประชุม (\d+);", text)} == {*range(1, 8_000)}


def test_where_no_field_has_several_lines_that_is_said(officer: Client, plan: Plan) -> None:
    response = officer.post(add_to(), new_measure(plan) | {"arrange": "steps:lines:0"})
    assert step_rows(typed_in(response)) == [("1", "ร่าง"), ("2", "ประชุม"), ("1", "เผยแพร่")]
    assert "ยังไม่มีช่องใดที่มีหลายบรรทัด" in read(response).one("main").text


def test_lines_pasted_into_a_stored_step_keep_its_tick(officer: Client, measure: Measure) -> None:
    first = measure.steps.get(position=1)
    first.done_on = date(2023, 1, 5)
    first.save()
    data = form_at(officer, edit_of(measure)) | {"steps-0-text": "1. หนึ่ง\n2. สอง"}
    officer.post(edit_of(measure), arrange(officer, edit_of(measure), data, "steps:split:0"))
    assert steps_of(measure) == [(1, "หนึ่ง", None), (2, "สอง", None), (3, "ขั้นที่ 2", None)]
    first.refresh_from_db()
    assert (first.text, first.done_on) == ("หนึ่ง", date(2023, 1, 5))


def test_splitting_through_htmx_answers_with_the_form_alone(officer: Client, plan: Plan) -> None:
    data = new_measure(plan, **{"steps-0-text": PASTED}) | {"arrange": "steps:split:0"}
    part = read(officer.post(add_to(), data, headers=HTMX))
    assert part.all("html") == []
    assert part.one("textarea", autofocus="")["id"] == "id_steps-4-text"


def test_numbers_have_the_digits_of_the_agency(officer: Client, plan: Plan, measure: Measure) -> None:
    plan.agency.thai_digits = True
    plan.agency.save()
    page = read(officer.get(edit_of(measure))).one("fieldset", data_rows="steps")
    assert page["data-digits"] == "๐๑๒๓๔๕๖๗๘๙"
    assert [each.text for each in page.all("span", "row-number")] == ["๑.", "๒."]


def test_arranging_a_stored_measure_keeps_the_ids_of_its_steps(officer: Client, measure: Measure) -> None:
    data = form_at(officer, edit_of(measure))
    after = arrange(officer, edit_of(measure), data, "steps:down:0")
    assert [after["steps-0-id"], after["steps-1-id"]] == [data["steps-1-id"], data["steps-0-id"]]
    assert after["version"] == data["version"]
    assert steps_of(measure) == [(1, "ขั้นที่ 1", None), (2, "ขั้นที่ 2", None)]


def test_a_button_that_does_not_exist_changes_nothing(officer: Client, plan: Plan) -> None:
    data = new_measure(plan)
    for what in ("steps:up:999", "steps:remove:77", "steps:dance:0", "nothing:up:0"):
        assert step_rows(arrange(officer, add_to(), data, what)) == step_rows(data), what


def test_a_form_without_its_lists_is_no_server_error(officer: Client, plan: Plan, measure: Measure) -> None:
    for path in (add_to(), edit_of(measure)):
        assert officer.post(path, {"title": "x"}).status_code == 422
        assert officer.post(path, {"arrange": "steps:add:0"}).status_code == 200


def test_there_is_room_for_two_hundred_steps_and_no_more(officer: Client, plan: Plan) -> None:
    data = new_measure(plan)
    for n in range(3, 200):
        data |= {f"steps-{n}-id": "", f"steps-{n}-level": "1", f"steps-{n}-text": f"ขั้น {n}"}
    data["steps-TOTAL_FORMS"] = "200"
    full = arrange(officer, add_to(), data, "steps:add:0")
    assert full["steps-TOTAL_FORMS"] == "200"
    assert officer.post(add_to(), full).status_code == 302
    assert Measure.objects.get().steps.count() == 200


# --- Editing -------------------------------------------------------------------------------------------


def test_the_form_shows_what_is_stored(officer: Client, plan: Plan) -> None:
    officer.post(add_to(), new_measure(plan))
    added = Measure.objects.get()
    shown = form_at(officer, edit_of(added))
    sent = new_measure(plan)
    assert step_rows(shown) == step_rows(sent)
    assert [shown[f"steps-{n}-id"] for n in range(3)] == [str(s.pk) for s in added.steps.order_by("position")]
    for name in ("indicator", "title", "due_text", "first_step", "parties-0-division", "parties-1-division"):
        assert shown[name] == sent[name]
    assert (shown["version"], shown["due_on"]) == ("1", "30/04/2566")


def test_saving_without_a_change_changes_nothing_but_the_version(officer: Client, plan: Plan) -> None:
    officer.post(add_to(), new_measure(plan))
    added = Measure.objects.get()
    before = (steps_of(added), added.parties, Step.history.count(), Responsibility.history.count())
    assert officer.post(edit_of(added), form_at(officer, edit_of(added))).status_code == 302
    added = Measure.objects.get()
    assert (steps_of(added), added.parties, Step.history.count(), Responsibility.history.count()) == before
    assert (added.version, added.outline_version) == (1, 2)


def test_every_field_of_the_plan_can_be_changed(officer: Client, plan: Plan, measure: Measure) -> None:
    make_measure(plan, "อยู่ก่อน", indicator=6, position=5)
    second = plan.agency.divisions.get(position=2)
    data = form_at(officer, edit_of(measure)) | {
        "title": "ชื่อใหม่\r\nสองบรรทัด",
        "indicator": str(Indicator.objects.get(number=6).pk),
        "due_text": "",
        "due_on": "",
        "first_step": "5",
        "parties-0-division": str(second.pk),
    }
    response = officer.post(edit_of(measure), data, follow=True)
    assert "บันทึกมาตรการ “ชื่อใหม่ สองบรรทัด” แล้ว" in read(response).one(role="status", class_="said").text
    measure.refresh_from_db()
    assert (measure.title, measure.due_text, measure.due_on) == ("ชื่อใหม่\nสองบรรทัด", "", None)
    # At the end of the indicator it moved to.
    assert (measure.indicator.number, measure.position, measure.first_step) == (6, 6, 5)
    assert [party.name for party in measure.parties] == ["กองที่ 2"]
    page = read(officer.get(reverse("measure", args=[measure.pk])))
    assert [number.text for number in page.all("span", "number")] == ["5.", "6."]


def test_ticks_survive_reordering_indenting_and_rewording(officer: Client, plan: Plan) -> None:
    measure = make_measure(plan, steps=3)
    ticked = measure.steps.get(position=3)
    ticked.done_on = date(2023, 1, 5)
    ticked.save()
    data = form_at(officer, edit_of(measure))
    data = arrange(officer, edit_of(measure), data, "steps:up:2")
    data = arrange(officer, edit_of(measure), data, "steps:in:1")
    data["steps-1-text"] = "ถ้อยคำใหม่"
    assert officer.post(edit_of(measure), data).status_code == 302
    assert steps_of(measure) == [(1, "ขั้นที่ 1", None), (2, "ถ้อยคำใหม่", 1), (3, "ขั้นที่ 2", None)]
    ticked.refresh_from_db()
    assert (ticked.text, ticked.done_on, ticked.position) == ("ถ้อยคำใหม่", date(2023, 1, 5), 2)


def test_what_hangs_on_a_removed_step_moves_to_the_one_above(officer: Client, plan: Plan) -> None:
    officer.post(add_to(), new_measure(plan))
    measure = Measure.objects.get()
    child = measure.steps.get(text="ประชุม")
    data = arrange(officer, edit_of(measure), form_at(officer, edit_of(measure)), "steps:remove:0")
    assert officer.post(edit_of(measure), data).status_code == 302
    assert steps_of(measure) == [(1, "ประชุม", None), (2, "เผยแพร่", None)]
    child.refresh_from_db()
    assert child.parent is None


def test_a_removed_step_and_those_under_it_leave_one_line_each_in_the_history(
    officer: Client, plan: Plan
) -> None:
    officer.post(add_to(), new_measure(plan))
    measure = Measure.objects.get()
    gone = list(measure.steps.filter(position__lte=2).values_list("pk", flat=True))
    data = form_at(officer, edit_of(measure))
    for place in range(2):
        data = arrange(officer, edit_of(measure), data, f"steps:remove:{place}")
    assert officer.post(edit_of(measure), data).status_code == 302
    assert steps_of(measure) == [(1, "เผยแพร่", None)]
    assert sorted(Step.history.filter(history_type="-").values_list("id", flat=True)) == sorted(gone)


def test_emptying_a_stored_step_is_not_how_it_is_removed(officer: Client, measure: Measure) -> None:
    data = form_at(officer, edit_of(measure)) | {"steps-0-text": " "}
    response = officer.post(edit_of(measure), data)
    assert response.status_code == 422
    assert error_at(read(response), "steps-0-text") == "กรุณากรอกข้อความของขั้นตอน หรือกด “ลบ” หากไม่ใช้แล้ว"
    assert measure.steps.count() == 2


def test_a_step_of_another_measure_cannot_be_taken_along(
    officer: Client, plan: Plan, measure: Measure
) -> None:
    other = make_measure(plan, "อื่น", position=2)
    theirs = other.steps.order_by("position")[0]
    data = form_at(officer, edit_of(measure)) | {"steps-0-id": str(theirs.pk), "steps-0-text": "ขโมย"}
    officer.post(edit_of(measure), data)
    theirs.refresh_from_db()
    assert (theirs.measure, theirs.text) == (other, "ขั้นที่ 1")
    assert steps_of(measure) == [(1, "ขโมย", None), (2, "ขั้นที่ 2", None)]


# --- Two people ----------------------------------------------------------------------------------------


def test_who_saves_second_sees_both_plans_and_loses_nothing(
    officer: Client, plan: Plan, measure: Measure
) -> None:
    first, second = plan.agency.divisions.order_by("position")
    seen = form_at(officer, edit_of(measure))
    theirs = seen | {
        "title": "ชื่อของเขา",
        "due_text": "ของเขา",
        "due_on": "1/5/2566",
        "first_step": "2",
        "indicator": str(Indicator.objects.get(number=2).pk),
        "parties-0-division": str(second.pk),
        "steps-0-text": "ขั้นของเขา",
    }
    assert officer.post(edit_of(measure), theirs).status_code == 302
    mine = arrange(officer, edit_of(measure), seen, "steps:in:1") | {"title": "ชื่อของเรา"}
    response = officer.post(edit_of(measure), mine)
    assert response.status_code == 409
    page = read(response)
    rows = page.one(class_="conflict").one("tbody").all("tr")
    assert [[cell.text for cell in row.all("th") + row.all("td")] for row in rows] == [
        ["ตัวชี้วัด", "ตัวชี้วัดที่ 2 ตัวชี้วัดเรื่องที่ 2", "ตัวชี้วัดที่ 1 ตัวชี้วัดเรื่องที่ 1"],
        ["ชื่อมาตรการ", "ชื่อของเขา", "ชื่อของเรา"],
        ["กำหนดแล้วเสร็จ", "ของเขา", "ตลอดปีงบประมาณ พ.ศ. ๒๕๖๖"],
        ["วันครบกำหนด", "01/05/2566", "30/09/2566"],
        ["เลขของขั้นตอนแรก", "2", "1"],
        ["ผู้รับผิดชอบ", "กองที่ 2", "กองที่ 1"],
        ["ขั้นตอน", "ขั้นของเขา ขั้นที่ 2", "ขั้นที่ 1 ขั้นที่ 2"],
    ]
    again = page.one("form", "edit-form").form_data()
    assert again["version"] == "2"
    ours = ("version", "csrfmiddlewaretoken", "form-key", "steps-INITIAL_FORMS")
    assert {name: value for name, value in again.items() if name not in ours} == {
        name: value for name, value in mine.items() if name not in ours
    }
    measure.refresh_from_db()
    assert measure.title == "ชื่อของเขา"

    assert officer.post(edit_of(measure), again).status_code == 302
    measure = Measure.objects.get(pk=measure.pk)
    assert (measure.title, measure.indicator.number, measure.outline_version) == ("ชื่อของเรา", 1, 3)
    assert [party.name for party in measure.parties] == [first.name]
    assert steps_of(measure) == [(1, "ขั้นที่ 1", None), (2, "ขั้นที่ 2", 1)]


def test_a_step_that_somebody_else_removed_comes_back_as_a_new_one(officer: Client, measure: Measure) -> None:
    seen = form_at(officer, edit_of(measure))
    officer.post(edit_of(measure), arrange(officer, edit_of(measure), seen, "steps:remove:0"))
    mine = seen | {"title": "ชื่อของเรา"}
    again = typed_in(officer.post(edit_of(measure), mine))
    assert again["steps-0-id"] == ""
    assert again["steps-1-id"] == seen["steps-1-id"]
    assert officer.post(edit_of(measure), again).status_code == 302
    assert steps_of(measure) == [(1, "ขั้นที่ 1", None), (2, "ขั้นที่ 2", None)]


def test_what_was_removed_can_be_taken_back_after_a_conflict_too(officer: Client, measure: Measure) -> None:
    seen = form_at(officer, edit_of(measure))
    officer.post(edit_of(measure), seen | {"title": "ชื่อของเขา"})
    again = typed_in(officer.post(edit_of(measure), seen | {"steps-0-DELETE": "1"}))
    assert [again[f"steps-{n}-DELETE"] for n in range(2)] == ["1", ""]
    assert again["steps-0-id"] == seen["steps-0-id"]
    assert officer.post(edit_of(measure), again).status_code == 302
    assert steps_of(measure) == [(1, "ขั้นที่ 2", None)]


def test_a_conflict_through_htmx_is_the_form_alone(officer: Client, measure: Measure) -> None:
    seen = form_at(officer, edit_of(measure))
    officer.post(edit_of(measure), seen | {"title": "ชื่อของเขา", "form-key": "of-another-page"})
    response = officer.post(edit_of(measure), seen, headers=HTMX)
    assert response.status_code == 409
    assert read(response).all("html") == []


def test_a_report_saved_meanwhile_survives_a_change_of_the_plan(
    officer: Client, sign_in: SignIn, measure: Measure
) -> None:
    seen = form_at(officer, edit_of(measure))
    report = {"version": "1", "status": "done", "result": "ผล", "open_steps": "finish"}
    assert sign_in("staff").post(reverse("measure", args=[measure.pk]), report).status_code == 302
    assert officer.post(edit_of(measure), seen | {"title": "ชื่อใหม่"}).status_code == 302
    measure.refresh_from_db()
    assert (measure.title, measure.status, measure.result) == ("ชื่อใหม่", "done", "ผล")
    assert measure.steps.filter(done_on=date(2023, 2, 1)).count() == 2


def test_a_change_of_the_plan_meanwhile_does_not_cost_the_report(
    officer: Client, sign_in: SignIn, measure: Measure
) -> None:
    seen = form_at(officer, edit_of(measure))
    report = {"version": "1", "status": "in_progress", "result": "ผล"}
    assert officer.post(edit_of(measure), seen | {"title": "ชื่อใหม่"}).status_code == 302
    assert sign_in("staff").post(reverse("measure", args=[measure.pk]), report).status_code == 302
    measure.refresh_from_db()
    assert (measure.title, measure.status, measure.result) == ("ชื่อใหม่", "in_progress", "ผล")


def test_the_history_says_who_changed_the_plan(
    officer: Client, people: dict[str, Any], measure: Measure
) -> None:
    officer.post(edit_of(measure), form_at(officer, edit_of(measure)) | {"title": "ชื่อใหม่"})
    line = measure.history.latest()
    assert (line.title, line.history_user) == ("ชื่อใหม่", people["officer"])
