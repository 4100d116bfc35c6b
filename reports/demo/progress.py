"""What people report of measures in the story, by the services that the pages call."""

from datetime import date
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import User
from measures.access import is_asked
from measures.comments.selectors import comments_of, people_to_name
from measures.comments.services import NewComment, write_comment
from measures.models import Evidence, Measure, Part, Plan, Report, Step
from measures.outline.services import Outline, OutlineStep, create_measure
from measures.parts.rules import proposal_of
from measures.parts.services import mark_part_step, save_joint, save_report
from measures.progress.services import Progress, mark_step
from measures.status import Status
from measures.steps import numbered
from reports.demo.clock import acting
from reports.demo.evidence import address_of, file_of
from reports.demo.people import divisions_by_name
from reports.demo.stage import Stage
from reports.demo.story import Told, ToldEvent, ToldEvidence


def plan_measure(stage: Stage, plan: Plan, told: Told) -> Measure:
    """Add a measure of the story to a plan."""
    divisions = divisions_by_name(plan.agency, told.divisions)
    outline = Outline(
        indicator=stage.indicators[told.indicator],
        title=told.title,
        due_text=told.due_text,
        due_on=told.due_on,
        first_step=1,
        division_ids=tuple(divisions[name].pk for name in told.divisions),
        steps=tuple(OutlineStep(None, text, level) for _, level, text in told.steps),
        by_division=told.by_division,
    )
    return create_measure(plan, outline)


def play(stage: Stage, measure: Measure, event: ToldEvent, person: User) -> None:
    """Let an event happen to a measure: its steps are ticked, it is reported, evidence is added."""
    on = event.at.date()
    with acting(person, event.at):
        measure = _as_it_stands(measure)
        if event.joins:
            proposal = proposal_of(measure)
            save_joint(measure, measure.version, proposal.progress, person, proposal.versions)
            return
        part = _part(measure, event)
        steps = _steps(stage, measure) if event.is_about_steps else {}
        for number in event.ticks:
            if part:
                mark_part_step(part, steps[number], True, person, on)
            else:
                mark_step(steps[number], True, person, on)
        if event.reports:
            _report(part or measure, event, person)
        if event.comment:
            _write(measure, event, person)
        for told in event.evidence:
            attach(stage, measure, told, on, person, steps.get(told.step), part)


def _as_it_stands(measure: Measure) -> Measure:
    """The measure as the event finds it; with its parties and parts where it is reported by division."""
    measures = Measure.objects.with_parties().with_parts() if measure.by_division else Measure.objects
    found = measures.get(pk=measure.pk)
    found.plan = measure.plan
    return found


def _steps(stage: Stage, measure: Measure) -> dict[str, Step]:
    """The measure's steps by their number; nobody in the story changes what they say."""
    if measure.pk not in stage.steps:
        rows = numbered(measure.steps.all(), measure.first_step)
        stage.steps[measure.pk] = {row.number.strip("."): row.step for row in rows}
    return stage.steps[measure.pk]


def _write(measure: Measure, event: ToldEvent, person: User) -> None:
    comments = comments_of(measure)
    part = _part(measure, event)
    new = NewComment(
        event.comment,
        returns=event.returns,
        division=part.division if event.returns and part else None,
        answers=[] if event.returns else [each for each in comments if each.waits and is_asked(person, each)],
    )
    write_comment(measure, person, new, people_to_name(measure))


def _part(measure: Measure, event: ToldEvent) -> Part | None:
    """The part that an event is about; without a name that of the first division, where the person works."""
    named = (part for part in measure.assigned_parts if part.division.name == event.division)
    return next(named, next(iter(measure.assigned_parts), None))


def _report(report: Report, event: ToldEvent, person: User) -> None:
    if event.ticks:
        # A tick may have moved the status.
        report.refresh_from_db()
    progress = Progress(
        status=report.status if event.status is None else event.status,
        status_reason=report.status_reason if event.reason is None else event.reason,
        result=report.result if event.result is None else event.result,
        obstacle=report.obstacle if event.obstacle is None else event.obstacle,
    )
    finished_on: date | None = event.at.date() if event.status == Status.DONE else None
    save_report(report, report.version, progress, person, finish_steps_on=finished_on)


def attach(
    stage: Stage,
    measure: Measure,
    told: ToldEvidence,
    on: date,
    person: User,
    step: Step | None = None,
    part: Part | None = None,
) -> None:
    """Add evidence to a measure. Not by store_evidence(), which must not be inside another transaction."""
    evidence = Evidence(
        measure=measure,
        step=step,
        part=part,
        title=told.title,
        effective_on=on,
        public=told.public,
        added_by=person,
    )
    if told.kind == "web":
        plan = measure.plan
        evidence.address = address_of(told, plan.agency.slug, plan.fiscal_year)
    else:
        file = file_of(told, on)
        if file is None:
            return
        unique = uuid4().hex
        place = f"evidence/{unique[:2]}/{unique}.{file.kind.ending}"
        evidence.file.name = default_storage.save(place, ContentFile(file.data))
        stage.written.append(evidence.file.name)
        evidence.file_name = file.name
        evidence.content_type = file.kind.content_type
        evidence.size = len(file.data)
        evidence.sha256 = file.sha256
    evidence.save()
