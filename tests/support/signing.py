"""An organisation's certificate, and a time stamp server of this machine with what its certificates name."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

PASSPHRASE: Final = "a passphrase of tests"
DAY: Final = timedelta(days=1)
# Of a size that is made in a moment; what is tested is not how strong it is.
BITS: Final = 2048


@dataclass(frozen=True)
class Holder:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def parsed(self) -> Any:
        """As the parts of pyHanko know it."""
        return asn1_x509.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER))


@dataclass
class TimestampServer:
    """A server on this machine that hands out time stamps and lists of revoked certificates."""

    address: str = ""
    root: Holder | None = None
    stamper: Holder | None = None
    asked: list[str] = field(default_factory=list)
    """The paths that were asked for, in order."""
    refuses: bool = False
    """Whether it answers that it is broken."""
    revoked: list[int] = field(default_factory=list)
    """Serial numbers."""

    @property
    def url(self) -> str:
        """Where time stamps are asked for."""
        return f"{self.address}/stamp"

    def answer(self, request: bytes) -> bytes:
        """A time stamp."""
        assert self.stamper is not None
        assert self.root is not None
        der = self.stamper.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        store = SimpleCertificateStore()
        store.register(self.root.parsed)
        stamper = DummyTimeStamper(self.stamper.parsed, keys.PrivateKeyInfo.load(der), store)
        made: bytes = stamper.request_tsa_response(tsp.TimeStampReq.load(request)).dump()
        return made

    def revocations(self) -> bytes:
        """The list of revoked certificates."""
        assert self.root is not None
        now = datetime.now(UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.certificate.subject)
            .last_update(now - timedelta(minutes=1))
            .next_update(now + 7 * DAY)
        )
        for number in self.revoked:
            one = x509.RevokedCertificateBuilder().serial_number(number)
            builder = builder.add_revoked_certificate(one.revocation_date(now - DAY).build())
        return builder.sign(self.root.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def new_root(name: str = "Root of tests", *, days: int = 3650) -> Holder:
    """A certificate that nobody has issued but itself."""
    key = rsa.generate_private_key(65537, BITS)
    builder = _builder(name, name, key, -DAY, days * DAY)
    usage = _usage(key_cert_sign=True, crl_sign=True)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made = builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    return Holder(made, key)


def issued(
    root: Holder,
    name: str,
    *,
    start: timedelta = -DAY,
    end: timedelta = 365 * DAY,
    revocations: str = "",
    stamps: bool = False,
) -> Holder:
    """A certificate that a root has issued; start and end count from now.

    Args:
        revocations: the address of the list of revoked certificates; empty where it names none.
        stamps: whether it is one of a time stamp server.
    """
    key = rsa.generate_private_key(65537, BITS)
    issuer = root.certificate.subject.rfc4514_string().removeprefix("CN=")
    builder = _builder(name, issuer, key, start, end)
    usage = _usage(digital_signature=True, content_commitment=True)
    builder = builder.add_extension(usage, critical=True)
    if stamps:
        extended = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(extended, critical=True)
    if revocations:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(revocations)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return Holder(builder.sign(root.key, hashes.SHA256()), key)


def as_pkcs12(holder: Holder, root: Holder, passphrase: str = PASSPHRASE) -> bytes:
    """A certificate with its key and issuer, as an organisation gets it."""
    kept = serialization.BestAvailableEncryption(passphrase.encode())
    return pkcs12.serialize_key_and_certificates(
        b"office", holder.key, holder.certificate, [root.certificate], kept
    )


@contextmanager
def timestamp_server() -> Iterator[TimestampServer]:
    """A server of time stamps on this machine, whose root and certificate are made for it."""
    known = TimestampServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            known.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if known.refuses or self.path != "/stamp":
                self.send_error(503)
                return
            self._say("application/timestamp-reply", known.answer(body))

        def do_GET(self) -> None:
            known.asked.append(self.path)
            if known.refuses or self.path != "/revoked.crl":
                self.send_error(503)
                return
            self._say("application/pkix-crl", known.revocations())

        def _say(self, content_type: str, content: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    known.address = f"http://127.0.0.1:{server.server_address[1]}"
    known.root = new_root()
    list_at = f"{known.address}/revoked.crl"
    known.stamper = issued(known.root, "Time stamps of tests", revocations=list_at, stamps=True)
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _builder(
    name: str, issuer: str, key: rsa.RSAPrivateKey, start: timedelta, end: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + start)
        .not_valid_after(now + end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(**given: bool) -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**(dict.fromkeys(names, False) | given))
