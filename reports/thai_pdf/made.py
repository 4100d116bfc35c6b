"""Fonts of clusters that were made already, in a folder: to make one takes half a second.

The folder is a help and never a condition: what is not there, not whole or of another version is made anew,
and what cannot be written is used all the same.
"""

import json
import os
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

from reports.thai_pdf.font import ClusterFont, cluster_font

# What a font depends on besides the one that it is made from.
SOURCES: Final = Path(__file__).parent
LIBRARIES: Final = ("fonttools", "uharfbuzz")
HASH_LENGTH: Final = sha256().digest_size


def made_font(cache_folder: Path, data: bytes, family: str) -> ClusterFont:
    """As cluster_font(), which makes it where it is not yet in a folder below another.

    Raises:
        ValueError: as cluster_font().
    """
    key = sha256(b"\0".join((_program(), family.encode(), data))).digest()
    path = cache_folder / "thai-fonts" / key.hex()[:32]
    font = _read(path, key)
    if font is None:
        font = cluster_font(data, family)
        with suppress(OSError):
            _write(path, key, font)
    return font


@cache
def _program() -> bytes:
    """A hash of the program that makes fonts."""
    digest = sha256(" ".join(f"{name} {version(name)}" for name in LIBRARIES).encode())
    for source in sorted(SOURCES.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.digest()


def _read(path: Path, key: bytes) -> ClusterFont | None:
    try:
        stored = path.read_bytes()
    except OSError:
        return None
    body = stored[HASH_LENGTH:]
    if stored[:HASH_LENGTH] != _seal(key, body):
        return None
    length = int.from_bytes(body[:4], "big")
    texts, characters = json.loads(body[4 : 4 + length])
    return ClusterFont(body[4 + length :], dict(texts), frozenset(characters))


def _write(path: Path, key: bytes, font: ClusterFont) -> None:
    """Under another name first: no other process may meet half of it."""
    told = json.dumps([list(font.texts.items()), sorted(font.characters)]).encode()
    body = len(told).to_bytes(4, "big") + told + font.data
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    try:
        unfinished.write_bytes(_seal(key, body) + body)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _seal(key: bytes, body: bytes) -> bytes:
    """Of what is stored and what it was made from."""
    return sha256(key + body).digest()
