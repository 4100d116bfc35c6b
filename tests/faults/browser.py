"""A browser of the faults: sends pages and forms, signs in where asked, and notes what was answered."""

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import requests

from tests.support.factories import PASSWORD
from tests.support.html import Element, read

# Of patience, on a busy machine too.
SECONDS: Final = 180
SIGN_IN: Final = re.compile(r"(https?://[^/]+)?/(login|account/confirm)/")
# The site says that it cannot store or read now; nothing is wrong with its program.
HINDERED: Final = (503, 507)


@dataclass(frozen=True)
class Write:
    """A change that was answered: from then on it must be there."""

    kind: str
    about: int
    """The key of a measure or of a submission, or the year of a plan."""
    text: str = ""
    sha256: str = ""


@dataclass
class Notes:
    """What all people together sent and were answered."""

    writes: list[Write] = field(default_factory=list)
    requests: int = 0
    refused: int = 0
    """Answers that say why nothing was stored: a stale edit, a form with a gap."""
    hindered: int = 0
    """Answers that say that the site cannot store or read now."""
    unanswered: int = 0
    errors: list[str] = field(default_factory=list)
    """Answers that a program which is right never gives."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, **counts: int) -> None:
        """Count."""
        with self._lock:
            for name, count in counts.items():
                setattr(self, name, getattr(self, name) + count)

    def wrote(self, write: Write) -> None:
        """A change was answered."""
        with self._lock:
            self.writes.append(write)

    def went_wrong(self, what: str) -> None:
        """The program failed."""
        with self._lock:
            self.errors.append(what)


class NoAnswer(Exception):
    """The connection ended before the answer was there."""


class Hindered(Exception):
    """The site says that it cannot do that now."""


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, name: str, address: str, notes: Notes) -> None:
        self.name, self._address, self._notes = name, address, notes
        self._browser = requests.Session()
        self._browser.trust_env = False

    def page(self, path: str) -> Element:
        """A page; signs in first where the site asks for it."""
        answer = self._send("GET", path)
        if self.is_asked_who(answer):
            self.sign_in()
            answer = self._send("GET", path)
        return read(answer.text) if answer.status_code == 200 else Element("", {})

    def post(self, path: str, data: Mapping[str, Any], files: Sequence[Any] = ()) -> requests.Response:
        """Send a form."""
        return self._send("POST", path, data=data, files=list(files) or None)

    def stores(self, answer: requests.Response, write: Write) -> bool:
        """Write down what an answer to a form says: whether what was sent is stored."""
        if answer.status_code == 302 and not self.is_asked_who(answer):
            self._notes.wrote(write)
            return True
        self._notes.add(refused=1)
        if self.is_asked_who(answer):
            self.sign_in()
        return False

    def _send(self, method: str, path: str, **more: Any) -> requests.Response:
        self._notes.add(requests=1)
        try:
            answer = self._browser.request(
                method, self._address + path, timeout=SECONDS, allow_redirects=False, **more
            )
        except (requests.RequestException, ConnectionError) as error:
            self._notes.add(unanswered=1)
            raise NoAnswer from error
        if answer.status_code in HINDERED:
            self._notes.add(hindered=1)
            raise Hindered
        if answer.status_code >= 500:
            self._notes.went_wrong(f"{answer.status_code} {method} {path} ({self.name})")
        return answer

    @staticmethod
    def is_asked_who(answer: requests.Response) -> bool:
        """Whether it leads to the sign-in, or to where the password is asked for again."""
        where = answer.headers.get("Location", "")
        return answer.status_code == 302 and bool(SIGN_IN.match(where))

    def sign_in(self) -> None:
        """As if for the first time, with the password."""
        self._browser.cookies.clear()
        form = form_to(read(self._send("GET", "/login/").text), "/login/")
        if form is None:
            return
        # To a form the site sends its own address as origin.
        sent = {**form.form_data(), "login": self.name, "username": self.name, "password": PASSWORD}
        self._send("POST", "/login/", data=sent)


def form_to(page: Element, ending: str) -> Element | None:
    """The first form of a page whose address ends so; of the page itself where it names none."""
    forms = page.all("form", method="post")
    return next((form for form in forms if form.get("action").split("?")[0].endswith(ending)), None)
