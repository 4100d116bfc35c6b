"""A mail server and a stand-in for LINE's Messaging API on this machine, and servers that misbehave."""

import json
import socket
from asyncio import Transport
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass
class Mailbox:
    """What a mail server was handed, and what it answers to addresses."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    """By address, what is said to it instead of yes."""
    drops: bool = False
    """Whether it cuts the line while it is handed the text."""

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take an address or say no."""
        if said := self.refuses.get(address):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail."""
        if self.drops:
            assert isinstance(server.transport, Transport)
            server.transport.abort()
            return "250 OK"
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A real SMTP server."""
    box = Mailbox(free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@contextmanager
def silent_server() -> Iterator[int]:
    """The port of a server that takes the line and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@dataclass
class LineApi:
    """What was posted to LINE, and what it answers next; 200 when nothing else is said."""

    address: str = ""
    posts: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], dict[str, Any]]] = field(default_factory=list)


@contextmanager
def line_api() -> Iterator[LineApi]:
    """A server that answers as LINE's documentation says; a retry key that it has taken is a conflict."""
    api = LineApi()
    taken: set[str] = set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            api.posts.append((self.path, dict(self.headers), body))
            key = self.headers["X-Line-Retry-Key"]
            if api.answers:
                status, headers, said = api.answers.pop(0)
            elif key in taken:
                status, headers = 409, {"x-line-accepted-request-id": "a-1"}
                said = {"message": "The retry key is already accepted"}
            else:
                taken.add(key)
                status, headers, said = 200, {}, {"sentMessages": [{"id": "1", "quoteToken": "q"}]}
            self.send_response(status)
            content = json.dumps(said).encode()
            for name, value in {"x-line-request-id": "r-1", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.address = f"http://127.0.0.1:{server.server_port}"
    # The pause between its looks whether it shall end; half a second otherwise.
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
