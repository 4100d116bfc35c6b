"""People who work on the site while it is under faults, and write down what they were answered."""

import hashlib
import io
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import requests
from PIL import Image

from tests.faults.world import World
from tests.support.factories import PASSWORD
from tests.support.html import Element, read

SECONDS: Final = 60
# Of a picture in each direction; noise, which no format makes smaller.
PIXELS: Final = 24
PAUSE: Final = 0.05
# Of what is submitted so much is approved, the rest returned.
APPROVED: Final = 0.4
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
        if self._asks_who(answer):
            self._sign_in()
            answer = self._send("GET", path)
        return read(answer.text) if answer.status_code == 200 else Element("", {})

    def post(self, path: str, data: Mapping[str, Any], files: Sequence[Any] = ()) -> requests.Response:
        """Send a form."""
        return self._send("POST", path, data=data, files=list(files) or None)

    def stores(self, answer: requests.Response, write: Write) -> bool:
        """Write down what an answer to a form says: whether what was sent is stored."""
        if answer.status_code == 302 and not self._asks_who(answer):
            self._notes.wrote(write)
            return True
        self._notes.add(refused=1)
        if self._asks_who(answer):
            self._sign_in()
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
    def _asks_who(answer: requests.Response) -> bool:
        where = answer.headers.get("Location", "")
        return answer.status_code == 302 and bool(
            re.match(r"(https?://[^/]+)?/(login|account/confirm)/", where)
        )

    def _sign_in(self) -> None:
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


class Saver:
    """Reports on measures of their own, and now and then on one on which all report."""

    def __init__(self, person: Person, world: World, place: int, chance: random.Random) -> None:
        self._person, self._chance = person, chance
        self._measures = (*world.own[place], *world.own[place], world.shared)

    def step(self) -> None:
        """One report."""
        measure = self._chance.choice(self._measures)
        path = f"/measures/{measure}/"
        form = form_to(self._person.page(path), path)
        if form is None:
            return
        text = f"{self._person.name} {self._chance.getrandbits(64):x}"
        status = self._chance.choice(("in_progress", "not_started"))
        sent = {**form.form_data(), "status": status, "status_reason": "รอผล", "result": text}
        self._person.stores(self._person.post(path, sent), Write("save", measure, text))


class Uploader:
    """Hands in one file after the other."""

    def __init__(
        self, person: Person, world: World, place: int, chance: random.Random, pixels: int = PIXELS
    ) -> None:
        self._person, self._chance, self._pixels = person, chance, pixels
        self._measure = world.files[place]
        self._form: Element | None = None

    def step(self) -> None:
        """One file; the page is opened once, as its list grows with all of them."""
        path = f"/measures/{self._measure}/evidence/"
        if self._form is None:
            self._form = form_to(self._person.page(f"/measures/{self._measure}/"), path)
        if self._form is None:
            return
        data, unique = picture(self._chance, self._pixels), f"{self._chance.getrandbits(64):x}"
        title = f"{self._person.name} {unique}"
        sent = {**self._form.form_data(), "title": title, "effective_on": "1/2/2566"}
        answer = self._person.post(path, sent, [("file", (f"{unique}.png", data, "image/png"))])
        write = Write("upload", self._measure, title, hashlib.sha256(data).hexdigest())
        if not self._person.stores(answer, write):
            self._form = None


def picture(chance: random.Random, pixels: int = PIXELS) -> bytes:
    """A picture that is like no other."""
    noise = Image.frombytes("RGB", (pixels, pixels), chance.randbytes(pixels * pixels * 3))
    data = io.BytesIO()
    noise.save(data, "PNG")
    return data.getvalue()


class Office:
    """Officer and executive: submit, approve or return, open again for a correction."""

    def __init__(self, officer: Person, executive: Person, world: World, chance: random.Random) -> None:
        self._officer, self._executive = officer, executive
        self._years, self._chance = world.years, chance

    def step(self) -> None:
        """What comes next in one of the rounds."""
        year = self._chance.choice(self._years)
        path = f"/reports/{year}/6/"
        page = self._officer.page(path)
        if form := form_to(page, "/submit/"):
            answer = self._officer.post(f"{path}submit/", form.form_data())
            self._officer.stores(answer, Write("submit", year))
        elif form := form_to(page, "/reopen/"):
            sent = {**form.form_data(), "reason": "แก้ไขตัวเลข"}
            self._officer.stores(self._officer.post(f"{path}reopen/", sent), Write("reopen", year))
        elif self._chance.random() < APPROVED:
            approve(self._executive, year)
        elif form := form_to(self._executive.page(path), "/return/"):
            sent = {**form.form_data(), "reason": "ขาดผล"}
            write = Write("return", int(str(sent["submission"])))
            self._executive.stores(self._executive.post(f"{path}return/", sent), write)


def approve(executive: Person, year: int, wait: Callable[[], object] = int) -> bool:
    """Approve what was submitted; says yes where the site asks.

    Args:
        wait: called before the last button is pressed.
    """
    path = f"/reports/{year}/6/"
    form = form_to(executive.page(path), "/approve/")
    if form is None:
        return False
    answer = executive.post(f"{path}approve/", form.form_data())
    if answer.status_code == 200 and (asked := form_to(read(answer.text), "/approve/")):
        form = asked
        wait()
        answer = executive.post(f"{path}approve/", form.form_data())
    return executive.stores(answer, Write("approve", int(str(form.form_data()["submission"]))))


class Crowd:
    """All of them at work, each in a thread of their own."""

    def __init__(self, address: str, world: World, seed: int, pixels: int = PIXELS) -> None:
        self.notes = Notes()
        self.world = world
        self._ends = threading.Event()
        chance = random.Random(seed)  # noqa: S311 - what people do, not a secret

        def person(name: str) -> Person:
            return Person(name, address, self.notes)

        def own() -> random.Random:
            return random.Random(chance.random())  # noqa: S311

        self._work: list[Saver | Uploader | Office] = [
            *(Saver(person(name), world, place, own()) for place, name in enumerate(world.savers)),
            *(
                Uploader(person(name), world, place, own(), pixels)
                for place, name in enumerate(world.uploaders)
            ),
            Office(person(world.officer), person(world.executives[0]), world, own()),
        ]

    @contextmanager
    def at_work(self) -> Iterator[Notes]:
        """They work until the end of the block, or until the site does not answer any more."""
        self._ends.clear()
        threads = [threading.Thread(target=self._go_on, args=(work,)) for work in self._work]
        for thread in threads:
            thread.start()
        try:
            yield self.notes
        finally:
            self._ends.set()
            for thread in threads:
                thread.join()

    def wait_for(self, more: int, seconds: float = SECONDS) -> None:
        """Until so many more requests have been sent."""
        until, give_up = self.notes.requests + more, time.monotonic() + seconds
        while self.notes.requests < until and time.monotonic() < give_up:
            time.sleep(0.005)

    def _go_on(self, work: Saver | Uploader | Office) -> None:
        while not self._ends.is_set():
            try:
                work.step()
            except (NoAnswer, Hindered):
                # Whoever it was tries again, until the site is back or the fault is over.
                self._ends.wait(PAUSE)
