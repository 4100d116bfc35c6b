"""The file of a piece of evidence, handed to whoever has been found to be allowed to have it."""

import hashlib
import logging
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.http import NotFound, file_response
from measures.models import Evidence

# A shared machine in an office keeps nothing for the next person at it.
KEEP_NOTHING: Final = "private, no-store"

logger = logging.getLogger(__name__)


def evidence_response(request: HttpRequest, evidence: Evidence) -> HttpResponse:
    """The file as it was stored, to be saved under the name that it came with.

    Asks nobody for permission: that is the caller's part. The header Cache-Control is for a private file;
    a caller who hands out what is public may set another.

    Returns:
        The file; or, where the bytes on the disk are not those that were stored, a page that says so (409),
        which is also written to the log.

    Raises:
        NotFound: the evidence is an address.
    """
    if not evidence.file.name:
        raise NotFound("หลักฐานนี้เป็นที่อยู่เว็บ ไม่มีไฟล์ให้ดาวน์โหลด")
    try:
        with evidence.file.open("rb") as file:
            data = file.read()
    except OSError:
        return _damaged(request, evidence, "cannot be read")
    # Read once: what is sent is what was compared, also where the disk changes in between.
    if hashlib.sha256(data).hexdigest() != evidence.sha256:
        return _damaged(request, evidence, "is not what was stored")
    return file_response(data, evidence.content_type, evidence.file_name, cache=KEEP_NOTHING)


def _damaged(request: HttpRequest, evidence: Evidence, what: str) -> HttpResponse:
    logger.error("Evidence %s: file %s %s", evidence.pk, evidence.file.name, what)
    return render(request, "measures/evidence/damaged_file.html", {"evidence": evidence}, status=409)
