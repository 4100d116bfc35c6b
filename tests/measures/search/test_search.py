"""The search looks at all that a person may see of a plan, says where it found it, and stays quick."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from measures.access import evidence_in_view
from measures.models import Evidence, Measure, Plan, Step
from measures.plan_list.selectors import measures_of
from measures.search.selectors import Found, search, steps_of
from reports.new_year.services import open_year
from tests.support.factories import YEAR, make_agency, make_evidence, make_measure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]


@pytest.fixture
def told(plan: Plan) -> Measure:
    """A measure with a word of its own in every part, and another measure that has none of them."""
    measure = make_measure(
        plan,
        "จัดทำคู่มือ",
        indicator=2,
        result="ประชุมแล้ว",
        obstacle="งบไม่พอ",
        status_reason="น้ำท่วม",
        status="in_progress",
    )
    Step.objects.create(measure=measure, text="เสนอผู้บริหาร ครั้งที่ ๓", position=3)
    make_evidence(measure, "คำสั่งแต่งตั้ง")
    make_measure(plan, "อย่างอื่น", indicator=3, divisions=0)
    return measure


def asked(plan: Plan, person: User, text: str) -> dict[str, Found]:
    """What a search finds, by title."""
    measures = measures_of(plan)
    found = search(plan, measures, text, person)
    assert found is not None
    return {measure.title: found[measure.pk] for measure in measures if measure.pk in found}


@pytest.mark.parametrize(
    ("text", "part", "match"),
    [
        ("ประชุม", "ผลการดำเนินงาน", "ประชุม"),
        ("งบไม่ พอ", "ปัญหา/อุปสรรค", "งบไม่พอ"),
        ("น้ำ", "เหตุผล", "น้ำ"),
        ("ครั้งที่3", "ขั้นตอน", "ครั้งที่ ๓"),
        ("คำสั่ง", "หลักฐาน", "คำสั่ง"),
        ("WWW.example", "ที่อยู่เว็บของหลักฐาน", "www.example"),
        ("กองที่ ๑", "ผู้รับผิดชอบ", "กองที่ 1"),
        ("เรื่องที่ 2", "ตัวชี้วัด", "เรื่องที่ 2"),
    ],
)
def test_it_is_found_in_every_part_and_the_part_is_named(
    plan: Plan, people: dict[str, User], told: Measure, text: str, part: str, match: str
) -> None:
    found = asked(plan, people["staff"], text)
    assert list(found) == [told.title]
    assert found[told.title].title is None
    place = found[told.title].first
    assert place is not None
    assert (place.part, place.snippet.match) == (part, match)


def test_the_title_is_shown_whole(plan: Plan, people: dict[str, User], told: Measure) -> None:
    found = asked(plan, people["staff"], "คู่ มือ")[told.title]
    assert found.title is not None
    assert (found.title.before, found.title.match, found.title.after) == ("จัดทำ", "คู่มือ", "")
    assert (found.first, found.more) == (None, 0)


def test_several_words_may_stand_in_several_parts(plan: Plan, people: dict[str, User], told: Measure) -> None:
    found = asked(plan, people["staff"], "คู่มือ ประชุม")
    assert list(found) == [told.title]
    assert found[told.title].title is not None
    assert found[told.title].first is not None
    # In one piece somewhere, that alone is meant.
    make_measure(plan, "คู่มือประชุม", indicator=4)
    assert list(asked(plan, people["staff"], "คู่มือ ประชุม")) == ["คู่มือประชุม"]
    # One of them nowhere: not found.
    assert asked(plan, people["staff"], "คู่มือ ไม่มีคำนี้") == {}


def test_more_places_are_counted(plan: Plan, people: dict[str, User], told: Measure) -> None:
    found = asked(plan, people["staff"], "ขั้นที่")[told.title]
    assert found.more == 1


def test_nothing_typed_is_no_search(plan: Plan, people: dict[str, User], told: Measure) -> None:
    assert search(plan, measures_of(plan), " \u200b", people["staff"]) is None
    assert asked(plan, people["staff"], "ไม่มีคำนี้") == {}


def test_evidence_is_found_by_whoever_may_open_it_and_by_nobody_else(
    plan: Plan, people: dict[str, User], told: Measure
) -> None:
    """As get_evidence() hands it out: what is private to the agency's own, and to an overseer if granted."""
    Evidence.objects.update(public=False)
    for granted in (False, True):
        people["overseer"].sees_private_evidence = granted
        _found_by(plan, people, {"overseer"} if granted else set())
    Evidence.objects.update(public=True)
    people["overseer"].sees_private_evidence = False
    _found_by(plan, people, {"overseer"})


def _found_by(plan: Plan, people: dict[str, User], others: set[str]) -> None:
    for name, person in people.items():
        may = name in ("staff", "other_staff", "officer", "executive", *others)
        assert evidence_in_view(person, plan).exists() == may, name
        assert bool(asked(plan, person, "คำสั่ง")) == may, name


def test_of_another_plan_nothing_is_found(plan: Plan, people: dict[str, User], told: Measure) -> None:
    other = open_year(plan.agency, YEAR + 1)
    make_measure(other, "ปีหน้า")
    assert asked(other, people["staff"], "คู่มือ") == {}
    assert asked(other, people["staff"], "คำสั่ง") == {}


def test_a_large_plan_asks_three_queries_as_a_small_one_does(
    plan: Plan, people: dict[str, User], told: Measure
) -> None:
    def queries() -> int:
        measures = measures_of(plan)
        with CaptureQueriesContext(connection) as counted:
            search(plan, measures, "คู่มือ", people["staff"])
        return len(counted)

    few = queries()
    for position in range(2, 40):
        make_measure(plan, f"คู่มือ {position}", position=position, steps=5)
    assert few == queries() == 3


def test_the_steps_of_the_plan_alone_are_read(plan: Plan, told: Measure) -> None:
    other = open_year(make_agency("another"), YEAR)
    for place in range(1, 40):
        make_measure(other, f"คู่มือ {place}", position=place, steps=5, due_on=date(2023, 9, 30))
    steps = steps_of(plan)
    assert {pk for pk, _ in steps} == set(plan.measures.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Of a small table every plan is a scan, unless it is told what a large one would cost.
            cursor.execute("SET LOCAL enable_seqscan = off")
    told_by = steps.explain()  # type: ignore[attr-defined]
    # SQLite says SCAN, PostgreSQL Seq Scan, where it goes through all rows.
    assert not re.search("(?:SCAN|Seq Scan on) (?:measures_step|u0)", told_by, re.IGNORECASE)
