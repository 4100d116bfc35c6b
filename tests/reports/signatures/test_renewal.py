"""What is signed is noted beside the file; what archives need later stands in copies, and the file stays."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pytest_django import Settings

from accounts.models import User
from ledger.models import LogLine
from measures.models import Plan
from operations.verify.selectors import verify
from reports.models import Edition, EditionFile, FileSignature, Round, SignedCopy
from reports.renderers import FORMATS, Rendered
from reports.rounds.services import approve, submit
from reports.signatures import renewal, services
from reports.signatures.renewal import renew, renew_tonight
from reports.signatures.selectors import DAYS, newest_copy
from tests.reports.signatures.conftest import Office
from tests.reports.signatures.test_signing import lasts, signed_by
from tests.support.factories import make_measure
from tests.support.signing import DAY, TimestampServer, issued

pytestmark = pytest.mark.django_db


def made_of(content: bytes, _: object) -> Rendered:
    return Rendered(content)


@pytest.fixture
def approved(
    plan: Plan, people: dict[str, User], plain: bytes, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], EditionFile]:
    """Approves a report and hands out its PDF; no file takes a moment."""

    def do() -> EditionFile:
        for name in FORMATS:
            content = plain if name == "pdf" else b"x"
            monkeypatch.setitem(FORMATS, name, replace(FORMATS[name], make=partial(made_of, content)))
        make_measure(plan, "ประกาศนโยบาย", status="done", result="ประกาศแล้ว")
        round_ = Round.objects.select_related("plan__agency").get(plan=plan, months=6)
        submission = submit(round_, people["officer"])
        edition = approve(submission, people["executive"], "https://ita.example.go.th/", in_background=False)
        found: EditionFile = edition.files.get(format="pdf")
        return found

    return do


Approved = Callable[[], EditionFile]


def misfits() -> list[str]:
    """What `manage.py verify` finds of files; the people of tests were made by nobody."""
    return [str(each) for each in verify().misfits if not each.where.startswith("rights")]


def stamps_in(content: bytes) -> int:
    return len(PdfFileReader(io.BytesIO(content)).embedded_timestamp_signatures)


def test_without_a_certificate_nothing_is_noted(approved: Approved, plain: bytes) -> None:
    assert bytes(approved().content) == plain
    assert not FileSignature.objects.exists()
    assert list(renew()) == []
    with pytest.raises(CommandError, match="SIGNING_CERTIFICATE_FILE"):
        call_command("renew_timestamps")


@pytest.mark.usefixtures("stamped_office")
def test_what_was_signed_is_noted_beside_the_file_and_nobody_can_change_it(approved: Approved) -> None:
    file = approved()
    signature = FileSignature.objects.get()
    assert (signature.file, signature.level, signature.problem) == (file, "b-lta", "")
    assert file.sha256 == hashlib.sha256(file.content).hexdigest()
    assert stamps_in(bytes(file.content)) == 1
    assert misfits() == []
    for change in (
        lambda: FileSignature.objects.update(level="b-b", stamp_until=None),
        lambda: FileSignature.objects.filter(level="b-lta").delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    # It holds for long: nothing is to be done.
    assert list(renew()) == []


def test_a_time_stamp_is_renewed_in_a_copy_before_it_ends(
    approved: Approved, stamped_office: Office, server: TimestampServer, people: dict[str, User]
) -> None:
    assert server.root is not None
    revocations = f"{server.address}/revoked.crl"
    server.stamper = issued(
        server.root, "Stamps that end soon", end=20 * DAY, revocations=revocations, stamps=True
    )
    file = approved()
    stored = bytes(file.content)
    server.stamper = issued(
        server.root, "Stamps of later", end=900 * DAY, revocations=revocations, stamps=True
    )
    assert list(renew(days=10)) == []
    out = StringIO()
    call_command("renew_timestamps", stdout=out)
    assert "เพิ่มแล้ว 1 ไฟล์" in out.getvalue()
    copy = SignedCopy.objects.get()
    assert (copy.number, copy.level) == (1, "b-lta")
    assert copy.stamp_until == server.stamper.certificate.not_valid_after_utc
    # The file itself stays, byte for byte; the copy begins with it and can be proven in ten years.
    file.refresh_from_db()
    assert bytes(file.content) == stored
    assert copy.content.startswith(stored)
    assert copy.sha256 == hashlib.sha256(copy.content).hexdigest()
    assert stamps_in(copy.content) == 2
    assert lasts(copy.content, stamped_office)
    # It is in the provable log, and a second time does nothing.
    line = LogLine.objects.order_by("-number")[0]
    assert (line.kind, line.subject) == ("file_stored", f"edition:{file.edition_id}")
    assert '"format":"pdf.1"' in line.text
    assert copy.sha256 in line.text
    assert misfits() == []
    call_command("renew_timestamps", stdout=StringIO())
    assert SignedCopy.objects.count() == 1
    # Years later the next copy goes on from this one.
    assert [each.copy.number for each in renew(days=901) if each.copy] == [2]
    newest = newest_copy(file.edition_id, "pdf")
    assert newest is not None
    assert (newest.number, stamps_in(newest.content)) == (2, 3)
    for change in (lambda: SignedCopy.objects.update(level="b-b"), lambda: copy.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_signature_without_a_time_gets_one_when_the_server_is_back(
    approved: Approved, stamped_office: Office, server: TimestampServer
) -> None:
    server.refuses = True
    file = approved()
    signature = FileSignature.objects.get()
    assert signature.level == "b-b"
    assert services.NO_ANSWER in signature.problem
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("renew_timestamps", stdout=StringIO(), stderr=err)
    assert services.NO_ANSWER in err.getvalue()
    assert not SignedCopy.objects.exists()
    server.refuses = False
    renew_tonight()
    copy = SignedCopy.objects.get()
    assert (copy.file, copy.level) == (file, "b-lta")
    # ETSI EN 319 142-1: the stamp of the document is the proof of the signature's time as well.
    assert stamps_in(copy.content) == 1
    status = signed_by(copy.content, stamped_office)
    assert (status.valid, status.intact, status.trusted) == (True, True, True)
    assert len(PdfFileReader(io.BytesIO(copy.content)).root["/DSS"]["/CRLs"]) == 1


def test_what_an_ended_certificate_left_out_is_signed_by_the_new_one(
    approved: Approved, offices: Callable[..., Office], settings: Settings, plain: bytes
) -> None:
    ended = offices(start=-30 * DAY, end=-DAY)
    settings.SIGNING = ended.settings()
    file = approved()
    signature = FileSignature.objects.get()
    assert bytes(file.content) == plain
    assert (signature.level, signature.signer) == ("", "")
    assert "ใบรับรองหมดอายุ" in signature.problem
    assert [each.problem for each in renew()] == [signature.problem.partition(": ")[2]]
    settings.SIGNING = offices().settings()
    (done,) = renew()
    assert done.copy is not None
    assert (done.copy.level, done.copy.stamp_until) == ("b-b", None)
    assert done.copy.content.startswith(plain)
    reader = PdfFileReader(io.BytesIO(done.copy.content))
    assert "ของ" in reader.embedded_regular_signatures[0].sig_object["/Reason"]
    assert list(renew()) == []


@pytest.mark.usefixtures("office")
def test_nothing_is_added_to_a_file_that_is_damaged(approved: Approved) -> None:
    damaged = EditionFile.objects.create(
        edition=approved().edition, format="zip", content=b"%PDF-", sha256="0" * 64
    )
    FileSignature.objects.create(file=damaged, problem="x")
    (done,) = renew()
    assert done.problem == services.DAMAGED
    assert not SignedCopy.objects.exists()


@pytest.mark.usefixtures("stamped_office")
def test_of_two_who_renew_at_once_one_makes_the_copy(
    approved: Approved, server: TimestampServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.refuses = True
    file = approved()
    server.refuses = False
    made = services._stamped

    def slowly(signed: services.SignedFile) -> services.SignedFile:
        stamped = made(signed)
        # Meanwhile the other one is done.
        SignedCopy.objects.create(
            file=file, number=1, added=b"", sha256="0" * 64, level="b-b", made_at=timezone.now()
        )
        return stamped

    monkeypatch.setattr(services, "_stamped", slowly)
    (done,) = renew()
    assert (done.copy, done.problem) == (None, "")
    assert SignedCopy.objects.get().sha256 == "0" * 64


@pytest.mark.usefixtures("stamped_office")
def test_a_server_that_is_away_is_not_asked_for_every_file(
    approved: Approved, server: TimestampServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.refuses = True
    file = approved()
    edition = Edition.objects.get()
    for number in range(5):
        other = EditionFile.objects.create(
            edition=edition, format=f"pdf{number}", content=file.content, sha256=file.sha256
        )
        FileSignature.objects.create(file=other, level="b-b", signer="x")
    assert len(list(renew())) == renewal.MOST_SILENCES
    assert timedelta(days=30).days < DAYS
