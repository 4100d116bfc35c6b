"""What is looked for after a fault is found where it is: a check that never fails proves nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from measures.models import Evidence, Measure, Plan
from reports.models import Round, RoundState, Submission, SubmissionOutcome
from reports.rounds.services import submit
from tests.faults import checks
from tests.faults.browser import Write
from tests.faults.world import lay_out
from tests.support.factories import YEAR, make_edition, make_evidence_file, make_measure

pytestmark = pytest.mark.django_db


@pytest.fixture
def proof(measure: Measure) -> Evidence:
    return make_evidence_file(measure)


@pytest.fixture
def round_(plan: Plan) -> Round:
    return Round.objects.select_related("plan__agency").get(plan=plan, months=6)


def test_a_world_to_which_nothing_has_happened_has_nothing_by_half() -> None:
    lay_out()
    assert checks.half_states() == []


def without_file(proof: Evidence) -> None:
    Path(proof.file.path).unlink()


def with_another_file(proof: Evidence) -> None:
    Path(proof.file.path).write_bytes(b"%PDF-1.7 half of it")


def without_history(proof: Evidence) -> None:
    Evidence.history.filter(id=proof.pk).delete()


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (without_file, "without its file"),
        (with_another_file, "with another file"),
        (without_history, "without history"),
    ],
)
def test_evidence_without_its_file_or_its_history_is_named(
    proof: Evidence, happens: Callable[[Evidence], None], said: str
) -> None:
    assert checks.half_states() == []
    happens(proof)
    assert checks.half_states() == [f"evidence {proof.pk} {said}"]


def test_a_measure_that_is_not_what_its_history_says_is_named(measure: Measure) -> None:
    Measure.objects.filter(pk=measure.pk).update(result="ผลที่ไม่มีใครบันทึก")
    assert checks.half_states() == [f"measure {measure.pk} is not what its history says"]


def test_a_version_that_the_history_does_not_tell_is_named(measure: Measure) -> None:
    measure.version = 3
    measure.save()
    assert checks.half_states() == [f"measure {measure.pk}: versions [1, 3]"]


def test_a_round_whose_state_and_submissions_say_different_things_is_named(round_: Round) -> None:
    round_.state = RoundState.SUBMITTED
    round_.save()
    assert checks.half_states() == [f"round {round_.pk} is submitted with 0 that wait"]


def test_an_approval_without_an_edition_is_named(round_: Round) -> None:
    now = timezone.now()
    decided = {"outcome": SubmissionOutcome.APPROVED, "submitted_at": now, "decided_at": now}
    Submission.objects.create(round=round_, document="{}", **decided)
    Round.objects.filter(pk=round_.pk).update(state=RoundState.APPROVED)
    assert checks.half_states() == [
        f"round {round_.pk}: 1 approvals, 0 editions",
        f"round {round_.pk} is approved without an edition",
        f"round {round_.pk} is approved, its history says open",
    ]


def test_an_edition_whose_hash_is_wrong_or_whose_files_nobody_makes_is_named(
    round_: Round, measure: Measure
) -> None:
    edition = make_edition(round_)
    said = checks.half_states()
    assert f"edition {edition.pk}: its document is not that of its hash" in said
    assert f"edition {edition.pk} without files, and nobody is to make them" in said
    file = edition.files.get()
    assert f"file {file.pk} of edition {edition.pk}: not that of its hash" in said
    # Those that were looked at before are left out.
    assert f"file {file.pk} of edition {edition.pk}: not that of its hash" not in checks.half_states(file.pk)
    assert checks.without_files() == [edition]


def test_an_answered_write_that_is_not_there_or_not_as_it_was_sent_is_lost(
    round_: Round, measure: Measure, proof: Evidence, people: dict[str, User]
) -> None:
    measure.result = "ผล"
    measure.save()
    there = [
        Write("save", measure.pk, "ผล"),
        Write("upload", measure.pk, proof.title, proof.sha256),
    ]
    assert checks.lost(there) == []
    gone = [
        Write("save", measure.pk, "ผลอื่น"),
        Write("upload", measure.pk, "หลักฐานอื่น", proof.sha256),
        Write("upload", measure.pk, proof.title, "0" * 64),
        Write("approve", 1),
        Write("return", 1),
    ]
    assert [said.rpartition(": ")[2] for said in checks.lost(gone)] == [
        "stored 0 times",
        "stored 0 times",
        "another file",
        "not decided",
        "not decided",
    ]
    measure.save()
    assert checks.lost(there)[0].endswith("stored 2 times")


def test_a_submission_or_a_correction_that_is_not_there_is_lost(
    plan: Plan, round_: Round, people: dict[str, User]
) -> None:
    make_measure(plan, status="done", result="ผล", reported_at=timezone.now())
    submit(round_, people["officer"])
    assert checks.counted([Write("submit", YEAR)]) == []
    assert checks.counted([Write("submit", YEAR)] * 2) == [f"submit {YEAR}: 2 answered, 1 stored"]
    assert checks.counted([Write("reopen", YEAR)]) == [f"reopen {YEAR}: 1 answered, 0 stored"]
