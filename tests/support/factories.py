"""Makes what most tests need: agencies, people, plans, measures, evidence and editions."""

import hashlib
from dataclasses import replace
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from accounts.background.files import file_address
from accounts.models import Agency, BackgroundJob, Division, JobFile, JobFileRole, JobState, Role, User
from measures.models import Evidence, Indicator, Measure, Plan, Responsibility, Step
from measures.parts.services import ensure_parts
from reports.document.builder import build_document
from reports.document.facts import EditionMark
from reports.document.redaction import for_everybody
from reports.document.serialization import to_json
from reports.models import (
    Edition,
    EditionFile,
    EditionPaper,
    Publication,
    Round,
    RoundState,
    SignedScan,
)
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
    positions = range(1, divisions + 1)
    of_agency = [Division(agency=agency, name=f"กองที่ {each}", position=each) for each in positions]
    bulk_create_with_history(of_agency, Division)
    return agency


def make_person(username: str, role: Role, agency: Agency | None = None, *divisions: Division) -> User:
    """A person who can sign in with PASSWORD."""
    person = _person(username, role, agency)
    person.save()
    person.divisions.set(divisions)
    return person


def _person(username: str, role: Role, agency: Agency | None) -> User:
    keeps_the_site = role == Role.ADMIN
    password = make_password(PASSWORD)
    person = User(
        username=username,
        password=password,
        agency=agency,
        is_staff=keeps_the_site,
        is_superuser=keeps_the_site,
    )
    person.roles = {role}
    return person


def make_people(agency: Agency) -> dict[str, User]:
    """A person of every role in the agency, staff of its other division, and people of another agency."""
    first, second = agency.divisions.order_by("position")
    elsewhere = make_agency("elsewhere")
    people = [
        _person("staff", Role.STAFF, agency),
        _person("other_staff", Role.STAFF, agency),
        _person("officer", Role.OFFICER, agency),
        _person("executive", Role.EXECUTIVE, agency),
        _person("overseer", Role.OVERSEER, None),
        _person("admin", Role.ADMIN, None),
        _person("stranger", Role.OFFICER, elsewhere),
    ]
    # Half of all tests begin with them: one by one they take three times as long.
    bulk_create_with_history(people, User)
    of_division = User.divisions.through
    of_division.objects.bulk_create(
        of_division(user=person, division=division)
        for person, division in zip(people, (first, second), strict=False)
    )
    return {person.username: person for person in people}


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
    responsible = plan.agency.divisions.order_by("position")[:divisions]
    bulk_create_with_history(
        [
            Responsibility(measure=measure, division=division, position=place)
            for place, division in enumerate(responsible, 1)
        ],
        Responsibility,
    )
    of_measure = [Step(measure=measure, position=place, text=f"ขั้นที่ {place}") for place in range(1, steps + 1)]
    bulk_create_with_history(of_measure, Step)
    # With by_division=True, its parts are there too.
    ensure_parts(measure)
    return measure


def make_evidence(measure: Measure, title: str = "ภาพถ่ายการประชุม", day: date = date(2023, 1, 31)) -> Evidence:
    """Evidence of a measure on the web."""
    return Evidence.objects.create(
        measure=measure, title=title, address="https://www.example.go.th/1", effective_on=day
    )


# One empty page.
PDF: Final = (
    b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
    b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>\nendobj\n"
    b"trailer\n<</Root 1 0 R/Size 4>>\n%%EOF\n"
)


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


def make_scan(edition: Edition) -> SignedScan:
    """A stand-in for a scan of a signed edition, of one page."""
    return SignedScan.objects.create(
        edition=edition,
        content=PDF,
        content_type="application/pdf",
        sha256=hashlib.sha256(PDF).hexdigest(),
        size=len(PDF),
        pages=1,
        edition_pages=1,
        attached_by="เจ้าหน้าที่",
        attached_at=timezone.now(),
    )


def make_papers(edition: Edition, officer: User) -> None:
    """A first making of an edition's papers; each is a stand-in."""
    for kind, form in (("memo", "docx"), ("memo", "pdf"), ("form", "docx")):
        EditionPaper.objects.create(
            edition=edition,
            version=1,
            kind=kind,
            format=form,
            content=b"x",
            sha256="2" * 64,
            made_by=officer,
            made_at=timezone.now(),
        )


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
