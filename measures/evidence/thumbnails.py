"""A small picture of a file of evidence that is a picture."""

import hashlib
import logging
from typing import Final

from django.core.cache import caches

from core.http import NotFound
from measures.evidence.files import PICTURES
from measures.evidence.pictures import BadPicture, small
from measures.models import Evidence

# Twice the side at which it is shown: sharp on a phone.
SIDE: Final = 192
KEPT_FOR: Final = 7 * 24 * 60 * 60

logger = logging.getLogger(__name__)


def thumbnail_of(evidence: Evidence) -> bytes:
    """A small picture (WebP) of a file, made when it is first asked for and kept with the made reports.

    Asks nobody for permission: that is the caller's part.

    Raises:
        NotFound: the file is no picture, cannot be opened, or is not what was stored.
    """
    kind = next((name for name, of in PICTURES.items() if of == evidence.kind), None)
    if kind is None:
        raise NotFound("หลักฐานนี้ไม่ใช่ภาพ")
    key = f"thumbnail-{SIDE}-{evidence.sha256}"
    made = _kept(key)
    if made is None:
        made = _made(evidence, kind)
        _keep(key, made)
    return made


def _made(evidence: Evidence, kind: str) -> bytes:
    try:
        with evidence.file.open("rb") as file:
            data = file.read()
        if hashlib.sha256(data).hexdigest() != evidence.sha256:
            raise NotFound("ไฟล์นี้เสียหาย")
        return small(data, kind, SIDE)
    except (OSError, BadPicture) as error:
        raise NotFound("เปิดภาพนี้ไม่ได้") from error


def _kept(key: str) -> bytes | None:
    """What is kept under a key; the store is a help and never a condition."""
    try:
        found = caches["reports"].get(key)
    except Exception as error:  # A damaged entry can raise anything.
        logger.warning("A thumbnail cannot be read and is made again: %s", type(error).__name__)
        return None
    return found if isinstance(found, bytes) and found[8:12] == b"WEBP" else None


def _keep(key: str, made: bytes) -> None:
    try:
        caches["reports"].set(key, made, KEPT_FOR)
    except Exception as error:  # The disk may be full, the folder another's.
        logger.warning("A thumbnail cannot be stored and will be made again: %s", type(error).__name__)
