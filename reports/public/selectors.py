"""What everybody may see: the published editions of an agency. No account, no session, nothing is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from django.core.validators import slug_re
from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Length

from accounts.models import Agency
from core.http import NotFound
from measures.meter import Segment, stacked
from measures.models import Evidence
from measures.status import Status
from reports.document.facts import ReportDocument
from reports.document.serialization import from_json
from reports.models import Edition, EditionFile, Publication, RoundLength, SignedScan
from reports.renderers import FORMATS, Format
from reports.signatures.selectors import KeptSignature, signature_of, with_signatures
from reports.signed_scan.selectors import public_scan

NEWEST_FIRST: Final = ("-round__plan__fiscal_year", "-round__months", "-revision")
# How many years a report's page compares, its own among them: each is a document to read.
SIDE_BY_SIDE: Final = 4
NOT_PUBLISHED: Final = "ยังไม่มีรายงานที่เผยแพร่ในที่อยู่นี้"


def publishing_agencies(text: str = "") -> QuerySet[Agency]:
    """The agencies that have published, by province and name; reports is how many rounds, newest the year.

    Args:
        text: what name, short name or province have to contain, word by word.
    """
    found = Agency.objects.filter(plans__rounds__editions__publication__isnull=False)
    for word in text.split():
        found = found.filter(
            Q(name__icontains=word) | Q(short_name__icontains=word) | Q(province__icontains=word)
        )
    return found.annotate(
        reports=Count("plans__rounds", distinct=True), newest=Max("plans__fiscal_year")
    ).order_by("province", "name", "pk")


@dataclass(frozen=True)
class PublicFile:
    """A file of an edition as its page offers it."""

    format: Format
    size: int
    sha256: str
    signature: KeptSignature | None
    """Its signature; None where this site signed nothing when it was made."""


@dataclass(frozen=True)
class ReportFigures:
    """What one line says of a published report: how many of its measures are done, how many are late."""

    edition: Edition
    done: int
    late: int
    total: int
    segments: Sequence[Segment]

    @property
    def sentence(self) -> str:
        """For who sees nothing but a link; Arabic digits."""
        return f"แล้วเสร็จ {self.done} จาก {self.total} มาตรการ"

    @property
    def unfinished(self) -> int:
        """All the others, so that the figures add up."""
        return self.total - self.done

    @property
    def others(self) -> Sequence[Segment]:
        """What the unfinished are, by status."""
        return [segment for segment in self.segments if segment.status != Status.DONE]


@dataclass(frozen=True)
class PublicReport:
    """A published edition, with what its page needs besides the document."""

    edition: Edition
    document: ReportDocument
    newest: int
    """The revision that counts; larger than the edition's own where it was superseded."""
    revisions: Sequence[int]
    """All published revisions of the round, newest first."""
    scan: SignedScan | None
    """Of the report that was signed by pen, where the officer offers it."""
    files: Sequence[PublicFile]
    public_evidence: frozenset[int]
    """Which evidence everybody may see: public in the document, not hidden since, of files that stand."""
    rounds: Sequence[Edition]
    """Of each published round of the agency the newest edition, newest round first."""
    side_by_side: Sequence[ReportFigures]
    """The report and those of the same round in the years before it, newest first."""

    @property
    def signature(self) -> KeptSignature | None:
        """Of its PDF; no other format is signed."""
        return next((file.signature for file in self.files if file.signature), None)

    @property
    def superseded(self) -> bool:
        return self.edition.revision < self.newest

    @property
    def stands_beside(self) -> bool:
        """Whether the six-month report of its year is published too, to be compared with."""
        year, months = _place(self.edition)
        return months == RoundLength.TWELVE and any(
            _place(found) == (year, RoundLength.SIX) and not found.withdrawn for found in self.rounds
        )


def published_editions(slug: str) -> Sequence[Edition]:
    """An agency's published editions, newest year and round first, of each round the newest revision alone.

    Raises:
        NotFound: no agency of that name has published anything; whether it exists is not told.
    """
    newest = published_by(slug)
    if not newest:
        raise NotFound("หน่วยงานนี้ยังไม่ได้เผยแพร่รายงาน")
    return newest


def published_by(slug: str) -> Sequence[Edition]:
    """As published_editions(), empty where there are none; slug may be any part of an address."""
    if not slug_re.fullmatch(slug):
        return []
    return _newest_of_each_round(_published(slug).order_by(*NEWEST_FIRST))


def _newest_of_each_round(editions: Iterable[Edition]) -> list[Edition]:
    newest: dict[int, Edition] = {}
    for edition in editions:
        newest.setdefault(edition.round_id, edition)
    return list(newest.values())


def figures_of(edition: Edition, document: ReportDocument) -> ReportFigures:
    """What one line says of a published report; no query."""
    counts = [(count.value, count.count) for count in document.status_counts]
    return ReportFigures(
        edition,
        dict(counts).get(Status.DONE, 0),
        document.late_count,
        document.measure_count,
        stacked(counts),
    )


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
    raise NotFound(NOT_PUBLISHED)


def public_report(slug: str, year: int, months: int, revision: int | None = None) -> PublicReport:
    """What the page of a published edition shows; five queries.

    Raises:
        NotFound: as public_edition().
    """
    editions = list(_published(slug).order_by(*NEWEST_FIRST))
    of_round = [found for found in editions if _place(found) == (year, months)]
    edition = next((found for found in of_round if revision in (None, found.revision)), None)
    if edition is None:
        raise NotFound(NOT_PUBLISHED)
    rounds = _newest_of_each_round(editions)
    earlier = [found for found in rounds if found.round.months == months and _place(found)[0] < year]
    compared = [edition, *earlier][:SIDE_BY_SIDE]
    documents = _documents(compared)
    document = documents[edition.pk]
    public = [line.id for line in document.evidence if line.public and not edition.withdrawn]
    shown = Evidence.objects.filter(pk__in=public, public=True).values_list("pk", flat=True)
    return PublicReport(
        edition,
        document,
        of_round[0].revision,
        [found.revision for found in of_round],
        None if edition.withdrawn else public_scan(edition),
        _files(edition),
        frozenset(shown),
        rounds,
        [figures_of(found, documents[found.pk]) for found in compared],
    )


def _place(edition: Edition) -> tuple[int, int]:
    return edition.round.plan.fiscal_year, edition.round.months


def _documents(editions: Iterable[Edition]) -> dict[int, ReportDocument]:
    found = Edition.objects.filter(pk__in=[edition.pk for edition in editions])
    return {pk: from_json(text.encode()) for pk, text in found.values_list("pk", "document")}


def _files(edition: Edition) -> Sequence[PublicFile]:
    """The stored files in the order in which formats are offered; one query."""
    stored = with_signatures(EditionFile.objects.filter(edition=edition)).annotate(size=Length("content"))
    files = {file.format: file for file in stored}
    return [
        PublicFile(FORMATS[name], files[name].size, files[name].sha256, signature_of(files[name]))
        for name in FORMATS
        if name in files
    ]


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
