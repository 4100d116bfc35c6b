"""The second engine is asked enough: each kind of statement, and all in which engines differ."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Agency, Division
from measures.models import Indicator
from tests.support.second_engine import Asked, Notes, enough, file_of, kind_of

ASKED = st.builds(Asked, st.sets(st.sampled_from("abcdefghij")), st.booleans(), st.integers(0, 99))


@given(st.dictionaries(st.text("tuvw", min_size=1, max_size=4), ASKED))
def test_each_kind_is_asked_and_what_differs_always(asked: dict[str, Asked]) -> None:
    chosen = enough(asked)
    everything = {kind for each in asked.values() for kind in each.kinds}
    assert {kind for test in chosen for kind in asked[test].kinds} == everything
    assert {test for test, each in asked.items() if each.differs} <= chosen
    assert chosen == enough(dict(reversed(asked.items()))), "it depends on their order"


def test_what_asks_nothing_new_is_left_out() -> None:
    asked = {f"test_{n}": Asked({"a", "b"}) for n in range(3)} | {"test_of_nothing": Asked()}
    assert len(enough(asked)) == 1


def test_values_make_no_kind() -> None:
    one = kind_of('SELECT 1 FROM "a" WHERE "b" IN (%s, %s) LIMIT 21')
    assert one == kind_of('SELECT 1 FROM "a" WHERE "b" IN (%s) LIMIT 1')
    assert one != kind_of('SELECT 1 FROM "a" WHERE "c" IN (%s) LIMIT 1')
    rows = "INSERT INTO a (b, c) VALUES "
    assert kind_of(f"{rows}(%s, %s)") == kind_of(f"{rows}(%s, %s), (%s, %s), (%s, %s)")


def test_what_is_asked_is_noted_and_so_is_a_refusal(agency: Agency, tmp_path: Path) -> None:
    notes = Notes(tmp_path / "notes.json")
    with connection.execute_wrapper(notes._note):
        assert Indicator.objects.filter(name="ไม่มี").count() == 0
        assert Indicator.objects.filter(name="ไม่มีอีก").count() == 0
        assert (len(notes._now.kinds), notes._now.times, notes._now.differs) == (1, 2, False)
        with pytest.raises(IntegrityError), transaction.atomic():
            Division.objects.create(agency=agency, name="กองที่ 1", position=9)
    assert notes._now.differs


def test_what_is_skipped_on_the_first_engine_is_asked_of_the_second(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    notes = Notes(tmp_path / "notes.json")
    run = notes.pytest_runtest_protocol(request.node)
    next(run)
    skipped = pytest.TestReport(request.node.nodeid, ("", 0, ""), {}, "skipped", None, "setup")
    notes.pytest_runtest_logreport(skipped)
    assert enough(notes._tests) == {request.node.nodeid}


def collected(*options: str) -> set[str]:
    """The tests of the ledger that pytest would run with these options."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *options]
    done = subprocess.run(
        [*command, "tests/ledger"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    return {line for line in done.stdout.splitlines() if "::" in line}


def test_what_is_noted_as_left_out_is_left_out_and_without_a_note_nothing(tmp_path: Path) -> None:
    file = tmp_path / "second-engine.json"
    everything = collected("--second-engine", str(file))
    (of_a_file, *_), (one, *others) = (
        sorted(test for test in everything if file_of(test).endswith(name))
        for name in ("/test_grant_rights.py", "/test_log.py")
    )
    assert others
    file.write_text(json.dumps({"tests": [one], "files": [file_of(of_a_file)]}), encoding="utf-8")
    left = {test for test in everything - {one} if file_of(test) != file_of(of_a_file)}
    assert collected("--second-engine", str(file)) == left
