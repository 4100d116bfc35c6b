"""The paper: the HTML that both the PDF and the preview are made of."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.template.loader import render_to_string

from core.thai_calendar import THAI_DIGITS
from reports.document.facts import ReportDocument, StepLine
from reports.renderers.pdf import paper_html
from tests.support.html import Element, read
from tests.support.papers import ROW, document, section

NASTY = "<script>alert('1')</script> & \"2\" <img src=http://example.com/3> {{ 4 }} {% now 'Y' %}"


def paper(made: ReportDocument) -> Element:
    return read(paper_html(made).removeprefix("<!doctype html>"))


def cells(made: ReportDocument) -> list[str]:
    """What stands in the five cells of the first measure."""
    row = paper(made).one("tr", "paper-measure")
    return [row.one("th", scope="row").text, *(cell.text for cell in row.all("td"))]


# --- What people typed ------------------------------------------------------------------------------


def test_what_people_typed_is_text_whatever_it_looks_like() -> None:
    typed = replace(
        ROW,
        title=NASTY,
        steps=(StepLine("1.", 1, NASTY, None),),
        parties=(NASTY,),
        due_text=NASTY,
        result=NASTY,
        obstacle=NASTY,
        reason=NASTY,
    )
    made = document(
        replace(section(1, typed), name=NASTY),
        replace(section(2), name=NASTY),
        agency=NASTY,
        agency_short=NASTY,
    )
    html = paper_html(made)
    page = read(html.removeprefix("<!doctype html>"))
    assert [element.tag for element in page.walk() if element.tag in {"script", "img"}] == []
    assert html.count("<link") == 2
    assert [element.text.removeprefix("๑. ") for element in page.all(class_="paper-typed")] == [
        " ".join(NASTY.split())
    ] * 7
    assert page.one("meta", name="author")["content"] == NASTY
    assert NASTY in page.all("title")[0].text
    assert page.one("article")["data-round"].startswith(NASTY)
    assert page.one("tr", "paper-indicator").text.endswith(NASTY)
    assert page.one(class_="paper-note").text.endswith(NASTY)


def test_digits_that_people_typed_stay_as_they_typed_them() -> None:
    typed = replace(
        ROW,
        title="แผน 5 ปี (พ.ศ. 2566-๒๕๗๐)",
        steps=(StepLine("1.", 1, "ประชุม 3 ครั้ง", None),),
        parties=("กอง 1",),
        due_text="ภายใน 30 ก.ย. 2566",
        result="อบรม 25 คน",
        obstacle="งบ 9,000 บาท",
        reason="รอ 2 เดือน",
    )
    page = paper(document(replace(section(1, typed), name="ข้อ 7")))
    assert [element.text for element in page.all(class_="paper-typed")] == [
        "แผน 5 ปี (พ.ศ. 2566-๒๕๗๐)",
        "๑. ประชุม 3 ครั้ง",
        "กอง 1",
        "ภายใน 30 ก.ย. 2566",
        "อบรม 25 คน",
        "งบ 9,000 บาท",
        "รอ 2 เดือน",
    ]
    assert page.one("tr", "paper-indicator").text == "ตัวชี้วัดที่ ๑ ข้อ 7"


def test_lines_that_people_broke_stay_broken() -> None:
    made = document(section(1, replace(ROW, result="บรรทัดแรก\nบรรทัดสอง")))
    assert "บรรทัดแรก\nบรรทัดสอง" in paper_html(made)


# --- What we print ----------------------------------------------------------------------------------


def test_every_number_that_is_made_here_is_thai() -> None:
    # Only the digits of what nobody typed are left.
    typed = replace(
        ROW,
        steps=(StepLine("1.", 1, "ก", None), StepLine("1.10", 2, "ข", None)),
        due_text="",
        due_on=date(2023, 4, 30),
        late=True,
    )
    sections = [replace(section(n, typed), name="ชื่อ") for n in range(1, 11)]
    made = document(*sections, replace(section(11), name="ชื่อ"), agency="ก", agency_short="ก", months=12)
    page = paper(made)
    assert set(re.findall(r"\d", page.one("article").text)) == set(THAI_DIGITS)
    assert set(re.findall(r"\d", page.all("title")[0].text)) < set(THAI_DIGITS)
    assert set(re.findall(r"\d", page.one("article")["data-round"])) < set(THAI_DIGITS)
    assert [step.text for step in page.all(class_="paper-step")[:2]] == ["๑. ก", "๑.๑๐ ข"]


def test_the_title_date_and_summary() -> None:
    late = replace(ROW, late=True)
    done = replace(ROW, status="done")
    page = paper(document(section(1, ROW, late, done), section(2), section(9)))
    assert page.one("h1").text == (
        "รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส "
        "เทศบาลเมืองกองก้อย ประจำปีงบประมาณ พ.ศ. ๒๕๖๖ รอบ ๖ เดือน (ตุลาคม ๒๕๖๕ - มีนาคม ๒๕๖๖)"
    )
    assert len(page.one("h1").all("br")) == 2
    assert page.one(class_="paper-date").text == "ร่าง ยังไม่ได้อนุมัติ · ข้อมูล ณ วันที่ ๓๑ มีนาคม ๒๕๖๖"
    assert page.one(class_="paper-headline").text == (
        "แล้วเสร็จ ๑ จาก ๓ มาตรการ (ร้อยละ ๓๓) · ล่าช้า ๑ · อยู่ระหว่างดำเนินการ ๒"
    )
    assert page.one(class_="paper-note").text == (
        "ตัวชี้วัดที่ไม่มีมาตรการ ๒ ตัวชี้วัด ได้แก่ ตัวชี้วัดที่ ๒ เรื่องที่สนใจข้อ 2, ตัวชี้วัดที่ ๙ เรื่องที่สนใจข้อ 9"
    )


def test_no_note_where_every_indicator_has_a_measure() -> None:
    assert paper(document(section(1, ROW))).all(class_="paper-note") == []


def test_the_table_head_and_the_cells_of_a_measure() -> None:
    page = paper(document(section(3, ROW)))
    table = page.one("table", "paper-table")
    assert [head.text for head in table.one("thead").all("th", scope="col")] == [
        "มาตรการ",
        "ขั้นตอน/วิธีการปฏิบัติ",
        "ผู้รับผิดชอบ",
        "กำหนดแล้วเสร็จ",
        "ผลการดำเนินงาน",
    ]
    assert table.one("tr", "paper-indicator").one("th", scope="rowgroup", colspan="5").text == (
        "ตัวชี้วัดที่ ๓ เรื่องที่สนใจข้อ 3"
    )
    assert cells(document(section(3, ROW))) == [
        "มาตรการป้องกันการรับสินบน",
        "๑. จัดประชุม ๒. เผยแพร่ประกาศ",
        "๑. กองคลัง ๒. กองช่าง",
        "ตลอดปีงบประมาณ พ.ศ. ๒๕๖๖",
        "อยู่ระหว่างดำเนินการ",
    ]


def test_a_single_party_has_no_number() -> None:
    made = document(section(1, replace(ROW, parties=("สำนักปลัด",))))
    assert cells(made)[2] == "สำนักปลัด"


def test_a_cell_with_nothing_to_say_has_a_dash() -> None:
    made = document(section(1, replace(ROW, steps=(), parties=(), due_text="", due_on=None)))
    assert cells(made)[1:4] == ["–", "–", "–"]


def test_without_words_for_it_the_due_day_is_printed() -> None:
    made = document(section(1, replace(ROW, due_text="", due_on=date(2023, 4, 30))))
    assert cells(made)[3] == "๓๐ เมษายน ๒๕๖๖"


def test_the_last_cell_says_late_result_obstacle_and_reason() -> None:
    typed = replace(ROW, late=True, result="ทำแล้วครึ่งหนึ่ง", obstacle="ฝนตก", reason="รออนุมัติ")
    assert cells(document(section(1, typed)))[4] == (
        "อยู่ระหว่างดำเนินการ (ล่าช้า) ทำแล้วครึ่งหนึ่ง ปัญหา/อุปสรรค และข้อเสนอแนะ ฝนตก เหตุผล รออนุมัติ"
    )


def test_an_empty_plan_says_so() -> None:
    assert paper(document(section(1))).one("table", "paper-table").all("tbody")[0].text == "แผนนี้ยังไม่มีมาตรการ"


def test_who_reports_and_who_approves_have_a_place_to_sign() -> None:
    places = paper(document(section(1, ROW))).one(class_="paper-signatures").all(class_="paper-signature")
    assert [place.text for place in places] == [
        "ลงชื่อ ผู้รายงาน ( ) ตำแหน่ง วันที่",
        "ลงชื่อ ผู้อนุมัติ ( ) ตำแหน่ง วันที่",
    ]


# --- What it is made of -----------------------------------------------------------------------------


def test_looks_are_the_stylesheets_alone() -> None:
    page = paper(document(section(1, ROW), section(2)))
    assert [element.tag for element in page.walk() if element.get("style")] == []
    assert page.all("style") == page.all("script") == []
    assert [link["href"] for link in page.all("link")] == ["css/paper_fonts.css", "css/paper.css"]
    assert page.one("html")["lang"] == "th"


def test_every_class_on_the_paper_is_the_papers_own() -> None:
    """In the preview the paper stands inside the site's page, whose rules must not reach it."""
    page = paper(document(section(1, ROW), section(2)))
    names = {name for element in page.one("article").walk() for name in element.get("class").split()}
    assert {name for name in names if not name.startswith("paper")} == set()


def test_a_name_that_the_template_does_not_get_fails_a_test() -> None:
    with pytest.raises(pytest.fail.Exception, match="document"):
        render_to_string("reports/paper/page.html", {})
