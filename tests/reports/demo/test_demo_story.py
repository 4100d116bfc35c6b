"""The invented part of the demonstration, told at many moments of a fiscal year.

At some of them as the suite runs, at all of them by `make thorough`.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from django.apps import apps
from django.db.models import DateField, DateTimeField
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings
from time_machine import TimeMachineFixture

from accounts.models import AccountEvent, Agency, User
from core.thai_calendar import FiscalYear
from measures.access import can_update_measure
from measures.models import SAMPLE, Comment, Evidence, Measure, Plan
from measures.status import Status
from reports.demo.neighbours import Due
from reports.demo.stage import Stage
from reports.document.builder import build_document
from reports.document.schema import schema_text, version_of
from reports.document.serialization import to_json
from reports.models import (
    Edition,
    EditionFile,
    Publication,
    Round,
    RoundState,
    Submission,
    SubmissionOutcome,
)
from reports.rounds.selectors import document_of
from tests.support.demo_world import demo_at
from tests.support.factories import OFFICE
from tests.support.json_schema import Draft202012Validator, FormatChecker
from tests.support.thorough import THOROUGH, in_turn

pytestmark = pytest.mark.django_db

MOMENTS: Final = {
    "the first minutes of a year": datetime(2026, 10, 1, 0, 10, tzinfo=OFFICE),
    "24 November": datetime(2026, 11, 24, 9, 0, tzinfo=OFFICE),
    "15 February": datetime(2027, 2, 15, 17, 0, tzinfo=OFFICE),
    "a leap day": datetime(2028, 2, 29, 12, 0, tzinfo=OFFICE),
    "1 May": datetime(2027, 5, 1, 8, 0, tzinfo=OFFICE),
    "20 September": datetime(2028, 9, 20, 10, 0, tzinfo=OFFICE),
    "the last minutes of a year": datetime(2027, 9, 30, 23, 50, tzinfo=OFFICE),
}
MIDDLE_OF_A_YEAR: Final = {"24 November", "15 February", "a leap day", "1 May", "20 September"}
# Where every row and every page is looked at: a young year with two reports under way, and an old one.
LOOKED_AT_CLOSELY: Final = {"24 November", "20 September"}
# The year that is told on 20 September has a leap day in it.
IN_SHORT: Final = ("the first minutes of a year", "24 November", "20 September")
POINTS: Final = {
    "demo-doi-sommut": "published",
    "demo-wiang-chamlong": "approved",
    "demo-huai-nithan": "submitted",
    "demo-mae-fan": "returned",
    "demo-thung-lalong": "open",
}


class World:
    """The demonstration at a moment."""

    def __init__(self, name: str, now: datetime, stage: Stage, media: Path) -> None:
        self.name, self.now, self.stage, self.media = name, now, stage, media

    @property
    def today(self) -> date:
        return self.now.astimezone(OFFICE).date()

    @property
    def present(self) -> int:
        return FiscalYear.containing(self.today).number

    def plan(self, year: int, slug: str = "kongkoi") -> Plan:
        return Plan.objects.select_related("agency").get(agency__slug=slug, fiscal_year=year)


@pytest.fixture(scope="module", params=MOMENTS if THOROUGH else IN_SHORT)
def world(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    now, media = MOMENTS[request.param], tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), demo_at(now, media) as stage:
        yield World(request.param, now, stage, media)


@pytest.fixture(autouse=True)
def at_that_moment(world: World, settings: Settings, time_machine: TimeMachineFixture) -> None:
    settings.MEDIA_ROOT = world.media
    time_machine.move_to(world.now, tick=False)


def state(round_: Round) -> str:
    if round_.editions.filter(publication__isnull=False).exists():
        return "published"
    last = round_.submissions.order_by("-submitted_at").first()
    if round_.state == RoundState.OPEN and last and last.outcome == SubmissionOutcome.RETURNED:
        return "returned"
    return str(round_.state)


# --- What there is -----------------------------------------------------------------------------------


def test_the_real_report_is_whole_and_published_under_a_marked_name(world: World) -> None:
    plan = world.plan(2566)
    assert not plan.is_sample
    assert Counter(plan.measures.values_list("status", flat=True)) == {"done": 7, "in_progress": 3}
    assert sum(measure.steps.count() for measure in plan.measures.all()) == 47
    assert [state(round_) for round_ in plan.rounds.order_by("months")] == ["published", "open"]
    edition = Edition.objects.get(round__plan=plan)
    assert SAMPLE in edition.approved_by
    document = document_of(edition)
    assert (document.sample_note, document.as_of, document.measure_count) == ("", date(2023, 4, 10), 10)


def test_this_year_s_plan_is_there_and_those_before_it(world: World) -> None:
    years = Plan.objects.filter(agency__slug="kongkoi", is_sample=True).order_by("fiscal_year")
    before_january = world.today.month >= 10
    expected = [world.present - age for age in ((2, 1, 0) if before_january else (1, 0))]
    assert list(years.values_list("fiscal_year", flat=True)) == expected
    # One year is always closed, so that there is something to compare with.
    assert [plan.is_closed for plan in years] == [*(True for _ in expected[:-2]), not before_january, False]


def test_in_the_middle_of_a_year_everything_that_can_happen_to_a_measure_has_happened(world: World) -> None:
    if world.name not in MIDDLE_OF_A_YEAR:
        return
    plan = world.plan(world.present)
    counts = Counter(plan.measures.values_list("status", flat=True))
    assert set(counts) == set(Status.values)
    late = plan.measures.late(world.today)
    assert late
    assert all(measure.status_reason for measure in late)
    assert plan.measures.filter(result__contains="\n").exclude(obstacle="").exists()


def test_before_january_the_report_of_the_year_before_is_the_busy_one(world: World) -> None:
    busy = world.plan(world.present - 1).rounds.get(months=12)
    expected = {"the first minutes of a year": "open", "24 November": "submitted"}
    assert state(busy) == expected.get(world.name, "published")
    assert state(world.plan(world.present - 1).rounds.get(months=6)) == "published"
    if world.name == "24 November":
        document = document_of(busy.submissions.get(outcome=SubmissionOutcome.PENDING))
        assert {measure.status for measure in document.measures} == {"done", "in_progress", "cancelled"}
        assert document.late_count == 1


def test_this_year_s_round_is_under_way_or_published(world: World) -> None:
    plan = world.plan(world.present)
    expected = "published" if 5 <= world.today.month <= 9 else "open"
    assert [state(round_) for round_ in plan.rounds.order_by("months")] == [expected, "open"]


def test_the_evidence_is_of_every_kind_and_some_of_it_public(world: World) -> None:
    evidence = Evidence.objects.filter(measure__plan__agency__slug="kongkoi")
    kinds = {proof.file_name.rpartition(".")[2] for proof in evidence}
    assert kinds == {"", "docx", "xlsx", "jpg", "png"}  # pdf is docx here: nothing is laid out
    assert evidence.filter(public=True).exists()
    assert evidence.filter(public=False).exists()
    assert evidence.filter(step__isnull=False).exists()
    stored = [path for path in world.media.rglob("*") if path.is_file()]
    assert len(stored) == evidence.exclude(file="").count() == Evidence.objects.exclude(file="").count()


def test_each_neighbour_is_at_another_point_of_the_report_that_is_due(world: World) -> None:
    due = Due.on(world.today)
    rounds = Round.objects.filter(plan__fiscal_year=due.year.number, months=due.months)
    found = {round_.plan.agency.slug: state(round_) for round_ in rounds.select_related("plan__agency")}
    assert {slug: found[slug] for slug in POINTS} == POINTS
    neighbours = Agency.objects.exclude(slug="kongkoi")
    assert neighbours.count() == 6
    assert [agency.slug for agency in neighbours.filter(plans=None)] == ["demo-ban-mai-sommut"]
    assert all(SAMPLE in agency.name for agency in neighbours)
    late = world.plan(due.year.number, "demo-thung-lalong").measures.late(world.today)
    assert late.filter(status_reason="").exists()
    for slug in POINTS:
        assert world.plan(world.present, slug).is_sample


# --- That it holds together --------------------------------------------------------------------------


def test_people_write_to_one_another_and_a_part_is_returned(world: World) -> None:
    comments = Comment.objects.filter(measure__plan=world.plan(world.present))
    if world.name not in MIDDLE_OF_A_YEAR:
        assert not comments
        return
    assert comments.filter(mentioned__isnull=False).exists()
    assert {each.written_by.username for each in comments if each.written_by} == {
        "executive",
        "officer",
        "staff",
    }
    answered = comments.filter(returns=True, answered_at__isnull=False)
    assert {
        (each.division.name, each.answered_by.username)
        for each in answered
        if each.division and each.answered_by
    } == {("สำนักปลัด", "staff")}
    if world.name == "24 November":
        waiting = comments.get(returns=True, answered_at__isnull=True)
        assert waiting.division is not None
        assert waiting.measure.by_division
        first = page(client_of(world, "staff"), "/")
        assert waiting.text in first


def test_the_log_says_who_added_whom(world: World) -> None:
    events = AccountEvent.objects.filter(agency__slug="kongkoi")
    assert set(events.filter(kind="added").values_list("person__username", "done_by_name")) == {
        ("officer", "ผู้ดูแลระบบ"),
        ("executive", "เจ้าหน้าที่ผู้รับผิดชอบ ITA"),
        ("staff", "เจ้าหน้าที่ผู้รับผิดชอบ ITA"),
    }
    assert not User.objects.filter(has_news=True).exists()
    assert "ผู้ดูแลระบบ" in page(client_of(world, "officer"), reverse("people_log"))


def test_nothing_happened_in_the_future(world: World) -> None:
    for app in ("accounts", "measures", "reports"):
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.get_fields():
                if not isinstance(field, DateField) or field.name == "due_on":
                    continue
                last = model._default_manager.exclude(**{field.name: None}).order_by(f"-{field.name}").first()
                moment: Any = last and getattr(last, field.name)
                limit = timezone.now() if isinstance(field, DateTimeField) else world.today
                assert moment is None or moment <= limit, (model, field.name, last)


def test_every_row_keeps_the_rules_that_forms_ask(world: World) -> None:
    if world.name not in LOOKED_AT_CLOSELY:
        return
    for row in (*Measure.objects.all(), *Evidence.objects.all(), *User.objects.all(), *Agency.objects.all()):
        # What is unique and what agrees within a row the database has asked already.
        row.full_clean(validate_unique=False, validate_constraints=False)
    for measure in Measure.objects.filter(plan__closed_at=None).with_parties().exclude(reported_by=None):
        assert measure.reported_by is not None
        assert can_update_measure(measure.reported_by, measure)
    for proof in Evidence.objects.exclude(file=""):
        assert proof.file.size == proof.size
    for measure in Measure.objects.filter(status=Status.DONE):
        assert not measure.steps.filter(done_on=None).exists()


def test_the_history_tells_of_months_and_of_people(world: World) -> None:
    if world.name == "the first minutes of a year":
        return
    plan = world.plan(world.present)
    history = Measure.history.filter(plan=plan.pk)
    months = {timezone.localtime(line.history_date).strftime("%Y-%m") for line in history}
    assert len(months) >= 3
    assert {line.history_user.username for line in history} == {"officer", "staff"}
    assert {line.history_change_reason for line in history} == {SAMPLE}
    reasons = set(Publication.history.values_list("history_change_reason", flat=True))
    assert reasons == {SAMPLE}


def test_a_report_says_the_day_on_which_it_was_submitted(world: World) -> None:
    for submission in Submission.objects.all():
        assert document_of(submission).as_of == timezone.localdate(submission.submitted_at)
    for edition in Edition.objects.select_related("round__plan"):
        document = document_of(edition)
        assert document.sample_note == edition.round.plan.sample_note
        assert document.edition is not None
        assert document.edition.approved_on == timezone.localdate(edition.approved_at)
        assert SAMPLE in document.edition.approved_by
        approval = edition.round.submissions.get(outcome=SubmissionOutcome.APPROVED)
        assert approval.submitted_at < edition.approved_at
        assert approval.submitted_by != approval.decided_by


# --- That it says what it is -------------------------------------------------------------------------


def page(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == 200, address
    return response.content.decode()


def client_of(world: World, person: str) -> Client:
    client = Client()
    client.force_login(world.stage.people[person], backend="django.contrib.auth.backends.ModelBackend")
    return client


@cache
def schema_of(version: int) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema_text(version) or b""), format_checker=FormatChecker())


def test_every_report_is_what_the_published_schema_says(world: World) -> None:
    """Drafts as they stand, editions and their files as they are handed out."""
    reports = [to_json(build_document(round_)) for round_ in Round.objects.select_related("plan__agency")]
    reports += [text.encode() for text in Edition.objects.values_list("document", flat=True)]
    files = EditionFile.objects.filter(format="json")
    reports += [bytes(content) for content in files.values_list("content", flat=True)]
    assert len(reports) > 10
    # A file has the words of its edition's document: those are looked at once.
    for content in dict.fromkeys(reports):
        schema_of(version_of(content)).validate(json.loads(content))


def test_what_each_person_sees_first_is_alive_and_marked(world: World) -> None:
    for person in ("staff", "officer", "executive", "overseer"):
        first = page(client_of(world, person), "/")
        assert SAMPLE in first
        assert str(world.present) in first
    if world.name in MIDDLE_OF_A_YEAR:
        assert "status-in_progress" in page(client_of(world, "staff"), "/")
        for person in ("officer", "executive"):
            # A bar with a part that is in progress, besides the legend's.
            assert page(client_of(world, person), "/").count("fill-in_progress") > 1


def test_every_page_of_an_invented_plan_says_so(world: World) -> None:
    if world.name not in LOOKED_AT_CLOSELY:
        return
    officer, overseer = client_of(world, "officer"), client_of(world, "overseer")
    year = world.present - 1
    # Each measure has the same page: at each moment a third of them.
    measures = in_turn(list(world.plan(year).measures.all()), list(MOMENTS).index(world.name), 3)
    addresses = [
        f"/dashboard/?year={year}",
        f"/plans/{year}/",
        f"/plans/{world.present}/edit/",
        f"/plans/{world.present}/sheet/",
        "/reports/",
        f"/reports/{year}/6/",
        f"/reports/{year}/12/",
        f"/reports/{year}/6/history/",
        *(reverse("measure", args=[measure.pk]) for measure in measures),
    ]
    for address in addresses:
        assert SAMPLE in page(officer, address), address
    for slug in POINTS:
        for room in ("dashboard/", "reports/", f"plans/{world.present}/"):
            assert SAMPLE in page(overseer, f"/{room}?agency={slug}")
    for address in ("/overview/", f"/overview/?year={year}"):
        assert SAMPLE in page(overseer, address)


def test_every_public_page_of_an_invented_report_says_so(world: World) -> None:
    nobody = Client()
    for edition in Edition.objects.published().select_related("round__plan__agency"):
        plan = edition.round.plan
        address = reverse("public_report", args=[plan.agency.slug, plan.fiscal_year, edition.round.months])
        assert SAMPLE in page(nobody, address)
        assert SAMPLE in page(nobody, reverse("public_agency", args=[plan.agency.slug]))
        if plan.is_sample:
            assert nobody.get(f"{address}report.json").content.decode().count(SAMPLE) >= 2
    feed = page(nobody, reverse("public_feed"))
    invented = Publication.objects.filter(edition__round__plan__is_sample=True).count()
    titles = [entry.partition("</title>")[0] for entry in feed.split("<entry>")[1:]]
    assert sum(SAMPLE in title for title in titles) == invented
    assert len(titles) == invented + 1


def test_the_real_plan_s_pages_do_not_say_that_it_is_invented(world: World) -> None:
    officer = client_of(world, "officer")
    measure = world.plan(2566).measures.first()
    assert measure is not None
    for address in ("/plans/2566/", "/dashboard/?year=2566", reverse("measure", args=[measure.pk])):
        assert SAMPLE not in page(officer, address)
