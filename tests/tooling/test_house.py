"""The layout: a folder a feature, small modules, and nothing heavy before it is used."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from django.urls import URLPattern, get_resolver

from ita_tracker.menu import ROOMS as ROOMS_OF_THE_BAR

ROOT: Final = Path(__file__).resolve().parents[2]
ROOMS: Final = ("core", "accounts", "measures", "reports", "operations", "ita_tracker")
MAX_LINES: Final = 300
HEAVY: Final = ("PIL", "lxml", "openpyxl", "docx", "weasyprint", "fontTools", "uharfbuzz", "segno")
# Template folders that belong to no package: the marks of a status, and the printed report, which the
# document's renderers share with the preview.
SHARED_TEMPLATES: Final = {"measures/status", "reports/paper"}


def modules() -> list[Path]:
    return [
        path
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def features() -> set[str]:
    return {
        f"{room}/{path.name}"
        for room in ROOMS
        for path in (ROOT / room).iterdir()
        if path.is_dir() and (path / "__init__.py").exists() and path.name != "migrations"
    }


def test_no_module_is_long_but_models() -> None:
    """And access.py, which holds all questions of permission of its room."""
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules()
        if path.name not in ("models.py", "access.py")
    }
    assert len(lines) > 400
    assert {name: count for name, count in lines.items() if count > MAX_LINES} == {}


def test_no_two_classes_have_one_name() -> None:
    """But commands and apps, which Django asks to be called so."""
    names = [
        name
        for path in modules()
        if "commands" not in path.parts
        for name in re.findall(r"^class (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_templates_lie_in_the_folder_of_their_feature() -> None:
    folders = {
        f"{path.parent.parent.name}/{path.parent.name}"
        for room in ROOMS
        for path in (ROOT / "templates" / room).rglob("*.html")
    }
    assert folders - SHARED_TEMPLATES <= features()


def test_tests_lie_in_the_folder_of_what_they_test() -> None:
    folders = {
        f"{room}/{path.parent.name}"
        for room in ROOMS
        for path in (ROOT / "tests" / room).rglob("test_*.py")
        if path.parent.name != room
    }
    assert folders <= features()


def test_nothing_heavy_is_loaded_before_it_is_used() -> None:
    code = f"import django, sys; django.setup(); print([name for name in {HEAVY!r} if name in sys.modules])"
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"DJANGO_SETTINGS_MODULE": "ita_tracker.settings", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.stdout.strip(), ended.stderr) == ("[]", "")


def test_every_feature_with_pages_of_its_own_is_a_room_of_the_bar() -> None:
    """But those that lead on to where the work is."""
    patterns = [
        pattern
        for resolver in get_resolver().url_patterns
        for pattern in getattr(resolver, "url_patterns", [resolver])
        if isinstance(pattern, URLPattern)
    ]
    asked_for_sign_in = {
        ".".join(pattern.callback.__module__.split(".")[:2])
        for pattern in patterns
        if getattr(pattern.callback, "login_required", True)
    }
    pages = {name for name in asked_for_sign_in if name.split(".")[0] in ("accounts", "measures", "reports")}
    assert pages == set(ROOMS_OF_THE_BAR)
