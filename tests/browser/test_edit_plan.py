"""The officer's form of a measure: rows added, indented and moved while it is half filled."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

import pytest
from django.test import Client
from playwright.sync_api import Dialog, Locator, Page, expect

from accounts.models import User
from measures.models import Measure
from measures.steps import numbered
from tests.browser.conftest import OpenPage, Watch
from tests.browser.screens import tab_to
from tests.support.html import Element, HasContent, read

pytestmark = pytest.mark.browser

ADD = "/plans/2566/edit/add/"


def step(page: Page, place: int) -> Locator:
    return page.get_by_label(f"ขั้นตอนแถวที่ {place}", exact=True)


def steps(page: Page) -> list[str]:
    return [box.input_value() for box in page.get_by_label(re.compile(r"^ขั้นตอนแถวที่ \d+$")).all()]


def numbers(page: Page) -> list[str]:
    """The numbers of the steps as they will be printed."""
    return [each.strip() for each in page.locator("[data-rows=steps] li .row-number").all_inner_texts()]


def in_row(page: Page, what: str, place: int) -> Locator:
    """A button of a row of the list of steps."""
    return page.locator("fieldset", has_text="ขั้นตอน/วิธีการปฏิบัติ").get_by_role(
        "button", name=f"{what} แถวที่ {place}", exact=True
    )


def test_a_measure_with_steps_is_added(open_page: OpenPage, java_script: bool) -> None:
    page = open_page("officer", java_script_enabled=java_script)
    page.goto("/plans/2566/edit/")
    page.get_by_role("link", name="เพิ่มมาตรการ", exact=True).click()
    page.get_by_label("ชื่อมาตรการ").fill("เปิดเผยข้อมูลสาธารณะ")
    for place, text in enumerate(("เตรียมข้อมูล", "รวบรวม", "เผยแพร่"), 1):
        step(page, place).fill(text)
    page.get_by_role("button", name="เพิ่มขั้นตอน").click()
    expect(step(page, 4)).to_be_focused()
    page.keyboard.type("ประเมินผล")
    in_row(page, "เป็นข้อย่อย", 2).click()
    expect(in_row(page, "เป็นข้อหลัก", 2)).to_be_visible()
    assert numbers(page) == ["1.", "1.1", "2.", "3."]

    # With the keyboard alone: the focus goes with the row that moves.
    up = in_row(page, "ขึ้น", 4)
    tab_to(page, up)
    page.keyboard.press("Enter")
    expect(step(page, 3)).to_have_value("ประเมินผล")
    expect(in_row(page, "ขึ้น", 3)).to_be_focused()
    page.keyboard.press("Enter")
    expect(step(page, 1)).to_have_value("ประเมินผล")
    expect(in_row(page, "ลง", 1)).to_be_focused()
    page.keyboard.press("Space")
    expect(step(page, 3)).to_have_value("ประเมินผล")
    assert steps(page) == ["เตรียมข้อมูล", "รวบรวม", "ประเมินผล", "เผยแพร่"]

    # What was removed says so, keeps its place, and comes back.
    in_row(page, "ลบ", 3).click()
    expect(in_row(page, "เอากลับ", 3)).to_be_focused()
    expect(page.get_by_text("จะลบเมื่อบันทึก: ประเมินผล")).to_be_visible()
    assert numbers(page) == ["1.", "1.1", "", "2."]
    page.keyboard.press("Enter")
    expect(step(page, 3)).to_be_focused()
    assert steps(page) == ["เตรียมข้อมูล", "รวบรวม", "ประเมินผล", "เผยแพร่"]

    # Saved too early: what is missing is named, and nothing of the rest is lost.
    page.get_by_role("button", name="บันทึกมาตรการ").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("ชื่อมาตรการ")).to_have_value("เปิดเผยข้อมูลสาธารณะ")
    assert steps(page) == ["เตรียมข้อมูล", "รวบรวม", "ประเมินผล", "เผยแพร่"]
    page.get_by_role("alert").get_by_role("link").first.click()
    indicator = page.get_by_label("ตัวชี้วัด", exact=True)
    expect(indicator).to_be_focused()
    indicator.select_option(label=indicator.locator("option").nth(9).inner_text())
    page.get_by_label("ผู้รับผิดชอบลำดับที่ 1").select_option(label="กองช่าง")
    page.get_by_role("button", name="บันทึกมาตรการ").click()
    expect(page.get_by_role("status")).to_contain_text("เพิ่มมาตรการ “เปิดเผยข้อมูลสาธารณะ” แล้ว")

    measure = Measure.objects.get(title="เปิดเผยข้อมูลสาธารณะ")
    assert measure.indicator.number == 9
    assert [division.name for division in measure.divisions.all()] == ["กองช่าง"]
    assert [(row.number, row.step.text) for row in numbered(measure.steps.all(), measure.first_step)] == [
        ("1.", "เตรียมข้อมูล"),
        ("1.1", "รวบรวม"),
        ("2.", "ประเมินผล"),
        ("3.", "เผยแพร่"),
    ]


PASTED: Final = "๑. แต่งตั้งคณะทำงาน\n๑.๑ จัดทำคำสั่ง\n๒. ประชุม\n๓) รายงานผล"


def paste(page: Page, text: str) -> None:
    """Paste a text where the focus is, as the keyboard does."""
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def test_a_measure_of_four_steps_and_two_divisions_takes_eight_actions(open_page: OpenPage) -> None:
    """A click, a paste, a field that is typed or chosen each count one; the keys of a paste are the paste."""
    page = open_page("officer", permissions=["clipboard-read", "clipboard-write"])
    page.goto("/plans/2566/edit/")
    actions = 0

    def act(do: Callable[[], object]) -> None:
        nonlocal actions
        actions += 1
        do()

    act(page.get_by_role("link", name="เพิ่มมาตรการ ในตัวชี้วัดที่ 9", exact=True).click)
    act(lambda: page.get_by_label("ชื่อมาตรการ").fill("เปิดเผยข้อมูล"))
    act(lambda: page.get_by_label("กำหนดแล้วเสร็จตามเอกสาร").fill("กันยายน ๒๕๖๖"))
    act(lambda: page.get_by_label(re.compile("^วันครบกำหนด")).fill("30/9/2566"))
    act(lambda: page.get_by_label("ผู้รับผิดชอบลำดับที่ 1").select_option(label="กองช่าง"))
    act(lambda: page.get_by_label("ผู้รับผิดชอบลำดับที่ 2").select_option(label="กองคลัง"))
    step(page, 1).focus()
    act(lambda: paste(page, PASTED))
    expect(step(page, 4)).to_be_focused()
    assert numbers(page)[:4] == ["1.", "1.1", "2.", "3."]
    act(page.get_by_role("button", name="บันทึกมาตรการ").last.click)
    expect(page.get_by_role("status")).to_contain_text("เพิ่มมาตรการ “เปิดเผยข้อมูล” แล้ว")
    assert actions <= 8

    measure = Measure.objects.get(title="เปิดเผยข้อมูล")
    assert (measure.indicator.number, measure.due_on) == (9, date(2023, 9, 30))
    assert [division.name for division in measure.parties] == ["กองช่าง", "กองคลัง"]
    assert [(row.number, row.step.text) for row in numbered(measure.steps.all(), measure.first_step)] == [
        ("1.", "แต่งตั้งคณะทำงาน"),
        ("1.1", "จัดทำคำสั่ง"),
        ("2.", "ประชุม"),
        ("3.", "รายงานผล"),
    ]


def test_of_a_pasted_list_nothing_is_cut_off_or_lost_where_the_server_cannot_be_reached(
    open_page: OpenPage, watch: Watch
) -> None:
    """It may be longer than one step may be."""
    watch.allow("Failed to load resource")
    watch.allow("^htmx:")
    page = open_page("officer", permissions=["clipboard-read", "clipboard-write"])
    page.goto(ADD)
    texts = [f"ขั้นที่ {n} {'ส่งเสริมความโปร่งใส' * 10}" for n in range(1, 21)]
    step(page, 1).focus()
    paste(page, "\n".join(f"{n}. {text}" for n, text in enumerate(texts, 1)))
    expect(step(page, 20)).to_be_focused()
    assert steps(page)[:20] == texts
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(ADD)
    page.get_by_label("ชื่อมาตรการ").fill("ยังไม่ได้บันทึก")
    page.context.set_offline(True)
    step(page, 1).focus()
    paste(page, PASTED)
    expect(page.get_by_role("alert")).to_contain_text("ส่งข้อมูลไม่สำเร็จ")
    expect(step(page, 1)).to_have_value(PASTED)
    expect(step(page, 1)).to_be_focused()
    page.context.set_offline(False)
    expect(page.get_by_label("ชื่อมาตรการ")).to_be_editable()


def test_lines_become_steps_without_a_script(open_page: OpenPage) -> None:
    page = open_page("officer", java_script_enabled=False)
    page.goto(ADD)
    step(page, 2).fill(PASTED)
    page.get_by_role("button", name="แยกบรรทัดเป็นขั้นตอน").click()
    expect(step(page, 5)).to_be_focused()
    assert steps(page) == ["", "แต่งตั้งคณะทำงาน", "จัดทำคำสั่ง", "ประชุม", "รายงานผล", ""]
    assert numbers(page) == ["1.", "2.", "2.1", "3.", "4.", "5."]


def test_a_row_is_added_and_moved_without_asking_the_server(open_page: OpenPage) -> None:
    page = open_page("officer")
    measure = Measure.objects.get(indicator__number=8)
    page.goto(f"/measures/{measure.pk}/edit/")
    before = steps(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="เพิ่มขั้นตอน").click()
    last = step(page, len(before) + 1)
    expect(last).to_be_focused()
    page.keyboard.type("ใหม่")
    page.keyboard.press("Alt+ArrowUp")
    expect(step(page, len(before))).to_be_focused()
    assert steps(page) == [*before[:-1], "ใหม่", before[-1]]
    page.keyboard.press("Alt+ArrowRight")
    assert numbers(page)[-2] == f"{len(before) - 1}.1"
    page.context.set_offline(False)
    page.get_by_role("button", name="บันทึกมาตรการ").last.click()
    expect(page.get_by_role("status")).to_contain_text("บันทึกมาตรการ")
    assert [row.step.text for row in numbered(measure.steps.all())] == [*before[:-1], "ใหม่", before[-1]]


def test_a_step_is_dragged_to_its_place_with_those_under_it(open_page: OpenPage) -> None:
    page = open_page("officer")
    page.goto(ADD)
    for place, text in enumerate(("ก", "ข", "ค"), 1):
        step(page, place).fill(text)
    in_row(page, "เป็นข้อย่อย", 2).click()
    handles = page.locator("[data-rows=steps] li [data-handle]")
    handles.nth(0).scroll_into_view_if_needed()
    start, end = handles.nth(0).bounding_box(), handles.nth(2).bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 5, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 5, start["y"] + 40)
    page.mouse.move(end["x"] + 5, end["y"] + end["height"] - 5, steps=5)
    page.mouse.up()
    # The browser tells the page of the drop a moment later.
    expect(step(page, 1)).to_have_value("ค")
    assert steps(page) == ["ค", "ก", "ข"]
    assert numbers(page) == ["1.", "2.", "2.1"]


Rows = list[tuple[str, str]]
"""What stands in each row: its number and its text."""
LETTERS: Final = ("ก", "ข", "ค")


def arranged(page: Page, orders: Sequence[tuple[str, int]]) -> Rows:
    """The rows after pressing those buttons that can be pressed."""
    for what, place in orders:
        button = in_row(page, what, place)
        if button.is_visible() and button.is_enabled():
            button.click()
    texts = page.locator("[data-rows=steps] li textarea").evaluate_all("all => all.map(each => each.value)")
    return list(zip(numbers(page), texts, strict=True))


class WithoutScript:
    """The form as the server makes it anew after each button: what a browser shows that runs no script."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._form = self._read(client.get(ADD))
        self._typed = dict(zip((text["name"] for text in self._texts), LETTERS, strict=False))

    def arranged(self, orders: Sequence[tuple[str, int]]) -> Rows:
        """As the function of this name."""
        for what, place in orders:
            for button in self._list.all("button", name="arrange"):
                if button.text == f"{what} แถวที่ {place}" and can_be_pressed(button):
                    sent = self._form.form_data() | self._typed | {"arrange": button["value"]}
                    self._typed = {}
                    self._form = self._read(self._client.post(ADD, sent))
                    break
        numbers = self._list.all("span", "row-number")
        shown = ["" if "hidden" in number.attributes else number.text for number in numbers]
        return list(zip(shown, (text.value for text in self._texts), strict=True))

    @property
    def _list(self) -> Element:
        return self._form.one(data_rows="steps")

    @property
    def _texts(self) -> list[Element]:
        return self._list.all("textarea")

    def _read(self, response: HasContent) -> Element:
        return read(response).one("form", id="edit-form")


def can_be_pressed(button: Element) -> bool:
    around = (button, *button.ancestors())
    return "disabled" not in button.attributes and not any("hidden" in each.attributes for each in around)


def test_rows_are_arranged_alike_with_and_without_a_script(open_page: OpenPage, client: Client) -> None:
    """Without one the server arranges them; the buttons of a real page without a script are pressed above."""
    orders = [
        *(("เป็นข้อย่อย", 2), ("ลง", 1), ("ขึ้น", 3), ("ลบ", 1)),
        *(("ขึ้น", 3), ("ลง", 2), ("เป็นข้อย่อย", 3), ("เอากลับ", 1)),
        *(("ลบ", 2), ("ลง", 1), ("เป็นข้อหลัก", 3), ("ขึ้น", 2)),
        *(("เอากลับ", 1), ("เอากลับ", 2), ("เอากลับ", 3), ("ขึ้น", 2)),
    ]
    with_script = open_page("officer")
    with_script.on("dialog", lambda dialog: dialog.accept())
    with_script.goto(ADD)
    for place, text in enumerate(LETTERS, 1):
        step(with_script, place).fill(text)
    client.force_login(
        User.objects.get(username="officer"), backend="django.contrib.auth.backends.ModelBackend"
    )
    without = WithoutScript(client)
    seen = []
    for begin in range(0, len(orders), 4):
        some = orders[begin : begin + 4]
        seen.append(arranged(with_script, some))
        assert seen[-1] == without.arranged(some)
    assert len({str(each) for each in seen}) == len(seen)


def type_a_title(page: Page) -> None:
    page.get_by_label("ชื่อมาตรการ").fill("ยังไม่ได้บันทึก")


def add_a_row(page: Page) -> None:
    page.get_by_role("button", name="เพิ่มขั้นตอน").click()
    expect(step(page, 4)).to_be_visible()


def save_too_early(page: Page) -> None:
    page.get_by_role("button", name="บันทึกมาตรการ").click()
    expect(page.get_by_role("alert")).to_be_visible()


def test_leaving_with_something_typed_asks(open_page: OpenPage) -> None:
    page = open_page("officer")
    page.goto(ADD)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    for begun, begin in enumerate((type_a_title, add_a_row, save_too_early), 1):
        page.once("dialog", stay)
        begin(page)
        # A browser asks only where somebody has touched the page.
        page.get_by_label("ชื่อมาตรการ").click()
        page.get_by_role("link", name=re.compile("^รายงาน( |$)")).click(no_wait_after=True)
        expect(page.get_by_label("ชื่อมาตรการ")).to_have_value("ยังไม่ได้บันทึก")
        assert asked == ["beforeunload"] * begun

    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name=re.compile("^รายงาน( |$)")).click()
    expect(page).to_have_url(re.compile("/reports/$"))


def test_the_enter_key_saves_and_leaving_an_untouched_or_a_saved_form_asks_nothing(
    open_page: OpenPage,
) -> None:
    page = open_page("officer")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    measure = Measure.objects.get(indicator__number=8)
    page.goto(f"/measures/{measure.pk}/edit/")
    page.get_by_label("ชื่อมาตรการ").click()
    page.get_by_role("link", name=re.compile("^รายงาน( |$)")).click()
    page.wait_for_url("**/reports/")
    page.goto(f"/measures/{measure.pk}/edit/")
    before = steps(page)
    page.get_by_label("ชื่อมาตรการ").fill("ชื่อใหม่")
    page.get_by_label(re.compile("^วันครบกำหนด")).fill("1/9/2566")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("บันทึกมาตรการ “ชื่อใหม่” แล้ว")
    page.get_by_role("link", name=re.compile("^รายงาน( |$)")).click()
    page.wait_for_url("**/reports/")
    assert asked == []
    # The key pressed the button that saves, none of those that move a row.
    page.goto(f"/measures/{measure.pk}/edit/")
    assert steps(page) == before
