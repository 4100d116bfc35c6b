"""What everybody may see: the published editions of an agency. No account, no session, nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from core.http import NotFound
from measures.models import Evidence
from reports.document.facts import ReportDocument
from reports.document.serialization import from_json
from reports.models import Edition, EditionFile, Publication


@dataclass(frozen=True)
class PublicReport:
    """A published edition, with what its page needs besides the document."""

    edition: Edition
    document: ReportDocument
    newest: int
    """The revision that counts; larger than the edition's own where it was superseded."""
    revisions: Sequence[int]
    """All published revisions of the round, newest first."""
    files: Mapping[str, str]
    """sha256 of each stored file, by format."""
    public_evidence: frozenset[int]
    """Which evidence everybody may see: public in the document, not hidden since, of files that stand."""

    @property
    def superseded(self) -> bool:
        return self.edition.revision < self.newest


def published_editions(slug: str) -> Sequence[Edition]:
    """An agency's published editions, newest year and round first, of each round the newest revision alone.

    Raises:
        NotFound: no agency of that name has published anything; whether it exists is not told.
    """
    newest: dict[int, Edition] = {}
    for edition in _published(slug).order_by("-round__plan__fiscal_year", "-round__months", "-revision"):
        newest.setdefault(edition.round_id, edition)
    if not newest:
        raise NotFound("หน่วยงานนี้ยังไม่ได้เผยแพร่รายงาน")
    return list(newest.values())


def published_rounds() -> QuerySet[Publication, dict[str, Any]]:
    """Every round with a published edition: agency (its slug), year, months, and the day of the newest.

    Only what an address is made of is read, and no edition: one has 100 kB.
    """
    plan = "edition__round__plan"
    rounds = Publication.objects.values(
        agency=F(f"{plan}__agency__slug"), year=F(f"{plan}__fiscal_year"), months=F("edition__round__months")
    )
    ordered = rounds.annotate(newest=Max("published_at")).order_by("agency", "year", "months")
    return cast("QuerySet[Publication, dict[str, Any]]", ordered)


def public_edition(
    slug: str, year: int, months: int, revision: int | None = None
) -> tuple[Edition, list[int]]:
    """A published edition of a round, the newest unless named, and all published revisions.

    Raises:
        NotFound: it is not published, or does not exist: which of the two is not told.
    """
    editions = list(
        _published(slug).filter(round__plan__fiscal_year=year, round__months=months).order_by("-revision")
    )
    for edition in editions:
        if revision in (None, edition.revision):
            return edition, [found.revision for found in editions]
    raise NotFound("ยังไม่มีรายงานที่เผยแพร่ในที่อยู่นี้")


def public_report(edition: Edition, revisions: Sequence[int], document: ReportDocument) -> PublicReport:
    """What the page of a published edition shows; two queries."""
    public = [line.id for line in document.evidence if line.public and not edition.withdrawn]
    shown = Evidence.objects.filter(pk__in=public, public=True).values_list("pk", flat=True)
    files = dict(EditionFile.objects.filter(edition=edition).values_list("format", "sha256"))
    return PublicReport(edition, document, revisions[0], revisions, files, frozenset(shown))


def edition_with_file(slug: str, sha256: str) -> tuple[Edition, str] | None:
    """The edition of an agency of which a file is byte for byte, and in which format: one that is published,
    or one that was and of which the files are withdrawn.
    """
    once = Publication.history.filter(edition=OuterRef("edition"))
    file = (
        EditionFile.objects.filter(sha256=sha256, edition__round__plan__agency__slug=slug)
        .filter(Q(edition__publication__isnull=False) | Q(Exists(once), edition__withdrawal__isnull=False))
        .select_related("edition__round__plan", "edition__withdrawal__replaced_by")
        .defer("content", "edition__document", "edition__withdrawal__replaced_by__document")
        .first()
    )
    return (file.edition, file.format) if file else None


def get_public_evidence(slug: str, pk: int) -> Evidence:
    """Evidence that a published edition of the agency names as public and that was not hidden since.

    Raises:
        NotFound: there is none, or it is not for everybody: which of the two is not told.
    """
    evidence = (
        Evidence.objects.filter(pk=pk, public=True, measure__plan__agency__slug=slug)
        .select_related("measure")
        .first()
    )
    if evidence is None or not _is_named(evidence):
        raise NotFound("ไม่พบหลักฐานที่เผยแพร่ในที่อยู่นี้")
    return evidence


def _is_named(evidence: Evidence) -> bool:
    """Whether an edition whose files everybody may have says that the evidence is public."""
    editions = Edition.objects.published().standing().filter(round__plan=evidence.measure.plan_id)
    # As to_json() writes it. It spares reading reports that have nothing of it; what they say is read below.
    for edition in editions.filter(document__contains=f'"id":{evidence.pk},"number":'):
        for line in from_json(edition.document.encode()).evidence:
            if line.id == evidence.pk and line.public and line.sha256 in ("", evidence.sha256):
                return True
    return False


def _published(slug: str) -> QuerySet[Edition]:
    return (
        Edition.objects.published()
        .filter(round__plan__agency__slug=slug)
        .select_related("round__plan__agency", "publication", "withdrawal__replaced_by")
        .defer("document", "withdrawal__replaced_by__document")
    )
