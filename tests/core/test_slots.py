"""A few places for many: no more than there are, and what was killed gives its place back."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.slots import NoSlot, slot

HOLDS = """
import sys
from pathlib import Path
from core.slots import slot
with slot(Path(sys.argv[1]), "a", 1):
    print("held", flush=True)
    sys.stdin.read()
"""
ROOT = Path(__file__).resolve().parents[2]


def test_a_key_has_as_many_places_as_it_says_and_each_comes_back(tmp_path: Path) -> None:
    with slot(tmp_path, "a", 2):
        with slot(tmp_path, "a", 2):
            with pytest.raises(NoSlot), slot(tmp_path, "a", 2):
                pass
            with slot(tmp_path, "b", 2):
                pass
        with slot(tmp_path, "a", 2):
            pass


def test_what_goes_wrong_inside_gives_the_place_back(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no"), slot(tmp_path, "a", 1):
        raise ValueError("no")
    with slot(tmp_path, "a", 1):
        pass


def test_a_killed_process_gives_its_place_back(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stdout.readline() == b"held\n"
    with pytest.raises(NoSlot), slot(tmp_path, "a", 1):
        pass
    process.kill()
    process.communicate()
    with slot(tmp_path, "a", 1):
        pass


def test_where_the_folder_cannot_be_used_nobody_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with slot(tmp_path / "file", "a", 1), slot(tmp_path / "file", "a", 1):
        pass
