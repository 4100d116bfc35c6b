"""What tests of several features of reports need."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from reports.document.facts import ReportDocument
from reports.document.serialization import to_json
from reports.renderers import FORMATS, Rendered


@pytest.fixture
def nothing_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDF, Word and Excel files that take no time, another one for each document and format: for tests of
    what is done with editions, each of which has all three.
    """

    def makes(name: str) -> Callable[..., Rendered]:
        def made(document: ReportDocument, *_: object) -> Rendered:
            told = hashlib.sha256(name.encode() + to_json(document)).digest()
            return Rendered(b"%PDF-" + told, pages=1) if name == "pdf" else Rendered(b"PK\x03\x04" + told)

        return made

    for name in ("pdf", "docx", "xlsx"):
        monkeypatch.setitem(FORMATS, name, replace(FORMATS[name], make=makes(name)))
