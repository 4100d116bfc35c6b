"""The faults: each is done to the site while people work on it, and followed by a look at what is there."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import requests
from django.db import connection
from django.utils import timezone

from accounts.models import BackgroundJob, BackgroundWorker, JobState
from reports.models import Edition, EditionFile, Submission
from reports.rounds.edition_files import KIND, ask_for_files
from tests.faults import checks
from tests.faults.browser import Notes, Person, form_to
from tests.faults.disks import Disk
from tests.faults.people import PIXELS, Crowd, approve, approve_at_once
from tests.faults.site import Site
from tests.faults.table import Row
from tests.faults.world import World
from tests.support.postgres_cluster import Cluster

# Requests before a fault, and after it.
FEW, MANY = 8, 60
HOUR: Final = 3_600.0
# Seconds from the true time, one after the other.
CLOCKS: Final = (HOUR, -HOUR, 0.0, 30 * 60, -30 * 60, 26 * HOUR, -26 * HOUR, 400 * 24 * HOUR, 0.0)
SECONDS_FOR_FILES: Final = 600.0
# Bytes beyond which no file grows, where a disk cannot be filled.
SMALL: Final = 64 * 1024
# In pixels each way: a file of 120 KB.
LARGE: Final = 200


class Torture:
    """One site, one world, and what is done to them.

    Args:
        database: the server of PostgreSQL, where it is that.
        disk: on which everything of the site lies, where it has one of its own.
    """

    def __init__(
        self, site: Site, world: World, seed: int, database: Cluster | None = None, disk: Disk | None = None
    ) -> None:
        self.site, self._world = site, world
        self._database, self._disk = database, disk
        self._chance = random.Random(seed)  # noqa: S311 - when something happens, not a secret
        self._files_seen = 0
        # The people of the world were not added by anybody: a log does not know them.
        self._before = checks.misfits()
        connection.close()

    def kills(self, rounds: int) -> Row:
        """Server and worker are killed at any moment."""
        with self._row("SIGKILL of server and worker", rounds) as (row, crowd):
            for _ in range(rounds):
                with crowd.at_work():
                    self._work(crowd)
                    self.site.kill()
                self.site.start()
                self._look(row, crowd.notes)
        return row

    def restarts(self, rounds: int) -> Row:
        """The database is stopped under load, in turn at once and in order, and started again."""
        with self._row("PostgreSQL restarted under load", rounds) as (row, crowd):
            assert self._database is not None
            for number in range(rounds):
                with crowd.at_work():
                    self._work(crowd)
                    self._database.stop("fast" if number % 2 else "immediate")
                    crowd.wait_for(FEW)
                    self._database.start()
                    self.site.wait()
                    self._work(crowd)
                self._look(row, crowd.notes)
        return row

    def clocks(self, rounds: int) -> Row:
        """The clock of all programs jumps forwards and backwards."""
        with self._row("clock moved", rounds) as (row, crowd):
            for number in range(rounds):
                with crowd.at_work():
                    self._work(crowd)
                    self.site.move_clock(CLOCKS[number % len(CLOCKS)])
                    self._work(crowd)
                self._look(row, crowd.notes)
            self.site.move_clock(0)
            # From its start on a program has the clock that it is to have.
            self.site.kill()
            self.site.start()
        return row

    def approvals(self, rounds: int) -> Row:
        """Two people approve one submission at the same moment: one of them does."""
        with self._row("two approvals at once", rounds) as (row, crowd):
            officer, *executives = self._office(crowd.notes)
            for number in range(rounds):
                year = self._world.years[number % len(self._world.years)]
                self._submit(officer, year)
                before = Edition.objects.count()
                said = approve_at_once(executives, year)
                self._look(row, crowd.notes)
                made = Edition.objects.count() - before
                connection.close()
                if said.count(True) != 1 or made != 1:
                    row.half.append(f"year {year}: {said.count(True)} were told yes, {made} editions")
        return row

    def workers(self, rounds: int) -> Row:
        """Three workers look for work at the same moment: each file is made once."""
        with self._row("three workers at once", rounds) as (row, crowd):
            self.site.kill()
            self._all_can_be_taken_up()
            self.site.start(workers=3)
            officer, executive, _ = self._office(crowd.notes)
            for number in range(rounds):
                year = self._world.years[number % len(self._world.years)]
                self._submit(officer, year)
                approve(executive, year)
                self._wait_for_files()
                newest = Edition.objects.order_by("-pk")[0]
                job = BackgroundJob.objects.about(KIND, str(newest.pk))[0]
                if (job.state, job.tries) != (JobState.DONE, 1):
                    row.half.append(f"edition {newest.pk}: {job.state} at try {job.tries}")
                self._look(row, crowd.notes)
            self.site.kill()
            self.site.start()
        return row

    def cuts(self, rounds: int) -> Row:
        """The disk loses its power: what was not flushed is gone."""
        with self._row("power cut", rounds) as (row, crowd):
            assert self._disk is not None
            for _ in range(rounds):
                with crowd.at_work():
                    self._work(crowd)
                    errors = len(crowd.notes.errors)
                    self._disk.cut()
                    self.site.kill()
                # A machine without power gives no answers, not even wrong ones.
                del crowd.notes.errors[errors:]
                self._without_power()
                self.site.start()
                self._look(row, crowd.notes)
        return row

    def full(self, rounds: int) -> Row:
        """No room on the disk; then there is some again."""
        with self._row("disk full", rounds, LARGE) as (row, crowd):
            for _ in range(rounds):
                with crowd.at_work():
                    self._work(crowd)
                    self._take_room_away()
                    before = crowd.notes.refused + crowd.notes.hindered
                    crowd.wait_for(MANY)
                    if crowd.notes.refused + crowd.notes.hindered == before:
                        row.errors.append("nobody was told that the disk is full: this proves nothing")
                    self._read_a_page(row)
                    self._make_room()
                    self.site.wait()
                    self._work(crowd)
                self._look(row, crowd.notes)
        return row

    def finish(self) -> Row:
        """In the end every edition has all its files, also where workers were killed over them."""
        row = Row("files of all editions in the end")
        self.site.kill()
        self._all_can_be_taken_up()
        self.site.start(workers=2)
        self._wait_for_files()
        left = checks.without_files()
        row.half += [f"edition {edition.pk} never got its files" for edition in left]
        row.half += [*checks.half_states(), *(each for each in checks.misfits() if each not in self._before)]
        row.written = EditionFile.objects.count()
        # Where nothing was approved there is nothing to say.
        row.rounds = int(row.written > 0)
        connection.close()
        return row

    # --- Parts of them ------------------------------------------------------------------------------

    @contextmanager
    def _row(self, fault: str, rounds: int, pixels: int = PIXELS) -> Iterator[tuple[Row, Crowd]]:
        row = Row(fault, rounds)
        crowd = Crowd(self.site.address, self._world, self._chance.getrandbits(32), pixels)
        yield row, crowd
        notes = crowd.notes
        row.lost += checks.counted(notes.writes)
        connection.close()
        row.requests, row.unanswered, row.hindered = notes.requests, notes.unanswered, notes.hindered
        row.errors += notes.errors
        row.kinds = dict(Counter(write.kind for write in notes.writes))

    def _work(self, crowd: Crowd) -> None:
        """Let people work for a while that is never the same, up to a moment between two requests."""
        crowd.wait_for(self._chance.randint(FEW, MANY))
        time.sleep(self._chance.random() / 30)

    def _look(self, row: Row, notes: Notes) -> None:
        """What was answered is there, and nothing by half."""
        writes = notes.writes[row.written :]
        row.lost += checks.lost(writes)
        row.written += len(writes)
        row.half += checks.half_states(self._files_seen)
        newest = EditionFile.objects.order_by("-pk").values_list("pk", flat=True).first()
        self._files_seen = newest or 0
        # The next fault may be one of the disk or of the database.
        connection.close()

    def _office(self, notes: Notes) -> tuple[Person, Person, Person]:
        first, second = self._world.executives
        address = self.site.address
        officer = Person(self._world.officer, address, notes)
        return officer, Person(first, address, notes), Person(second, address, notes)

    def _submit(self, officer: Person, year: int) -> None:
        """Bring a round to where it waits for an approval."""
        path = f"/reports/{year}/6/"
        if form := form_to(officer.page(path), "/reopen/"):
            officer.post(f"{path}reopen/", {**form.form_data(), "reason": "แก้ไขตัวเลข"})
        if form := form_to(officer.page(path), "/submit/"):
            officer.post(f"{path}submit/", form.form_data())
        waiting = Submission.objects.filter(round__plan__fiscal_year=year, outcome="pending")
        assert waiting.exists(), f"the round of {year} could not be submitted"

    def _all_can_be_taken_up(self) -> None:
        """As if a minute had passed since workers were killed; what killed three is asked for anew."""
        long_ago = timezone.now() - timedelta(minutes=10)
        BackgroundJob.objects.filter(state=JobState.RUNNING).update(lease_until=long_ago)
        BackgroundJob.objects.unfinished().update(asked_at=long_ago)
        BackgroundWorker.objects.all().delete()
        from django_tasks_db.models import DBTaskResult

        DBTaskResult.objects.filter(status="RUNNING").update(started_at=long_ago)
        for edition in checks.without_files():
            ask_for_files(edition, None)  # type: ignore[arg-type]
        connection.close()

    @staticmethod
    def _wait_for_files() -> None:
        give_up = time.monotonic() + SECONDS_FOR_FILES
        while checks.without_files() and time.monotonic() < give_up:
            time.sleep(0.1)

    def _without_power(self) -> None:
        assert self._disk is not None
        if self._database is not None:
            self._database.kill()
        self._disk.unmount()
        self._disk.mount()
        if self._database is not None:
            self._database.start()

    def _take_room_away(self) -> None:
        if self._disk is not None:
            self._disk.fill()
        else:
            self._limit_files(SMALL)

    def _limit_files(self, size: int) -> None:
        self.site.kill()
        self.site.limit_files(size)
        self.site.start()

    def _make_room(self) -> None:
        if self._disk is None:
            self._limit_files(0)
            return
        self._disk.make_room()
        if self._database is not None and not self._database.is_running():
            self._database.start()

    def _read_a_page(self, row: Row) -> None:
        """What only reads is still answered where the disk is full."""
        try:
            answer = requests.get(f"{self.site.address}/help/", timeout=60)
        except requests.RequestException as error:
            row.errors.append(f"a page could not be read: {error}")
        else:
            if answer.status_code != 200:
                row.errors.append(f"a page was answered with {answer.status_code}")
