"""The manual's pictures as they were taken: how large each is, and of which state of its page it is."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings

# Written by `make manual`, which takes the pictures.
RECORD: Final = Path(__file__).with_name("pictures.json")
FOLDER: Final = "manual"
ENDING: Final = ".webp"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was taken."""

    width: int
    height: int
    """In pixels of the file; a phone's has more than its page, for it is shown small."""
    shows: str
    """A fingerprint of the page that it shows."""
    narrow: bool
    """Of a phone."""


@cache
def pictures() -> dict[str, Picture]:
    """Every picture by its name."""
    return {name: Picture(**about) for name, about in json.loads(RECORD.read_text(encoding="utf-8")).items()}


def file_of(name: str) -> str:
    """Where a picture lies below the static files."""
    return f"{FOLDER}/{name}{ENDING}"


def path_of(name: str) -> Path:
    """Where a picture lies in the project."""
    path: Path = settings.BASE_DIR / "static" / file_of(name)
    return path
