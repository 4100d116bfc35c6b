"""Changes to scans of signed reports: one is attached, offered to everybody, or offered no longer."""

from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.locking import StaleEdit
from ledger.services import append, appends_last
from measures.evidence.quota import check_quota, lock_quota
from reports.models import Edition, Round, RoundState, ScanPublication, SignedScan
from reports.noting import hiding_of_scan_noted, scan_noted, scan_publication_noted
from reports.signed_scan.files import CheckedScan, pages_of_pdf

# None goes again: an edition does not become a place for other files.
MAX_SCANS: Final = 20


class TooManyScans(Exception):
    """An edition has as many scans as it may have."""

    def __str__(self) -> str:
        return f"ฉบับนี้แนบสำเนาครบ {MAX_SCANS} ครั้งแล้ว จึงแนบเพิ่มไม่ได้"


class NoPdfYet(Exception):
    """The edition's own PDF is not made yet: nobody can have signed it."""

    def __str__(self) -> str:
        return "ไฟล์ PDF ของฉบับนี้ยังทำไม่เสร็จ จึงยังแนบสำเนาที่ลงนามไม่ได้"


def attach_scan(edition: Edition, scan: CheckedScan, person: User, *, public: bool) -> SignedScan:
    """Keep a scan beside an edition; the newest one counts, those before it stay.

    Args:
        edition: with its round, plan and agency, as the person saw it.
        public: whether everybody may have it where the edition is published.

    Raises:
        StaleEdit: the edition is no longer the newest of an approved round.
        NoPdfYet: there is nothing to be signed yet.
        TooManyScans: the edition has enough of them.
        QuotaUsedUp: the agency's files would take more room than they may.
    """
    pdf = edition.files.filter(format="pdf").first()
    if pdf is None:
        raise NoPdfYet
    # Before the transaction: nobody else has to wait for it.
    edition_pages = pages_of_pdf(bytes(pdf.content))
    agency = edition.round.plan.agency_id
    with transaction.atomic(), appends_last():
        _hold(edition)
        if SignedScan.objects.filter(edition=edition).count() >= MAX_SCANS:
            raise TooManyScans
        if settings.AGENCY_QUOTA:
            lock_quota(agency)
        row = SignedScan.objects.create(
            edition=edition,
            content=scan.data,
            content_type=scan.kind.content_type,
            sha256=scan.sha256,
            size=len(scan.data),
            pages=scan.pages,
            edition_pages=edition_pages,
            attached_by=person.get_full_name(),
            attached_at=timezone.now(),
        )
        if settings.AGENCY_QUOTA:
            check_quota(agency)
        append(scan_noted(row))
        if public:
            show_scan(row, person)
    return row


@transaction.atomic
def show_scan(scan: SignedScan, person: User) -> None:
    """Offer a scan to everybody along with its edition; what is offered already stays so."""
    publication, is_new = ScanPublication.objects.get_or_create(
        scan=scan, defaults={"published_by": person, "published_at": timezone.now()}
    )
    if is_new:
        append(scan_publication_noted(publication))


@transaction.atomic
def hide_scan(scan: SignedScan, person: User) -> None:
    """Offer a scan no longer; it stays, and what is hidden already stays so."""
    publication = ScanPublication.objects.filter(scan=scan).first()
    # Of two at once one deletes it.
    if publication is not None and publication.delete()[0]:
        append(hiding_of_scan_noted(scan.pk, person.pk, timezone.now()))


def _hold(edition: Edition) -> None:
    """Let whoever moves the round on, or attaches too, wait until the end of the transaction."""
    held = Round.objects.select_for_update(no_key=True).filter(pk=edition.round_id).first()
    newest = Edition.objects.filter(round=edition.round_id).order_by("-revision").values_list("pk", flat=True)
    if held is None or held.state != RoundState.APPROVED or newest.first() != edition.pk:
        raise StaleEdit
