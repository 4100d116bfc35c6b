"""An imported plan becomes the agency's: all of it or nothing, twice the same as once."""

import io
import json
import os
import re
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from measures.models import Measure, Plan, PlanImport, Responsibility, Step
from measures.plan_import.parsing import ImportedPlan, Unreadable, parse
from measures.plan_import.preview import preview
from measures.plan_import.services import NotApplicable, apply, store_mended, take_in
from measures.plan_import.tables import legacy
from reports.new_year.services import open_year
from tests.conftest import SignIn
from tests.support.factories import OFFICE, YEAR, make_agency, make_measure
from tests.support.html import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

ROOT: Final = Path(__file__).resolve().parents[3]
SEED: Final[dict[str, Any]] = json.loads((ROOT / "fixtures/kongkoi_2566.json").read_text(encoding="utf-8"))
PASTED: Final = (ROOT / SEED["source"]["file"]).read_text(encoding="utf-8")
END: Final = "ก\t1. ข\tกองที่ 1\tไตรมาส 2\tแล้วเสร็จ"
HEAD: Final = "ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tกำหนดแล้วเสร็จ\tผลการดำเนินงาน"


def text(*rows: str) -> bytes:
    return "\n".join([HEAD, *rows]).encode()


def stored(plan: Plan) -> list[Any]:
    return [
        (
            measure.indicator.number,
            measure.title,
            [party.name for party in measure.parties],
            measure.due_text,
            measure.due_on,
            measure.status,
            [(step.text, step.parent_id is not None) for step in measure.steps.order_by("position")],
        )
        for measure in Measure.objects.filter(plan=plan).with_parties().in_report_order()
    ]


# --- The real report --------------------------------------------------------------------------------


def test_the_published_report_becomes_the_plan_and_twice_is_once(plan: Plan) -> None:
    taken = take_in(plan, "", PASTED.encode(), None)
    found = preview(taken)
    assert found.may_apply
    assert found.counts["new"] == 10
    apply(taken, None)
    first = stored(plan)
    assert len(first) == 10
    assert Step.objects.count() == 47
    assert Step.objects.filter(parent__isnull=False).count() == 15
    assert [status for *_, status, _ in first].count("done") == 7
    assert [due_on for *_, due_on, _, _ in first] == [
        date.fromisoformat(measure["due_on"])
        for measure in sorted(SEED["measures"], key=lambda measure: measure["indicator"])
    ]
    # The divisions of the report were not there yet, and are now, in its order.
    assert list(plan.agency.divisions.order_by("position").values_list("name", flat=True))[2:] == list(
        dict.fromkeys(name for measure in SEED["measures"] for name in measure["divisions"])
    )
    counts = (Step.objects.count(), Responsibility.objects.count(), plan.agency.divisions.count())
    again = take_in(plan, "", PASTED.encode(), None)
    assert preview(again).counts["updated"] == 10
    apply(again, None)
    assert stored(plan) == first
    assert (Step.objects.count(), Responsibility.objects.count(), plan.agency.divisions.count()) == counts


def test_the_original_is_kept_as_it_came(plan: Plan) -> None:
    taken = take_in(plan, "แผน.csv", text("1\tก\t1. ข\tกองที่ 1\tมีนาคม 2566\tแล้วเสร็จ"), None)
    kept = PlanImport.objects.get(pk=taken.pk)
    assert bytes(kept.content) == text("1\tก\t1. ข\tกองที่ 1\tมีนาคม 2566\tแล้วเสร็จ")
    assert kept.name == "แผน.csv"
    with pytest.raises(Unreadable):
        take_in(plan, "แผน.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, None)
    assert PlanImport.objects.count() == 1


# --- Existing measures ------------------------------------------------------------------------------


def test_what_people_reported_here_is_not_written_over(plan: Plan) -> None:
    taken = take_in(plan, "", text("1\tก\t1. ข\tกองที่ 1\tมีนาคม 2566\tแล้วเสร็จ"), None)
    apply(taken, None)
    measure = Measure.objects.get()
    assert (measure.status, measure.reported_at is not None) == ("done", True)
    Measure.objects.update(status="in_progress", result="ของเรา")
    step = measure.steps.get()
    step.done_on = date(2023, 1, 5)
    step.save()
    apply(taken, None)
    measure.refresh_from_db()
    step.refresh_from_db()
    assert (measure.status, measure.result, step.done_on) == ("in_progress", "ของเรา", date(2023, 1, 5))


def test_a_second_file_changes_steps_and_parties(plan: Plan) -> None:
    apply(take_in(plan, "", text("1\tก\t1. หนึ่ง 2. สอง\tกองที่ 1\t\t"), None), None)
    apply(take_in(plan, "", text("1\tก \t1. สอง 2. สาม\tกองที่ 2\t\t"), None), None)
    measure = Measure.objects.with_parties().get()
    assert [step.text for step in measure.steps.order_by("position")] == ["สอง", "สาม"]
    assert [party.name for party in measure.parties] == ["กองที่ 2"]


def test_steps_that_would_go_are_said_before(plan: Plan) -> None:
    apply(take_in(plan, "", text("1\tก\t1. หนึ่ง 2. สอง\tกองที่ 1\t\t"), None), None)
    (measure,) = preview(take_in(plan, "", text("1\tก\t1. สอง\tกองที่ 1\tไตรมาส 2\tแล้วเสร็จ"), None)).measures
    assert [finding.text for finding in measure.findings] == ["หนึ่ง"]
    assert "ขั้นตอนที่มีอยู่ 1 ข้อไม่มีในต้นฉบับ จะถูกนำออก" in measure.findings[0].message


def test_two_officers_mend_two_measures_of_one_import(plan: Plan) -> None:
    taken = take_in(plan, "", text("1\tก\t1. ข\t\t\t", "2\tค\t1. ง\t\t\t"), None)
    other = PlanImport.objects.get(pk=taken.pk)
    store_mended(taken, "1.2", edit(title="ของคนแรก"))
    store_mended(other, "1.3", edit(title="ของอีกคน"))
    assert [measure.imported.title for measure in preview(other).measures] == ["ของคนแรก", "ของอีกคน"]


def test_nothing_is_stored_while_something_stops_it(plan: Plan) -> None:
    taken = take_in(plan, "", text("1\tก\t1. ข\tกองที่ 1\t\t", "\tไม่มีตัวชี้วัด\t1. ข\t\t\t"), None)
    if preview(taken).may_apply:
        # The row goes with the indicator above it: make it one that cannot be known.
        taken.edits = {"1.3": {**edit(), "indicator": None}}
    assert not preview(taken).may_apply
    with pytest.raises(NotApplicable):
        apply(taken, None)
    assert not Measure.objects.exists()
    assert PlanImport.objects.get().applied_at is None


def test_a_closed_plan_takes_nothing_in(plan: Plan) -> None:
    taken = take_in(plan, "", text("1\tก\t1. ข\tกองที่ 1\t\t"), None)
    plan.closed_at = timezone.now()
    plan.save()
    with pytest.raises(NotApplicable):
        apply(taken, None)


# --- The pages --------------------------------------------------------------------------------------


def edit(**values: Any) -> dict[str, Any]:
    made = {"indicator": 2, "title": "ชื่อใหม่", "steps": [[1, "ขั้นใหม่"]], "parties": ["กองที่ 1"]}
    return {**made, "due_text": "", "due_on": "", "status": "", "result": "", **values}


def test_the_officer_pastes_mends_and_applies(sign_in: SignIn, plan: Plan) -> None:
    officer = sign_in("officer")
    empty = officer.post(reverse("import_plan"), {"year": YEAR})
    assert empty.status_code == 422
    assert "กรุณาเลือกไฟล์ วางตาราง หรือเลือกปีที่จะคัดลอกอย่างใดอย่างหนึ่ง" in empty.content.decode()
    answer = officer.post(
        reverse("import_plan"), {"year": YEAR, "text": text("1\tก\t1. ข\tกองใหม่\t\t").decode()}
    )
    taken = PlanImport.objects.get()
    assert answer["Location"] == reverse("import_preview", args=[taken.pk])
    page = officer.get(answer["Location"]).content.decode()
    assert "ยังไม่มีส่วนราชการชื่อนี้" in page
    mending = reverse("import_measure", args=[taken.pk, 0])
    assert "1. ข" in officer.get(mending).content.decode()
    refused = officer.post(mending, {"indicator": 1, "title": "", "due_on": "พรุ่งนี้"})
    assert refused.status_code == 422
    data = {
        "indicator": 3,
        "title": "ชื่อที่แก้",
        "steps": "1. หนึ่ง\n1.1 ย่อย\n๒. สอง",
        "parties": "1. กองที่ 2\n",
        "due_on": "31/3/2566",
        "status": "in_progress",
    }
    assert officer.post(mending, data).status_code == 302
    assert not Measure.objects.exists()
    assert officer.post(reverse("import_apply", args=[taken.pk])).status_code == 302
    assert stored(plan) == [
        (
            3,
            "ชื่อที่แก้",
            ["กองที่ 2"],
            "",
            date(2023, 3, 31),
            "in_progress",
            [("หนึ่ง", False), ("ย่อย", True), ("สอง", False)],
        )
    ]
    assert not plan.agency.divisions.filter(name="กองใหม่").exists()


def test_the_preview_begins_with_what_has_to_be_mended(sign_in: SignIn, plan: Plan) -> None:
    rows = [
        "\tขาด\t1. ข\tกองที่ 1\tมีนาคม 2566\tแล้วเสร็จ",
        "1\tครบ\t1. ข\tกองที่ 1\tมีนาคม 2566\tแล้วเสร็จ",
        "3\tตรวจ\t1. ข\tกองใหม่\tมีนาคม 2566\tแล้วเสร็จ",
    ]
    taken = take_in(plan, "", text(*rows), None)
    page = read(sign_in("officer").get(reverse("import_preview", args=[taken.pk])))
    assert [section.one("h2").text for section in page.all("section", "import-section")] == [
        "ต้องแก้ไขก่อนนำเข้า 1 มาตรการ",
        "โปรดตรวจสอบ 1 มาตรการ",
        "อ่านได้ครบถ้วน 1 มาตรการ",
    ]
    answer = page.one("section", "import-answer")
    assert "ต้องแก้ไขก่อน 1 จุด" in answer.text
    assert "ระบบตีความให้ 1 จุด โปรดตรวจสอบ" in answer.text
    assert answer.all("form") == []
    # A finding stands beside what it speaks of.
    parties = page.one("li", id="measure-2").one("dl", "import-facts").all("dd")[0]
    assert "ยังไม่มีส่วนราชการชื่อนี้" in parties.one("div", "finding-guess").text


def test_a_plan_of_another_year_is_asked_about_before_anything_is_stored(sign_in: SignIn, plan: Plan) -> None:
    officer = sign_in("officer")
    row = "1\tคู่มือปี 2564\t1. ข\tกองที่ 1\t31 มีนาคม 2564\tแล้วเสร็จ"
    taken = take_in(plan, "", text(row), None)
    shown, year = reverse("import_preview", args=[taken.pk]), reverse("import_year", args=[taken.pk])
    page = read(officer.get(shown))
    assert "เอกสารนี้น่าจะเป็นของปีงบประมาณ 2564" in page.text
    assert page.one("section", "import-answer").all("form") == []
    with pytest.raises(NotApplicable):
        apply(taken, None)
    assert officer.post(year, {"years": "7"}).status_code == 422
    assert officer.post(year, {"years": "2"})["Location"] == shown
    taken.refresh_from_db()
    (measure,) = preview(taken).measures
    assert (measure.imported.due_text, measure.imported.due_on) == ("31 มีนาคม 2566", date(2023, 3, 31))
    assert "นำเข้า 1 มาตรการ" in read(officer.get(shown)).text
    officer.post(year, {"years": "0"})
    taken.refresh_from_db()
    assert preview(taken).measures[0].imported.due_on == date(2021, 3, 31)
    assert preview(taken).may_apply
    # There is no question where the years agree.
    other = take_in(plan, "", text("1\tก\t1. ข\tกองที่ 1\t31 มีนาคม 2566\tแล้วเสร็จ"), None)
    answer = officer.post(reverse("import_year", args=[other.pk]), {"years": "1"})
    assert answer["Location"] == reverse("import_preview", args=[other.pk])
    other.refresh_from_db()
    assert other.choices == {}


def test_the_preview_says_how_many_measures_it_takes_in(sign_in: SignIn, plan: Plan) -> None:
    taken = take_in(
        plan, "", text(*(f"{number}\tก\t1. ข\tกองที่ 1\tไตรมาส 2\tแล้วเสร็จ" for number in (1, 2))), None
    )
    page = read(sign_in("officer").get(reverse("import_preview", args=[taken.pk])))
    assert [button.text for button in page.one("main").all("button", "primary")] == ["นำเข้า 2 มาตรการ"]
    assert "ตีความ" not in page.one("section", "import-answer").text


def test_the_preview_says_which_measures_are_reported_division_by_division(
    sign_in: SignIn, plan: Plan
) -> None:
    own = "แต่ละส่วนราชการรายงานส่วนของตน"
    taken = take_in(plan, "", text("1\tก\t1. ข\tกองที่ 1\t\t", "2\tค\t1. ง\tกองที่ 1, กองที่ 2\t\t"), None)
    officer = sign_in("officer")
    page = read(officer.get(reverse("import_preview", args=[taken.pk])))
    assert [own in page.one(id=f"measure-{place}").text for place in (0, 1)] == [False, True]
    assert "มาตรการใหม่ที่มีหลายส่วนราชการ 1 มาตรการ" in page.one("ul", "import-sums").text
    apply(taken, None)
    assert list(plan.measures.order_by("indicator__number").values_list("by_division", flat=True)) == [
        False,
        True,
    ]
    # A measure that is there keeps the way in which it is reported.
    plan.measures.update(by_division=False)
    page = read(officer.get(reverse("import_preview", args=[taken.pk])))
    assert own not in page.one(id="measure-1").text
    assert "มาตรการใหม่ที่มีหลายส่วนราชการ" not in page.one("ul", "import-sums").text


def test_an_empty_plan_is_filled_from_an_earlier_year(sign_in: SignIn, plan: Plan) -> None:
    make_measure(plan, "ของปีก่อน")
    target = open_year(plan.agency, YEAR + 1)
    officer, path = sign_in("officer"), reverse("import_plan")
    offered = read(officer.get(path)).one("select", id="id_source")
    assert [option.get("value") for option in offered.all("option")] == ["", str(YEAR)]
    answer = officer.post(path, {"year": YEAR + 1, "source": YEAR})
    assert answer["Location"] == reverse("edit_plan", args=[YEAR + 1])
    assert [measure.title for measure in target.measures.all()] == ["ของปีก่อน"]
    # Where every plan has measures there is nothing to be copied into, and an old page's choice is refused.
    assert read(officer.get(path)).all("select", id="id_source") == []
    assert officer.post(path, {"year": YEAR + 1, "source": YEAR}).status_code == 422
    assert target.measures.count() == 1


@pytest.mark.parametrize(
    ("year", "more", "said"),
    [
        (YEAR, {}, "คัดลอกได้จากปีก่อนหน้าเท่านั้น"),
        (YEAR + 1, {"text": "x"}, "กรุณาเลือกวิธีเดียว"),
        (YEAR + 2, {}, "แผนของปีนี้มีมาตรการแล้ว"),
    ],
)
def test_a_copy_that_cannot_be_made_says_why(
    sign_in: SignIn, plan: Plan, year: int, more: dict[str, str], said: str
) -> None:
    make_measure(plan)
    open_year(plan.agency, YEAR + 1)
    make_measure(open_year(plan.agency, YEAR + 2))
    open_year(plan.agency, YEAR + 3)
    answer = sign_in("officer").post(reverse("import_plan"), {"year": year, "source": YEAR, **more})
    assert answer.status_code == 422
    assert said in read(answer).one(id="id_source_error").text


@pytest.mark.parametrize(("asked", "shown"), [(f"?year={YEAR}", YEAR), ("", YEAR + 1), ("?year=x", YEAR + 1)])
def test_the_page_is_about_the_plan_it_was_reached_from(
    sign_in: SignIn, plan: Plan, asked: str, shown: int
) -> None:
    open_year(plan.agency, YEAR + 1)
    page = read(sign_in("officer").get(reverse("import_plan") + asked))
    assert page.one("select", id="id_year").value == str(shown)
    assert page.one("nav", "breadcrumb").one("a")["href"] == reverse("edit_plan", args=[shown])


def test_no_way_of_several_is_called_optional(sign_in: SignIn, plan: Plan) -> None:
    assert "ไม่บังคับ" not in sign_in("officer").get(reverse("import_plan")).content.decode()


def test_columns_that_nobody_knows_are_mapped(sign_in: SignIn, plan: Plan) -> None:
    officer = sign_in("officer")
    rows = "A\tB\tC\n1\tมาตรการหนึ่ง\t1. ขั้นแรก\n2\tมาตรการสอง\t1. ขั้นแรก"
    officer.post(reverse("import_plan"), {"year": YEAR, "text": rows})
    taken = PlanImport.objects.get()
    assert not preview(taken).may_apply
    data = {"column-0": "indicator", "column-1": "title", "column-2": "steps"}
    assert officer.post(reverse("import_columns", args=[taken.pk]), data).status_code == 302
    taken.refresh_from_db()
    assert [measure.imported.title for measure in preview(taken).measures] == ["มาตรการหนึ่ง", "มาตรการสอง"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("แผน.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Word"),
        ("แผน.docx", b"PK\x03\x04 not a zip", "ไฟล์"),
        ("แผน.xlsx", b"", "ว่าง"),
    ],
)
def test_what_cannot_be_read_has_its_sentence(
    sign_in: SignIn, plan: Plan, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, said: str
) -> None:
    # As on most machines: LibreOffice, which reads old files, is not there.
    monkeypatch.setattr(legacy, "program", lambda: None)
    answer = sign_in("officer").post(
        reverse("import_plan"), {"year": YEAR, "file": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not PlanImport.objects.exists()


# --- The command ------------------------------------------------------------------------------------


def run(path: Path, **options: Any) -> str:
    said = io.StringIO()
    call_command("import_plan", str(path), **{"agency": "here", "year": YEAR, **options}, stdout=said)
    return said.getvalue()


def test_the_command_is_told_what_becomes_of_the_days_of_another_year(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "แผน.tsv"
    path.write_bytes(text("1\tก\t1. ข\tกองที่ 1\t31 มีนาคม 2564\tแล้วเสร็จ"))
    with pytest.raises(CommandError, match="ยังนำเข้าไม่ได้") as stopped:
        run(path)
    assert stopped.value.returncode == 1
    run(path, years=2)
    assert Measure.objects.get(plan=plan).due_on == date(2023, 3, 31)
    assert PlanImport.objects.get().choices["years"] == 2


def test_the_command_prints_what_it_found_and_stores_it(plan: Plan, tmp_path: Path) -> None:
    file = tmp_path / "แผน.csv"
    file.write_bytes(text("1\tก\t1. ข\tกองใหม่\t\t"))
    assert "ทดลองเท่านั้น ยังไม่บันทึก" in run(file, dry_run=True)
    assert not Measure.objects.exists()
    assert not PlanImport.objects.exists()
    said = run(file)
    assert "เพิ่มใหม่: ตัวชี้วัดที่ 1 ก (1 ขั้นตอน)" in said
    assert "ตีความ: " in said
    assert said.endswith("นำเข้าแล้ว\n")
    assert Measure.objects.get().title == "ก"


@pytest.mark.parametrize(
    ("content", "options", "status"),
    [
        (b"", {}, 2),
        (b"PK\x03\x04", {}, 2),
        (b"A\tB\n1\t2\n", {}, 1),
        (b"x", {"agency": "nowhere"}, 2),
    ],
)
def test_the_command_ends_with_what_went_wrong(
    plan: Plan, tmp_path: Path, content: bytes, options: dict[str, Any], status: int
) -> None:
    file = tmp_path / "x"
    file.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        run(file, **options)
    assert refused.value.returncode == status
    assert not PlanImport.objects.exists()
    assert not Measure.objects.exists()


def test_a_file_that_is_not_there_has_its_line(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"อ่าน .* ไม่ได้") as refused:
        run(tmp_path / "none")
    assert refused.value.returncode == 2


# --- Size -------------------------------------------------------------------------------------------


def of_size(count: int) -> bytes:
    steps = " ".join(f"{n}. ขั้นตอนที่ทำตามแผนลำดับ {chr(0x0E01 + n)}" for n in range(1, 11))
    rows = (f"{n % 10 + 1}\tมาตรการที่ {n} ของแผน\t{steps}\tกองที่ 1\tมีนาคม 2566\t" for n in range(count))
    return text(*rows)


@pytest.mark.no_cover
def test_a_large_plan_asks_no_more(plan: Plan, people: dict[str, Any]) -> None:
    asked = []
    for count, slug in ((10, "small"), (200, "large")):
        target = open_year(make_agency(slug), YEAR)
        taken = take_in(target, "", of_size(count), people["officer"])
        with CaptureQueriesContext(connection) as queries:
            found = preview(taken)
            apply(taken, people["officer"])
        assert found.counts["new"] == count
        assert Step.objects.filter(measure__plan=target).count() == 10 * count
        assert Step.history.filter(measure__plan=target).count() == 10 * count
        asked.append(len(queries))
    small, large = asked
    # SQLite takes so many values in one statement, so that many rows go in several.
    assert large <= small + 40


def test_dates_and_people_are_noted(plan: Plan, people: dict[str, Any]) -> None:
    taken = take_in(plan, "", text("1\tก\t1. ข\tกองที่ 1\t\tแล้วเสร็จ"), people["officer"])
    apply(taken, people["officer"])
    taken.refresh_from_db()
    assert taken.applied_by == people["officer"]
    assert taken.applied_at == datetime(2023, 2, 1, 10, tzinfo=OFFICE)
    assert Measure.objects.get().reported_by == people["officer"]


WRITES = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|SAVEPOINT|.*nextval|.*FOR (?:NO KEY )?UPDATE)", re.IGNORECASE
)


@pytest.mark.parametrize("content", [text("1\tก\t1. ข\tกองใหม่\t\t"), b"A\tB\n1\t2\n"])
def test_a_rehearsal_writes_nothing(plan: Plan, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    with CaptureQueriesContext(connection) as queries, suppress(CommandError):
        run(file, dry_run=True)
    assert len(queries) > 1
    assert [query["sql"] for query in queries if WRITES.match(query["sql"])] == []


def test_what_cannot_be_imported_writes_nothing(plan: Plan, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(b"A\tB\n1\t2\n")
    with CaptureQueriesContext(connection) as queries, pytest.raises(CommandError, match="ต้องแก้"):
        run(file)
    assert [query["sql"] for query in queries if WRITES.match(query["sql"])] == []


@pytest.mark.parametrize("readings", [0, 1, 2])
@pytest.mark.parametrize("dry_run", [True, False])
def test_a_file_that_is_given_up_at_any_reading_is_one_line(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, readings: int, dry_run: bool
) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(text("1\tก\t1. ข\tกองใหม่\t\t"))
    left = iter([parse] * readings)

    def tired(*of: Any) -> ImportedPlan:
        try:
            return next(left)(*of)
        except StopIteration:
            raise Unreadable("เครื่องไม่ว่าง") from None

    monkeypatch.setattr("measures.plan_import.preview.parse", tired)
    if dry_run and readings == 2:
        assert "ทดลองเท่านั้น" in run(file, dry_run=True)
    else:
        with pytest.raises(CommandError) as refused:
            run(file, dry_run=dry_run)
        assert refused.value.returncode == 2
        assert str(refused.value) == f"อ่าน {file} ไม่ได้: เครื่องไม่ว่าง"
    assert not PlanImport.objects.exists()
    assert not Measure.objects.exists()


def test_a_path_that_is_no_text_is_said_and_stored_as_text(plan: Plan, tmp_path: Path) -> None:
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xe0\xb8\x81\xff.csv"))
    file.write_bytes(text("1\tก\t1. ข\tกองใหม่\t\t"))
    assert run(file).endswith("นำเข้าแล้ว\n")
    assert PlanImport.objects.get().name == "ก.csv"
    file.write_bytes(b"")
    with pytest.raises(CommandError) as refused:
        run(file)
    assert str(refused.value).encode()


def test_a_closed_plan_takes_nothing_and_keeps_nothing(plan: Plan, tmp_path: Path) -> None:
    plan.closed_at = timezone.now()
    plan.save()
    file = tmp_path / "x.csv"
    file.write_bytes(text("1\tก\t1. ข\tกองใหม่\t\t"))
    for dry_run in (True, False):
        with pytest.raises(CommandError, match="ปิดแล้ว"):
            run(file, dry_run=dry_run)
    assert not PlanImport.objects.exists()


def test_a_measure_of_more_steps_than_a_page_can_show_stops_the_import(plan: Plan) -> None:
    cell = "".join(f"<p>- จัดทำเรื่อง {n}</p>" for n in range(1, 202))
    found = preview(take_in(plan, "x.csv", text(f"1\tก\t{cell}\tกองใหม่\t\t"), None))
    assert not found.may_apply
    assert any("ไม่เกิน 200 ข้อ" in finding.message for finding in found.measures[0].findings)
