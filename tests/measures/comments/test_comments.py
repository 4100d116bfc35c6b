"""Comments on a measure: who may, who is named, what is returned and answered, and that nothing gets out."""

from datetime import datetime
from io import BytesIO
from typing import Final

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Division, Role, User
from measures.access import can_answer, can_comment, can_read_comments, can_return_measure
from measures.comments import services
from measures.comments.mentions import mentioned_in, pieces_of
from measures.comments.services import NewComment, TooMany, write_comment
from measures.models import Comment, Measure, Plan
from measures.workbook.services import workbook
from reports.document.builder import build_document
from reports.models import Round
from reports.renderers import FORMATS
from reports.waiting.selectors import waiting_for
from tests.conftest import SignIn
from tests.support.factories import OFFICE, YEAR, make_edition, make_measure, make_person
from tests.support.html import Element, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

SECRET: Final = "ความเห็นภายในสำนักงาน"
PEOPLE: Final = ("staff", "other_staff", "officer", "executive", "overseer", "admin", "stranger")


@pytest.fixture
def shared(plan: Plan) -> Measure:
    """A measure of both divisions, as a page reads it."""
    made = make_measure(plan, "ร่วมกัน", divisions=2, position=2, reported_at=timezone.now())
    return Measure.objects.with_parties().get(pk=made.pk)


def said(measure: Measure, person: User, text: str = "โปรดดู", **more: object) -> Comment:
    return write_comment(measure, person, NewComment(text, **more), [person]).comment  # type: ignore[arg-type]


def post(sign_in: SignIn, role: str, measure: Measure, **data: object) -> Element:
    named = {f"comment-{name}": value for name, value in data.items()}
    return read(sign_in(role).post(reverse("add_comment", args=[measure.pk]), named, follow=True))


def page(sign_in: SignIn, role: str, measure: Measure, query: str = "") -> Element:
    own = "?agency=here" if role == "overseer" else query
    return read(sign_in(role).get(reverse("measure", args=[measure.pk]) + own))


# --- Who may ----------------------------------------------------------------------------------------


def test_who_reads_and_who_writes(people: dict[str, User], plan: Plan, measure: Measure) -> None:
    measure = Measure.objects.with_parties().get(pk=measure.pk)
    assert {name for name in PEOPLE if can_read_comments(people[name], plan)} == {
        "staff",
        "other_staff",
        "officer",
        "executive",
    }
    assert {name for name in PEOPLE if can_comment(people[name], measure)} == {
        "staff",
        "officer",
        "executive",
    }
    assert {name for name in PEOPLE if can_return_measure(people[name], measure)} == {"officer"}
    assert not can_return_measure(people["officer"], make_measure(plan, "ไม่มีใคร", divisions=0, position=3))


def returned_to(*divisions: Division) -> list[Comment]:
    """What was returned to divisions and waits for an answer."""
    return list(Comment.objects.waiting().to_divisions(divisions))


def test_who_answers_what_was_returned(people: dict[str, User], shared: Measure) -> None:
    first = shared.parties[0]
    for division, who in (
        (first, {"staff", "officer", "executive"}),
        (None, {"staff", "other_staff", "officer", "executive"}),
    ):
        returned = said(shared, people["officer"], returns=True, division=division)
        returned.measure = shared
        assert {name for name in PEOPLE if can_answer(people[name], returned)} == who
    remark = said(shared, people["officer"])
    remark.measure = shared
    assert not any(can_answer(people[name], remark) for name in PEOPLE)


def test_a_closed_plan_is_still_spoken_of_but_returns_nothing(
    people: dict[str, User], plan: Plan, shared: Measure
) -> None:
    said(shared, people["officer"], returns=True)
    today = timezone.localdate()
    assert waiting_for(people["staff"], today)
    shared.plan.closed_at = plan.closed_at = timezone.now()
    plan.save()
    assert can_comment(people["staff"], shared)
    assert not can_return_measure(people["officer"], shared)
    assert not waiting_for(people["staff"], today)


# --- Writing ----------------------------------------------------------------------------------------


def test_the_newest_comment_stands_last(sign_in: SignIn, measure: Measure) -> None:
    for role, text in (("staff", "รอเอกสาร\nจากจังหวัด"), ("officer", "รับทราบ"), ("executive", "เร่งด้วย")):
        answer = post(sign_in, role, measure, text=text)
        assert answer.one("p", "said").text == "บันทึกความเห็นแล้ว"
    shown = page(sign_in, "other_staff", measure).one(id="comments")
    texts = [row.one(class_="comment-text").text for row in shown.one("ol", "timeline").all("li")]
    assert texts == ["รอเอกสาร จากจังหวัด", "รับทราบ", "เร่งด้วย"]
    assert Comment.objects.order_by("pk")[0].text == "รอเอกสาร\nจากจังหวัด"
    # Staff of another division reads, and has no form.
    assert shown.all("form") == []


def test_only_the_newest_stand_on_the_page_until_all_are_asked_for(
    sign_in: SignIn, people: dict[str, User], measure: Measure
) -> None:
    for number in range(23):
        said(measure, people["officer"], f"ข้อที่ {number}")
    shown = page(sign_in, "staff", measure).one(id="comments")
    assert len(shown.one("ol", "timeline").all("li")) == 20
    assert "ดูความเห็นก่อนหน้า 3 ข้อ" in shown.text
    everything = page(sign_in, "staff", measure, "?comments=all").one(id="comments")
    assert len(everything.one("ol", "timeline").all("li")) == 23


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "กรุณากรอกความเห็น"),
        ("  \n ", "กรุณากรอกความเห็น"),
        ("ก" * 2_001, "ยาวเกินไป"),
        ("ก\x07", "อักขระควบคุม"),
    ],
)
def test_what_is_refused_is_still_in_the_form(sign_in: SignIn, measure: Measure, text: str, why: str) -> None:
    path = reverse("add_comment", args=[measure.pk])
    refused = sign_in("staff").post(path, {"comment-text": text})
    assert refused.status_code == 422
    shown = read(refused)
    assert why in shown.one("div", "errors").text
    assert shown.one("textarea", name="comment-text").value == text
    assert not Comment.objects.exists()


def test_a_comment_is_plain_text(sign_in: SignIn, measure: Measure) -> None:
    post(sign_in, "staff", measure, text="<script>alert(1)</script>")
    content = sign_in("officer").get(reverse("measure", args=[measure.pk])).content.decode()
    assert "<script>alert(1)" not in content
    assert "&lt;script&gt;alert(1)" in content


def test_a_measure_takes_a_bounded_number(
    sign_in: SignIn, people: dict[str, User], measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MAX_COMMENTS", 1)
    said(measure, people["officer"])
    with pytest.raises(TooMany):
        said(measure, people["officer"])
    path = reverse("add_comment", args=[measure.pk])
    refused = sign_in("staff").post(path, {"comment-text": "อีกข้อ"})
    assert refused.status_code == 422
    assert "จึงเพิ่มไม่ได้อีก" in refused.content.decode()


def test_nobody_changes_or_deletes_a_comment(
    sign_in: SignIn, people: dict[str, User], measure: Measure
) -> None:
    said(measure, people["staff"])
    section = page(sign_in, "staff", measure).one(id="comments")
    assert "แก้ไขหรือลบไม่ได้" in section.text
    assert [form["action"] for form in section.all("form")] == [reverse("add_comment", args=[measure.pk])]


# --- Naming people ----------------------------------------------------------------------------------


def somchai(plan: Plan) -> User:
    person = make_person("somchai", Role.STAFF, plan.agency)
    person.full_name = "สมชาย ใจดี"
    person.save()
    return person


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@staff ดูด้วย", {"staff"}),
        ("@STAFF,@officer", {"staff", "officer"}),
        ("@staffroom", set()),
        ("เขียนถึง a@staff.go.th", set()),
        ("@สมชาย ใจดีช่วยดูด้วย", {"somchai"}),
        ("@สมชาย", set()),
        ("ไม่มีใคร @", set()),
        ("@other_staff", {"other_staff"}),
        ("@stranger", set()),
    ],
)
def test_whom_a_text_names(people: dict[str, User], plan: Plan, text: str, named: set[str]) -> None:
    somchai(plan)
    everybody = list(User.objects.filter(agency=plan.agency))
    assert {person.username for person in mentioned_in(text, everybody)} == named


def test_a_text_in_pieces_is_the_text(people: dict[str, User], plan: Plan) -> None:
    both = [people["staff"], somchai(plan)]
    text = "เรียน @staff และ@สมชาย ใจดี ขอบคุณ"
    pieces = pieces_of(text, both)
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.is_name] == ["@staff", "@สมชาย ใจดี"]


def test_people_are_named_by_a_box_or_in_the_text(
    sign_in: SignIn, people: dict[str, User], plan: Plan, measure: Measure
) -> None:
    form = page(sign_in, "officer", measure).one("form", id="comment-form")
    offered = {box["value"] for box in form.all("input", name="comment-named")}
    # Those who have to do with the measure; others are typed. Nobody names himself.
    assert offered == {str(people[name].pk) for name in ("staff", "executive")}
    named = str(people["executive"].pk)
    shown = post(sign_in, "officer", measure, text="ถึง @other_staff และ @officer", named=[named])
    comment = Comment.objects.get()
    assert {person.username for person in comment.mentioned.all()} == {"executive", "other_staff"}
    assert shown.one("li", id=f"comment-{comment.pk}").one("p", "comment-text").one("strong").text == (
        "@other_staff"
    )
    forged = str(people["stranger"].pk)
    path = reverse("add_comment", args=[measure.pk])
    refused = sign_in("officer").post(path, {"comment-text": "x", "comment-named": [forged]})
    assert refused.status_code == 422


# --- Returning and answering ------------------------------------------------------------------------


def test_a_division_sees_what_was_returned_everywhere_and_answers_it(
    sign_in: SignIn, people: dict[str, User], plan: Plan, shared: Measure
) -> None:
    first = shared.parties[0]
    answer = post(sign_in, "officer", shared, text="ขาดจำนวนผู้เข้าร่วม", returns_to=str(first.pk))
    assert answer.one("p", "said").text == "ส่งกลับให้ กองที่ 1 แก้ไขแล้ว"
    returned = Comment.objects.get()
    assert returned_to(first) == [returned]
    assert returned_to(shared.parties[1]) == []
    work = reverse("work")
    assert "ส่งกลับให้แก้ไข" in read(sign_in("staff").get(work)).one("article", "task").text
    assert "ส่งกลับให้แก้ไข" not in read(sign_in("other_staff").get(work)).one("article", "task").text
    for role in ("staff", "officer", "executive"):
        listed = read(sign_in(role).get(reverse("plan", args=[YEAR])))
        assert listed.one("tbody", id=f"measure-{shared.pk}").all(class_="returned-mark"), role
    note = page(sign_in, "staff", shared).one(class_="returned-note")
    assert "กองที่ 1" in note.text
    assert "ขาดจำนวนผู้เข้าร่วม" in note.text
    form = page(sign_in, "staff", shared).one("form", id="comment-form")
    assert [box["value"] for box in form.all("input", name="comment-answers")] == [str(returned.pk)]
    assert form.form_data()["comment-answers"] == str(returned.pk)
    answer = post(sign_in, "staff", shared, text="เพิ่มแล้ว 35 คน", answers=[str(returned.pk)])
    assert answer.one("p", "said").text == "ตอบเรื่องที่ส่งกลับแล้ว"
    returned.refresh_from_db()
    assert returned.answered_by == people["staff"]
    assert returned.answered_at is not None
    assert returned_to(first) == []
    after = page(sign_in, "officer", shared)
    assert not after.all(class_="returned-note")
    assert "ตอบแล้ว 1 ก.พ. 2566 10:00 น. โดย staff" in after.one(id="comments").text


def test_what_was_returned_waits_although_it_is_done(
    sign_in: SignIn, people: dict[str, User], plan: Plan
) -> None:
    make_measure(plan, "รอ", reported_at=None)
    done = make_measure(plan, "เสร็จแล้ว", position=2, status="done", reported_at=timezone.now())
    work = reverse("work")
    assert read(sign_in("staff").get(work)).one("details", "folded").all("article", "task")
    said(done, people["officer"], returns=True)
    page = read(sign_in("staff").get(work))
    (group,) = page.all("section", "task-group")
    assert group.one("h2").text == "รอบนี้"
    # First of all, with the one filled button.
    assert [card.one("h3").text for card in group.all("article", "task")] == ["เสร็จแล้ว", "รอ"]
    assert not page.all("details", "folded")


def test_what_is_returned_to_all_is_answered_by_one(
    sign_in: SignIn, people: dict[str, User], plan: Plan, shared: Measure
) -> None:
    post(sign_in, "officer", shared, text="ผลไม่ตรงกัน", returns_to="all")
    returned = Comment.objects.get()
    assert returned.division is None
    for division in shared.parties:
        assert returned_to(division) == [returned]
    post(sign_in, "other_staff", shared, text="แก้แล้ว", answers=[str(returned.pk)])
    assert returned_to(*shared.parties) == []


def test_to_whom_a_measure_can_be_returned(sign_in: SignIn, measure: Measure, shared: Measure) -> None:
    def choices(of: Measure) -> list[str]:
        select = page(sign_in, "officer", of).one("select", name="comment-returns_to")
        return [option.text for option in select.all("option")]

    assert choices(measure) == ["ไม่ส่งกลับ เป็นความเห็นเท่านั้น", "กองที่ 1"]
    assert choices(shared)[1:] == ["ทุกส่วนราชการที่รับผิดชอบ", "กองที่ 1", "กองที่ 2"]
    # Of a measure that is reported division by division each part is returned by itself.
    Measure.objects.filter(pk=shared.pk).update(by_division=True)
    assert choices(shared)[1:] == ["กองที่ 1", "กองที่ 2"]
    assert not page(sign_in, "staff", shared).all("select", name="comment-returns_to")


def test_nobody_but_the_officer_returns(sign_in: SignIn, shared: Measure) -> None:
    post(sign_in, "staff", shared, text="x", returns_to="all")
    assert not Comment.objects.get().returns


def test_answering_twice_is_harmless(
    sign_in: SignIn, people: dict[str, User], plan: Plan, shared: Measure
) -> None:
    returned = said(shared, people["officer"], "แก้ด้วย", returns=True)
    both = {"text": "แก้แล้ว", "answers": [str(returned.pk)]}
    post(sign_in, "staff", shared, **both)
    first = Comment.objects.get(pk=returned.pk)
    second = post(sign_in, "other_staff", shared, **both)
    assert second.one("p", "said").text == "บันทึกความเห็นแล้ว เรื่องที่ส่งกลับมีผู้ตอบไปก่อนแล้ว"
    assert Comment.objects.get(pk=returned.pk).answered_by == first.answered_by == people["staff"]
    assert Comment.objects.filter(text="แก้แล้ว").count() == 2


def test_a_saved_report_offers_to_answer(sign_in: SignIn, people: dict[str, User], measure: Measure) -> None:
    said(measure, people["officer"], "ขาดผล", returns=True)
    staff = sign_in("staff")
    report = {"status": "in_progress", "result": "ผล", "version": "1"}
    saved = read(staff.post(reverse("measure", args=[measure.pk]), report, follow=True))
    offer = saved.one("form", "returned-offer")
    staff.post(offer["action"], offer.form_data())
    assert Comment.objects.get(returns=True).answered_by == people["staff"]
    assert Comment.objects.get(returns=False).text == "แก้ไขรายงานแล้ว"
    again = staff.post(reverse("measure", args=[measure.pk]), report | {"version": "2"}, follow=True)
    assert not read(again).all("form", "returned-offer")


# --- Where it is found and where not ----------------------------------------------------------------


def test_a_comment_is_found_by_the_search(sign_in: SignIn, people: dict[str, User], measure: Measure) -> None:
    said(measure, people["officer"], f"เรื่อง {SECRET}")
    path = reverse("plan", args=[YEAR])
    found = read(sign_in("other_staff").get(path, {"text": SECRET})).one("p", "found")
    assert found.text.startswith("ความเห็น:")
    assert not read(sign_in("overseer").get(path, {"text": SECRET, "agency": "here"})).all("p", "found")


def test_the_overseer_sees_nothing_of_it(sign_in: SignIn, people: dict[str, User], measure: Measure) -> None:
    said(measure, people["officer"], SECRET, returns=True)
    overseer = sign_in("overseer")
    for path in (
        reverse("measure", args=[measure.pk]),
        reverse("plan", args=[YEAR]),
        reverse("dashboard"),
        reverse("report", args=[YEAR, 6]),
        reverse("round_history", args=[YEAR, 6]),
    ):
        content = overseer.get(f"{path}?agency=here").content.decode()
        assert SECRET not in content, path
        assert "ส่งกลับให้แก้ไข" not in content, path
        assert "ความเห็น" not in content, path
    path = reverse("add_comment", args=[measure.pk])
    assert overseer.post(f"{path}?agency=here", {"comment-text": "x"}).status_code == 403


@pytest.mark.parametrize("name", ["json", "csv", "xlsx", "docx"])
def test_nothing_of_it_is_in_a_file_of_the_report(
    people: dict[str, User], plan: Plan, measure: Measure, name: str
) -> None:
    round_ = Round.objects.select_related("plan__agency").get(plan=plan, months=6)
    day = datetime(2023, 2, 1, tzinfo=OFFICE).date()
    before = build_document(round_, as_of=day)
    said(measure, people["officer"], SECRET, returns=True)
    after = build_document(round_, as_of=day)
    assert after == before
    assert SECRET.encode() not in FORMATS[name].render(after).content


def test_nothing_of_it_is_public_or_in_a_workbook(
    sign_in: SignIn, people: dict[str, User], plan: Plan, measure: Measure
) -> None:
    said(measure, people["officer"], SECRET, returns=True)
    edition = make_edition(Round.objects.select_related("plan__agency").get(plan=plan, months=12))
    assert SECRET not in edition.document
    anonymous = sign_in("anonymous")
    for path in (
        reverse("public_agency", args=["here"]),
        reverse("public_report", args=["here", YEAR, 12]),
        reverse("public_agency_feed", args=["here"]),
    ):
        assert SECRET not in anonymous.get(path).content.decode(), path
    measures = Measure.objects.filter(plan=plan).with_parties().with_step_counts().in_report_order()
    book = load_workbook(BytesIO(workbook(measures, "กองที่ 1")))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(SECRET in cell for cell in cells)


def test_a_comment_waits_for_one_answer_even_when_two_answer_at_once(
    people: dict[str, User], shared: Measure
) -> None:
    returned = said(shared, people["officer"], returns=True)
    mine, yours = (Comment.objects.get(pk=returned.pk) for _ in range(2))
    first = write_comment(shared, people["staff"], NewComment("ก", answers=[mine]), [])
    second = write_comment(shared, people["other_staff"], NewComment("ข", answers=[yours]), [])
    assert (first.answered, second.answered) == ([mine], [])
