"""Reads the pictures of a report's annex from the store, for whoever makes its PDF or Word file."""

import logging
from importlib import import_module

from measures.models import Evidence
from reports.document.facts import ReportDocument
from reports.document.figures import MOST, Pictures, box, dots, with_pictures

logger = logging.getLogger(__name__)


def pictures_for(document: ReportDocument) -> Pictures:
    """The pictures of a document, made for print; a query where it has any.

    Those that the document tells as public and that were hidden since are left out. What is lost, broken or
    not what was stored is left out too, with a line in the log: it never stands in a report's way.
    """
    lines = with_pictures(document)[:MOST]
    stored = Evidence.objects.in_bulk([line.id for line in lines]) if lines else {}
    # Pillow comes with it, which commands like migrate should not pay for.
    printing = import_module("measures.evidence.printing")
    size = dots(box(len(lines)))
    made: dict[int, bytes] = {}
    for line in lines:
        evidence = stored.get(line.id)
        if evidence is None or evidence.sha256 != line.sha256 or (line.public and not evidence.public):
            continue
        try:
            made[line.number] = printing.printed_picture(evidence, *size)
        except printing.NoPicture as problem:
            logger.warning("Evidence %s is not printed: %s %s", evidence.pk, evidence.file.name, problem)
    return made
