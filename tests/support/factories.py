"""Makes what most tests need: agencies, people, plans, measures, evidence and editions."""

import hashlib
from dataclasses import replace
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.background.files import file_address
from accounts.models import Agency, BackgroundJob, Division, JobFile, JobFileRole, JobState, Role, User
from measures.models import Evidence, Indicator, Measure, Plan, Responsibility, Step
from measures.parts.services import ensure_parts
from reports.document.builder import build_document
from reports.document.facts import EditionMark
from reports.document.redaction import for_everybody
from reports.document.serialization import to_json
from reports.models import Edition, EditionFile, Publication, Round, RoundState
from reports.renderers import FORMATS

YEAR: Final = 2566
OFFICE: Final = ZoneInfo("Asia/Bangkok")
PASSWORD: Final = "a long enough password"


def make_indicators() -> list[Indicator]:
    """All ten, under names of their own."""
    instruments = ["IIT"] * 5 + ["EIT"] * 3 + ["OIT"] * 2
    return Indicator.objects.bulk_create(
        Indicator(number=number, name=f"ตัวชี้วัดเรื่องที่ {number}", instrument=instrument)
        for number, instrument in enumerate(instruments, 1)
    )


def make_agency(slug: str, divisions: int = 2) -> Agency:
    """An agency with divisions กองที่ 1, กองที่ 2, …"""
    agency = Agency.objects.create(name=f"องค์การบริหารส่วนตำบล {slug}", short_name=f"อบต. {slug}", slug=slug)
    for position in range(1, divisions + 1):
        Division.objects.create(agency=agency, name=f"กองที่ {position}", position=position)
    return agency


def make_person(username: str, role: Role, agency: Agency | None = None, *divisions: Division) -> User:
    """A person who can sign in with PASSWORD."""
    person: User = User.objects.create_user(
        username,
        password=PASSWORD,
        roles={role},
        agency=agency,
        is_staff=role == Role.ADMIN,
        is_superuser=role == Role.ADMIN,
    )
    person.divisions.set(divisions)
    return person


def make_people(agency: Agency) -> dict[str, User]:
    """A person of every role in the agency, staff of its other division, and people of another agency."""
    first, second = agency.divisions.order_by("position")
    elsewhere = make_agency("elsewhere")
    return {
        "staff": make_person("staff", Role.STAFF, agency, first),
        "other_staff": make_person("other_staff", Role.STAFF, agency, second),
        "officer": make_person("officer", Role.OFFICER, agency),
        "executive": make_person("executive", Role.EXECUTIVE, agency),
        "overseer": make_person("overseer", Role.OVERSEER),
        "admin": make_person("admin", Role.ADMIN),
        "stranger": make_person("stranger", Role.OFFICER, elsewhere),
    }


def make_measure(
    plan: Plan,
    title: str = "มาตรการ",
    *,
    indicator: int = 1,
    divisions: int = 1,
    steps: int = 2,
    position: int = 1,
    due_on: date | None = date(2023, 9, 30),
    **fields: object,
) -> Measure:
    """A measure of the agency's first divisions with first-level steps ขั้นที่ 1, ขั้นที่ 2, …"""
    measure = Measure.objects.create(
        plan=plan,
        indicator=Indicator.objects.get(number=indicator),
        title=title,
        position=position,
        due_text="ตลอดปีงบประมาณ พ.ศ. ๒๕๖๖",
        due_on=due_on,
        **fields,
    )
    for place, division in enumerate(plan.agency.divisions.order_by("position")[:divisions], 1):
        Responsibility.objects.create(measure=measure, division=division, position=place)
    for place in range(1, steps + 1):
        Step.objects.create(measure=measure, position=place, text=f"ขั้นที่ {place}")
    # With by_division=True, its parts are there too.
    ensure_parts(measure)
    return measure


def make_evidence(measure: Measure, title: str = "ภาพถ่ายการประชุม", day: date = date(2023, 1, 31)) -> Evidence:
    """Evidence of a measure on the web."""
    return Evidence.objects.create(
        measure=measure, title=title, address="https://www.example.go.th/1", effective_on=day
    )


PDF: Final = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def make_evidence_file(measure: Measure, data: bytes = PDF, **fields: object) -> Evidence:
    """Evidence of a measure with a file, as it is after it was handed in; a PDF unless the fields differ."""
    proof = Evidence(
        measure=measure,
        title="คำสั่งแต่งตั้ง",
        effective_on=date(2023, 1, 31),
        file_name="คำสั่ง.pdf",
        content_type="application/pdf",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        **fields,
    )
    proof.file.save("evidence/00/test.pdf", ContentFile(data), save=False)
    proof.save()
    return proof


def make_edition(reporting_round: Round, *, published: bool = True, revision: int = 1) -> Edition:
    """An approved round with its edition, whose only file is a stand-in for a PDF.

    Its code follows from year and revision: of a year, the editions of one round alone.
    """
    Round.objects.filter(pk=reporting_round.pk).update(state=RoundState.APPROVED)
    correction = "" if revision == 1 else "แก้ไขตัวเลข"
    year = reporting_round.plan.fiscal_year
    code = f"{'ABCD' if year == YEAR else year}-{2344 + revision}"
    mark = EditionMark(
        revision, code, "https://ita.example.go.th/", "ผู้บริหาร", "นายก", date(2023, 4, 1), correction
    )
    document = for_everybody(replace(build_document(reporting_round), edition=mark))
    edition = Edition.objects.create(
        round=reporting_round,
        revision=revision,
        code=mark.code,
        document=to_json(document).decode(),
        sha256="0" * 64,
        approved_by=mark.approved_by,
        approved_post=mark.approved_post,
        approved_at=timezone.now(),
        correction=correction,
    )
    EditionFile.objects.create(edition=edition, format="pdf", content=b"%PDF-", sha256="0" * 64)
    if published:
        Publication.objects.create(edition=edition, published_at=timezone.now())
    return edition


def make_remaining_files(edition: Edition) -> None:
    """Stand-ins for the files that an edition lacks, so that it can be published."""
    for name in FORMATS:
        EditionFile.objects.get_or_create(
            edition=edition, format=name, defaults={"content": b"x", "sha256": "1" * 64}
        )


def make_job(agency: Agency, **fields: object) -> BackgroundJob:
    """A job of an agency that is done, unless the fields say otherwise."""
    now = timezone.now()
    done = {"state": JobState.DONE, "done": 5, "total": 5, "ended_at": now}
    described = {
        "kind": "import_plan",
        "subject": "1",
        "title": "นำเข้าแผน",
        "agency": agency,
        "asked_at": now,
    }
    return BackgroundJob.objects.create(**{**described, **done, **fields})


def make_job_file(job: BackgroundJob, content: bytes = b"made") -> JobFile:
    """The file that a job has made, handed out at its address."""
    path = default_storage.save(f"jobs/{job.pk}", ContentFile(content))
    BackgroundJob.objects.filter(pk=job.pk).update(result_address=file_address(job))
    return JobFile.objects.create(job=job, role=JobFileRole.MADE, path=path, name="ผล.zip", size=len(content))
