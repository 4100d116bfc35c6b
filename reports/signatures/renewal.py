"""What archives need later: the next copy of each file before its newest time stamp ends, every night and by
manage.py renew_timestamps.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from accounts.background.nightly import every_night
from reports.models import FileSignature, SignedCopy
from reports.signatures.certificate import CertificateProblem
from reports.signatures.selectors import DAYS, to_add_to
from reports.signatures.services import NO_ANSWER, add_to

# Of one night: each asks the time stamp server once or twice.
MOST_A_NIGHT: Final = 100
# A server that is away is not asked for every file.
MOST_SILENCES: Final = 3

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Renewal:
    """What has become of one file."""

    signature: FileSignature
    copy: SignedCopy | None = None
    problem: str = ""
    """Why there is no new copy, in Thai; empty where another process has just made it."""


def renew(days: int = DAYS, most: int | None = None) -> Iterator[Renewal]:
    """Add to each file that waits for it; whatever is added already is left alone.

    Args:
        days: how long before its end a time stamp is renewed.
        most: how many copies are made; None for all.
    """
    if not settings.SIGNING.has_certificate:
        return
    waiting = to_add_to(timezone.now() + timedelta(days=days))
    waiting = waiting.select_related("file__edition__round__plan__agency")
    made = silences = 0
    for signature in waiting.defer("file__content", "file__edition__document"):
        try:
            yield Renewal(signature, add_to(signature))
            made += 1
        except CertificateProblem as problem:
            yield Renewal(signature, problem=str(problem))
            silences += str(problem) == NO_ANSWER
        if made == most or silences == MOST_SILENCES:
            return


@every_night
def renew_tonight() -> None:
    """As renew(); what goes wrong is noted in the log and tried again in the next night."""
    for each in renew(most=MOST_A_NIGHT):
        if each.problem:
            logger.warning("No signature or time stamp was added to %s: %s", each.signature, each.problem)
