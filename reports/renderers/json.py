"""The report as JSON: the document itself, as an edition keeps it."""

from reports.document.facts import ReportDocument
from reports.document.serialization import to_json
from reports.renderers import Rendered


def make(document: ReportDocument) -> Rendered:
    """Canonical JSON; its fields are described in docs/REPORT_FORMAT.md."""
    return Rendered(to_json(document))
