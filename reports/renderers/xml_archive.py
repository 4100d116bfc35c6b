"""What Word documents and Excel workbooks have in common: a ZIP archive of XML parts."""

import io
import re
from collections.abc import Mapping
from datetime import date
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

PROPERTIES: Final = "docProps/core.xml"
MODIFIED: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def dated(package: bytes, day: date, changes: Mapping[str, tuple[bytes, bytes]] | None = None) -> bytes:
    """The package as if it had been written on a day, so that the same document gives the same file.

    The libraries put the time of writing on each part, and openpyxl also into the properties.

    Args:
        changes: of a part, a text and what stands in its place, for what a library writes and cannot be told.
    """
    out = io.BytesIO()
    with ZipFile(io.BytesIO(package)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == PROPERTIES:
                content = MODIFIED.sub(rb"\g<1>%sT00:00:00Z" % day.isoformat().encode(), content)
            if changes and part.filename in changes:
                content = content.replace(*changes[part.filename], 1)
            dated_part = ZipInfo(part.filename, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            new.writestr(dated_part, content, ZIP_DEFLATED)
    return out.getvalue()
