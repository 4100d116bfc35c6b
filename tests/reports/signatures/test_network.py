"""Signing asks nobody whom the office has not named, and waits for nobody for long."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
import requests

from reports.signatures import network


@contextmanager
def answers(status: int, headers: dict[str, str], *parts: bytes) -> Iterator[tuple[str, list[str]]]:
    """A server that gives one answer to everything; its address, and the paths that were asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            for part in parts:
                self.wfile.write(part)

        do_POST = do_GET  # noqa: N815 - as the library calls it

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/first", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_an_answer_is_read() -> None:
    with answers(200, {"Content-Type": "text/plain"}, b"yes") as (url, _):
        assert network.ask(url, ["text/plain"]).content == b"yes"


def test_nobody_is_followed_to_another_place() -> None:
    with answers(302, {"Location": "/second"}) as (url, asked):
        with pytest.raises(requests.RequestException, match="302"):
            network.ask(url, ["*/*"], b"x")
        assert asked == ["/first"]


def test_an_answer_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "MAX_BYTES", 1_000)
    with (
        answers(200, {}, b"x" * 40_000) as (url, _),
        pytest.raises(requests.RequestException, match="too long"),
    ):
        network.ask(url, ["*/*"])


def test_a_server_that_dribbles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "SECONDS_IN_ALL", -1)
    with answers(200, {}, b"x") as (url, _), pytest.raises(requests.RequestException, match="too long"):
        network.ask(url, ["*/*"])


def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(requests.RequestException):
        network.ask(f"http://127.0.0.1:{silent.getsockname()[1]}/", ["*/*"])


@pytest.mark.parametrize(
    "url", ["ldap://example.go.th/cn=ca", "file:///etc/passwd", "ftp://example.go.th/a.crl"]
)
def test_only_the_web_is_asked(url: str) -> None:
    with pytest.raises(requests.RequestException, match="not an address of the web"):
        network.ask(url, ["*/*"])
