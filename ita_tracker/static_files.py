"""Static files of a production site: stylesheets and scripts of several parts become one file each.

A stylesheet or script named site consists of lines that import its parts, which a browser follows without any
step in between while somebody changes them. collectstatic puts the parts in the place of those lines, so that
a page asks for one file; the parts themselves get no name with a hash.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Each collected name with the storage that it comes from and its name there, as collectstatic gives them.
Collected = Mapping[str, tuple[Storage, str]]

STYLESHEET_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
SCRIPT_COMMENT: Final = re.compile(r"^[ \t]*//.*", re.MULTILINE)
# A script keeps its indents: one may be within a text.
INDENT: Final = re.compile(r"\n\s+")
BLANK_LINES: Final = re.compile(r"\n{2,}")
NAME: Final = r"[a-z][a-z0-9_]*"
STYLESHEET_IMPORT: Final = re.compile(rf'@import "({NAME}\.css)";')
SCRIPT_IMPORT: Final = re.compile(rf'import "\./({NAME}\.js)";')
# In a part these would mean something else, or nothing, inside the joined file.
NOT_IN_STYLESHEET: Final = re.compile(r"@(?:import|charset|namespace)\b")
NOT_IN_SCRIPT: Final = re.compile(r"^\s*(?:import|export)\b|\bimport\s*[.(]", re.MULTILINE)


def without_comments(code: str, kind: "JoinedKind") -> str:
    """What a browser reads of a part: comments and blank lines are for who changes it."""
    return kind.blank.sub("\n", kind.comment.sub("", code)).strip() + "\n"


def in_a_block(code: str) -> str:
    """A module's code with names of its own, as in a file of its own."""
    return f"{{\n{code.rstrip()}\n}}\n"


@dataclass(frozen=True, slots=True)
class JoinedKind:
    """How files of one language are joined."""

    comment: re.Pattern[str]
    blank: re.Pattern[str]
    import_line: re.Pattern[str]
    refused: re.Pattern[str]
    wrap: Callable[[str], str]


KINDS: Final = {
    "css/site.css": JoinedKind(
        STYLESHEET_COMMENT, INDENT, STYLESHEET_IMPORT, NOT_IN_STYLESHEET, lambda rules: rules
    ),
    "js/site.js": JoinedKind(SCRIPT_COMMENT, BLANK_LINES, SCRIPT_IMPORT, NOT_IN_SCRIPT, in_a_block),
}


@dataclass(frozen=True, slots=True)
class Joined:
    """A file made of parts, in the place of the storage from which it would be read."""

    content: str
    parts: tuple[str, ...]

    def open(self, name: str) -> ContentFile[bytes]:
        """The joined file, whatever its name."""
        return ContentFile(self.content.encode(), name)


def joined(name: str, kind: JoinedKind, collected: Collected) -> Joined:
    """The file of this name with its parts in the place of the lines that import them.

    Raises:
        ValueError: something in it or in a part cannot be joined; the message names the file and the reason.
    """
    parts = tuple(_parts(name, kind, collected))
    return Joined("\n".join(kind.wrap(_part(part, name, kind, collected)) for part in parts), parts)


def _parts(name: str, kind: JoinedKind, collected: Collected) -> Iterator[str]:
    named: set[str] = set()
    lines = kind.comment.sub("", _read(name, collected)).splitlines()
    for line in filter(None, map(str.strip, lines)):
        found = kind.import_line.fullmatch(line)
        if found is None:
            raise ValueError(f"{name} may only import files of its own folder, not say: {line}")
        # The folder is the same, so an address in a part leads to the same place in the joined file.
        part = join(dirname(name), found[1])
        if part in named:
            raise ValueError(f"{name} imports {part} twice")
        named.add(part)
        yield part


def _part(part: str, name: str, kind: JoinedKind, collected: Collected) -> str:
    if part not in collected:
        raise ValueError(f"{name} imports {part}, which does not exist")
    text = _read(part, collected)
    if found := kind.refused.search(text):
        raise ValueError(f"{part} cannot become a part of {name}, because it says {found[0].strip()}")
    return without_comments(text, kind)


def _read(name: str, collected: Collected) -> str:
    storage, path = collected[name]
    with storage.open(path) as file:
        text: str = file.read().decode()
    return text


class JoiningStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage of hashed and compressed files, with files of several parts joined before that."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Join, then hash and compress; collectstatic calls it with all that was collected."""
        files = {name: joined(name, kind, paths) for name, kind in KINDS.items() if name in paths}
        parts = {part for file in files.values() for part in file.parts}
        kept = {name: where for name, where in paths.items() if name not in parts}
        made = {name: (file, name) for name, file in files.items()}
        yield from super().post_process(kept | made, dry_run=dry_run, **options)
        if not dry_run:
            self._let_everybody_read()

    def _let_everybody_read(self) -> None:
        """Whatever mask the process has; the compressed files are written past the storage's own modes."""
        folder = Path(self.location)
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
