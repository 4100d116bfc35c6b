"""The report as JSON: the document itself, as an edition keeps it."""

from reports.document import ReportDocument
from reports.renderers import Rendered
from reports.serialization import to_json


def make(document: ReportDocument) -> Rendered:
    """Canonical JSON; its fields are described in docs/REPORT_FORMAT.md."""
    return Rendered(to_json(document))
