"""A provider of OpenID Connect on this machine: discovery, a code for a token, a signed ID token."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "ita-tracker"
SECRET = "of the client"
KEY_ID = "first"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def usual_key() -> rsa.RSAPrivateKey:
    """One for all providers of a run: making it takes longer than signing in."""
    return new_key()


@dataclass
class OpenIdProvider:
    """Answers as the specification says; a test says for whom, and may have it go wrong."""

    server: HTTPServer
    claims: dict[str, Any] = field(default_factory=dict)
    """Of the person who is signed in there."""
    token: dict[str, Any] = field(default_factory=dict)
    """What a test puts into the ID token in the place of what belongs there."""
    key: rsa.RSAPrivateKey = field(default_factory=usual_key)
    signs_with: rsa.RSAPrivateKey | None = None
    challenge: str = ""
    is_down: bool = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def authorize(self, address: str) -> str:
        """What its page does once the person is signed in there: the address to which it sends them back."""
        query = dict(parse_qsl(urlsplit(address).query))
        assert address.startswith(f"{self.address}/authorize?")
        assert query["client_id"] == CLIENT
        assert query["response_type"] == "code"
        assert "openid" in query["scope"].split()
        assert query["code_challenge_method"] == "S256"
        self.challenge = query["code_challenge"]
        back = urlsplit(query["redirect_uri"])
        return f"{back.path}?{urlencode({'code': 'one-time', 'state': query['state']})}"

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": KEY_ID, "alg": "RS256", "use": "sig"}]}

    def exchange(self, sent: dict[str, list[str]]) -> dict[str, Any]:
        """A token for a code, for who knows the secret and began it."""
        assert (sent["client_id"], sent["client_secret"]) == ([CLIENT], [SECRET])
        assert sent["code"] == ["one-time"]
        digest = sha256(sent["code_verifier"][0].encode()).digest()
        assert urlsafe_b64encode(digest).rstrip(b"=").decode() == self.challenge
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "sub": "7", "iat": now, "exp": now + 60, **self.claims}
        signed = jwt.encode(
            claims | self.token, self.signs_with or self.key, algorithm="RS256", headers={"kid": KEY_ID}
        )
        return {"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": signed}


@contextmanager
def openid_provider() -> Iterator[OpenIdProvider]:
    """The provider, in a thread of its own."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers = {"/.well-known/openid-configuration": provider.discovery, "/keys": provider.keys}
            self.answer(answers[self.path]())

        def do_POST(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.answer(provider.exchange(sent))

        def answer(self, facts: dict[str, Any]) -> None:
            self.send_response(503 if provider.is_down else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(facts).encode())

        def log_message(self, *_: Any) -> None:
            """Nothing: a test says what went wrong."""

    server = HTTPServer(("127.0.0.1", 0), Answers)
    provider = OpenIdProvider(server)
    # The pause between its looks whether it shall end; half a second otherwise.
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
