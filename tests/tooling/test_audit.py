"""The audit: what it calls wrong, what it lets pass, and what it says of a database that is out of reach."""

import importlib.util
import json
import re
import subprocess
from email.message import Message
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

import pytest

from tests.support.thorough import in_turn

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def audit() -> Any:
    """The script, as a module."""
    loader = SourceFileLoader("audit", str(ROOT / ".ci" / "audit"))
    spec = importlib.util.spec_from_loader("audit", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def about(**fields: str | list[str]) -> Message:
    """Metadata of a package, as importlib reads it."""
    message = Message()
    for name, values in fields.items():
        for value in [values] if isinstance(values, str) else values:
            message[name.replace("_", "-")] = value
    return message


@pytest.mark.parametrize(
    ("said", "licence"),
    [
        (about(License_Expression="MIT AND CC-BY-4.0", License="GPL"), "MIT AND CC-BY-4.0"),
        (about(License="Apache-2.0"), "Apache-2.0"),
        (
            about(License="Copyright (c) somebody", Classifier="License :: OSI Approved :: BSD License"),
            "BSD License",
        ),
        (about(License="UNKNOWN", Classifier=["License :: OSI Approved"]), ""),
        (about(License="MIT\nPermission is hereby granted", Classifier=[]), ""),
        (
            about(
                Classifier=[
                    "License :: OSI Approved :: BSD License",
                    "License :: Other/Proprietary License",
                ]
            ),
            "BSD License AND Other/Proprietary License",
        ),
    ],
)
def test_a_licence_is_read_from_where_a_package_names_it(audit: Any, said: Message, licence: str) -> None:
    assert audit.licence_of(said) == licence


@pytest.mark.parametrize(
    ("licence", "for_all", "for_tools"),
    [
        ("MIT", True, True),
        ("Apache-2.0 OR BSD-3-Clause", True, True),
        ("LGPL-3.0-only", True, True),
        ("GNU Library or Lesser General Public License (LGPL)", True, True),
        ("Mozilla Public License 2.0 (MPL 2.0)", True, True),
        ("GPL-2.0-or-later OR MPL-1.1", True, True),
        ("GPL-2.0-or-later AND MPL-1.1", False, True),
        ("GPL-3.0-or-later", False, True),
        ("AGPL-3.0", False, True),
        ("BSD License AND Other/Proprietary License", False, False),
        ("A licence that nobody knows", False, False),
        ("", False, False),
    ],
)
def test_a_licence_is_allowed_by_its_family(
    audit: Any, licence: str, *, for_all: bool, for_tools: bool
) -> None:
    assert audit.is_allowed(licence, audit.FOR_ALL) is for_all
    assert audit.is_allowed(licence, audit.FOR_TOOLS) is for_tools


def test_every_pinned_package_may_be_used(audit: Any) -> None:
    found = audit.licences()
    assert found.wrong == ()
    # What is read by hand is still asked for: a package that is gone leaves no line behind.
    assert set(audit.READ_BY_HAND) <= audit.names_in(audit.TESTED)


def test_a_package_of_which_nothing_is_known_is_wrong(audit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is not installed" in audit.problem_of("no-such-package", is_served=True)
    monkeypatch.setattr(audit.metadata, "metadata", lambda _: about(License="UNKNOWN"))
    assert "does not say what its licence is" in audit.problem_of("django", is_served=True)
    monkeypatch.setattr(audit.metadata, "metadata", lambda _: about(License_Expression="GPL-3.0-only"))
    assert "not on the list" in audit.problem_of("django", is_served=True)
    assert audit.problem_of("django", is_served=False) == ""


def test_known_holes_are_wrong_and_a_database_out_of_reach_is_said_to_be_so(audit: Any) -> None:
    hole = {"id": "PYSEC-1", "fix_versions": ["2.0"]}
    found = audit.judged_holes({"dependencies": [{"name": "a", "version": "1.0", "vulns": [hole]}]})
    assert found.wrong == ("a 1.0: PYSEC-1, mended in ['2.0']",)
    clean = audit.judged_holes({"dependencies": [{"name": "a", "version": "1.0", "vulns": []}]})
    assert (clean.wrong, clean.was_done) == ((), True)
    for nothing in ({}, {"dependencies": [{"name": "a", "skip_reason": "not found"}]}):
        away = audit.judged_holes(nothing)
        assert (away.wrong, away.was_done) == ((), False)
        assert "out of reach" in away.said


def test_what_bandit_finds_is_wrong(audit: Any) -> None:
    found = {"filename": "a.py", "line_number": 3, "test_id": "B310", "issue_text": "urlopen"}
    totals = {"_totals": {"loc": 10, "nosec": 0, "skipped_tests": 1}}
    judged = audit.judged_code({"results": [found], "errors": [], "metrics": totals})
    assert judged.wrong == ("a.py:3: B310 urlopen",)
    unread = {"filename": "b.py", "reason": "syntax error"}
    assert audit.judged_code({"results": [], "errors": [unread], "metrics": totals}).wrong


def test_the_audit_ends_with_1_if_anything_is_wrong(
    audit: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def looks(*wrong: str) -> None:
        for name in ("own_code", "known_holes", "licences", "bill_of_materials"):
            what = wrong if name == "licences" else ()
            monkeypatch.setattr(
                audit, name, lambda name=name, what=what: audit.Finding(name, "a tool", "", what)
            )

    looks()
    assert audit.main() == 0
    looks("x is under nothing")
    assert audit.main() == 1
    assert "licences: x is under nothing" in capsys.readouterr().out


def test_the_list_of_what_is_served_is_valid_and_complete(
    audit: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In short, the list of every tenth: to hold all of it against the schema takes a second more."""
    lock = re.split(r"\n(?=\S)", (ROOT / audit.SERVED).read_text(encoding="utf-8").strip())
    (tmp_path / "served.txt").write_text("\n".join(in_turn(lock, 0, 10)) + "\n", encoding="utf-8")
    monkeypatch.setattr(audit, "SERVED", str(tmp_path / "served.txt"))
    monkeypatch.setattr(audit, "SBOM", str(tmp_path / "sbom.json"))
    assert len(audit.names_in(audit.SERVED)) > 3
    audit.bill_of_materials()
    written = json.loads((tmp_path / "sbom.json").read_text(encoding="utf-8"))
    assert written["bomFormat"] == "CycloneDX"
    assert {each["name"] for each in written["components"]} >= audit.names_in(audit.SERVED)


def test_a_tool_that_breaks_is_not_taken_for_one_that_found_nothing(
    audit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> Any:
        return subprocess.CompletedProcess([], 2, "", "no such option")

    monkeypatch.setattr(audit.subprocess, "run", broken)
    with pytest.raises(SystemExit, match="no such option"):
        audit.run("bandit")
