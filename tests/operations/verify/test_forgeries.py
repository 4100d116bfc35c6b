"""Whatever row or file is forged, verify says the first line that does not fit; and where the forger has
written the whole log anew so that it fits, a head that was kept elsewhere says that the past was another.
"""

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.models import AccountEvent, ActingApprover, Agency, Role, User
from accounts.noting import note_rights, rights_by_person
from accounts.people.acting import name_acting
from accounts.people.passwords import hand_over_password, password_mark
from accounts.people.services import change_person, facts_of, person_version
from ledger.models import LogLine
from ledger.selectors import current_head
from measures.evidence.hiding import hide
from measures.models import Evidence, EvidenceHiding, Measure, Plan
from operations.verify import selectors
from operations.verify.selectors import verify
from reports.models import Edition, EditionFile, Publication, Round, Submission
from reports.renderers import FORMATS, Rendered
from reports.rounds.services import approve, give_back, publish, submit, unpublish, withdraw
from tests.support.factories import make_evidence_file, make_measure, make_person
from tests.support.forging import chain_anew, swap_everywhere, take_the_triggers_away
from tests.support.work import WITHOUT_END

pytestmark = pytest.mark.django_db

FORGED: Final = b"%PDF-1.7 forged"
ADDRESS: Final = "https://ita.example.go.th/public/here/2566/6/"


def text_of(name: str, _: object) -> Rendered:
    return Rendered(name.encode())


@pytest.fixture
def files_of_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of editions that take no time to make."""
    for name, report_format in FORMATS.items():
        made = replace(report_format, make=partial(text_of, name))
        monkeypatch.setitem(FORMATS, name, made)


@pytest.fixture
def story(plan: Plan, people: dict[str, User], files_of_text: None) -> Round:
    """A round that was submitted, taken back, submitted, returned, submitted, approved and published, with
    evidence of which one was hidden; people of whom one was given another role, a password and an office.
    """
    User.objects.filter(pk=people["overseer"].pk).update(oversees_everywhere=False)
    people["proposed"] = make_person("proposed", Role.EXECUTIVE, plan.agency)
    User.objects.filter(pk=people["proposed"].pk).update(awaits_confirmation=True)
    for person in people.values():
        note_rights(person.pk)
    officer, executive, staff = people["officer"], people["executive"], people["staff"]
    measure = make_measure(plan, status="done", result="ผล", reported_at=timezone.now())
    make_evidence_file(measure, public=True)
    make_evidence_file(measure, b"%PDF-1.7 private")
    hidden = make_evidence_file(measure, b"%PDF-1.7 hidden", public=True)
    round_ = Round.objects.select_related("plan__agency").get(plan=plan, months=6)
    withdraw(submit(round_, officer), officer)
    give_back(submit(round_, officer), executive, "ตัวเลขไม่ตรง")
    edition = approve(submit(round_, officer), executive, ADDRESS, in_background=False)
    publish(edition, officer)
    hide(Evidence.objects.with_hiding().get(pk=hidden.pk), officer, "มีหมายเลขโทรศัพท์")
    person = User.objects.get(pk=staff.pk)
    facts = replace(facts_of(person), roles=frozenset({Role.STAFF, Role.OFFICER}))
    change_person(person, facts, person_version(person), officer)
    hand_over_password(person, password_mark(person), officer)
    today = timezone.localdate()
    name_acting(plan.agency, staff, today, today + timedelta(days=7), "12/2566", executive)
    name_acting(plan.agency, people["other_staff"], today, today + timedelta(days=7), "13/2566", officer)
    return round_


def first_misfit() -> Any:
    found = verify().misfits
    return found[0] if found else None


def line_of(kind: str, subject: str = "") -> int:
    """The last line of a kind."""
    lines = LogLine.objects.filter(kind=kind)
    if subject:
        lines = lines.filter(subject=subject)
    return lines.order_by("-number").values_list("number", flat=True)[0]


def test_a_site_to_which_nothing_was_done_fits(story: Round, people: dict[str, User]) -> None:
    done = verify([current_head()])
    assert done.misfits == []
    assert (done.editions, done.files, done.evidence, done.people) == (1, len(FORMATS), 3, len(people))
    kinds = set(LogLine.objects.values_list("kind", flat=True))
    assert kinds == {
        "submitted", "taken_back", "returned", "approved", "file_stored", "published", "evidence_hidden",
        "account", "rights",
    }  # fmt: skip


# --- Each kind of row -----------------------------------------------------------------------------


def other_line() -> int:
    line = LogLine.objects.get(kind="returned")
    LogLine.objects.filter(pk=line.pk).update(text=line.text.replace("submission", "Submission"))
    return line.number


def other_column() -> int:
    LogLine.objects.filter(kind="returned").update(subject="submission:99")
    return line_of("returned")


def line_left_out() -> int:
    line = LogLine.objects.get(kind="evidence_hidden")
    number = line.number
    line.salt.delete()
    line.delete()
    return number


def other_tree() -> int:
    LogLine.objects.filter(kind="published").update(node="0" * 64)
    return line_of("published")


def other_submission() -> int:
    found = Submission.objects.get(outcome="withdrawn")
    Submission.objects.filter(pk=found.pk).update(document=found.document.replace("ผล", "ดี"))
    return line_of("submitted", f"submission:{found.pk}")


def other_withdrawal() -> int:
    Submission.objects.filter(outcome="withdrawn").update(decided_at=timezone.now() - timedelta(days=1))
    return line_of("taken_back")


def other_return() -> int:
    Submission.objects.filter(outcome="returned").update(reason="ไม่มีเหตุผล")
    return line_of("returned")


def other_edition() -> int:
    found = Edition.objects.get()
    text = found.document.replace("ผล", "ดี")
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    Edition.objects.filter(pk=found.pk).update(document=text, sha256=sha256)
    return line_of("approved")


def other_approver() -> int:
    Edition.objects.update(approved_by="ผู้อื่น")
    return line_of("approved")


def other_file() -> int:
    sha256 = hashlib.sha256(FORGED).hexdigest()
    EditionFile.objects.filter(format="pdf").update(content=FORGED, sha256=sha256)
    numbers = [line.number for line in LogLine.objects.filter(kind="file_stored") if '"pdf"' in line.text]
    return numbers[0]


def other_bytes_of_a_file() -> int:
    EditionFile.objects.filter(format="pdf").update(content=FORGED)
    numbers = [line.number for line in LogLine.objects.filter(kind="file_stored") if '"pdf"' in line.text]
    return numbers[0]


def other_evidence() -> int:
    """On the disk and in every row and document that names its hash."""
    proof = Evidence.objects.order_by("pk")[0]
    Path(default_storage.path(str(proof.file.name))).write_bytes(FORGED)
    swap_everywhere(proof.sha256, hashlib.sha256(FORGED).hexdigest())
    return line_of("submitted", f"submission:{Submission.objects.order_by('pk')[0].pk}")


def other_bytes_of_evidence() -> int:
    proof = Evidence.objects.order_by("pk")[0]
    Path(default_storage.path(str(proof.file.name))).write_bytes(FORGED)
    return line_of("approved")


def no_evidence_any_more() -> int:
    proof = Evidence.objects.order_by("pk")[0]
    default_storage.delete(str(proof.file.name))
    return line_of("approved")


def other_publication() -> int:
    Publication.objects.update(published_at=timezone.now() - timedelta(days=40))
    return line_of("published")


def hidden_without_a_word() -> int:
    Publication.objects.all().delete()
    return line_of("published")


def other_hiding() -> int:
    EvidenceHiding.objects.update(reason="ไม่มีเหตุผล")
    return line_of("evidence_hidden")


def other_reset() -> int:
    AccountEvent.objects.filter(kind="password_handed_over").update(done_by_name="ผู้อื่น")
    found = AccountEvent.objects.get(kind="password_handed_over")
    return line_of("account", f"event:{found.pk}")


def other_role() -> int:
    person = User.objects.get(username="other_staff")
    User.objects.filter(pk=person.pk).update(is_executive=True)
    return line_of("account", f"event:{AccountEvent.objects.get(kind='acting_proposed').pk}")


def back_in_use() -> int:
    person = User.objects.get(username="stranger")
    User.objects.filter(pk=person.pk).update(is_superuser=True)
    return line_of("rights", f"person:{person.pk}")


def other_division() -> int:
    person = User.objects.get(username="staff")
    person.divisions.set(person.agency.divisions.all())
    return line_of("account", f"event:{AccountEvent.objects.get(kind='acting_named').pk}")


def another_acts() -> int:
    ActingApprover.objects.exclude(confirmed_at=None).update(person=User.objects.get(username="other_staff"))
    return line_of("account", f"event:{AccountEvent.objects.get(kind='acting_named').pk}")


def confirmed_by_nobody() -> int:
    """An executive whom an officer proposed."""
    User.objects.filter(username="proposed").update(awaits_confirmation=False)
    return line_of("rights", f"person:{User.objects.get(username='proposed').pk}")


def acting_confirmed_by_nobody() -> int:
    ActingApprover.objects.filter(confirmed_at=None).update(confirmed_at=timezone.now())
    return line_of("account", f"event:{AccountEvent.objects.get(kind='acting_proposed').pk}")


def oversees_more() -> int:
    User.objects.filter(username="overseer").update(overseen_provinces=["สงขลา"])
    return line_of("rights", f"person:{User.objects.get(username='overseer').pk}")


def oversees_another_agency() -> int:
    overseer = User.objects.get(username="overseer")
    overseer.overseen_agencies.add(Agency.objects.order_by("pk")[0])
    return line_of("rights", f"person:{overseer.pk}")


def opens_private_evidence() -> int:
    User.objects.filter(username="overseer").update(sees_private_evidence=True)
    return line_of("rights", f"person:{User.objects.get(username='overseer').pk}")


# Of rows; what is done to lines alone has nothing to be written anew for.
ROWS: Final[tuple[Callable[[], int], ...]] = (
    other_submission, other_withdrawal, other_return, other_edition, other_approver, other_file,
    other_evidence, other_publication, other_hiding, other_reset, other_role, back_in_use, other_division,
    another_acts, confirmed_by_nobody, acting_confirmed_by_nobody, oversees_more, oversees_another_agency,
    opens_private_evidence,
)  # fmt: skip
ALONE: Final[tuple[Callable[[], int], ...]] = (
    other_line, other_column, line_left_out, other_tree, other_bytes_of_a_file, other_bytes_of_evidence,
    no_evidence_any_more, hidden_without_a_word,
)  # fmt: skip


@contextmanager
def undone() -> Iterator[None]:
    """What is done to the database and to the files of evidence is as before afterwards."""
    proof = Evidence.objects.order_by("pk")[0]
    path = Path(default_storage.path(str(proof.file.name)))
    before = path.read_bytes()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    path.write_bytes(before)


def test_what_is_forged_is_found_at_its_line(story: Round) -> None:
    take_the_triggers_away()
    for forge in (*ALONE, *ROWS):
        with undone():
            expected = forge()
            assert (forge, first_misfit().number) == (forge, expected), verify().misfits
            with pytest.raises(CommandError, match=f"the first is line {expected}"):
                call_command("verify", stderr=StringIO())
    assert first_misfit() is None


def test_a_log_that_is_written_anew_is_betrayed_by_a_kept_head(story: Round, tmp_path: Path) -> None:
    kept = tmp_path / "heads.txt"
    kept.write_text(f"2566-10-01\n{current_head()}\n", encoding="utf-8")
    take_the_triggers_away()
    for forge in ROWS:
        with undone():
            forge()
            chain_anew()
            # So well done that the site itself knows nothing of it.
            assert (forge, verify().misfits) == (forge, [])
            with pytest.raises(CommandError, match=f"the first is line {LogLine.objects.count()}\\b"):
                call_command("verify", head=[kept], stderr=StringIO())


def test_the_head_that_an_edition_prints_betrays_it_too(story: Round) -> None:
    """On paper, where no forger comes."""
    printed = Edition.objects.get().document
    take_the_triggers_away()
    other_return()
    chain_anew()
    edition = Edition.objects.get()
    Edition.objects.update(document=printed, sha256=hashlib.sha256(printed.encode()).hexdigest())
    assert first_misfit().number == line_of("approved", f"edition:{edition.pk}")


def test_a_log_that_ends_earlier_is_betrayed_by_a_kept_head(story: Round) -> None:
    kept = current_head()
    take_the_triggers_away()
    last = LogLine.objects.order_by("-number")[0]
    last.salt.delete()
    last.delete()
    assert verify([kept]).misfits[0].number == kept.size


# --- Rows that no line tells of ---------------------------------------------------------------------


def added_account(agency: Agency) -> None:
    make_person("added", Role.EXECUTIVE, agency)


def published_without_a_word(agency: Agency) -> None:
    unpublish(Round.objects.get(plan__agency=agency, months=6), User.objects.get(username="officer"))
    assert first_misfit() is None
    Publication.objects.create(edition=Edition.objects.get(), published_at=timezone.now())


def added_edition(agency: Agency) -> None:
    found = Edition.objects.get()
    found.pk, found.revision, found.code, found.correction = None, 2, "AAAA-2222", "แก้"
    found.save(force_insert=True)


def added_file(agency: Agency) -> None:
    EditionFile.objects.create(edition=Edition.objects.get(), format="x", content=b"", sha256="")


def test_what_no_line_tells_of_is_found(story: Round) -> None:
    for add in (added_account, published_without_a_word, added_edition, added_file):
        with undone():
            add(story.plan.agency)
            assert (add, first_misfit().number) == (add, 0)
            with pytest.raises(CommandError, match="no line"):
                call_command("verify", stderr=StringIO())


# --- The command ------------------------------------------------------------------------------------


def test_the_command_says_what_it_has_looked_at_and_the_head(
    story: Round, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    call_command("verify")
    said = capsys.readouterr().out
    assert "all fits" in said
    assert said.splitlines()[-1] == str(current_head())
    # What it printed can be kept, whatever comes after.
    kept = tmp_path / "kept.txt"
    kept.write_text(said, encoding="utf-8")
    unpublish(story, User.objects.get(username="officer"))
    call_command("verify", head=[kept])


def test_a_file_without_a_head_is_said(tmp_path: Path) -> None:
    file = tmp_path / "heads.txt"
    for text in (None, "", "12 abc"):
        if text is not None:
            file.write_text(text, encoding="utf-8")
        with pytest.raises(CommandError) as refused:
            call_command("verify", head=[file])
        assert refused.value.returncode == 2


def test_a_measure_may_change_after_its_report(story: Round, measure: Measure) -> None:
    """What was approved stays as it was; what the office works on is not in the log."""
    Measure.objects.update(result="อื่น")
    assert first_misfit() is None


@pytest.mark.django_db(transaction=True)
def test_it_looks_at_one_moment_while_others_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """An account that comes while it looks is seen the next time; whoever makes it does not wait."""

    def come() -> None:
        try:
            make_person("late", Role.ADMIN)
        finally:
            connections.close_all()

    def meanwhile(kept: Any) -> Any:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(come).result(WITHOUT_END)
        return looked(kept)

    looked = rights_by_person
    person = make_person("early", Role.ADMIN)
    with transaction.atomic():
        note_rights(person.pk)
    monkeypatch.setattr(selectors, "rights_by_person", meanwhile)
    assert verify().misfits == []
    assert not connection.in_atomic_block
    monkeypatch.undo()
    assert [misfit.number for misfit in verify().misfits] == [0]
