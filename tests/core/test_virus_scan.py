"""Files are looked through by ClamAV where there is one; while it is away the setting decides."""

import struct
from collections.abc import Iterator
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingUnixStreamServer
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import Settings

from core import virus_scan
from core.dangers import Dangerous
from core.virus_scan import AWAY, FOUND, scan
from measures.models import Evidence, Measure, Plan
from tests.conftest import SignIn
from tests.support.factories import PDF, YEAR

VIRUS = b"%PDF-1.7 a virus, for tests %%EOF"


class Clamd(StreamRequestHandler):
    """Speaks the part of clamd's protocol that is spoken to it: nINSTREAM."""

    seen: list[bytes]

    def handle(self) -> None:
        assert self.rfile.readline() == b"nINSTREAM\n"
        data = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            data += self.rfile.read(length)
        type(self).seen.append(data)
        if data == b"silence":
            self.rfile.read()
        elif data == b"too long":
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\n")
        elif data == b"nonsense":
            self.wfile.write(b"\xff\n")
        else:
            self.wfile.write(b"stream: Test-Virus FOUND\n" if VIRUS in data else b"stream: OK\n")


@pytest.fixture
def clamd(settings: Settings) -> Iterator[type[Clamd]]:
    # A name of its own: the path of a socket is at most 107 letters.
    with TemporaryDirectory() as folder:
        settings.CLAMD_SOCKET = str(Path(folder) / "clamd")
        Clamd.seen = []
        with ThreadingUnixStreamServer(settings.CLAMD_SOCKET, Clamd) as server:
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
            thread.start()
            yield Clamd
            server.shutdown()


def test_what_is_clean_passes_whole_and_what_is_not_is_named(clamd: type[Clamd]) -> None:
    large = bytes(range(256)) * 8_000
    scan(large)
    assert clamd.seen == [large]
    with pytest.raises(Dangerous) as refused:
        scan(VIRUS)
    assert str(refused.value) == FOUND.format("Test-Virus")


@pytest.mark.parametrize("data", [b"silence", b"too long", b"nonsense"])
def test_where_nobody_could_look_the_setting_decides(
    clamd: type[Clamd], settings: Settings, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    monkeypatch.setattr(virus_scan, "SECONDS", 0.2)
    with pytest.raises(Dangerous) as refused:
        scan(data)
    assert str(refused.value) == AWAY
    settings.CLAMD_REQUIRED = False
    scan(data)


def test_nobody_there(settings: Settings) -> None:
    settings.CLAMD_SOCKET = "/nowhere/clamd"
    with pytest.raises(Dangerous) as refused:
        scan(b"x")
    assert str(refused.value) == AWAY
    settings.CLAMD_REQUIRED = False
    scan(VIRUS)


@pytest.mark.django_db
def test_every_file_that_people_send_is_looked_through(
    clamd: type[Clamd], sign_in: SignIn, plan: Plan, measure: Measure
) -> None:
    officer = sign_in("officer")

    def sent(path: str, name: str, data: bytes, more: dict[str, Any]) -> int:
        answer = officer.post(path, {name: SimpleUploadedFile("a.pdf", data), **more})
        assert ("Test-Virus" in answer.content.decode()) == (VIRUS in data)
        return answer.status_code

    add = reverse("add_evidence", args=[measure.pk])
    named = {"evidence-title": "ก", "evidence-effective_on": "31/1/2566"}
    assert sent(add, "evidence-file", VIRUS, named) == 422
    assert sent(add, "evidence-file", PDF, named) == 302
    assert sent(reverse("import_plan"), "file", VIRUS, {"year": YEAR}) == 422
    assert sent(reverse("sheet", args=[YEAR]), "file", VIRUS, {}) == 422
    assert Evidence.objects.count() == 1
    assert len(clamd.seen) == 4
