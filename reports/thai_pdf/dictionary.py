"""The dictionary by which libthai, and so Pango, ends Thai lines: its own, with the words that it lacks.

Without them one line in six ends inside a word: a compound such as ส่วนราชการ is two words to libthai.
"""

import ctypes
import os
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

WORDS: Final = Path(__file__).parent / "words"
# Where distributions put it. libthai cannot be asked.
PLACES: Final = ("/usr/share", "/usr/local/share", "/opt/homebrew/share")
NAME: Final = "thbrk.tri"
# Names the folder of the dictionary instead (libthai's own variable).
VARIABLE: Final = "LIBTHAI_DICTDIR"
# What libthai stores with each word, and never reads.
NOTHING: Final = -1


class NoDictionary(Exception):
    """The dictionary cannot be extended; the message says why. Lines still break, at more places."""


@cache
def words() -> tuple[str, ...]:
    """The words that are added."""
    lines = (line for path in WORDS.glob("*.txt") for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(sorted({line for line in lines if line and not line.startswith("#")}))


def folder_with_words(cache_folder: Path) -> Path:
    """A folder with libthai's dictionary and the added words, made below another where it is not yet there.

    Raises:
        NoDictionary: libthai or its dictionary is not here, or the folder cannot be written.
    """
    original = next((path for place in PLACES if (path := Path(place, "libthai", NAME)).is_file()), None)
    if original is None:
        raise NoDictionary(f"libthai's {NAME} was not found")
    try:
        digest = sha256("\n".join((*words(), original.read_bytes().hex())).encode()).hexdigest()
        folder = cache_folder / f"thai-words-{digest[:16]}"
        if not _knows(folder / NAME, words()):
            _write(original, words(), folder)
    except OSError as error:
        raise NoDictionary(str(error)) from error
    return folder


def _write(original: Path, added: Sequence[str], folder: Path) -> None:
    """Under another name first: no other process may meet half of it."""
    folder.mkdir(parents=True, exist_ok=True)
    library, trie = _opened(original)
    try:
        for word in added:
            if not library.trie_store(trie, _key(word), NOTHING):
                raise NoDictionary(f"libdatrie cannot store {word}")
        unfinished = folder / f"{NAME}.{os.getpid()}"
        if library.trie_save(trie, os.fsencode(unfinished)):
            raise NoDictionary(f"libdatrie cannot write {unfinished}")
    finally:
        library.trie_free(trie)
    unfinished.replace(folder / NAME)


def _knows(path: Path, wanted: Sequence[str]) -> bool:
    """Whether a file is a dictionary that has all of some words."""
    if not path.is_file():
        return False
    try:
        library, trie = _opened(path)
    except NoDictionary:
        return False
    try:
        known = takewhile(lambda word: library.trie_retrieve(trie, _key(word), None), wanted)
        return sum(1 for _ in known) == len(wanted)
    finally:
        library.trie_free(trie)


def _opened(path: Path) -> tuple[Any, Any]:
    library = _libdatrie()
    trie = ctypes.c_void_p(library.trie_new_from_file(os.fsencode(path)))
    if trie.value is None:
        raise NoDictionary(f"libdatrie cannot read {path}")
    return library, trie


def _key(word: str) -> Any:
    """A word as libdatrie takes it: code points, and a zero."""
    return (ctypes.c_uint32 * (len(word) + 1))(*map(ord, word))


@cache
def _libdatrie() -> Any:
    """The library that libthai reads its dictionary with, and so is there wherever libthai is."""
    try:
        library = ctypes.CDLL("libdatrie.so.1")
    except OSError:
        library = ctypes.CDLL("libdatrie.1.dylib")
    library.trie_new_from_file.restype = ctypes.c_void_p
    library.trie_new_from_file.argtypes = [ctypes.c_char_p]
    library.trie_store.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int32]
    library.trie_retrieve.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    library.trie_save.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    library.trie_free.argtypes = [ctypes.c_void_p]
    return library
