"""A report that did not change is made once and sent once; a store that fails or lies takes nothing down."""

import errno
import hashlib
import os
import pickle
import shutil
import zlib
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.cache import caches
from django.core.cache.backends.filebased import FileBasedCache
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from measures.models import Measure, Plan
from reports.renderers import FORMATS, Format, Rendered, RendererUnavailable, stored
from reports.renderers.stored import stored_rendering
from tests.conftest import SignIn
from tests.support.factories import make_measure
from tests.support.papers import document

pytestmark = pytest.mark.django_db

ADDRESS = "/reports/2566/6/report.pdf"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each time that a PDF is made, its agency; the making itself is replaced."""
    agencies: list[str] = []

    def make(facts: object) -> Rendered:
        agencies.append(facts.agency)  # type: ignore[attr-defined]
        return Rendered(f"%PDF {len(agencies)}".encode(), pages=1)

    monkeypatch.setitem(FORMATS, "pdf", replace(FORMATS["pdf"], make=make))
    return agencies


@pytest.fixture
def officer(measure: Measure, sign_in: SignIn) -> Client:
    return sign_in("officer")


def test_it_is_made_once(officer: Client, made: list[str]) -> None:
    first, second = officer.get(ADDRESS), officer.get(ADDRESS)
    assert first.content == second.content == b"%PDF 1"
    assert len(made) == 1


def test_whoever_has_it_is_told_so_without_its_content(officer: Client, made: list[str]) -> None:
    etag = officer.get(ADDRESS)["ETag"]
    again = officer.get(ADDRESS, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == etag
    other = officer.get(ADDRESS, headers={"If-None-Match": '"another"'})
    assert (other.status_code, other.content) == (200, b"%PDF 1")


@pytest.mark.parametrize(
    "change",
    [
        lambda measure: Measure.objects.filter(pk=measure.pk).update(result="จัดประชุมแล้ว"),
        lambda measure: measure.steps.first().delete(),
        lambda measure: measure.responsibilities.all().delete(),
        lambda measure: measure.evidence.create(
            title="ภาพถ่าย", address="https://example.go.th/1", effective_on="2023-01-31"
        ),
        lambda measure: make_measure(measure.plan, "อีกมาตรการ", indicator=2),
        lambda measure: type(measure.plan.agency).objects.update(name="ชื่อใหม่"),
    ],
    ids=["result", "step", "party", "evidence", "measure", "agency"],
)
def test_any_change_of_its_facts_makes_it_anew(
    officer: Client, measure: Measure, made: list[str], change: Callable[[Measure], object]
) -> None:
    etag = officer.get(ADDRESS)["ETag"]
    change(measure)
    response = officer.get(ADDRESS, headers={"If-None-Match": etag})
    assert (response.status_code, response.content) == (200, b"%PDF 2")
    assert response["ETag"] != etag


def test_each_format_and_each_round_has_its_own(officer: Client, plan: Plan) -> None:
    addresses = [
        f"/reports/2566/{months}/report.{ending}" for months in (6, 12) for ending in ("csv", "json")
    ]
    assert len({officer.get(address)["ETag"] for address in addresses}) == 4


def test_a_new_version_of_the_program_does_not_serve_what_an_old_one_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = stored.content_key(document(), FORMATS["pdf"])
    monkeypatch.setattr(stored, "look", lambda: "another stylesheet")
    assert stored.content_key(document(), FORMATS["pdf"]) != before


def test_the_look_is_that_of_every_file_it_comes_from(settings: Settings) -> None:
    root = settings.BASE_DIR
    assert all(list(root.glob(pattern)) for pattern in stored.SOURCES)
    assert stored.look.__wrapped__() == stored.look()


def test_what_could_not_be_made_is_not_kept() -> None:
    def fail(facts: object) -> Rendered:
        raise RendererUnavailable("ไม่พบ Pango")

    broken = Format("pdf", "PDF", "application/pdf", fail)
    with pytest.raises(RendererUnavailable):
        stored.stored_rendering("key", document(), broken)
    assert caches["reports"].get("key") is None


# --- A store that fails or lies ---------------------------------------------------------------------

CONTENT: Final = b"%PDF-1.7 " + bytes(range(256)) * 40 + b"%%EOF"


@pytest.fixture
def store(settings: Any, tmp_path: Path) -> Path:
    """The folder of the store as production has it, which is there once something was stored."""
    settings.CACHE_DIR = tmp_path / "cache"
    folder = tmp_path / "cache" / "reports"
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    settings.CACHES = {**settings.CACHES, "reports": {"BACKEND": backend, "LOCATION": folder}}
    return folder


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Each PDF that is made; the making itself is replaced."""
    made: list[bytes] = []

    def make(facts: object) -> Rendered:
        made.append(CONTENT)
        return Rendered(CONTENT, pages=7, notes=("ตัดอักขระ",))

    monkeypatch.setitem(FORMATS, "pdf", replace(FORMATS["pdf"], make=make))
    return made


def exported(folder: Path) -> bytes:
    """What the command writes for the same round."""
    target = folder / "exported.pdf"
    said = StringIO()
    options = {"agency": "here", "year": 2566, "months": 6, "output": str(target)}
    call_command("export_report", stdout=said, stderr=said, **options)
    assert "หมายเหตุ: ตัดอักขระ" in said.getvalue()
    assert " 7 หน้า " in said.getvalue()
    return target.read_bytes()


def only_entry(store: Path) -> Path:
    (entry,) = store.glob("*.djcache")
    return entry


class OneEntry(FileBasedCache):
    """A store as a folder of one entry, which every key leads to."""

    def __init__(self, store: Path) -> None:
        super().__init__(str(store), {})
        self.entry = str(only_entry(store))

    def _key_to_file(self, key: str, version: int | None = None) -> str:
        return self.entry


def value_of(store: Path) -> Any:
    """What the one entry holds."""
    return OneEntry(store).get("")


def put(store: Path, value: object) -> None:
    """Something else in the one entry, as the store itself writes it."""
    OneEntry(store).set("", value)


def shorten(store: Path, length: int) -> None:
    os.truncate(only_entry(store), length)


def overwrite(store: Path, content: bytes) -> None:
    only_entry(store).write_bytes(content)


def turn_bits(store: Path) -> None:
    content = bytearray(only_entry(store).read_bytes())
    for place in range(0, len(content), 97):
        content[place] ^= 0xFF
    overwrite(store, bytes(content))


def swap_with_another_report(store: Path) -> None:
    mine = only_entry(store)
    other = Format("pdf", "PDF", "application/pdf", lambda _: Rendered(b"%PDF of another"))
    stored_rendering("another", document(), other)
    (another,) = set(store.glob("*.djcache")) - {mine}
    another.replace(mine)


def put_folder_in_its_place(store: Path) -> None:
    entry = only_entry(store)
    entry.unlink()
    entry.mkdir()


def put_file_in_place_of(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_bytes(b"")


def put_broken_link_in_place_of(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.symlink_to(folder.parent / "none" / "reports")


DAMAGES: Final[dict[str, Callable[[Path], object]]] = {
    "emptied": lambda store: shorten(store, 0),
    "cut after a byte": lambda store: shorten(store, 1),
    "cut in its head": lambda store: shorten(store, 15),
    "cut in the middle": lambda store: shorten(store, only_entry(store).stat().st_size // 2),
    "cut at the end": lambda store: shorten(store, only_entry(store).stat().st_size - 1),
    "zeros": lambda store: overwrite(store, bytes(only_entry(store).stat().st_size)),
    "chance": lambda store: overwrite(store, hashlib.shake_256(b"1").digest(5_000)),
    "bits turned": turn_bits,
    "a bare pickle": lambda store: overwrite(store, pickle.dumps({"a": 1})),
    "a time that is none": lambda store: overwrite(store, pickle.dumps("soon") + zlib.compress(b"")),
    "a class that is gone": lambda store: overwrite(store, b"cno.such.module\nReport\n."),
    "another value": lambda store: put(store, {"content": CONTENT}),
    "a text": lambda store: put(store, "%PDF"),
    "an empty value": lambda store: put(store, b""),
    "a number": lambda store: put(store, 0),
    "an entry of an earlier version": lambda store: put(store, Rendered(b"%PDF old", 1)),
    "a shorter file": lambda store: put(store, value_of(store)[:-100]),
    "a longer file": lambda store: put(store, value_of(store) + b"x"),
    "another report": swap_with_another_report,
    "a folder in its place": put_folder_in_its_place,
    "removed": lambda store: only_entry(store).unlink(),
    "its folder removed": shutil.rmtree,
    "a file in its folder's place": put_file_in_place_of,
    "a file in the place of all": lambda store: put_file_in_place_of(store.parent),
    "a link to nowhere": put_broken_link_in_place_of,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_is_never_handed_out_and_is_made_again(
    officer: Client, store: Path, whole: list[bytes], tmp_path: Path, damage: str
) -> None:
    assert officer.get(ADDRESS).content == CONTENT
    DAMAGES[damage](store)
    answer = officer.get(ADDRESS)
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert len(whole) == 2
    # Where nothing can be stored it is as damaged as it was.
    if any(entry.is_file() for entry in store.glob("*.djcache")):
        DAMAGES[damage](store)
    # The command writes nothing damaged either.
    assert exported(tmp_path) == CONTENT
    assert len(whole) == 3


def test_the_page_and_the_command_share_what_was_made(
    officer: Client, store: Path, whole: list[bytes], tmp_path: Path
) -> None:
    assert officer.get(ADDRESS).content == exported(tmp_path) == CONTENT
    assert len(whole) == 1
    shorten(store, 20)
    assert exported(tmp_path) == officer.get(ADDRESS).content == CONTENT
    assert len(whole) == 2


def test_what_was_damaged_is_stored_whole_again(officer: Client, store: Path, whole: list[bytes]) -> None:
    officer.get(ADDRESS)
    before = value_of(store)
    shorten(store, 20)
    officer.get(ADDRESS)
    officer.get(ADDRESS)
    assert len(whole) == 2
    assert value_of(store) == before


REFUSALS: Final = (errno.EACCES, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE)


def refuse(number: int) -> Callable[..., None]:
    """What the system says instead of doing something."""

    def refused(*args: Any, **options: Any) -> None:
        raise OSError(number, os.strerror(number))

    return refused


@pytest.mark.parametrize("step", ["__init__", "_createdir", "get", "set", "_write_content", "_cull"])
def test_a_store_that_the_system_refuses_is_done_without(
    officer: Client,
    store: Path,
    whole: list[bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    for number in REFUSALS:
        monkeypatch.setattr(FileBasedCache, step, refuse(number))
        assert officer.get(ADDRESS).content == CONTENT
    assert exported(tmp_path) == CONTENT
    # What could not be stored whole has left nothing behind.
    assert step == "get" or not store.exists() or list(store.iterdir()) == []


def test_any_other_cache_that_fails_is_done_without(
    officer: Client, store: Path, whole: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **options: Any) -> None:
        raise RuntimeError("the server of the cache is away")

    monkeypatch.setattr(FileBasedCache, "get", fail)
    monkeypatch.setattr(FileBasedCache, "set", fail)
    assert officer.get(ADDRESS).content == CONTENT


def test_the_log_says_what_is_wrong_with_the_store(
    officer: Client, store: Path, whole: list[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    store.parent.write_bytes(b"")
    officer.get(ADDRESS)
    assert "cannot be stored" in caplog.text
    assert str(store.parent) in caplog.text


@pytest.mark.parametrize("function", ["fcntl.flock", "os.open", "Path.mkdir"])
def test_where_there_can_be_no_lock_it_is_done_without(
    officer: Client, whole: list[bytes], monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    with monkeypatch.context() as refusing:
        refusing.setattr(f"core.single_flight.{function}", refuse(errno.EROFS))
        answer = officer.get(ADDRESS)
    assert (answer.status_code, answer.content) == (200, CONTENT)


def test_a_render_that_fails_is_an_error_and_leaves_nothing(store: Path) -> None:
    def fail(facts: object) -> Rendered:
        raise ZeroDivisionError

    broken = Format("pdf", "PDF", "application/pdf", fail)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            stored_rendering("key", document(), broken)
    assert list(store.iterdir()) == []
