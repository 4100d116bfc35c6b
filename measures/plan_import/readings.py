"""A large upload, read by a worker: what it means is kept with the job, for the page that shows it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from accounts.access import can_manage_agency
from accounts.background.files import facts_of, keep_facts
from accounts.background.kinds import register
from accounts.background.runs import JobProblem, Run
from accounts.background.services import ask
from accounts.models import BackgroundJob, JobState, User
from measures.models import PlanImport
from measures.plan_import.choices import Choices, ImportedHeading, ImportedTable, LeftOut, YearQuestion
from measures.plan_import.model import (
    Column,
    Field,
    Finding,
    ImportedCell,
    ImportedMeasure,
    ImportedParty,
    ImportedPlan,
    ImportedStep,
    Severity,
)
from measures.plan_import.weight import is_for_a_worker

KIND: Final = "read_plan"
# What an upload means depends on these besides its bytes.
SOURCES: Final = (
    "measures/list_labels.py",
    "measures/numbered_lists.py",
    "measures/plan_import/model.py",
    "measures/plan_import/choices.py",
    "measures/plan_import/*/*.py",
)
GONE: Final = "ไม่พบชุดที่จะอ่านแล้ว"

Mapped = Mapping[str, str]


class NotReadYet(Exception):
    """A worker has still to read it."""


def plan_in_view(plan_import: PlanImport) -> ImportedPlan:
    """The plan that an import means, for a page: what is small is read now, else what a worker has read.

    Raises:
        Unreadable: it cannot be read.
        NotReadYet: it is large, and what a worker has read of it is not there or no longer.
    """
    from measures.plan_import.preview import plan_of

    if not is_for_a_worker(bytes(plan_import.content)):
        return plan_of(plan_import)
    job = reading_of(plan_import)
    facts = facts_of(job) if job and job.state == JobState.DONE else None
    if facts is None:
        raise NotReadYet
    return plan_from(facts)


def reading_of(plan_import: PlanImport) -> BackgroundJob | None:
    """The newest job that reads an import with its columns as they are; None where there is none."""
    subject = _subject(plan_import, plan_import.mapping)
    return BackgroundJob.objects.about(KIND, subject).first()


def ask_to_read(plan_import: PlanImport, person: User, mapping: Mapped | None = None) -> BackgroundJob:
    """Queue the reading of an import; where that is queued already, nothing changes.

    Args:
        mapping: other columns than it has now. They become its own once it could be read so.

    Raises:
        TooManyJobs: the person has as many under way as one may have.
    """
    plan = plan_import.plan
    mapping = plan_import.mapping if mapping is None else mapping
    return ask(
        KIND,
        _subject(plan_import, mapping),
        f"อ่านแผนปีงบประมาณ พ.ศ. {plan.fiscal_year} จาก {plan_import}",
        agency=plan.agency,
        person=person,
        total=3,
        arguments={"plan_import": plan_import.pk, "mapping": dict(mapping)},
    )


def may_take_in(person: User, job: BackgroundJob) -> bool:
    """The officer of the job's agency. That the plan is open is asked where something is stored."""
    return job.agency is not None and can_manage_agency(person, job.agency)


@register(KIND, may_cancel=True, allowed=may_take_in, is_heavy=True)
def read_large_import(run: Run) -> str:
    """Read it, understand it, and keep what it means; nothing of the plan changes."""
    # What reads office files is loaded where it is needed.
    from measures.plan_import.parsing import Unreadable, plan_in, read, read_pasted

    pk, mapping = run.job.arguments["plan_import"], run.job.arguments["mapping"]
    plan_import = PlanImport.objects.select_related("plan").filter(pk=pk).first()
    if plan_import is None:
        raise JobProblem(GONE)
    content = bytes(plan_import.content)
    try:
        run.report(0, 3, "อ่านไฟล์")
        tables = read(plan_import.name, content) if plan_import.name else read_pasted(content.decode())
        run.report(1, 3, "ทำความเข้าใจตาราง")
        fields = {int(place): Field(field) for place, field in mapping.items()}
        chosen = Choices.of(plan_import.choices)
        plan = plan_in(tables, plan_import.plan.fiscal_year, fields or None, chosen)
    except Unreadable as error:
        raise JobProblem(str(error), address=reverse("import_plan")) from error
    run.report(2, 3, "เก็บสิ่งที่อ่านได้")
    keep_facts(run, facts_in(plan))
    # Mended measures are those of another reading.
    others = PlanImport.objects.filter(pk=pk).exclude(mapping=mapping)
    others.update(mapping=mapping, edits={})
    return reverse("import_preview", args=[pk])


def facts_in(plan: ImportedPlan) -> Mapping[str, Any]:
    """A plan as JSON can say it."""
    facts = asdict(plan)
    for measure in facts["measures"]:
        measure["guessed"] = sorted(measure["guessed"])
        measure["due_on"] = measure["due_on"] and measure["due_on"].isoformat()
    return facts


def plan_from(facts: Mapping[str, Any]) -> ImportedPlan:
    """A plan from what facts_in() said of it."""
    return ImportedPlan(
        measures=tuple(_measure(each) for each in facts["measures"]),
        findings=tuple(_finding(each) for each in facts["findings"]),
        columns=tuple(_column(each) for each in facts["columns"]),
        heading=tuple(facts["heading"]),
        left_out=tuple(LeftOut(**{**each, "cells": tuple(each["cells"])}) for each in facts["left_out"]),
        tables=tuple(ImportedTable(**each) for each in facts["tables"]),
        year=_year(facts["year"]),
        headings=tuple(ImportedHeading(**each) for each in facts["headings"]),
    )


def _column(facts: Mapping[str, Any]) -> Column:
    return Column(**{**facts, "field": _field(facts["field"]), "samples": tuple(facts["samples"])})


def _year(facts: Mapping[str, Any] | None) -> YearQuestion | None:
    return YearQuestion(**{**facts, "reasons": tuple(facts["reasons"])}) if facts else None


def _measure(facts: Mapping[str, Any]) -> ImportedMeasure:
    due_on = facts["due_on"]
    return ImportedMeasure(
        **{
            **facts,
            "steps": tuple(ImportedStep(**each) for each in facts["steps"]),
            "parties": tuple(ImportedParty(**each) for each in facts["parties"]),
            "due_on": date.fromisoformat(due_on) if due_on else None,
            "guessed": frozenset(Field(each) for each in facts["guessed"]),
            "cells": tuple(_cell(each) for each in facts["cells"]),
            "parts": tuple(facts["parts"]),
        }
    )


def _cell(facts: Mapping[str, Any]) -> ImportedCell:
    return ImportedCell(**{**facts, "field": Field(facts["field"])})


def _finding(facts: Mapping[str, Any]) -> Finding:
    severity = Severity(facts["severity"])
    return Finding(**{**facts, "severity": severity, "field": _field(facts["field"])})


def _field(value: str | None) -> Field | None:
    return Field(value) if value else None


def _subject(plan_import: PlanImport, mapping: Mapped) -> str:
    """The import with its columns and what was chosen, as this version of the site reads them."""
    chosen = replace(Choices.of(plan_import.choices), copied="").facts
    told = json.dumps([plan_import.sha256, sorted(mapping.items()), chosen, _reader()])
    return f"{plan_import.pk} {hashlib.sha256(told.encode()).hexdigest()[:32]}"


@cache
def _reader() -> str:
    """A hash of the program that reads: what an older version has understood is read anew."""
    digest = hashlib.sha256()
    root: Path = settings.BASE_DIR
    for path in sorted(path for pattern in SOURCES for path in root.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()
