"""Making the papers of an edition, and changing an agency's templates; each one transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Agency, User
from core.locking import StaleEdit
from ledger.services import append
from measures.evidence.quota import check_quota, lock_quota
from reports.document.facts import ReportDocument
from reports.models import Edition, EditionPaper, PaperFormat, PaperKind, PaperTemplate, Round
from reports.noting import paper_noted
from reports.publication_pack.facts import PackFacts, facts_of
from reports.publication_pack.fields import EXAMPLE
from reports.publication_pack.papers import own_paper_docx, paper_docx, paper_pdf
from reports.publication_pack.problems import (
    MAX_PAPER,
    SIZE,
    BadTemplate,
    check_template,
    check_word,
)
from reports.publication_pack.selectors import templates_in_force


@dataclass(frozen=True)
class MadePaper:
    """A paper that was made and is not stored yet."""

    kind: str
    format: str
    content: bytes
    template: PaperTemplate | None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is, and what it says."""
        return self.kind, self.format, self.sha256


def make_pack(edition: Edition, document: ReportDocument, officer: User) -> bool:
    """Make memo and form of an edition and keep them beside it; False: they would say what the kept ones say.

    Args:
        edition: with its round, plan, agency and publication.

    Raises:
        RendererUnavailable: this machine cannot make a PDF; nothing is stored.
        BadTemplate: the agency's own template cannot be filled in any more; nothing is stored.
        QuotaUsedUp: the agency's files would take more room than they may; nothing is stored.
    """
    today = timezone.localdate()
    facts = facts_of(edition, document, officer, today)
    # Made before the transaction, which on SQLite holds up everybody who writes.
    made = made_papers(edition.round.plan.agency, facts, today)
    return _keep(edition, made, officer)


def made_papers(agency: Agency, facts: PackFacts, today: date) -> Sequence[MadePaper]:
    """Each paper in each format; of an agency's own template Word alone, which nothing here lays out."""
    own = templates_in_force(agency)
    made = []
    for kind in PaperKind.values:
        template = own.get(kind)
        if template is not None:
            content = filled_in(bytes(template.content), facts, today)
            made.append(MadePaper(kind, PaperFormat.DOCX, content, template))
            continue
        made.append(MadePaper(kind, PaperFormat.DOCX, paper_docx(kind, facts, today), None))
        made.append(MadePaper(kind, PaperFormat.PDF, paper_pdf(kind, facts, today), None))
    return made


def filled_in(template: bytes, facts: PackFacts, today: date) -> bytes:
    """A document from an agency's own template, looked through again: fields may have completed a command.

    Raises:
        BadTemplate: it cannot be filled in.
    """
    content = own_paper_docx(template, facts, today)
    if len(content) > MAX_PAPER:
        raise BadTemplate(SIZE)
    check_word(content)
    return content


@transaction.atomic
def _keep(edition: Edition, made: Sequence[MadePaper], officer: User) -> bool:
    # Of two makings at once the second waits and gets the next number.
    Round.objects.select_for_update(no_key=True).get(pk=edition.round_id)
    newest = EditionPaper.objects.filter(edition=edition).aggregate(newest=Max("version"))["newest"] or 0
    kept = EditionPaper.objects.filter(edition=edition, version=newest)
    if set(kept.values_list("kind", "format", "sha256")) == {paper.key for paper in made}:
        return False
    if settings.AGENCY_QUOTA:
        lock_quota(edition.round.plan.agency_id)
    now, version = timezone.now(), newest + 1
    papers = [
        EditionPaper.objects.create(
            edition=edition,
            version=version,
            kind=paper.kind,
            format=paper.format,
            content=paper.content,
            sha256=paper.sha256,
            template=paper.template,
            made_by=officer,
            made_at=now,
        )
        for paper in made
    ]
    if settings.AGENCY_QUOTA:
        check_quota(edition.round.plan.agency_id)
    append(*(paper_noted(paper) for paper in papers))
    return True


def examine_template(data: bytes) -> bytes:
    """Look a template through and fill it in with examples; the filled document.

    Raises:
        BadTemplate: it is not taken.
    """
    check_template(data)
    return filled_in(data, EXAMPLE, timezone.localdate())


@transaction.atomic
def choose_template(agency: Agency, kind: str, seen: int, officer: User, name: str, data: bytes) -> None:
    """Use a template from now on, or with an empty name and no data the system's again.

    Args:
        seen: the version that the page was shown with; 0 for none.

    Raises:
        StaleEdit: somebody else has changed it since.
        QuotaUsedUp: the agency's files would take more room than they may.
    """
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    rows = PaperTemplate.objects.filter(agency=agency, kind=kind)
    newest = rows.aggregate(newest=Max("version"))["newest"] or 0
    if newest != seen:
        raise StaleEdit
    PaperTemplate.objects.create(
        agency=agency,
        kind=kind,
        version=newest + 1,
        name=name,
        content=data,
        sha256=hashlib.sha256(data).hexdigest() if name else "",
        added_by=officer,
        added_at=timezone.now(),
    )
    # The system's own template takes no room, whatever else does.
    if settings.AGENCY_QUOTA and data:
        check_quota(agency.pk)
