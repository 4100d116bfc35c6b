"""One try of a job: who may work on it, how far it is, and how it ends.

A worker holds a job by a lease. Whatever it stores of the job is a conditional UPDATE that names its hold, so
that a worker that was believed dead and comes back changes nothing any more.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.db.models import F, Q
from django.utils import timezone

from accounts.models import BackgroundJob, JobState

# The worker's sign of life renews it four times in that time.
LEASE: Final = timedelta(seconds=60)
SOMETHING_WENT_WRONG: Final = "ระบบทำงานนี้ไม่สำเร็จ ลองอีกครั้งได้ หากยังไม่สำเร็จกรุณาแจ้งผู้ดูแลระบบ"


class JobStopped(Exception):
    """The person who asked for it has cancelled it."""


class LeaseLost(Exception):
    """Somebody else works on it by now: this try ends without a word."""


class JobProblem(Exception):
    """Why a job cannot be done, as a Thai sentence for the person.

    Args:
        again: whether trying again by itself can help.
        address: of the page where the person can mend it; empty for none.
    """

    def __init__(self, sentence: str, *, again: bool = False, address: str = "") -> None:
        super().__init__(sentence)
        self.address = address
        self.sentence = sentence
        self.again = again


class Run:
    """A job while one worker holds it."""

    def __init__(self, job: BackgroundJob) -> None:
        self.job = job

    def report(self, done: int, total: int, doing: str = "") -> None:
        """Say how far it is; to be called before each step.

        Args:
            doing: what comes next, in Thai, as it stands after กำลัง: ทำไฟล์ PDF.

        Raises:
            JobStopped: the person wants it to end here.
            LeaseLost: another worker has taken it up.
        """
        lease = timezone.now() + LEASE
        self._change({"done": done, "total": total, "doing": doing[:200], "lease_until": lease})
        if BackgroundJob.objects.filter(pk=self.job.pk, wants_to_stop=True).exists():
            raise JobStopped

    def still_holds(self) -> None:
        """To be asked in the transaction that stores what was made.

        Raises:
            LeaseLost: another worker has taken it up.
        """
        self._change({"lease_until": timezone.now() + LEASE})

    def end(self, state: JobState, *, error: str = "", result_address: str = "") -> None:
        """Let go of it for good.

        Raises:
            LeaseLost: another worker has taken it up.
        """
        changes: dict[str, Any] = {
            "state": state,
            "lease_until": None,
            "ended_at": timezone.now(),
            "doing": "",
            "error": error[:500],
            "result_address": result_address,
        }
        if state == JobState.DONE:
            changes["done"] = self.job.total
        self._change(changes)

    def give_back(self, error: str = "") -> None:
        """Let go of it for another try.

        Raises:
            LeaseLost: another worker has taken it up.
        """
        self._change({**LET_GO, "error": error[:500]})

    def _change(self, changes: Mapping[str, Any]) -> None:
        mine = BackgroundJob.objects.filter(
            pk=self.job.pk, state=JobState.RUNNING, worker=self.job.worker, tries=self.job.tries
        )
        if not mine.update(**changes):
            raise LeaseLost
        for name, value in changes.items():
            setattr(self.job, name, value)


LET_GO: Final[Mapping[str, Any]] = {"state": JobState.WAITING, "lease_until": None, "worker": "", "doing": ""}


def claim_job(pk: int, worker: str) -> Run | None:
    """Take a job that waits, or one whose worker is gone; None where there is nothing to do.

    One conditional UPDATE: of two workers at once exactly one gets it.
    """
    now = timezone.now()
    free = Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, lease_until__lt=now)
    taken = BackgroundJob.objects.filter(free, pk=pk).update(
        state=JobState.RUNNING,
        worker=worker[:64],
        lease_until=now + LEASE,
        started_at=now,
        tries=F("tries") + 1,
    )
    return Run(BackgroundJob.objects.select_related("agency", "asked_by").get(pk=pk)) if taken else None
