"""What was mended is remembered for the agency's next import, shown as such, and can be forgotten."""

from typing import Final

import pytest
from django.urls import reverse

from accounts.models import Division
from measures.models import LearnedWord, Measure, Plan, PlanImport
from measures.plan_import.choices import Words
from measures.plan_import.mending import store_reading
from measures.plan_import.preview import preview
from measures.plan_import.services import NotApplicable, apply, take_in
from measures.plan_import.understanding.head_words import letters_of_heading
from measures.plan_import.words import learned_by
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_agency
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

ROWS: Final = (
    "งานที่ทำ\tลำดับการทำ\tใครทำ\tเสร็จเมื่อ\tได้ผลว่า\nหมวดเงินของหน่วย\nก\t1. ข\tช่างโยธา\tมีนาคม 2566\tแล้วเสร็จ"
).encode()
MAPPING: Final = {"0": "title", "1": "steps", "2": "parties", "3": "due", "4": "result"}


def mended(plan: Plan) -> PlanImport:
    """An import whose columns, heading and name were mended, not yet applied."""
    taken = take_in(plan, "", ROWS, None)
    store_reading(taken, Words(), MAPPING)
    (heading,) = preview(taken).plan.headings
    store_reading(taken, Words({}, {heading.key: 2}, {"ช่างโยธา": "กองที่ 1"}), None)
    return taken


def test_what_was_mended_is_known_at_the_next_import(sign_in: SignIn, plan: Plan) -> None:
    taken = mended(plan)
    assert not LearnedWord.objects.exists()
    apply(taken, None)
    assert LearnedWord.objects.filter(agency=plan.agency).count() == 7
    again = take_in(plan, "", ROWS.replace("ก\t".encode(), "ค\t".encode(), 1), None)
    found = preview(again)
    assert found.may_apply
    (measure,) = found.measures
    assert (measure.imported.title, measure.imported.indicator, measure.imported.status) == ("ค", 2, "done")
    assert [party.division.name for party in measure.parties if party.division] == ["กองที่ 1"]
    assert not measure.guesses
    page = read(sign_in("officer").get(reverse("import_preview", args=[again.pk])))
    form = page.one("details", id="reading")
    assert form.text.count("จำจากการนำเข้าครั้งก่อน") == 7
    assert len(page.one("details", id="learned").all("li")) == 7


def test_nothing_is_learned_of_what_is_not_applied(plan: Plan) -> None:
    taken = mended(plan)
    plan.closed_at = taken.made_at
    plan.save()
    with pytest.raises(NotApplicable):
        apply(taken, None)
    assert not LearnedWord.objects.exists()


def test_what_is_sure_by_itself_is_not_learned(plan: Plan) -> None:
    head = "ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tกำหนดแล้วเสร็จ\tผลการดำเนินงาน\tA"
    taken = take_in(plan, "", f"{head}\n1\tก\t1. ข\tกองที่ 1\tมีนาคม 2566\tแล้วเสร็จ\tx".encode(), None)
    fields = ("indicator", "title", "steps", "parties", "due", "result", "obstacle")
    store_reading(taken, Words(), {str(place): field for place, field in enumerate(fields)})
    apply(taken, None)
    # A heading of one letter means something else in the next file.
    assert not LearnedWord.objects.exists()


def test_the_newest_meaning_counts(plan: Plan) -> None:
    apply(mended(plan), None)
    again = take_in(plan, "", ROWS, None)
    (heading,) = preview(again).plan.headings
    assert (heading.number, heading.remembered) == (2, True)
    store_reading(again, Words({}, {heading.key: 3}, {}), None)
    apply(again, None)
    assert learned_by(plan.agency).indicators == {heading.key: 3}


def test_a_remembered_heading_that_says_otherwise_is_marked(plan: Plan) -> None:
    head = "ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tกำหนดแล้วเสร็จ\tผลการดำเนินงาน"
    row = "1\tก\t1. ข\tกองที่ 1\tมีนาคม 2566\tแล้วเสร็จ"
    learned = {"learned": {"columns": {letters_of_heading("ขั้นตอน"): "obstacle"}}}
    taken = take_in(plan, "", f"{head}\n{row}".encode(), None)
    taken.choices = learned
    remarks = [finding.message for finding in preview(taken).remarks]
    assert [message for message in remarks if "จำจากการนำเข้าครั้งก่อน แต่ถ้อยคำไม่ตรงกัน" in message]
    column = next(column for column in preview(taken).plan.columns if column.index == 2)
    assert (column.field, column.guessed, column.remembered) == ("obstacle", True, True)


def test_a_division_of_that_very_name_goes_before_what_is_remembered(plan: Plan) -> None:
    apply(mended(plan), None)
    Division.objects.create(agency=plan.agency, name="ช่างโยธา", position=9)
    (measure,) = preview(take_in(plan, "", ROWS, None)).measures
    assert [party.division.name for party in measure.parties if party.division] == ["ช่างโยธา"]


def test_another_agency_knows_nothing_of_it(plan: Plan) -> None:
    apply(mended(plan), None)
    far = Plan.objects.create(agency=make_agency("far"), fiscal_year=YEAR)
    taken = take_in(far, "", ROWS, None)
    assert taken.choices == {}
    assert not preview(taken).may_apply


def test_a_word_is_forgotten_by_one_press(sign_in: SignIn, plan: Plan) -> None:
    apply(mended(plan), None)
    waiting = take_in(plan, "", ROWS, None)
    word = LearnedWord.objects.get(kind="indicator")
    officer, path = sign_in("officer"), reverse("import_forget", args=[waiting.pk])
    assert officer.post(path, {"word": word.pk})["Location"].endswith("#learned")
    assert not LearnedWord.objects.filter(kind="indicator").exists()
    waiting.refresh_from_db()
    # The import that was being looked at no longer goes by it.
    assert preview(waiting).measures[0].imported.indicator is None
    assert learned_by(plan.agency).divisions == {"ช่างโยธา": "กองที่ 1"}
    assert Measure.objects.count() == 1


def test_the_words_of_others_are_neither_shown_nor_forgotten(sign_in: SignIn, plan: Plan) -> None:
    far = make_agency("far")
    word = LearnedWord.objects.create(agency=far, kind="column", letters="งาน", text="งานลับ", meaning="title")
    taken = take_in(plan, "", ROWS, None)
    officer = sign_in("officer")
    assert "งานลับ" not in officer.get(reverse("import_preview", args=[taken.pk])).content.decode()
    for value in (word.pk, "x", "", "9" * 5_000):
        assert officer.post(reverse("import_forget", args=[taken.pk]), {"word": value}).status_code == 404
    assert LearnedWord.objects.filter(pk=word.pk).exists()
