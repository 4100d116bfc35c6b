"""Settings of signing that cannot be read or are not safe do not start; a certificate that ended is told."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from environs import Env
from pytest_django import Settings

from ita_tracker.signing_settings import SigningSettings, signing_of
from reports.signatures import certificate
from reports.signatures.certificate import CertificateProblem, credentials, usable_facts
from reports.site_admin.health import HealthLine, health
from tests.reports.signatures.conftest import Office
from tests.support.signing import DAY, PASSPHRASE, Holder, as_pkcs12


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """What an office puts on its disk, by the settings that name it."""
    for name, text in {"p12": "x", "passphrase": "secret", "roots": "-----BEGIN CERTIFICATE-----"}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o640)
    return {
        "SIGNING_CERTIFICATE_FILE": str(tmp_path / "p12"),
        "SIGNING_PASSPHRASE_FILE": str(tmp_path / "passphrase"),
        "SIGNING_ROOTS_FILE": str(tmp_path / "roots"),
    }


def given(monkeypatch: pytest.MonkeyPatch, **environment: str) -> SigningSettings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return signing_of(Env())


def test_without_settings_nothing_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch) == SigningSettings()
    assert not SigningSettings().has_certificate


def test_a_certificate_comes_from_a_file_or_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, files: dict[str, str]
) -> None:
    found = given(monkeypatch, **files, TIMESTAMP_URL="https://tsa.example.go.th/stamp")
    assert found.has_certificate
    assert found.timestamp_url == "https://tsa.example.go.th/stamp"
    for name in files:
        monkeypatch.delenv(name)
    lines = base64.encodebytes(b"x" * 100).decode()
    found = given(monkeypatch, SIGNING_CERTIFICATE=lines, SIGNING_PASSPHRASE="secret")
    assert base64.b64decode(found.certificate) == b"x" * 100
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"SIGNING_CERTIFICATE_FILE": "/nowhere/a.p12"}, "SIGNING_CERTIFICATE_FILE cannot be read"),
        ({"SIGNING_CERTIFICATE_FILE": "/dev/null"}, "empty or no file"),
        ({"SIGNING_PASSPHRASE_FILE": "/nowhere/a"}, "SIGNING_PASSPHRASE_FILE cannot be read"),
        ({"SIGNING_PASSPHRASE_FILE": ""}, "needs SIGNING_PASSPHRASE_FILE"),
        ({"SIGNING_PASSPHRASE": "x"}, "not both"),
        ({"SIGNING_CERTIFICATE": "eA=="}, "not both"),
        ({"SIGNING_CERTIFICATE_FILE": ""}, "need SIGNING_CERTIFICATE_FILE"),
        ({"SIGNING_CERTIFICATE_FILE": "", "SIGNING_CERTIFICATE": "*"}, "in base64"),
        ({"SIGNING_ROOTS_FILE": "/nowhere/a.pem"}, "SIGNING_ROOTS_FILE cannot be read"),
        ({"SIGNING_ROOTS_FILE": certificate.__file__}, "no certificate in PEM"),
        ({"TIMESTAMP_URL": "tsa.example.go.th"}, "TIMESTAMP_URL must be an address"),
        ({"TIMESTAMP_URL": "file:///etc/passwd"}, "TIMESTAMP_URL must be an address"),
        ({"TIMESTAMP_URL": "http://[x"}, "TIMESTAMP_URL must be an address"),
    ],
)
def test_what_cannot_be_read_or_does_not_fit_does_not_start(
    monkeypatch: pytest.MonkeyPatch, files: dict[str, str], changes: dict[str, str], said: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=said.replace("(", r"\(")):
        given(monkeypatch, **(files | changes))


@pytest.mark.parametrize("name", ["SIGNING_CERTIFICATE_FILE", "SIGNING_PASSPHRASE_FILE"])
def test_what_everybody_on_the_machine_can_read_does_not_start(
    monkeypatch: pytest.MonkeyPatch, files: dict[str, str], name: str
) -> None:
    Path(files[name]).chmod(0o644)
    with pytest.raises(ImproperlyConfigured, match="chmod o-r"):
        given(monkeypatch, **files)


def line_of_page() -> HealthLine:
    return next(line for line in health() if line.name == "ลายมือชื่อดิจิทัลของรายงาน")


def told() -> list[str]:
    """What `manage.py check` says of signing."""
    return [str(each.msg) for each in run_checks() if each.id == "reports.W001"]


@pytest.mark.django_db
def test_a_good_certificate_is_well_everywhere(office: Office) -> None:
    assert told() == []
    assert line_of_page().is_well
    assert "เทศบาลเมืองกองก้อย" in line_of_page().said
    assert Client().get("/readyz").json()["checks"]["signature"] is True


@pytest.mark.django_db
def test_without_a_certificate_nobody_is_bothered() -> None:
    assert told() == []
    assert not line_of_page().is_used
    assert "signature" not in Client().get("/readyz").json()["checks"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "said", "signs"),
    [((-30, -1), "หมดอายุเมื่อ", False), ((1, 30), "เริ่มใช้ได้วันที่", False), ((-1, 20), "จะหมดอายุวันที่", True)],
)
def test_a_certificate_that_does_not_hold_is_told(
    offices: Callable[..., Office], settings: Settings, days: tuple[int, int], said: str, signs: bool
) -> None:
    settings.SIGNING = offices(start=days[0] * DAY, end=days[1] * DAY).settings()
    assert said in told()[0]
    line = line_of_page()
    assert not line.is_well
    assert said in line.said
    assert Client().get("/readyz").json()["checks"]["signature"] is signs


def test_a_wrong_passphrase_is_told(office: Office, settings: Settings) -> None:
    settings.SIGNING = SigningSettings(certificate_file=settings.SIGNING.certificate_file, passphrase="wrong")
    assert certificate.NOT_OPENED in told()[0]


def test_a_file_that_has_gone_since_is_told(office: Office, settings: Settings, tmp_path: Path) -> None:
    settings.SIGNING = SigningSettings(certificate_file=str(tmp_path / "gone"), passphrase="x")
    with pytest.raises(CertificateProblem, match=certificate.UNREADABLE):
        credentials()
    assert told()


def test_a_certificate_without_its_key_cannot_sign(
    office: Office, settings: Settings, holder_without_key: bytes
) -> None:
    settings.SIGNING = SigningSettings(
        certificate=base64.b64encode(holder_without_key).decode(), passphrase=PASSPHRASE
    )
    with pytest.raises(CertificateProblem, match=certificate.NO_KEY):
        usable_facts()


@pytest.fixture
def holder_without_key(office: Office) -> bytes:
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

    certificate_alone: bytes = pkcs12.serialize_key_and_certificates(
        None, None, office.holder.certificate, None, BestAvailableEncryption(PASSPHRASE.encode())
    )
    return certificate_alone


def test_a_certificate_of_the_environment_signs_as_one_of_a_file(office: Office, settings: Settings) -> None:
    holder: Holder = office.holder
    settings.SIGNING = SigningSettings(
        certificate=base64.b64encode(as_pkcs12(holder, office.root)).decode(), passphrase=PASSPHRASE
    )
    assert usable_facts().name == "เทศบาลเมืองกองก้อย"
    assert credentials().passphrase == PASSPHRASE.encode()
