"""Another agency with everything that an agency can have, and the proof that nobody touched or tied to it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.apps import apps
from django.db.models import ForeignKey, Model
from django.utils import timezone

from accounts.events import note_event
from accounts.models import AccountEvent, AccountEventKind, ActingApprover, Agency, BackgroundJob, Role, User
from measures.comments.services import NewComment, write_comment
from measures.models import Comment, Evidence, LearnedWord, Measure, Part, Plan, PlanImport, SavedFilter, Step
from measures.plan_import.services import take_in
from reports.models import Edition, ReminderSending, SignedScan, Submission
from reports.new_year.services import open_year
from reports.reminders.services import make_calendar_key
from reports.rounds.services import submit
from tests.support.factories import (
    YEAR,
    make_edition,
    make_evidence_file,
    make_job,
    make_measure,
    make_person,
    make_scan,
)

ROOMS: Final = ("accounts", "measures", "reports")
MARK: Final = "QZFAR"
"""Stands in every text of the other agency, and nowhere else."""
PASTED: Final = f"ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\n1\t{MARK} ใหม่\t1. ขั้นแรก\n".encode()

# Tables whose rows come and go with requests, whatever is asked.
PASSING: Final = {"SiteSession", "SavedForm", "SignInCount", "SignInRefusal"}


@dataclass(frozen=True)
class AnotherOffice:
    """One object of each kind."""

    agency: Agency
    plan: Plan
    measure: Measure
    apart: Measure
    step: Step
    part: Part
    private: Evidence
    public: Evidence
    comment: Comment
    taken_in: PlanImport
    saved: SavedFilter
    job: BackgroundJob
    submission: Submission
    draft: Edition
    scan: SignedScan
    reminder: ReminderSending
    acting: ActingApprover
    news: AccountEvent
    staff: User
    executive: User


def furnish_another_office(agency: Agency, officer: User) -> AnotherOffice:
    """Fill an agency that has people and divisions and nothing else."""
    Agency.objects.filter(pk=agency.pk).update(name=f"{MARK} อบต.", short_name=f"{MARK}")
    for division in agency.divisions.all():
        division.name = f"{MARK} กอง {division.position}"
        division.save()
    first = agency.divisions.order_by("position")[0]
    staff = make_person("far_staff", Role.STAFF, agency, first)
    executive = make_person("far_executive", Role.EXECUTIVE, agency)
    User.objects.filter(agency=agency).update(full_name=f"{MARK} คน", post=f"{MARK} ตำแหน่ง")
    agency.refresh_from_db()
    plan = open_year(agency, YEAR)
    texts: dict[str, Any] = {
        "result": f"{MARK} ผล",
        "obstacle": f"{MARK} ปัญหา",
        "status_reason": f"{MARK} เหตุ",
    }
    measure = make_measure(plan, f"{MARK} มาตรการ", status="in_progress", **texts)
    apart = make_measure(plan, f"{MARK} แยก", indicator=2, divisions=2, by_division=True)
    Step.objects.filter(measure__plan=plan).update(text=f"{MARK} ขั้นตอน")
    private, public = (make_evidence_file(measure, public=each) for each in (False, True))
    Evidence.objects.filter(measure=measure).update(title=f"{MARK} หลักฐาน", file_name=f"{MARK}.pdf")
    write_comment(measure, officer, NewComment(f"{MARK} ความเห็น", returns=True), [])
    draft = make_edition(plan.rounds.select_related("plan__agency").get(months=12), published=False)
    before = open_year(agency, YEAR - 1)
    make_measure(before, f"{MARK} ปีก่อน", status="done")
    submit(before.rounds.select_related("plan__agency").get(months=6), officer)
    make_calendar_key(officer)
    today = timezone.localdate()
    LearnedWord.objects.create(agency=agency, kind="column", letters=MARK, text=MARK, meaning="title")
    return AnotherOffice(
        agency=agency,
        plan=plan,
        measure=measure,
        apart=apart,
        step=measure.steps.order_by("position")[0],
        part=apart.parts.order_by("division__position")[0],
        private=private,
        public=public,
        comment=measure.comments.get(),
        taken_in=take_in(plan, f"{MARK}.tsv", PASTED, officer),
        saved=SavedFilter.objects.create(person=officer, agency=agency, name=MARK, status="late"),
        job=make_job(agency, title=f"{MARK} งาน", state="failed", asked_by=officer),
        submission=Submission.objects.get(round__plan=before),
        draft=draft,
        scan=make_scan(draft),
        reminder=ReminderSending.objects.create(
            agency=agency,
            person=staff,
            channel="mail",
            kind="late",
            day=date(2023, 4, 1),
            text=MARK,
            state="refused",
            noted_at=timezone.now(),
        ),
        acting=ActingApprover.objects.create(
            agency=agency,
            person=staff,
            starts_on=today,
            ends_on=today + timedelta(9),
            order=MARK,
            named_by=officer,
            named_at=timezone.now(),
        ),
        news=note_event(AccountEventKind.CHANGED, staff, officer, MARK, [executive]),
        staff=staff,
        executive=executive,
    )


def models() -> Iterator[type[Model]]:
    """All tables of the site that keep something, those of the history and between two others included."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models(include_auto_created=True):
            if model.__name__ not in PASSING and model._meta.managed:
                yield model


Keys = Mapping[type[Model], set[Any]]


def keys() -> Keys:
    """The keys of all rows."""
    return {model: set(model._base_manager.values_list("pk", flat=True)) for model in models()}


class Guard:
    """The rows that were made between two moments: they stay as they are, and no other row names them."""

    def __init__(self, before: Keys, after: Keys) -> None:
        self.rows = {model: after[model] - before[model] for model in after}
        self.stored = self.dump()
        self.ties = self.tied()

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        """Every column of every such row."""
        return {
            model.__name__: list(model._base_manager.filter(pk__in=rows).order_by("pk").values())
            for model, rows in self.rows.items()
            if rows
        }

    def tied(self) -> dict[str, int]:
        """How many other rows name one of them, by table and column."""
        found: dict[str, int] = defaultdict(int)
        for model, rows in self.rows.items():
            for field in model._meta.get_fields():
                if isinstance(field, ForeignKey) and (theirs := self.rows.get(field.related_model)):
                    others = model._base_manager.filter(**{f"{field.attname}__in": theirs}).exclude(
                        pk__in=rows
                    )
                    if number := others.count():
                        found[f"{model.__name__}.{field.name}"] += number
        return dict(found)

    def broken(self) -> str:
        """What is not as it was; empty where nothing is."""
        now = self.dump()
        changed = [
            f"{name}: {before} -> {after}"
            for name, rows in self.stored.items()
            for before, after in zip(rows, [*now.get(name, []), *[None] * len(rows)], strict=False)
            if before != after
        ]
        if self.tied() != self.ties:
            changed.append(f"tied: {self.ties} -> {self.tied()}")
        return "; ".join(changed)
