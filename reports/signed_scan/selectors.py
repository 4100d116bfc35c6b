"""Questions about the scans of an edition."""

from collections.abc import Sequence

from django.db.models import Sum

from accounts.agency_settings.usage import counts
from accounts.models import Agency
from reports.models import Edition, SignedScan


def scans_of(edition: Edition) -> Sequence[SignedScan]:
    """All scans of an edition, newest first, without what is in them; one query."""
    found = SignedScan.objects.filter(edition=edition.pk).select_related("publication").defer("content")
    scans = list(found.order_by("-id"))
    for each in scans:
        each.edition = edition
    return scans


def public_scan(edition: Edition) -> SignedScan | None:
    """The scan that everybody may have along with an edition: the newest, if the officer offers it."""
    newest = next(iter(scans_of(edition)), None)
    return newest if newest and newest.is_public else None


@counts
def room_of_scans(agency: Agency) -> int:
    """Bytes of the agency's scans."""
    scans = SignedScan.objects.filter(edition__round__plan__agency=agency).order_by()
    return scans.aggregate(total=Sum("size"))["total"] or 0
