"""The life of a round: submitted when nothing is missing, approved as it was seen, then corrected."""

import hashlib
from datetime import date, datetime
from typing import Any, Final

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import Agency, Division, User
from core.locking import StaleEdit
from measures.models import Evidence, Indicator, Measure, Plan, Step
from reports.document.builder import build_document, measures_of
from reports.document.serialization import to_json
from reports.models import Edition, EditionFile, OitAnswer, Round, RoundState, Submission
from reports.renderers import FORMATS
from reports.rounds.selectors import document_in_force, document_of, gaps_of, waiting_for
from reports.rounds.services import NotReady, OwnSubmission, approve, give_back, publish, reopen, submit
from tests.conftest import SignIn
from tests.support.factories import OFFICE, YEAR, make_evidence, make_measure
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february", "nothing_written")]

ADDRESS: Final = "https://ita.example.go.th/public/here/2566/6/"
CONFIRMED: Final = {"confirmed": "1"}
DAY: Final = datetime(2023, 2, 1, 10, tzinfo=OFFICE)


@pytest.fixture
def round_(plan: Plan) -> Round:
    return plan.rounds.select_related("plan__agency").get(months=6)


@pytest.fixture
def told(plan: Plan) -> Measure:
    """A measure on which nothing is missing."""
    return make_measure(plan, "ประกาศนโยบาย", status="in_progress", result="ประกาศแล้ว", reported_at=DAY)


def address(name: str, months: int = 6) -> str:
    return reverse(name, args=[YEAR, months])


def approved(round_: Round, people: dict[str, User]) -> Edition:
    return approve(submit(round_, people["officer"]), people["executive"], ADDRESS)


# --- What is missing --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({}, "ยังไม่มีการรายงานสถานะ"),
        ({"reported_at": DAY}, "ยังไม่ได้ดำเนินการ แต่ยังไม่ได้ระบุเหตุผล"),
        ({"status_reason": "รองบประมาณ"}, ""),
        ({"status": "in_progress", "due_on": date(2023, 1, 1)}, "ล่าช้า แต่ยังไม่ได้ระบุเหตุผล"),
        ({"status": "in_progress", "due_on": date(2023, 1, 1), "status_reason": "รอ"}, ""),
        ({"status": "in_progress"}, ""),
        ({"status": "done", "due_on": date(2023, 1, 1)}, ""),
        ({"status": "cancelled", "status_reason": "ซ้ำ"}, ""),
    ],
)
def test_what_a_measure_lacks(round_: Round, plan: Plan, fields: dict[str, Any], missing: str) -> None:
    make_measure(plan, **fields)
    assert [gap.missing for gap in gaps_of(round_, measures_of(round_))] == ([missing] if missing else [])


def test_evidence_is_missing_only_where_the_agency_demands_it(round_: Round, plan: Plan) -> None:
    measure = make_measure(plan, status="done")
    assert gaps_of(round_, measures_of(round_)) == []
    round_.plan.agency.demands_evidence = True
    (gap,) = gaps_of(round_, measures_of(round_))
    assert gap.missing == "ดำเนินการแล้วเสร็จ แต่ยังไม่มีหลักฐานของรอบนี้"
    make_evidence(measure, day=date(2023, 4, 1))
    assert len(gaps_of(round_, measures_of(round_))) == 1
    make_evidence(measure, day=date(2023, 3, 31))
    assert gaps_of(round_, measures_of(round_)) == []


def test_nothing_is_submitted_while_something_is_missing(
    round_: Round, measure: Measure, people: dict[str, User]
) -> None:
    with pytest.raises(NotReady) as refused:
        submit(round_, people["officer"])
    assert [gap.measure for gap in refused.value.gaps] == [measure]
    assert not Submission.objects.exists()
    assert Round.objects.get(pk=round_.pk).state == RoundState.OPEN


def test_who_has_not_reported(round_: Round, plan: Plan) -> None:
    make_measure(plan, "รอ", divisions=2)
    make_measure(plan, "รายงานแล้ว", position=2, status="in_progress", reported_at=DAY)
    make_measure(plan, "เสร็จ", position=3, status="done")
    waiting = waiting_for(round_, measures_of(round_))
    assert [(found.division.name, [m.title for m in found.measures]) for found in waiting] == [
        ("กองที่ 1", ["รอ"]),
        ("กองที่ 2", ["รอ"]),
    ]


def test_the_twelve_month_round_asks_for_news_after_the_sixth_month(plan: Plan) -> None:
    year_round = plan.rounds.select_related("plan__agency").get(months=12)
    measure = make_measure(plan, "รายงานเมื่อกุมภาพันธ์", status="in_progress", reported_at=DAY)
    assert [found.measures for found in waiting_for(year_round, measures_of(year_round))] == [[measure]]
    Measure.objects.update(reported_at=datetime(2023, 4, 1, 9, tzinfo=OFFICE))
    assert waiting_for(year_round, measures_of(year_round)) == []


def test_the_reminder_names_divisions_and_measures(sign_in: SignIn, measure: Measure) -> None:
    page = sign_in("officer").get(address("report")).content.decode()
    assert "กองที่ 1\n- มาตรการ\n" in page
    assert "รอบ 6 เดือน (ข้อมูลถึงวันที่ 31 มีนาคม 2566)" in page
    assert "เรียน ส่วนราชการ" not in sign_in("executive").get(address("report")).content.decode()


# --- Submitting -------------------------------------------------------------------------------------


def test_what_was_submitted_stays_while_staff_go_on(
    round_: Round, told: Measure, people: dict[str, User]
) -> None:
    seen = build_document(round_)
    submit(round_, people["officer"])
    Measure.objects.update(result="เปลี่ยนหลังส่ง")
    assert document_in_force(round_) == seen
    give_back(round_.submissions.get(), people["executive"], "ขาดรายละเอียด")
    round_.refresh_from_db()
    assert next(document_in_force(round_).measures).result == "เปลี่ยนหลังส่ง"


def test_submitting_by_the_page_and_again(sign_in: SignIn, told: Measure) -> None:
    officer = sign_in("officer")
    assert officer.post(address("submit_round"), CONFIRMED).status_code == 302
    again = officer.post(address("submit_round"))
    assert again.status_code == 409
    assert "มีผู้ดำเนินการไปก่อนแล้ว" in again.content.decode()
    assert Submission.objects.count() == 1


def test_the_page_lists_what_is_missing_with_a_way_to_mend_it(sign_in: SignIn, measure: Measure) -> None:
    refused = sign_in("officer").post(address("submit_round"))
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "ยังส่งไม่ได้ ขาดข้อมูล 1 รายการ" in page
    assert f'<a href="{reverse("measure", args=[measure.pk])}">มาตรการ</a>' in page
    assert "ยังไม่มีการรายงานสถานะ" in page


def test_the_measure_says_that_the_round_was_submitted(
    sign_in: SignIn, round_: Round, told: Measure, people: dict[str, User]
) -> None:
    page = reverse("measure", args=[told.pk])
    assert "ส่งให้ผู้บริหารแล้ว" not in sign_in("staff").get(page).content.decode()
    submit(round_, people["officer"])
    assert "รอบ 6 เดือนส่งให้ผู้บริหารแล้วเมื่อ 1 ก.พ. 2566 10:00 น." in sign_in("staff").get(page).content.decode()


def test_evidence_stays_while_a_report_refers_to_it(
    round_: Round, told: Measure, people: dict[str, User]
) -> None:
    proof = make_evidence(told)
    later = make_evidence(told, "ของรอบหน้า", date(2023, 4, 1))

    def kept() -> list[bool]:
        return [Evidence.objects.get(pk=each.pk).in_edition for each in (proof, later)]

    give_back(submit(round_, people["officer"]), people["executive"], "ขาดภาพถ่าย")
    assert kept() == [False, False]
    approved(Round.objects.select_related("plan__agency").get(pk=round_.pk), people)
    assert kept() == [True, False]
    reopen(round_, "แก้ไข")
    give_back(submit(round_, people["officer"]), people["executive"], "ยังไม่ครบ")
    assert kept() == [True, False]


# --- Deciding ---------------------------------------------------------------------------------------


def test_approving_makes_the_edition_of_exactly_what_was_submitted(
    round_: Round, told: Measure, people: dict[str, User]
) -> None:
    people["executive"].post = "นายกองค์การบริหารส่วนตำบล"
    submission = submit(round_, people["officer"])
    Measure.objects.update(result="เปลี่ยนหลังส่ง")
    edition = approve(submission, people["executive"], ADDRESS)
    document = document_of(edition)
    assert document.edition is not None
    assert (document.edition.revision, document.edition.code) == (1, edition.code)
    assert (document.edition.approved_by, document.edition.approved_post) == (
        "executive",
        "นายกองค์การบริหารส่วนตำบล",
    )
    assert document.edition.address == f"{ADDRESS}1/"
    assert document.edition.reported_on == localdate(submission.submitted_at)
    assert next(document.measures).result == "ประกาศแล้ว"
    assert hashlib.sha256(to_json(document)).hexdigest() == edition.sha256
    assert {file.format for file in edition.files.all()} == set(FORMATS)
    for file in edition.files.all():
        assert hashlib.sha256(file.content).hexdigest() == file.sha256
    assert Round.objects.get(pk=round_.pk).state == RoundState.APPROVED


def test_a_second_approval_makes_no_second_edition(
    round_: Round, told: Measure, people: dict[str, User]
) -> None:
    submission = submit(round_, people["officer"])
    approve(submission, people["executive"], ADDRESS)
    with pytest.raises(StaleEdit):
        approve(submission, people["executive"], ADDRESS)
    with pytest.raises(StaleEdit):
        give_back(submission, people["executive"], "ไม่")
    assert Edition.objects.count() == 1


def test_nobody_approves_what_they_submitted_unless_the_agency_allows_it(
    round_: Round, told: Measure, people: dict[str, User]
) -> None:
    submission = submit(round_, people["executive"])
    with pytest.raises(OwnSubmission):
        approve(submission, people["executive"], ADDRESS)
    assert not Edition.objects.exists()
    round_.plan.agency.allows_own_approval = True
    assert approve(submission, people["executive"], ADDRESS).revision == 1


def test_approving_and_returning_by_the_page(
    sign_in: SignIn, round_: Round, told: Measure, people: dict[str, User]
) -> None:
    executive = sign_in("executive")
    early = executive.post(address("approve_round"), {"submission": "1"})
    assert early.status_code == 409
    assert "ยังไม่ได้ส่ง" in early.content.decode()
    submission = submit(round_, people["officer"])
    refused = executive.post(address("return_round"), {"submission": submission.pk, "reason": " "})
    assert refused.status_code == 422
    assert "กรุณากรอกเหตุผล" in refused.content.decode()
    assert (
        executive.post(
            address("return_round"), {"submission": submission.pk, "reason": "ขาดภาพถ่าย"}
        ).status_code
        == 302
    )
    assert "ขาดภาพถ่าย" in sign_in("officer").get(address("report")).content.decode()
    # The one that was returned cannot be approved any more, from a page that was left open.
    second = submit(Round.objects.select_related("plan__agency").get(pk=round_.pk), people["officer"])
    assert executive.post(address("approve_round"), {"submission": submission.pk}).status_code == 409
    assert not Edition.objects.exists()
    assert executive.post(address("approve_round"), {"submission": second.pk} | CONFIRMED).status_code == 302
    assert Edition.objects.get().round_id == round_.pk


def test_an_own_submission_is_refused_with_its_sentence(
    sign_in: SignIn, round_: Round, told: Measure, people: dict[str, User]
) -> None:
    submission = submit(round_, people["executive"])
    refused = sign_in("executive").post(address("approve_round"), {"submission": submission.pk})
    assert refused.status_code == 403
    assert "คุณเป็นผู้ส่งรายงานนี้ จึงอนุมัติเองไม่ได้" in refused.content.decode()
    assert not Edition.objects.exists()


def test_approving_the_year_closes_the_plan_and_a_correction_opens_it(
    plan: Plan, told: Measure, people: dict[str, User]
) -> None:
    year_round = plan.rounds.select_related("plan__agency").get(months=12)
    approved(year_round, people)
    assert Plan.objects.get(pk=plan.pk).is_closed
    reopen(year_round, "แก้ตัวเลข")
    assert not Plan.objects.get(pk=plan.pk).is_closed
    second = approved(year_round, people)
    assert (second.revision, second.correction) == (2, "แก้ตัวเลข")
    assert Plan.objects.get(pk=plan.pk).is_closed


def test_a_correction_asks_for_a_reason(
    sign_in: SignIn, round_: Round, told: Measure, people: dict[str, User]
) -> None:
    officer = sign_in("officer")
    assert officer.post(address("reopen_round"), {"reason": "x"}).status_code == 409
    approved(round_, people)
    assert officer.post(address("reopen_round"), {"reason": ""}).status_code == 422
    assert officer.post(address("reopen_round"), {"reason": "ตัวเลขผิด"}).status_code == 302
    assert Round.objects.get(pk=round_.pk).state == RoundState.OPEN


def test_what_is_published_can_be_hidden_while_it_is_corrected(
    sign_in: SignIn, round_: Round, told: Measure, people: dict[str, User]
) -> None:
    publish(approved(round_, people), people["officer"])
    reopen(round_, "ตัวเลขผิด")
    officer = sign_in("officer")
    page = officer.get(address("report")).content.decode()
    assert "ฉบับที่ 1 ยังเผยแพร่อยู่ที่" in page
    assert f'action="{address("unpublish_round")}"' in page
    assert officer.post(address("unpublish_round")).status_code == 302
    assert "ยังเผยแพร่อยู่ที่" not in officer.get(address("report")).content.decode()


# --- Editions stay ----------------------------------------------------------------------------------


def test_a_stored_file_is_served_byte_for_byte_whatever_changes(
    sign_in: SignIn, round_: Round, told: Measure, people: dict[str, User]
) -> None:
    edition = approved(round_, people)
    client = sign_in("staff")
    before = {name: client.get(reverse("download", args=[YEAR, 6, name])).content for name in FORMATS}
    Measure.objects.update(title="ชื่อใหม่", status="cancelled", status_reason="x", result="x", due_text="x")
    Step.objects.update(text="x", done_on=date(2023, 1, 1))
    Division.objects.update(name=Concat("name", Value("ใหม่")))
    Indicator.objects.update(name="x")
    Agency.objects.update(name="หน่วยงานใหม่", short_name="ใหม่", province="ใหม่")
    people["executive"].delete()
    reopen(round_, "แก้ไข")
    for name in FORMATS:
        kept = client.get(reverse("edition", args=[YEAR, 6, 1, name]))
        assert kept.content == before[name]
        assert (
            client.get(
                reverse("edition", args=[YEAR, 6, 1, name]), headers={"If-None-Match": kept["ETag"]}
            ).status_code
            == 304
        )
    assert edition.code in before["json"].decode()
    assert client.get(reverse("edition", args=[YEAR, 6, 2, "pdf"])).status_code == 404


@pytest.mark.parametrize("model", [Edition, EditionFile])
def test_the_database_refuses_to_change_or_delete_an_edition(
    round_: Round, told: Measure, people: dict[str, User], model: type[Edition] | type[EditionFile]
) -> None:
    approved(round_, people)
    table = model._meta.db_table
    before = list(model.objects.order_by("pk").values())
    for statement in (
        f"UPDATE {table} SET sha256 = 'x'",  # noqa: S608 - the names are ours
        f"DELETE FROM {table}",  # noqa: S608
    ):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            connection.cursor().execute(statement)
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all().delete()
    if connection.vendor == "postgresql":
        # What this test's own inserts have left to be checked at the end would be in the way first.
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            connection.cursor().execute(f"TRUNCATE {table} CASCADE")
    assert list(model.objects.order_by("pk").values()) == before


def test_the_round_of_an_edition_cannot_be_deleted(
    round_: Round, told: Measure, people: dict[str, User]
) -> None:
    approved(round_, people)
    with pytest.raises(DatabaseError), transaction.atomic():
        round_.delete()


# --- Since the edition before -----------------------------------------------------------------------


def test_what_changed_since_the_last_edition(
    sign_in: SignIn, round_: Round, told: Measure, people: dict[str, User]
) -> None:
    approved(round_, people)
    told.status, told.result = "done", "เผยแพร่แล้ว"
    told.save()
    page = sign_in("officer").get(f"{address('report', 12)}?changes=1").content.decode()
    assert "สิ่งที่เปลี่ยนจากรอบ 6 เดือน ฉบับที่ 1" in page
    for words in ("อยู่ระหว่างดำเนินการ", "ดำเนินการแล้วเสร็จ", "ประกาศแล้ว", "เผยแพร่แล้ว"):
        assert f'<span class="typed">{words}</span>' in page


# --- OIT --------------------------------------------------------------------------------------------


def test_the_oit_row_is_ready_to_be_copied(
    sign_in: SignIn, round_: Round, told: Measure, people: dict[str, User]
) -> None:
    edition = approved(round_, people)
    officer = sign_in("officer")
    data = {"oit-item": "ข้อ 1", "oit-title": "รายงานผล", "oit-explanation": "หน้า 2\nบรรทัดสอง"}
    assert officer.post(address("answer_oit"), {"oit-item": ""}).status_code == 422
    assert officer.post(address("answer_oit"), data).status_code == 302
    assert OitAnswer.objects.get().item == "ข้อ 1"
    page = officer.get(address("report")).content.decode()
    assert f"ข้อ 1 รายงานผล\t{ADDRESS}\tหน้า 2 บรรทัดสอง" in page
    assert "ยังขาด: หน้าสาธารณะเปิดดูได้" in page
    assert "ครบ: ทุกมาตรการมีผู้รับผิดชอบ" in page
    publish(edition, people["officer"])
    assert "ครบ: หน้าสาธารณะเปิดดูได้" in officer.get(address("report")).content.decode()


# --- What happened ----------------------------------------------------------------------------------


def test_the_history_of_a_round_tells_who_did_what(
    sign_in: SignIn, round_: Round, told: Measure, people: dict[str, User]
) -> None:
    officer, executive = sign_in("officer"), sign_in("executive")
    assert "ยังไม่มีใครส่งรายงานรอบนี้" in officer.get(address("round_history")).content.decode()
    officer.post(address("submit_round"), CONFIRMED)
    first = {"submission": Submission.objects.get().pk}
    executive.post(address("return_round"), {**first, "reason": "ขาดภาพถ่าย"})
    officer.post(address("submit_round"), CONFIRMED)
    executive.post(address("approve_round"), {"submission": Submission.objects.first().pk} | CONFIRMED)  # type: ignore[union-attr]
    officer.post(address("publish_round"))
    officer.post(address("unpublish_round"))
    officer.post(address("reopen_round"), {"reason": "ตัวเลขผิด"})
    page = read(officer.get(address("round_history")))
    told_of = [entry.text for entry in page.one("ol", "timeline").all("li")]
    # Within one moment of the test's clock their order is that of their kind; who and why is what counts.
    for what, who, why in (
        ("ส่งรายงานให้ผู้บริหาร", "officer", ""),
        ("ส่งกลับให้แก้ไข", "executive", "ขาดภาพถ่าย"),
        ("อนุมัติเป็นฉบับที่ 1", "executive", Edition.objects.get().code),
        ("เผยแพร่ฉบับที่ 1", "officer", ""),
        ("หยุดเผยแพร่ฉบับที่ 1", "officer", ""),
        ("เปิดรอบเพื่อแก้ไขฉบับที่อนุมัติแล้ว", "officer", "ตัวเลขผิด"),
    ):
        assert any(what in row and who in row and why in row for row in told_of), what


def test_the_history_of_a_measure_is_filtered(
    sign_in: SignIn, told: Measure, people: dict[str, User]
) -> None:
    for person, result in (("officer", "แก้โดยเจ้าหน้าที่"), ("staff", "แก้โดยกอง")):
        told.result = result
        told._history_user = people[person]  # type: ignore[attr-defined]
        told.save()
    page = reverse("measure", args=[told.pk])

    def rows(query: str) -> list[str]:
        found = read(sign_in("executive").get(page + query))
        return [entry.text for timeline in found.all("ol", "timeline") for entry in timeline.all("li")]

    assert len(rows("")) == 2
    (only,) = rows("?who=staff")
    assert "แก้โดยกอง" in only
    assert len(rows("?field=ผลการดำเนินงาน")) == 2
    assert rows("?who=staff&field=สถานะ") == []


def test_the_officer_decides_for_the_agency(sign_in: SignIn, plan: Plan) -> None:
    officer = sign_in("officer")
    form = read(officer.get(reverse("agency"))).one("form", "edit-form").form_data()
    assert officer.post(reverse("agency"), form | {"demands_evidence": "on"}).status_code == 302
    plan.agency.refresh_from_db()
    assert (plan.agency.demands_evidence, plan.agency.allows_own_approval) == (True, False)
