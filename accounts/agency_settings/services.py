"""Changes to what an agency is and decides for itself."""

import hashlib
from typing import Final

from django.db import transaction

from accounts.agency_settings.seals import Seal, store
from accounts.models import Agency
from core.locking import StaleEdit

# What the officer can change, in the order of the page.
PROFILE: Final = (
    "name",
    "short_name",
    "kind",
    "province",
    "district",
    "address",
    "website",
    "reporter_name",
    "reporter_post",
    "approver_name",
    "approver_post",
    "days_before_round_end",
    "report_text_size",
    "publishes_obstacles",
    "demands_evidence",
    "allows_own_approval",
    "demands_second_factor",
    "thai_digits",
)


def state_of(agency: Agency) -> str:
    """A short text that changes when anything does that the officer can change."""
    stored = [str(getattr(agency, name)) for name in PROFILE]
    return hashlib.sha256("\n".join([*stored, agency.seal.name or ""]).encode()).hexdigest()[:16]


@transaction.atomic
def save_profile(agency: Agency, seen: str, seal: Seal | None = None, *, without_seal: bool = False) -> None:
    """Store an agency as its form says.

    Args:
        agency: as it is to be.
        seen: state_of() the agency that the form was shown with.
        seal: a new one; None keeps the one that there is, unless it is given up.

    Raises:
        StaleEdit: somebody else changed it in between.
        NoSeal: the seal cannot be stored.
        Nothing is stored in both cases.
    """
    stored = Agency.objects.select_for_update().get(pk=agency.pk)
    if state_of(stored) != seen:
        raise StaleEdit
    if seal is not None:
        store(agency, seal)
    else:
        agency.seal.name = "" if without_seal else stored.seal.name
    agency.save(update_fields=[*PROFILE, "seal"])
