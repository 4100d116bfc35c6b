"""A certificate, a time stamp server on this machine, and a report to sign."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from ita_tracker.signing_settings import SigningSettings
from reports.document.facts import ReportDocument
from reports.renderers import FORMATS
from tests.support.papers import MARK, ROW, document, section
from tests.support.signing import (
    DAY,
    PASSPHRASE,
    Holder,
    TimestampServer,
    as_pkcs12,
    issued,
    timestamp_server,
)


@dataclass(frozen=True)
class Office:
    """An organisation with its certificate on the disk."""

    holder: Holder
    root: Holder
    folder: Path

    def settings(self, timestamp_url: str = "") -> SigningSettings:
        """As they stand in the environment."""
        return SigningSettings(
            certificate_file=str(self.folder / "office.p12"),
            passphrase_file=str(self.folder / "passphrase"),
            timestamp_url=timestamp_url,
        )


@pytest.fixture(scope="session")
def server_of_all() -> Iterator[TimestampServer]:
    with timestamp_server() as known:
        yield known


@pytest.fixture
def server(server_of_all: TimestampServer) -> Iterator[TimestampServer]:
    """A time stamp server that works, and has been asked nothing."""
    stamper = server_of_all.stamper
    server_of_all.asked.clear()
    yield server_of_all
    server_of_all.refuses, server_of_all.stamper = False, stamper
    server_of_all.revoked.clear()


@pytest.fixture(scope="session")
def offices(
    server_of_all: TimestampServer, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Office]:
    """Makes an organisation's certificate, or hands out the one that was made."""
    known: dict[Any, Office] = {}

    def make(start: timedelta = -DAY, end: timedelta = 365 * DAY) -> Office:
        if (start, end) not in known:
            assert server_of_all.root is not None
            revocations = f"{server_of_all.address}/revoked.crl"
            holder = issued(
                server_of_all.root, "เทศบาลเมืองกองก้อย", start=start, end=end, revocations=revocations
            )
            folder = tmp_path_factory.mktemp("office")
            (folder / "office.p12").write_bytes(as_pkcs12(holder, server_of_all.root))
            (folder / "passphrase").write_text(f"{PASSPHRASE}\n")
            known[start, end] = Office(holder, server_of_all.root, folder)
        return known[start, end]

    return make


@pytest.fixture
def office(offices: Callable[..., Office], settings: Settings) -> Office:
    """The site has the certificate of an organisation."""
    made = offices()
    settings.SIGNING = made.settings()
    return made


@pytest.fixture
def stamped_office(office: Office, server: TimestampServer, settings: Settings) -> Office:
    """The site has a certificate and a time stamp server."""
    settings.SIGNING = office.settings(server.url)
    return office


@pytest.fixture(scope="session")
def report() -> ReportDocument:
    """An edition's document."""
    return document(section(1, ROW), edition=MARK)


@pytest.fixture(scope="session")
def plain(report: ReportDocument) -> bytes:
    """The document as a PDF that nobody has signed."""
    return FORMATS["pdf"].render(report).content
