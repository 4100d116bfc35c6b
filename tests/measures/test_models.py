"""Every rule about the data stands twice: refused by the database under its name, and said in Thai before."""

from collections.abc import Callable
from copy import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone

from accounts.models import (
    AccountEvent,
    ActingApprover,
    Agency,
    BackgroundJob,
    Division,
    JobFile,
    Role,
    SavedForm,
    SignInRefusal,
    User,
)
from measures.models import (
    LONG_TEXT,
    STEP_TEXT,
    Comment,
    Evidence,
    EvidenceHiding,
    Indicator,
    LearnedWord,
    Measure,
    Part,
    PartTick,
    Plan,
    Responsibility,
    SavedFilter,
    Step,
)
from measures.status import Status
from reports.models import (
    Edition,
    EditionFile,
    EditionPaper,
    EditionWithdrawal,
    FileSignature,
    OitAnswer,
    PaperTemplate,
    ReminderSending,
    Round,
    SignedCopy,
    SignedScan,
    Submission,
)
from tests.support.factories import make_evidence, make_measure, make_person

pytestmark = pytest.mark.django_db

NOW = datetime(2023, 2, 1, tzinfo=UTC)
# What happened once and is kept as it was needs no history of its own, nor do a person's own filters.
RECORDS = {
    "SavedForm",
    "AccountEvent",
    "SignInCount",
    "SignInRefusal",
    "SiteSession",
    "BackgroundJob",
    "BackgroundWorker",
    "JobFile",
    "Comment",
    "Submission",
    "Edition",
    "EditionFile",
    "EditionPaper",
    "EditionWithdrawal",
    "FileSignature",
    "SignedCopy",
    "SignedScan",
    "PaperTemplate",
    "EvidenceHiding",
    "PlanImport",
    "LearnedWord",
    "ReminderSending",
    "SavedFilter",
}

Wrong = Callable[[Plan, Measure], models.Model]


def division(plan: Plan) -> Division:
    return plan.agency.divisions.order_by("position")[0]


def person(plan: Plan, *roles: Role, agency: bool) -> User:
    made = User(username="x", password="x", agency=plan.agency if agency else None)
    made.roles = set(roles)
    return made


def waiting_officer(plan: Plan) -> User:
    made = person(plan, Role.OFFICER, agency=True)
    made.awaits_confirmation = True
    return made


def hiding(measure: Measure) -> models.Model:
    return EvidenceHiding(evidence=make_evidence(measure), hidden=True, reason="", done_by="x", done_at=NOW)


def withdrawal_by_itself(plan: Plan) -> models.Model:
    made = edition(plan)
    made.save()
    return EditionWithdrawal(edition=made, replaced_by=made)


def proof(measure: Measure, **fields: Any) -> models.Model:
    made = Evidence(
        measure=measure, title="ภาพถ่าย", address="https://example.go.th/1", effective_on="2023-01-31"
    )
    return changed(made, **fields)


def file_proof(measure: Measure, **fields: Any) -> models.Model:
    described = {"file_name": "ก.pdf", "content_type": "application/pdf", "size": 1, "sha256": "0" * 64}
    return proof(measure, **{"address": "", "file": "evidence/00/x.pdf", **described, **fields})


def changed(instance: models.Model, **fields: Any) -> models.Model:
    for name, value in fields.items():
        setattr(instance, name, value)
    return instance


def submission(plan: Plan, **fields: Any) -> models.Model:
    return changed(Submission(round=plan.rounds.get(months=6), document="{}", submitted_at=NOW), **fields)


def second_submission(plan: Plan) -> models.Model:
    submission(plan).save()
    return submission(plan)


def job(plan: Plan, **fields: Any) -> models.Model:
    made = BackgroundJob(kind="x", subject="1", title="x", agency=plan.agency, asked_at=NOW)
    return changed(made, **fields)


def second_job(plan: Plan) -> models.Model:
    job(plan).save()
    return job(plan)


def job_file(plan: Plan, **fields: Any) -> models.Model:
    job(plan).save()
    of_plan = BackgroundJob.objects.get()
    return changed(JobFile(job=of_plan, role="made", path="jobs/1", name="x", size=1), **fields)


def second_job_file(plan: Plan) -> models.Model:
    first = job_file(plan)
    first.save()
    return JobFile(job=BackgroundJob.objects.get(), role="made", path="jobs/2", name="x", size=1)


def edition(plan: Plan, **fields: Any) -> Edition:
    made = Edition(round=plan.rounds.get(months=6), revision=1, code="1", document="{}", approved_at=NOW)
    changed(made, sha256="0" * 64, approved_by="x", **fields)
    return made


def scan(plan: Plan, **fields: Any) -> models.Model:
    made = edition(plan)
    made.save()
    usual = {"content_type": "application/pdf", "size": 1, "pages": 1, "edition_pages": 1}
    kept = {"content": b"x", "sha256": "0" * 64, "attached_by": "x", "attached_at": NOW}
    return SignedScan(edition=made, **{**usual, **kept, **fields})


def second_edition(plan: Plan, **fields: Any) -> models.Model:
    edition(plan).save()
    return edition(plan, **fields)


def second_file(plan: Plan) -> models.Model:
    made = edition(plan)
    made.save()
    files = [EditionFile(edition=made, format="pdf", content=b"x", sha256="0" * 64) for _ in range(2)]
    files[0].save()
    return files[1]


def signature(plan: Plan, **fields: Any) -> models.Model:
    return FileSignature(**{"file": stored_file(plan), "level": "b-b", "signer": "x"} | fields)


def stored_file(plan: Plan) -> EditionFile:
    made = edition(plan)
    made.save()
    return EditionFile.objects.create(edition=made, format="pdf", content=b"x", sha256="0" * 64)


def signed_copy(plan: Plan, **fields: Any) -> SignedCopy:
    facts = {"number": 1, "added": b"x", "sha256": "0" * 64, "level": "b-b", "made_at": NOW}
    return SignedCopy(**{"file": fields.pop("file", None) or stored_file(plan)} | facts | fields)


def second_copy(plan: Plan) -> models.Model:
    first = signed_copy(plan)
    first.save()
    return signed_copy(plan, file=first.file)


def paper(plan: Plan, **differs: Any) -> EditionPaper:
    made = Edition.objects.first()
    if made is None:
        made = edition(plan)
        made.save()
    fields: dict[str, Any] = {
        "edition": made,
        "version": 1,
        "kind": "memo",
        "format": "pdf",
        "content": b"x",
        "sha256": "0" * 64,
        "made_by": officer(plan),
        "made_at": timezone.now(),
    }
    return EditionPaper(**fields | differs)


def second_paper(plan: Plan) -> EditionPaper:
    paper(plan).save()
    return paper(plan)


def paper_template(plan: Plan, **differs: Any) -> PaperTemplate:
    fields: dict[str, Any] = {
        "agency": plan.agency,
        "kind": "memo",
        "version": 1,
        "name": "บันทึก.docx",
        "content": b"x",
        "sha256": "0" * 64,
        "added_by": officer(plan),
        "added_at": timezone.now(),
    }
    return PaperTemplate(**fields | differs)


def second_paper_template(plan: Plan) -> PaperTemplate:
    paper_template(plan).save()
    return paper_template(plan)


def saved_filter(plan: Plan, **differs: Any) -> SavedFilter:
    person, _ = User.objects.get_or_create(username="o", defaults={"is_officer": True, "agency": plan.agency})
    return SavedFilter(**{"person": person, "agency": plan.agency, "name": "x", "status": "late"} | differs)


def second_filter(plan: Plan) -> SavedFilter:
    saved_filter(plan).save()
    return saved_filter(plan, status="done")


def learned_word(plan: Plan, **differs: Any) -> LearnedWord:
    usual = {"kind": "column", "letters": "ก", "text": "ก", "meaning": "title"}
    return LearnedWord(**({"agency": plan.agency} | usual | differs))


def second_word(plan: Plan) -> LearnedWord:
    learned_word(plan).save()
    return learned_word(plan, meaning="steps")


def second_calendar(plan: Plan) -> models.Model:
    User.objects.create(username="o", is_officer=True, agency=plan.agency, calendar_key="k")
    return User(username="x", password="x", is_officer=True, agency=plan.agency, calendar_key="k")


def officer(plan: Plan) -> User:
    known = list(User.objects.filter(username="o"))
    return known[0] if known else make_person("o", Role.OFFICER, plan.agency)


def acting(plan: Plan, **fields: Any) -> models.Model:
    dates = {"starts_on": "2023-02-01", "ends_on": "2023-02-02"}
    return ActingApprover(
        agency=plan.agency, person=officer(plan), order="1/2566", named_at=NOW, **(dates | fields)
    )


def event(plan: Plan, kind: str) -> models.Model:
    subject = officer(plan)
    return AccountEvent(agency=plan.agency, person=subject, kind=kind, done_by_name="o", done_at=NOW)


def refusal(**fields: Any) -> models.Model:
    usual = {"kind": "pair", "network": "203.0.113.7", "first_at": NOW, "last_at": NOW}
    return SignInRefusal(**(usual | fields))


def part(measure: Measure, **fields: Any) -> Part:
    return Part(measure=measure, division=division(measure.plan), **fields)


def second_part(measure: Measure) -> models.Model:
    part(measure).save()
    return part(measure)


def second_tick(measure: Measure) -> models.Model:
    own = part(measure)
    own.save()
    ticks = [PartTick(part=own, step=measure.steps.all()[0], done_on="2023-01-31") for _ in range(2)]
    ticks[0].save()
    return ticks[1]


def comment(measure: Measure, **fields: Any) -> models.Model:
    values = {"text": "x", "written_by": officer(measure.plan), "written_at": NOW} | fields
    return Comment(measure=measure, **values)


# The name of each constraint, an object that breaks only that one, and a word of the message a form shows.
def reminder(plan: Plan, **fields: Any) -> ReminderSending:
    to_officer = {"person": officer(plan)} if fields.get("channel", "mail") == "mail" else {}
    day = {"kind": "late", "day": date(2023, 4, 1), "noted_at": NOW, "channel": "mail"}
    words = {"address": "a@example.go.th", "subject": "x", "text": "x"}
    return ReminderSending(agency=plan.agency, **words | day | to_officer | fields)


def second_reminder(plan: Plan, channel: str) -> models.Model:
    first = reminder(plan, channel=channel)
    first.save()
    return reminder(plan, channel=channel, person=first.person)


def second_form(plan: Plan) -> SavedForm:
    """A form that was stored already."""
    first = SavedForm(
        person=make_person("twice", Role.OFFICER, plan.agency), digest="x", attempt="1", stored_at=NOW
    )
    first.save()
    return SavedForm(person=first.person, digest="x", attempt="2", stored_at=NOW)


CASES: list[tuple[str, Wrong, str]] = [
    ("agency_slug_unique", lambda p, m: Agency(name="x", short_name="x", slug=p.agency.slug), "มีแล้ว"),
    ("agency_name_not_empty", lambda p, m: Agency(name="", short_name="x", slug="x"), "เว้นว่างไม่ได้"),
    ("agency_slug_not_empty", lambda p, m: Agency(name="x", short_name="x", slug=""), "เว้นว่างไม่ได้"),
    (
        "division_name_unique_in_agency",
        lambda p, m: Division(agency=p.agency, name=division(p).name),
        "มีส่วนราชการชื่อนี้แล้ว",
    ),
    ("division_name_not_empty", lambda p, m: Division(agency=p.agency, name=""), "เว้นว่างไม่ได้"),
    ("agency_kind_known", lambda p, m: Agency(name="x", short_name="x", slug="x", kind="y"), "y"),
    (
        "agency_report_text_size_known",
        lambda p, m: Agency(name="x", short_name="x", slug="x", report_text_size=15),
        "15",
    ),
    (
        "agency_days_before_round_end_at_most_60",
        lambda p, m: Agency(name="x", short_name="x", slug="x", days_before_round_end=61),
        "60",
    ),
    ("user_has_a_role", lambda p, m: person(p, agency=False), "อย่างน้อยหนึ่งอย่าง"),
    ("user_agency_fits_roles", lambda p, m: person(p, Role.OFFICER, agency=False), "ต้องมีหน่วยงาน"),
    ("user_agency_fits_roles", lambda p, m: person(p, Role.OVERSEER, agency=True), "บทบาทอื่นต้องไม่มี"),
    (
        "user_agency_fits_roles",
        lambda p, m: person(p, Role.OVERSEER, Role.STAFF, agency=True),
        "บทบาทอื่นต้องไม่มี",
    ),
    (
        "user_awaits_confirmation_as_executive",
        lambda p, m: waiting_officer(p),
        "ต้องมีบทบาทผู้บริหาร",
    ),
    ("user_calendar_key_unique", lambda p, m: second_calendar(p), "มีอยู่แล้ว"),
    ("acting_approver_ends_after_start", lambda p, m: acting(p, ends_on="2023-01-31"), "วันสิ้นสุด"),
    ("saved_form_once", lambda p, m: second_form(p), "บันทึกแล้ว"),
    ("account_event_kind_known", lambda p, m: event(p, kind="x"), "x"),
    ("refusal_kind_known", lambda p, m: refusal(kind="x"), "x"),
    ("refusal_times_in_order", lambda p, m: refusal(last_at=NOW - timedelta(1)), "refusal_times_in_order"),
    ("job_one_unfinished_of_subject", lambda p, m: second_job(p), "อยู่ในคิวแล้ว"),
    ("job_state_known", lambda p, m: job(p, state="lost", ended_at=NOW), "lost"),
    ("job_running_has_lease", lambda p, m: job(p, state="running"), "job_running_has_lease"),
    ("job_running_has_lease", lambda p, m: job(p, lease_until=NOW), "job_running_has_lease"),
    ("job_finished_has_time", lambda p, m: job(p, state="done"), "job_finished_has_time"),
    ("job_done_at_most_total", lambda p, m: job(p, done=3, total=2), "job_done_at_most_total"),
    ("job_file_once_a_role", lambda p, m: second_job_file(p), "มีไฟล์แล้ว"),
    ("job_file_role_known", lambda p, m: job_file(p, role="x"), "x"),
    ("job_file_has_path", lambda p, m: job_file(p, path=""), "เว้นว่างไม่ได้"),
    ("part_once_per_division", lambda p, m: second_part(m), "มีส่วนในมาตรการนี้แล้ว"),
    ("part_status_known", lambda p, m: part(m, status="x"), "x"),
    ("part_cancelled_has_reason", lambda p, m: part(m, status=Status.CANCELLED), "เหตุผล"),
    ("part_tick_once_per_step", lambda p, m: second_tick(m), "ทำเครื่องหมายแล้ว"),
    ("comment_text_not_empty", lambda p, m: comment(m, text=""), "เว้นว่างไม่ได้"),
    ("comment_answered_was_returning", lambda p, m: comment(m, answered_at=NOW), "comment_answered"),
    (
        "indicator_number_unique",
        lambda p, m: Indicator(number=1, name="x", instrument="IIT"),
        "มีตัวชี้วัดเลขนี้แล้ว",
    ),
    (
        "indicator_number_1_to_10",
        lambda p, m: Indicator(number=11, name="x", instrument="IIT"),
        "1 ถึง 10",
    ),
    (
        "indicator_instrument_known",
        lambda p, m: changed(m.indicator, instrument="XIT"),
        "XIT",
    ),
    (
        "plan_unique_in_agency_and_year",
        lambda p, m: Plan(agency=p.agency, fiscal_year=p.fiscal_year),
        "มีแผนของปีนี้แล้ว",
    ),
    ("plan_year_is_buddhist_era", lambda p, m: Plan(agency=p.agency, fiscal_year=2023), "พ.ศ."),
    ("measure_title_not_empty", lambda p, m: changed(m, title=""), "เว้นว่างไม่ได้"),
    ("measure_status_known", lambda p, m: changed(m, status="late"), "late"),
    ("measure_cancelled_has_reason", lambda p, m: changed(m, status=Status.CANCELLED), "เหตุผลที่ยกเลิก"),
    ("measure_position_from_1", lambda p, m: changed(m, position=0), "measure_position_from_1"),
    ("measure_first_step_from_1", lambda p, m: changed(m, first_step=0), "measure_first_step_from_1"),
    (
        "responsibility_once_per_division",
        lambda p, m: Responsibility(measure=m, division=division(p), position=2),
        "ซ้ำ",
    ),
    (
        "responsibility_position_from_1",
        lambda p, m: changed(m.responsibilities.get(), position=0),
        "responsibility_position_from_1",
    ),
    ("step_text_not_empty", lambda p, m: Step(measure=m, text=""), "เว้นว่างไม่ได้"),
    ("step_position_from_1", lambda p, m: Step(measure=m, text="x", position=0), "step_position_from_1"),
    (
        "step_not_its_own_parent",
        lambda p, m: changed(m.steps.all()[0], parent_id=m.steps.all()[0].pk),
        "step_not_its_own_parent",
    ),
    ("evidence_title_not_empty", lambda p, m: proof(m, title=""), "เว้นว่างไม่ได้"),
    ("evidence_address_is_web", lambda p, m: proof(m, address="ftp://example.go.th/1"), "URL"),
    ("evidence_address_or_file", lambda p, m: proof(m, address=""), "อย่างใดอย่างหนึ่ง"),
    (
        "evidence_address_or_file",
        lambda p, m: file_proof(m, address="https://example.go.th/1"),
        "อย่างใดอย่างหนึ่ง",
    ),
    ("evidence_file_is_described", lambda p, m: file_proof(m, size=0), "ต้องมีชื่อ ชนิด ขนาด"),
    ("evidence_file_is_described", lambda p, m: file_proof(m, sha256=""), "ต้องมีชื่อ ชนิด ขนาด"),
    ("evidence_file_is_described", lambda p, m: file_proof(m, file_name=""), "ต้องมีชื่อ ชนิด ขนาด"),
    ("evidence_file_is_described", lambda p, m: file_proof(m, content_type="text/html"), "ต้องมีชื่อ ชนิด ขนาด"),
    ("evidence_file_is_described", lambda p, m: proof(m, size=5), "ต้องมีชื่อ ชนิด ขนาด"),
    ("evidence_hiding_has_reason", lambda p, m: hiding(m), "เว้นว่าง"),
    ("round_unique_in_plan", lambda p, m: Round(plan=p, months=6), "มีรอบนี้แล้ว"),
    ("round_months_6_or_12", lambda p, m: changed(p.rounds.get(months=6), months=9), "9"),
    ("round_state_known", lambda p, m: changed(p.rounds.get(months=6), state="lost"), "lost"),
    ("submission_one_pending_in_round", lambda p, m: second_submission(p), "ส่งไปแล้ว"),
    ("submission_outcome_known", lambda p, m: submission(p, outcome="lost", decided_at=NOW), "lost"),
    ("submission_decided_has_time", lambda p, m: submission(p, outcome="approved"), "decided_has_time"),
    (
        "submission_returned_has_reason",
        lambda p, m: submission(p, outcome="returned", decided_at=NOW),
        "เหตุผลที่ส่งกลับ",
    ),
    ("edition_revision_unique_in_round", lambda p, m: second_edition(p, code="2"), "อยู่แล้ว"),
    ("edition_code_unique", lambda p, m: second_edition(p, revision=2, correction="x"), "อยู่แล้ว"),
    ("edition_correction_has_reason", lambda p, m: edition(p, revision=2), "edition_correction_has_reason"),
    ("edition_file_once_per_format", lambda p, m: second_file(p), "อยู่แล้ว"),
    ("file_signature_level_known", lambda p, m: signature(p, level="b-x"), "ไม่อยู่ในตัวเลือก"),
    (
        "file_signature_has_signer_or_problem",
        lambda p, m: signature(p, level="", signer=""),
        "file_signature_has_signer_or_problem",
    ),
    (
        "file_signature_stamp_has_end",
        lambda p, m: signature(p, level="b-lta"),
        "file_signature_stamp_has_end",
    ),
    ("signed_copy_numbered_once", lambda p, m: second_copy(p), "ไฟล์นี้มีสำเนาลำดับนี้อยู่แล้ว"),
    ("signed_copy_numbered_from_1", lambda p, m: signed_copy(p, number=0), "signed_copy_numbered_from_1"),
    ("signed_copy_stamp_has_end", lambda p, m: signed_copy(p, level="b-lta"), "signed_copy_stamp_has_end"),
    ("signed_scan_type_known", lambda p, m: scan(p, content_type="text/html"), "signed_scan_type_known"),
    ("signed_scan_has_pages", lambda p, m: scan(p, pages=0), "signed_scan_has_pages"),
    ("edition_paper_once_a_version", lambda p, m: second_paper(p), "จัดทำไว้แล้ว"),
    ("edition_paper_kind_known", lambda p, m: paper(p, kind="x"), "x"),
    ("edition_paper_format_known", lambda p, m: paper(p, format="odt"), "odt"),
    ("paper_template_version_unique", lambda p, m: second_paper_template(p), "ไปก่อนแล้ว"),
    ("paper_template_kind_known", lambda p, m: paper_template(p, kind="x"), "x"),
    (
        "paper_template_named_with_hash",
        lambda p, m: paper_template(p, name=""),
        "paper_template_named_with_hash",
    ),
    ("edition_withdrawn_by_another", lambda p, m: withdrawal_by_itself(p), "edition_withdrawn_by_another"),
    (
        "oit_answer_has_item",
        lambda p, m: OitAnswer(round=p.rounds.get(months=6), item="", title="x"),
        "เว้นว่าง",
    ),
    ("learned_word_once_an_agency", lambda p, m: second_word(p), "หน่วยงานจำคำนี้ไว้แล้ว"),
    (
        "learned_word_means_one_thing",
        lambda p, m: learned_word(p, division=division(p)),
        "คำที่จำไว้ต้องมีความหมายเดียว",
    ),
    ("saved_filter_name_once_a_person", lambda p, m: second_filter(p), "คุณมีตัวกรองชื่อนี้แล้ว"),
    ("saved_filter_name_not_empty", lambda p, m: saved_filter(p, name=""), "เว้นว่าง"),
    ("saved_filter_filters", lambda p, m: saved_filter(p, status=""), "กรุณาเลือกตัวกรองก่อน"),
    ("reminder_once_a_person_and_day", lambda p, m: second_reminder(p, "mail"), "บันทึกไว้แล้ว"),
    ("reminder_once_a_group_and_day", lambda p, m: second_reminder(p, "line"), "บันทึกไว้แล้ว"),
    (
        "reminder_mail_to_person_line_to_group",
        lambda p, m: reminder(p, person=None),
        "reminder_mail_to_person_line_to_group",
    ),
    ("reminder_kind_known", lambda p, m: reminder(p, kind="never"), "never"),
    ("reminder_state_known", lambda p, m: reminder(p, state="lost"), "lost"),
    ("reminder_sent_has_time", lambda p, m: reminder(p, state="sent"), "reminder_sent_has_time"),
]
NAMES = [f"{name}-{n}" for n, (name, _, _) in enumerate(CASES)]


@pytest.mark.parametrize(("name", "wrong", "said"), CASES, ids=NAMES)
def test_a_form_says_so_and_the_database_itself_refuses_it(
    plan: Plan, measure: Measure, name: str, wrong: Wrong, said: str
) -> None:
    broken = wrong(plan, measure)
    with pytest.raises(ValidationError) as told:
        copy(broken).full_clean()
    assert said in " ".join(told.value.messages)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        broken.save()
    # SQLite names the columns of a unique constraint, PostgreSQL the constraint.
    if connection.vendor == "postgresql" or "CHECK" in str(refused.value):
        assert name in str(refused.value)
    else:
        constraint = next(c for c in type(broken)._meta.constraints if c.name == name)
        assert isinstance(constraint, models.UniqueConstraint)
        columns = {field.name: field.column for field in type(broken)._meta.fields}
        for field in constraint.fields:
            assert f"{type(broken)._meta.db_table}.{columns[field]}" in str(refused.value)


def test_every_constraint_of_the_project_has_a_case() -> None:
    ours = [
        model
        for app in ("accounts", "measures", "reports")
        for model in apps.get_app_config(app).get_models()
    ]
    names = {constraint.name for model in ours for constraint in model._meta.constraints}
    assert names == {name for name, _, _ in CASES}


def test_steps_are_at_most_two_levels_deep(measure: Measure) -> None:
    first = measure.steps.all()[0]
    second = Step.objects.create(measure=measure, text="ย่อย", parent=first)
    with pytest.raises(ValidationError) as refused:
        Step(measure=measure, text="ย่อยอีก", parent=second).full_clean()
    assert refused.value.message_dict == {"parent": ["ขั้นตอนมีได้ไม่เกินสองระดับ"]}
    Step(measure=measure, text="ย่อยที่สอง", parent=first).full_clean()


def test_evidence_is_of_a_step_of_its_own_measure(plan: Plan, measure: Measure) -> None:
    other = make_measure(plan, "อื่น", position=2)
    with pytest.raises(ValidationError) as refused:
        proof(measure, step=other.steps.all()[0]).clean()
    assert refused.value.message_dict == {"step": ["ขั้นตอนต้องอยู่ในมาตรการเดียวกัน"]}
    kept = proof(measure, step=measure.steps.all()[0])
    kept.clean()
    kept.save()
    # A step that is dropped from the plan leaves its evidence to the measure.
    measure.steps.all().delete()
    kept.refresh_from_db()
    assert kept.step is None  # type: ignore[attr-defined]


def test_a_step_hangs_on_a_step_of_the_same_measure(plan: Plan, measure: Measure) -> None:
    other = make_measure(plan, "อื่น", position=2)
    with pytest.raises(ValidationError) as refused:
        Step(measure=other, text="ย่อย", parent=measure.steps.all()[0]).full_clean()
    assert refused.value.message_dict == {"parent": ["ขั้นตอนหลักต้องอยู่ในมาตรการเดียวกัน"]}


@pytest.mark.parametrize("text", ["ก\x00ข", "ก\x07ข", "ก\x1bข", "ก\x85ข", "ก\ud800ข"])
def test_text_fields_refuse_what_no_report_can_show(measure: Measure, text: str) -> None:
    for name in ("title", "due_text", "status_reason", "result", "obstacle"):
        setattr(measure, name, text)
        with pytest.raises(ValidationError) as refused:
            measure.clean_fields()
        assert "อักขระควบคุม" in " ".join(refused.value.message_dict[name])
        setattr(measure, name, "เดิม")


def test_long_texts_end_where_they_are_said_to_end(measure: Measure) -> None:
    measure.result = "ก" * LONG_TEXT
    measure.full_clean()
    measure.result += "ก"
    with pytest.raises(ValidationError) as refused:
        measure.full_clean()
    assert list(refused.value.message_dict) == ["result"]
    step = Step(measure=measure, text="ก" * (STEP_TEXT + 1))
    with pytest.raises(ValidationError):
        step.full_clean()


def test_every_save_leaves_who_and_what_in_the_history(plan: Plan, measure: Measure) -> None:
    ours = [
        model
        for app in ("accounts", "measures", "reports")
        for model in apps.get_app_config(app).get_models()
    ]
    assert {
        model.__name__
        for model in ours
        if not model.__name__.startswith("Historical") and not hasattr(model, "history")
    } == RECORDS
    officer = make_person("o", Role.OFFICER, plan.agency)
    measure.title = "ชื่อใหม่"
    measure._history_user = officer  # type: ignore[attr-defined]
    measure.save()
    latest, first = measure.history.all()
    assert (latest.title, latest.history_user, latest.history_type) == ("ชื่อใหม่", officer, "~")
    assert (first.title, first.history_type) == ("มาตรการ", "+")


def test_the_history_of_a_person_holds_no_password(plan: Plan) -> None:
    user = make_person("somebody", Role.OFFICER, plan.agency)
    record = user.history.get()
    assert record.username == "somebody"
    assert not hasattr(record, "password")
    assert not hasattr(record, "last_login")


def test_a_sign_in_is_no_change_of_the_person(plan: Plan) -> None:
    user = make_person("somebody", Role.OFFICER, plan.agency)
    Client().force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    user.refresh_from_db()
    assert user.last_login is not None
    assert user.history.count() == 1
    user.post = "นิติกร"
    user.save()
    assert user.history.count() == 2


def test_what_others_hang_on_cannot_be_deleted(plan: Plan, measure: Measure) -> None:
    for needed in (plan.agency, division(plan), measure.indicator, plan):
        with pytest.raises(ProtectedError):
            needed.delete()


def test_a_report_outlives_the_account_of_who_made_it(plan: Plan, measure: Measure) -> None:
    officer = User.objects.create(username="o", is_officer=True, agency=plan.agency)
    Measure.objects.filter(pk=measure.pk).update(reported_by=officer, result="ทำแล้ว")
    officer.delete()
    measure.refresh_from_db()
    assert (measure.reported_by, measure.result) == (None, "ทำแล้ว")


def test_deleting_a_measure_takes_its_steps_and_parties_along_and_keeps_their_history(
    measure: Measure,
) -> None:
    steps = [step.pk for step in measure.steps.all()]
    measure.delete()
    assert not Step.objects.exists()
    assert not Responsibility.objects.exists()
    assert {r.id for r in Step.history.filter(history_type="-")} == set(steps)


def test_parties_stand_in_their_order(plan: Plan) -> None:
    measure = make_measure(plan, divisions=0)
    first, second = plan.agency.divisions.order_by("position")
    Responsibility.objects.create(measure=measure, division=second, position=1)
    Responsibility.objects.create(measure=measure, division=first, position=2)
    assert measure.parties == [second, first]


def test_measures_stand_in_report_order(plan: Plan) -> None:
    make_measure(plan, "ค", indicator=2, position=1)
    make_measure(plan, "ข", indicator=1, position=2)
    make_measure(plan, "ก", indicator=1, position=1)
    assert [m.title for m in Measure.objects.in_report_order()] == ["ก", "ข", "ค"]


def test_late_is_the_same_question_in_the_database_and_in_memory(plan: Plan) -> None:
    day = date(2023, 4, 1)
    for number, status in enumerate(Status.values):
        for due_on in (None, date(2023, 3, 31), day, date(2023, 4, 2)):
            make_measure(plan, status=status, due_on=due_on, position=number + 1, status_reason="เหตุผล")
    asked = set(Measure.objects.late(day).values_list("pk", flat=True))
    assert asked == {measure.pk for measure in Measure.objects.all() if measure.is_late_on(day)}
    assert len(asked) == 2


def test_step_counts_do_not_multiply_with_parties(plan: Plan) -> None:
    measure = make_measure(plan, divisions=2, steps=3)
    measure.steps.filter(position=1).update(done_on=date(2023, 1, 1))
    counted = Measure.objects.with_parties().with_step_counts().get()
    assert (counted.steps_total, counted.steps_done, len(counted.parties)) == (3, 1, 2)


def test_names_read_as_people_say_them(plan: Plan, measure: Measure) -> None:
    officer = User(username="o", full_name="", is_officer=True, agency=plan.agency)
    staff = User.objects.create(
        username="s", full_name="สมศรี ใจดี", is_division_staff=True, agency=plan.agency
    )
    staff.divisions.add(division(plan))
    overseer = User(username="v", is_overseer=True)
    assert [str(officer), str(staff), staff.get_short_name()] == ["o", "สมศรี ใจดี", "สมศรี ใจดี"]
    assert [officer.works_in, staff.works_in, overseer.works_in] == [plan.agency.name, "กองที่ 1", ""]
    assert str(plan.agency) == "องค์การบริหารส่วนตำบล here"
    assert str(division(plan)) == "กองที่ 1"
    assert str(plan) == "อบต. here ปีงบประมาณ พ.ศ. 2566"
    assert str(plan.rounds.get(months=6)) == "อบต. here ปีงบประมาณ พ.ศ. 2566 รอบ 6 เดือน"
    assert str(measure.indicator) == "ตัวชี้วัดที่ 1 ตัวชี้วัดเรื่องที่ 1"
    assert str(measure) == "มาตรการ"
    assert str(measure.responsibilities.get()) == "1. กองที่ 1"
    assert str(measure.steps.all()[0]) == "ขั้นที่ 1"


def test_a_round_has_the_dates_of_its_fiscal_year(plan: Plan) -> None:
    six, twelve = plan.rounds.order_by("months")
    assert (six.length, six.starts_on, six.ends_on) == (6, date(2022, 10, 1), date(2023, 3, 31))
    assert (twelve.length, twelve.starts_on, twelve.ends_on) == (12, date(2022, 10, 1), date(2023, 9, 30))


def test_a_plan_is_closed_once_it_says_when(plan: Plan) -> None:
    assert not plan.is_closed
    plan.closed_at = timezone.now()
    assert plan.is_closed


def test_no_migration_is_missing() -> None:
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
