"""People who work on the site while it is under faults."""

import hashlib
import io
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Final

from PIL import Image

from tests.faults.browser import SECONDS, Hindered, NoAnswer, Notes, Person, Write, form_to
from tests.faults.world import World
from tests.support.html import Element, read

# Of a picture in each direction; noise, which no format makes smaller.
PIXELS: Final = 24
PAUSE: Final = 0.05
# Of what is submitted so much is approved, the rest returned.
APPROVED: Final = 0.4
# On a busy machine too.
SECONDS_AT_THE_GATE: Final = 180.0


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
        sent = {**self._form.form_data(), "evidence-title": title, "evidence-effective_on": "1/2/2566"}
        answer = self._person.post(path, sent, [("evidence-file", (f"{unique}.png", data, "image/png"))])
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
    if executive.is_asked_who(answer):
        # The sign-in was too long ago, or will be, for a clock that was put back.
        executive.sign_in()
        form = form_to(executive.page(path), "/approve/")
        if form is None:
            return False
        answer = executive.post(f"{path}approve/", form.form_data())
    if answer.status_code == 200 and (asked := form_to(read(answer.text), "/approve/")):
        form = asked
        wait()
        answer = executive.post(f"{path}approve/", form.form_data())
    return executive.stores(answer, Write("approve", int(str(form.form_data()["submission"]))))


def approve_at_once(people: Sequence[Person], year: int) -> list[bool]:
    """Let people press the last button at the same moment; who was told that it is approved."""
    gate = threading.Barrier(len(people), timeout=SECONDS_AT_THE_GATE)

    def wait() -> None:
        with suppress(threading.BrokenBarrierError):
            gate.wait()

    def one(person: Person) -> bool:
        try:
            return approve(person, year, wait)
        finally:
            # Whoever has not come to the last button keeps nobody waiting.
            gate.abort()

    with ThreadPoolExecutor(len(people)) as threads:
        return list(threads.map(one, people))


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
