"""Debris goes once a night."""

import logging

from accounts.background.nightly import every_night
from operations.debris.services import clean_up

logger = logging.getLogger(__name__)


@every_night
def clean_up_tonight() -> None:
    """Remove what killed processes have left; how much is noted."""
    if gone := clean_up():
        logger.warning("Files that nobody needs were removed: %d, the first is %s", len(gone), gone[0])
