"""The version of a draft's facts: another one for every change of what the document is read from."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext
from time_machine import TimeMachineFixture

from measures.models import Evidence, Plan, Step
from reports.document.builder import build_document
from reports.document.version import INDICATORS, OF_PLAN, OF_ROUND, content_version
from reports.models import Round, RoundState, Submission
from reports.rounds.selectors import document_in_force
from tests.support import factories

pytestmark = pytest.mark.django_db

TABLE: Final = re.compile(r'(?:FROM|JOIN) "?([a-z_]+)"?')
# The builder gets who reported and how many ticks a part has with a measure, and says nothing of them.
NOT_SAID: Final = {"accounts_user", "measures_parttick"}
KINDS: Final = {
    "accounts.Agency": "plans__rounds",
    "accounts.Division": "responsibilities__measure__plan__rounds",
    "measures.Evidence": "measure__plan__rounds",
    "measures.Indicator": "measures__plan__rounds",
    "measures.Measure": "plan__rounds",
    "measures.Part": "measure__plan__rounds",
    "measures.Plan": "rounds",
    "measures.Responsibility": "measure__plan__rounds",
    "measures.Step": "measure__plan__rounds",
    "reports.Round": "pk",
}
# What no other value can be put into alone, by a constraint of its own.
GUARDED: Final = {
    "Indicator.number",
    *(f"Evidence.{name}" for name in ("content_type", "file", "file_name", "sha256", "size")),
}


@pytest.fixture
def reported() -> Round:
    """A round whose document has a row of every kind."""
    factories.make_indicators()
    plan = Plan.objects.create(agency=factories.make_agency("kongkoi"), fiscal_year=factories.YEAR)
    measure = factories.make_measure(plan, by_division=True, divisions=2)
    factories.make_evidence(measure)
    return Round.objects.create(plan=plan, months=6)


def anew(round_: Round) -> Round:
    """As a request reads it."""
    return Round.objects.select_related("plan__agency").get(pk=round_.pk)


def tables_read(work: Callable[[], object]) -> set[str]:
    with CaptureQueriesContext(connection) as queries:
        work()
    return {table for query in queries.captured_queries for table in TABLE.findall(query["sql"])}


def test_it_asks_every_table_that_the_document_is_read_from(reported: Round) -> None:
    found = anew(reported)
    asked = tables_read(lambda: content_version(found))
    open_round = tables_read(lambda: document_in_force(anew(reported)))
    assert len(open_round) >= 9
    assert open_round - asked == NOT_SAID
    Round.objects.filter(pk=reported.pk).update(state=RoundState.SUBMITTED)
    assert tables_read(lambda: document_in_force(anew(reported))) - asked == NOT_SAID


def columns() -> Iterator[tuple[type[models.Model], str, models.Field[Any, Any]]]:
    """Of the rows that are asked for, but for the keys by which they are found."""
    for name, path in KINDS.items():
        kind = apps.get_model(name)
        for field in kind._meta.concrete_fields:
            if not field.primary_key and not field.is_relation:
                yield kind, path, field


def other(field: Any, value: Any) -> Any:
    """A value that a column does not have."""
    if known := [choice for choice, _ in field.flatchoices if choice not in ("", None, value)]:
        return known[0]
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.JSONField):
        return {"1": 2}
    if isinstance(field, models.DateTimeField):
        return (value or datetime(2023, 1, 2).astimezone()) - timedelta(days=1)
    if isinstance(field, models.DateField):
        return (value or date(2023, 1, 2)) - timedelta(days=1)
    is_text = isinstance(field, models.CharField | models.TextField | models.FileField)
    return f"{value}x" if is_text else (value or 0) + 1


def test_every_column_of_every_row_counts(reported: Round) -> None:
    """Whatever changes it, also a column that comes later."""
    before = content_version(anew(reported))
    unnoticed, guarded = [], set()
    for kind, path, field in columns():
        row = kind._default_manager.filter(**{path: reported.pk}).order_by("pk").first()
        assert row is not None, kind
        name = f"{kind.__name__}.{field.name}"
        try:
            with transaction.atomic():
                changed = {field.attname: other(field, getattr(row, field.attname))}
                kind._default_manager.filter(pk=row.pk).update(**changed)
                if content_version(anew(reported)) == before:
                    unnoticed.append(name)
                transaction.set_rollback(True)
        except IntegrityError:
            guarded.add(name)
    assert unnoticed == []
    assert guarded <= GUARDED


def test_what_is_asked_has_every_column(reported: Round) -> None:
    """Keys of other rows are among them, which the test above leaves out."""
    found: set[str] = set()
    with connection.cursor() as cursor:
        for statement in (*OF_ROUND, *OF_PLAN, INDICATORS):
            cursor.execute(statement, [] if statement is INDICATORS else [1])
            found |= {column[0] for column in cursor.description}
    wanted = {field.column for name in KINDS for field in apps.get_model(name)._meta.concrete_fields}
    assert wanted - found == set()


def test_a_row_more_or_less_counts(reported: Round) -> None:
    measure = reported.plan.measures.get()
    seen = [content_version(anew(reported))]
    Step.objects.create(measure=measure, position=9, text="ขั้นใหม่")
    seen.append(content_version(anew(reported)))
    Evidence.objects.filter(measure=measure).delete()
    seen.append(content_version(anew(reported)))
    measure.responsibilities.order_by("-pk")[0].delete()
    seen.append(content_version(anew(reported)))
    factories.make_measure(reported.plan, "อีกมาตรการ", position=2)
    seen.append(content_version(anew(reported)))
    assert len(set(seen)) == len(seen)


def test_what_is_submitted_counts(reported: Round) -> None:
    before = content_version(anew(reported))
    now = datetime(2023, 4, 1).astimezone()
    Submission.objects.create(round=reported, document="{}", submitted_at=now)
    assert content_version(anew(reported)) != before


def test_it_is_the_same_as_long_as_nothing_changes(reported: Round) -> None:
    other_agency = factories.make_agency("elsewhere")
    first = content_version(anew(reported))
    factories.make_measure(Plan.objects.create(agency=other_agency, fiscal_year=factories.YEAR))
    assert content_version(anew(reported)) == first


def test_a_day_later_it_is_another_one(reported: Round, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to("2023-04-01T10:00:00+07:00")
    first = content_version(anew(reported))
    time_machine.move_to("2023-04-02T00:00:01+07:00")
    assert content_version(anew(reported)) != first


def test_it_costs_nine_queries_at_any_size(reported: Round, django_assert_num_queries: Any) -> None:
    for position in range(2, 6):
        factories.make_measure(reported.plan, position=position)
    found = anew(reported)
    with django_assert_num_queries(9):
        content_version(found)


def test_the_same_version_is_the_same_document(reported: Round) -> None:
    first, version = build_document(anew(reported)), content_version(anew(reported))
    assert (build_document(anew(reported)), content_version(anew(reported))) == (first, version)
