"""Questions to the database about signatures: which files wait for something, which copy is the newest."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from reports.models import EditionFile, FileSignature, SignatureLevel, SignedCopy

# Three months of nights in which the server may be away.
DAYS: Final = 90
NEWEST: Final = SignedCopy.objects.filter(file=OuterRef("file")).order_by("-number")


def to_add_to(ends_before: datetime) -> QuerySet[FileSignature]:
    """Files that this site can add to: not signed, without a time stamp, or with one that ends soon.

    Args:
        ends_before: when the certificate of a newest time stamp ends that is renewed now.
    """
    wanted = Q(now_level="")
    if settings.SIGNING.timestamp_url:
        wanted |= Q(now_level=SignatureLevel.BASIC) | Q(now_until__lt=ends_before)
    return (
        FileSignature.objects.annotate(
            now_level=Coalesce(Subquery(NEWEST.values("level")[:1]), "level"),
            now_until=Coalesce(Subquery(NEWEST.values("stamp_until")[:1]), "stamp_until"),
        )
        .filter(wanted)
        .order_by("pk")
    )


def waiting_count(days: int = DAYS) -> int:
    """Of how many files that is so now."""
    return to_add_to(timezone.now() + timedelta(days=days)).count()


def newest_copy(edition: int, name: str) -> SignedCopy | None:
    """The copy of a file of an edition to which most was added."""
    copies = SignedCopy.objects.filter(file__edition=edition, file__format=name)
    return copies.select_related("file").order_by("-number").first()


@dataclass(frozen=True)
class KeptSignature:
    """What is known of the signature of a file, as pages show it."""

    level: str
    """PAdES B-LTA; empty where the file itself is not signed."""
    signer: str
    problem: str
    copy: int | None
    """The number of the newest copy to which something was added; None where there is none."""


def with_signatures(files: QuerySet[EditionFile]) -> QuerySet[EditionFile]:
    """Files with all that signature_of() asks for, in the same query, and without their content."""
    newest = SignedCopy.objects.filter(file=OuterRef("pk")).order_by("-number").values("number")[:1]
    return files.defer("content").select_related("signature").annotate(newest_copy=Subquery(newest))


def signature_of(file: EditionFile) -> KeptSignature | None:
    """Of a file of with_signatures(); None where it was made by a site without a certificate. No query."""
    signature: FileSignature | None = getattr(file, "signature", None)
    if signature is None:
        return None
    copy: int | None = getattr(file, "newest_copy", None)
    level = signature.get_level_display() if signature.level else ""
    return KeptSignature(level, signature.signer, signature.problem, copy)
