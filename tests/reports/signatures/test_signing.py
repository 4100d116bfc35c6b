"""A signed PDF begins with the PDF as it was, is valid to whoever looks, and is still made for archives."""

import asyncio
import io
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which
from typing import Any

import pikepdf
import pytest
from pdfua.validator import validate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.ades import simulate_future_ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pytest_django import Settings

from reports.document.facts import ReportDocument
from reports.document.figures import NO_PICTURES
from reports.rounds.edition_files import make_file
from reports.signatures import services
from reports.signatures.services import sign
from tests.reports.signatures.conftest import Office
from tests.support.signing import TimestampServer


def opened(content: bytes) -> PdfFileReader:
    return PdfFileReader(io.BytesIO(content))


def signed_by(content: bytes, office: Office) -> Any:
    """What pyHanko says of the first signature."""
    signature = opened(content).embedded_regular_signatures[0]
    return validate_pdf_signature(signature, ValidationContext(trust_roots=[office.root.parsed]))


def lasts(content: bytes, office: Office) -> bool:
    """Whether it can be proven in ten years, when every certificate but the root has ended and nobody can be
    asked, as long as its time stamps are renewed.
    """
    known = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build([office.root.parsed]),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
    )
    nobody = RevocationInfoGatheringSpec(online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY)
    spec = PdfSignatureValidationSpec(SignatureValidationSpec(known, revinfo_gathering_policy=nobody))
    signature = opened(content).embedded_regular_signatures[0]
    then = datetime.now(UTC) + timedelta(days=3_000)
    found = asyncio.run(simulate_future_ades_lta_validation(signature, spec, then))
    return bool(found.ades_subindic == AdESPassed.OK)


def signed(plain: bytes, report: ReportDocument) -> services.SignedFile:
    made = sign(plain, "pdf", report)
    assert made is not None
    return made


def test_without_a_certificate_nothing_is_signed_and_no_byte_is_another(
    plain: bytes, report: ReportDocument
) -> None:
    made = make_file(report, "pdf", NO_PICTURES)
    assert made.signed is None
    assert made.content == plain


@pytest.mark.usefixtures("office")
def test_only_the_pdf_is_signed(report: ReportDocument) -> None:
    assert make_file(report, "csv", NO_PICTURES).signed is None


def test_a_signature_holds_and_says_what_it_is_for(
    plain: bytes, report: ReportDocument, office: Office, server: TimestampServer
) -> None:
    made = signed(plain, report)
    assert (made.level, made.signer, made.problem, made.stamp_until) == ("b-b", "เทศบาลเมืองกองก้อย", "", None)
    assert made.content.startswith(plain)
    status = signed_by(made.content, office)
    assert (status.valid, status.intact, status.trusted) == (True, True, True)
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert status.md_algorithm == "sha256"
    (signature,) = opened(made.content).embedded_signatures
    told = signature.sig_object
    assert told["/SubFilter"] == "/ETSI.CAdES.detached"
    assert "รหัส 7KQF-29XM" in told["/Reason"]
    assert told["/Location"] == report.agency
    # Without a time stamp server in the settings nobody is asked for anything.
    assert server.asked == []


def test_with_a_time_stamp_server_the_signature_lasts(
    plain: bytes, report: ReportDocument, stamped_office: Office, server: TimestampServer
) -> None:
    made = signed(plain, report)
    assert (made.level, made.problem) == ("b-lta", "")
    assert made.content.startswith(plain)
    assert server.stamper is not None
    assert made.stamp_until == server.stamper.certificate.not_valid_after_utc
    reader = opened(made.content)
    assert len(reader.embedded_timestamp_signatures) == 1
    status = signed_by(made.content, stamped_office)
    assert (status.valid, status.intact, status.trusted) == (True, True, True)
    assert status.modification_level == ModificationLevel.LTA_UPDATES
    assert set(server.asked) == {"/stamp", "/revoked.crl"}
    assert lasts(made.content, stamped_office)


def test_a_signed_file_is_still_for_archives_and_for_who_listens(
    plain: bytes, report: ReportDocument, stamped_office: Office, tmp_path: Path
) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed(plain, report).content)
    asked = validate(str(path))
    assert [finding for outcome in asked.outcomes for finding in outcome.findings] == []
    assert len(asked.outcomes) >= 12
    with pikepdf.open(path) as after, pikepdf.open(io.BytesIO(plain)) as before:
        # Nothing that describes the file has become another: claims, title, dates.
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        told = [sorted((key, str(value)) for key, value in pdf.docinfo.items()) for pdf in (before, after)]
        assert told[0] == told[1]
        assert "/NeedAppearances" not in after.Root.AcroForm
        assert "/XFA" not in after.Root.AcroForm
        fields = list(after.Root.AcroForm.Fields)
        assert len(fields) == 2
        for field in fields:
            assert field.FT == "/Sig"
            # ISO 19005-3, 6.3.2: printed, not hidden; without an area and beside the page it is not seen.
            assert int(field.F) & 0b100111 == 0b100
            left, bottom, right, top = (float(each) for each in field.Rect)
            assert (right - left) * (top - bottom) == 0
            assert left < 0
            assert bottom < 0
        for page_before, page_after in zip(before.pages, after.pages, strict=True):
            assert page_after.Contents.read_raw_bytes() == page_before.Contents.read_raw_bytes()


def test_others_find_the_signature_too(
    plain: bytes, report: ReportDocument, stamped_office: Office, tmp_path: Path
) -> None:
    """openssl and poppler know nothing of pyHanko."""
    if which("openssl") is None:
        pytest.skip("openssl is not installed")
    made = signed(plain, report).content
    signature = opened(made).embedded_regular_signatures[0]
    start, length, second, rest = (int(each) for each in signature.byte_range)
    (tmp_path / "covered").write_bytes(made[start : start + length] + made[second : second + rest])
    (tmp_path / "signature").write_bytes(signature.sig_object["/Contents"])
    (tmp_path / "root.pem").write_bytes(stamped_office.root.pem)
    command = "openssl cms -verify -binary -inform DER -in signature -content covered -CAfile root.pem"
    ended = subprocess.run(
        [*command.split(), "-purpose", "any", "-out", "out"], cwd=tmp_path, capture_output=True, check=False
    )
    assert ended.returncode == 0, ended.stderr.decode()
    altered = bytearray((tmp_path / "covered").read_bytes())
    altered[1_000] ^= 1
    (tmp_path / "covered").write_bytes(altered)
    ended = subprocess.run(
        [*command.split(), "-purpose", "any", "-out", "out"], cwd=tmp_path, capture_output=True, check=False
    )
    assert ended.returncode != 0
    if which("pdfsig"):
        (tmp_path / "signed.pdf").write_bytes(made)
        said = subprocess.run(["pdfsig", "signed.pdf"], cwd=tmp_path, capture_output=True, check=False)
        assert b"Signature is Valid" in said.stdout
        assert b"SHA-256" in said.stdout


def test_a_time_stamp_server_that_is_away_leaves_a_signature_without_a_time(
    plain: bytes, report: ReportDocument, stamped_office: Office, server: TimestampServer
) -> None:
    server.refuses = True
    made = signed(plain, report)
    assert made.level == "b-b"
    assert services.NO_ANSWER in made.problem
    assert signed_by(made.content, stamped_office).valid


def test_a_revoked_certificate_signs_nothing(
    plain: bytes, report: ReportDocument, stamped_office: Office, server: TimestampServer
) -> None:
    server.revoked.append(stamped_office.holder.certificate.serial_number)
    made = signed(plain, report)
    assert (made.level, made.content) == ("", plain)
    assert services.REVOKED in made.problem


def test_what_goes_wrong_in_signing_never_keeps_the_report(
    plain: bytes, report: ReportDocument, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any) -> None:
        raise RuntimeError("of another library")

    monkeypatch.setattr(services, "_signed", breaks)
    made = signed(plain, report)
    assert (made.content, made.level) == (plain, "")
    assert services.UNKNOWN in made.problem


@pytest.mark.usefixtures("office")
def test_what_is_for_trying_out_gets_no_organisations_signature(
    plain: bytes, report: ReportDocument, settings: Settings
) -> None:
    assert sign(plain, "pdf", replace(report, sample_note="ข้อมูลตัวอย่าง")) is None
