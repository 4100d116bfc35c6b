"""An archive that is not exactly as it was written, or was never one, is refused, and leads nowhere."""

import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyrage
import pytest

from operations.backup.archive import MAX_ABOUT, ArchiveWriter, read_archive
from operations.backup.encryption import encrypted, opened
from operations.backup.problems import BackupProblem, DamagedArchive
from operations.backup.tar_reader import is_plain
from tests.support.thorough import THOROUGH

FILES: Final = {
    "media/evidence/00/a.pdf": b"a" * 700,
    "media/evidence/00/ก.pdf": b"",
    f"media/{'ย' * 60}.pdf": b"long name" * 100,
}
FACTS: Final = {"is": "ours"}


def archive_of(files: Mapping[str, bytes] = FILES) -> bytes:
    out = io.BytesIO()
    with ArchiveWriter(out) as archive:
        archive.add_about(FACTS)
        archive.add("database", io.BytesIO(b"rows" * 300), 1_200)
        for name, data in files.items():
            archive.add(name, io.BytesIO(data), len(data))
        archive.finish()
    return out.getvalue()


def read(data: bytes, folder: Path | None = None) -> Mapping[str, bytes]:
    """What comes out of it, each file under its name; into a folder, if there is one."""
    placed: dict[str, Path] = {}

    def place(name: str) -> Path | None:
        if folder is None:
            return None
        placed[name] = folder / str(len(placed))
        return placed[name]

    read_archive(io.BytesIO(data), lambda facts: None, place)
    return {name: path.read_bytes() for name, path in placed.items()}


def test_what_was_written_is_read(tmp_path: Path) -> None:
    assert read(archive_of(), tmp_path) == {"database": b"rows" * 300, **FILES}


def test_its_files_are_checked_by_common_programs_too() -> None:
    with tarfile.open(fileobj=io.BytesIO(archive_of())) as tar:
        assert tar.getnames() == ["about.json", "database", *FILES, "manifest.sha256"]
        manifest = tar.extractfile("manifest.sha256")
        assert manifest is not None
        assert [line.split("  ")[1] for line in manifest.read().decode().splitlines()] == tar.getnames()[:-1]


def test_every_truncated_archive_is_refused() -> None:
    whole = archive_of()
    for size in range(0, len(whole), 1 if THOROUGH else 97):
        with pytest.raises(DamagedArchive):
            read(whole[:size])


def test_what_is_added_at_the_end_is_refused() -> None:
    for more in (b"x", bytes(512), bytes(tarfile.RECORDSIZE), archive_of()):
        with pytest.raises(DamagedArchive):
            read(archive_of() + more)


def test_no_changed_byte_changes_what_comes_out(tmp_path: Path) -> None:
    """It is refused, or it is one that says nothing, such as those that fill a block."""
    whole = archive_of()
    expected, refused = read(whole, tmp_path), 0
    for place in range(0, len(whole), 1 if THOROUGH else 61):
        changed = bytearray(whole)
        changed[place] ^= 0x41
        (folder := tmp_path / f"changed at {place}").mkdir()
        try:
            assert read(bytes(changed), folder) == expected
        except BackupProblem:
            refused += 1
    assert refused


def test_every_truncated_encrypted_archive_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pyrage.passphrase, "encrypt", lambda data, _: data)
    monkeypatch.setattr(pyrage.passphrase, "decrypt", lambda data, _: data)
    path = tmp_path / "x.tar"
    with path.open("w+b") as file, encrypted(file, "x") as out:
        out.write(archive_of())
    whole = path.read_bytes()

    def read_encrypted(data: bytes) -> None:
        with opened(io.BytesIO(data), "x") as source:
            read_archive(source, lambda facts: None, lambda name: None)

    read_encrypted(whole)
    for size in range(0, len(whole), 1 if THOROUGH else 197):
        with pytest.raises(DamagedArchive):
            read_encrypted(whole[:size])


def entry(name: str, **fields: Any) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    for key, value in fields.items():
        setattr(made, key, value)
    return made


def tar_of(*entries: tuple[tarfile.TarInfo, bytes], about: bytes = b"{}") -> bytes:
    """A tar that begins as ours do."""
    out = io.BytesIO()
    first = [(entry("about.json"), about), (entry("database"), b"")]
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for each, data in (*first, *entries):
            if each.type == tarfile.REGTYPE:
                each.size = len(data)
            tar.addfile(each, io.BytesIO(data))
    return out.getvalue()


HOSTILE: Final = {
    "a way up": tar_of((entry("media/../../etc/passwd"), b"x")),
    "a way from the root": tar_of((entry("/etc/passwd"), b"x")),
    "a place beside the files": tar_of((entry("etc/passwd"), b"x")),
    "a file of Python": tar_of((entry("manage.py"), b"x")),
    "an empty part": tar_of((entry("media//a"), b"x")),
    "a point": tar_of((entry("media/./a"), b"x")),
    "a line break": tar_of((entry("media/a\nb"), b"x")),
    "a backslash": tar_of((entry("media/..\\a"), b"x")),
    "a long name": tar_of((entry("media/" + "x" * 300), b"x")),
    "a deep folder": tar_of((entry("media/" + "x/" * 40 + "x"), b"x")),
    "a symbolic link": tar_of((entry("media/a", type=tarfile.SYMTYPE, linkname="/etc"), b"")),
    "a hard link": tar_of((entry("media/a", type=tarfile.LNKTYPE, linkname="/etc/passwd"), b"")),
    "a device": tar_of((entry("media/a", type=tarfile.CHRTYPE), b"")),
    "a pipe": tar_of((entry("media/a", type=tarfile.FIFOTYPE), b"")),
    "a folder": tar_of((entry("media/a", type=tarfile.DIRTYPE), b"")),
    "a file twice": tar_of((entry("media/a"), b"x"), (entry("media/a"), b"y")),
    "a database twice": tar_of((entry("database"), b"x")),
    "another order": tar_of((entry("media/b"), b"x"), (entry("media/a"), b"y")),
    "no manifest": tar_of((entry("media/a"), b"x")),
    "another manifest": tar_of((entry("manifest.sha256"), b"0  media/a\n")),
    "an endless line in the manifest": tar_of((entry("manifest.sha256"), b"0" * 1_000_000)),
    "a sparse file": tar_of(
        (entry("media/a", pax_headers={"GNU.sparse.map": "0,1", "GNU.sparse.size": "9"}), b"x")
    ),
    "an endless header": tar_of((entry("media/a", pax_headers={"comment": "x" * 1_000_000}), b"x")),
    "an endless text of itself": tar_of(about=b'"' + b"x" * MAX_ABOUT + b'"'),
    "a deep text of itself": tar_of(about=b"[" * 100_000),
    "another text of itself": tar_of(about=json.dumps([1]).encode()),
    "a zip": b"PK\x03\x04" + bytes(2_000),
    "a compressed tar": b"\x1f\x8b" + bytes(2_000),
    "nothing": b"",
    "zeros": bytes(20_480),
}


@pytest.mark.parametrize("trick", HOSTILE)
def test_tricks_are_refused(trick: str, tmp_path: Path) -> None:
    with pytest.raises(DamagedArchive):
        read(HOSTILE[trick], tmp_path)
    # All that was placed has a name that was asked for.
    assert all(path.name.isdigit() for path in tmp_path.iterdir())


def test_a_name_that_cannot_stand_in_an_archive_is_not_written() -> None:
    for name in ("media/a\nb", "../a", "media/" + "ก" * 100):
        assert not is_plain(name)
        with pytest.raises(BackupProblem):
            archive_of({name: b""})
