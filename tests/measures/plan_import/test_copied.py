"""An import never adds to a plan that was copied from an earlier year unless somebody has said so."""

import pytest
from django.urls import reverse
from django.utils import timezone

from measures.models import Measure, Plan, PlanImport
from measures.plan_import.preview import preview
from measures.plan_import.services import NotApplicable, apply, take_in
from measures.rollover import clone_measures
from reports.new_year.services import open_year
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_evidence, make_measure
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

TEXT = (
    "ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tกำหนดแล้วเสร็จ\tผลการดำเนินงาน\n"
    f"1\tของใหม่\t1. ข\tกองที่ 1\t31 มีนาคม {YEAR + 1}\tแล้วเสร็จ\n"
    f"1\tของเดิม\t1. ข\tกองที่ 1\t31 มีนาคม {YEAR + 1}\tแล้วเสร็จ"
)


@pytest.fixture
def copied(plan: Plan) -> Plan:
    """A plan of the next year that holds three copied measures; nobody has touched them."""
    for title in ("ของเดิม", "เก่าหนึ่ง", "เก่าสอง"):
        make_measure(plan, title)
    target = open_year(plan.agency, YEAR + 1)
    clone_measures(plan, target)
    return target


@pytest.fixture
def taken(copied: Plan) -> PlanImport:
    return take_in(copied, "", TEXT.encode(), None)


def titles(plan: Plan) -> set[str]:
    return set(plan.measures.values_list("title", flat=True))


def test_nothing_is_added_unasked(taken: PlanImport, copied: Plan) -> None:
    assert not preview(taken).may_apply
    with pytest.raises(NotApplicable):
        apply(taken, None)
    assert titles(copied) == {"ของเดิม", "เก่าหนึ่ง", "เก่าสอง"}


def test_the_officer_is_asked_and_adds(sign_in: SignIn, taken: PlanImport, copied: Plan) -> None:
    officer, shown = sign_in("officer"), reverse("import_preview", args=[taken.pk])
    page = read(officer.get(shown))
    assert "แผนนี้มีมาตรการที่คัดลอกจากปีก่อน 2 มาตรการ" in page.text
    answer = reverse("import_copied", args=[taken.pk])
    assert officer.post(answer, {"copied": "other"}).status_code == 422
    assert officer.post(answer, {"copied": "add"})["Location"] == shown
    officer.post(reverse("import_apply", args=[taken.pk]))
    assert titles(copied) == {"ของใหม่", "ของเดิม", "เก่าหนึ่ง", "เก่าสอง"}


def test_those_that_somebody_has_touched_are_never_replaced(
    sign_in: SignIn, taken: PlanImport, copied: Plan
) -> None:
    Measure.objects.filter(plan=copied, title="เก่าสอง").update(status="in_progress", version=2)
    officer = sign_in("officer")
    assert "จะนำออก 1 มาตรการ" in read(officer.get(reverse("import_preview", args=[taken.pk]))).text
    officer.post(reverse("import_copied", args=[taken.pk]), {"copied": "replace"})
    officer.post(reverse("import_apply", args=[taken.pk]))
    assert titles(copied) == {"ของใหม่", "ของเดิม", "เก่าสอง"}


@pytest.mark.parametrize("touched", ["step", "evidence", "comment", "outline"])
def test_whatever_hangs_on_a_copied_measure_keeps_it(taken: PlanImport, copied: Plan, touched: str) -> None:
    measure = Measure.objects.get(plan=copied, title="เก่าหนึ่ง")
    if touched == "step":
        measure.steps.create(position=9, text="ทำแล้ว", done_on="2024-01-01")
    elif touched == "evidence":
        make_evidence(measure)
    elif touched == "comment":
        measure.comments.create(text="ความเห็น", written_at=timezone.now())
    else:
        Measure.objects.filter(pk=measure.pk).update(outline_version=2)
    taken.choices = {"copied": "replace"}
    taken.save()
    apply(taken, None)
    assert titles(copied) == {"ของใหม่", "ของเดิม", "เก่าหนึ่ง"}


def test_an_update_of_copied_measures_asks_nothing(copied: Plan) -> None:
    known = TEXT.replace("ของใหม่", "เก่าหนึ่ง")
    assert preview(take_in(copied, "", known.encode(), None)).may_apply
