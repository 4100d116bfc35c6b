"""manage.py export_report writes a whole report or nothing, and says in one line what is wrong."""

import json
import os
import re
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any, Final

import pypdfium2
import pytest
from django.core.management import CommandError, call_command, get_commands
from django.db import OperationalError, ProgrammingError
from django.urls import resolve
from django.utils import timezone

from accounts.models import User
from measures.models import Measure, Plan
from reports.document.builder import build_document
from reports.document.serialization import to_json
from reports.management.commands import export_report
from reports.models import EditionFile, Round
from reports.renderers import FORMATS, Rendered, RendererUnavailable
from reports.rounds.services import approve, reopen, submit
from tests.conftest import SignIn
from tests.support.factories import make_agency, make_edition, make_measure
from tests.support.work import WITHOUT_END

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The content of a renderer that takes no time, in the place of the real one."""
    content = b"%PDF-" + bytes(1_234)
    monkeypatch.setitem(
        FORMATS, "pdf", replace(FORMATS["pdf"], make=lambda document: Rendered(content, pages=7))
    )
    return content


@pytest.fixture
def mask() -> Iterator[int]:
    """The permissions that new files do not get."""
    mask = 0o027
    before = os.umask(mask)
    yield mask
    os.umask(before)


def export(output: Path | str, **options: Any) -> str:
    """Run the command for the agency of the tests; returns what it printed."""
    said = StringIO()
    arguments = {"agency": "here", "year": 2566, "months": 6, "output": str(output), **options}
    call_command("export_report", stdout=said, **arguments)
    return said.getvalue()


def refusal(output: Path | str, **options: Any) -> str:
    """What the command says when it cannot: one line."""
    with pytest.raises(CommandError) as error:
        export(output, **options)
    said = str(error.value)
    assert said
    assert "\n" not in said
    return said


# --- What it writes ---------------------------------------------------------------------------------


def test_the_file_is_the_report(plan: Plan, tmp_path: Path) -> None:
    make_measure(plan, "มาตรการทดสอบ")
    target = tmp_path / "report.pdf"
    said = export(target)
    with pypdfium2.PdfDocument(target) as opened:
        pages = len(opened)
        assert any("มาตรการทดสอบ" in page.get_textpage().get_text_bounded() for page in opened)
    assert said == f"เขียน {target} แล้ว: {pages} หน้า {target.stat().st_size:,} ไบต์\n"


BEGINNINGS: Final = {
    "pdf": b"%PDF-1.7",
    "docx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
    "csv": "\ufeffปีงบประมาณ".encode(),
    "json": '{"agency":"องค์การบริหารส่วนตำบล here",'.encode(),
}


def test_pdf_is_what_one_gets_without_saying_more(plan: Plan, tmp_path: Path) -> None:
    export(tmp_path / "report")
    assert (tmp_path / "report").read_bytes().startswith(BEGINNINGS["pdf"])


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_as_it_is_made(plan: Plan, tmp_path: Path, name: str) -> None:
    make_measure(plan, "มาตรการทดสอบ")
    target = tmp_path / "report"
    said = export(target, format=name)
    content = target.read_bytes()
    assert content.startswith(BEGINNINGS[name])
    assert said.endswith(f"{len(content):,} ไบต์\n")
    assert ("หน้า" in said) == (name == "pdf")
    made = build_document(Round.objects.get(plan=plan, months=6))
    assert content == FORMATS[name].render(made).content


@pytest.mark.parametrize("name", FORMATS)
def test_a_dash_is_standard_output_for_every_format(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], name: str
) -> None:
    content = bytes(range(256))
    monkeypatch.setitem(FORMATS, name, replace(FORMATS[name], make=lambda document: Rendered(content)))
    assert export("-", format=name) == ""
    sys.stdout.flush()
    assert capfdbinary.readouterr().out == content


def test_the_round_is_the_one_that_was_asked_for(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []

    def make(document: Any) -> Rendered:
        asked.append((document.fiscal_year, document.months))
        return Rendered(b"")

    monkeypatch.setitem(FORMATS, "pdf", replace(FORMATS["pdf"], make=make))
    for months in (6, 12):
        export(tmp_path / "report.pdf", months=months)
    assert asked == [(2566, 6), (2566, 12)]


# --- One answer for one round -----------------------------------------------------------------------


@pytest.mark.usefixtures("february")
def test_the_file_is_the_one_that_the_page_hands_out_in_every_state_of_a_round(
    plan: Plan, people: dict[str, User], sign_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Open, submitted, approved, open for a correction, approved again; and after each the plan goes on."""
    monkeypatch.setitem(
        FORMATS, "pdf", replace(FORMATS["pdf"], make=lambda document: Rendered(b"%PDF" + to_json(document)))
    )
    measure = make_measure(plan, "เริ่มต้น", status="in_progress", reported_at=timezone.now())
    client = sign_in("officer")
    handed_out: list[list[bytes]] = []

    def compare() -> None:
        """The page and the command, when the plan has gone on since the last step."""
        Measure.objects.filter(pk=measure.pk).update(title=f"หลังขั้นที่ {len(handed_out)}")
        files = []
        for name in FORMATS:
            export(tmp_path / "report", format=name)
            written = (tmp_path / "report").read_bytes()
            assert client.get(f"/reports/2566/6/report.{name}").content == written, (len(handed_out), name)
            files.append(written)
        handed_out.append(files)

    def this_round() -> Round:
        return Round.objects.select_related("plan__agency").get(plan=plan, months=6)

    compare()
    submission = submit(this_round(), people["officer"])
    compare()
    compare()
    approve(submission, people["executive"], "https://ita.example.go.th/")
    compare()
    compare()
    reopen(this_round(), "แก้คำผิด")
    compare()
    approve(submit(this_round(), people["officer"]), people["executive"], "https://ita.example.go.th/")
    compare()
    titles = [json.loads(files[-1])["indicators"][0]["measures"][0]["title"] for files in handed_out]
    assert titles == [
        "หลังขั้นที่ 0",  # as things stand
        *["หลังขั้นที่ 0"] * 2,  # as submitted
        *["หลังขั้นที่ 0"] * 2,  # as approved
        "หลังขั้นที่ 5",  # as things stand
        "หลังขั้นที่ 5",  # as approved again
    ]
    # An edition's files are what was stored, to the byte.
    assert handed_out[3] == handed_out[4]
    stored = EditionFile.objects.filter(edition__revision=2)
    assert {bytes(file.content) for file in stored} == set(handed_out[-1])


def test_an_edition_is_not_made_anew(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where nothing can be made: what was approved is there."""

    def make(document: Any) -> Rendered:
        raise RendererUnavailable("ไม่พบ Pango")

    monkeypatch.setitem(FORMATS, "pdf", replace(FORMATS["pdf"], make=make))
    make_edition(Round.objects.select_related("plan__agency").get(plan=plan, months=6))
    target = tmp_path / "report.pdf"
    assert export(target) == f"เขียน {target} แล้ว: ฉบับที่ 1 ซึ่งอนุมัติแล้ว 5 ไบต์\n"
    assert target.read_bytes() == b"%PDF-"


def test_a_file_that_no_worker_has_made_yet_is_made_once_and_kept(plan: Plan, tmp_path: Path) -> None:
    edition = make_edition(Round.objects.select_related("plan__agency").get(plan=plan, months=6))
    first, second = tmp_path / "first", tmp_path / "second"
    export(first, format="docx")
    export(second, format="docx")
    kept = bytes(edition.files.get(format="docx").content)
    assert kept[:2] == b"PK"
    assert first.read_bytes() == second.read_bytes() == kept


# --- What it says -----------------------------------------------------------------------------------


def test_the_message_says_pages_and_bytes(plan: Plan, tmp_path: Path, quick: bytes) -> None:
    target = tmp_path / "รายงาน.pdf"
    assert export(target) == f"เขียน {target} แล้ว: 7 หน้า 1,239 ไบต์\n"
    assert target.read_bytes() == quick


def test_a_format_without_pages_says_only_bytes(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FORMATS, "pdf", replace(FORMATS["pdf"], make=lambda document: Rendered(b"123")))
    assert export(tmp_path / "report").endswith("แล้ว: 3 ไบต์\n")


def test_a_dash_is_standard_output_and_nothing_else_is_printed(
    plan: Plan, quick: bytes, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert export("-") == ""
    sys.stdout.flush()
    assert capfdbinary.readouterr().out == quick


def test_it_gets_the_permissions_of_other_files(plan: Plan, tmp_path: Path, quick: bytes, mask: int) -> None:
    export(tmp_path / "report.pdf")
    (tmp_path / "other").touch()
    permissions = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("report.pdf", "other")]
    assert permissions == [0o640, 0o640]
    # Asking for the mask did not change it.
    assert os.umask(mask) == mask


def test_an_old_file_is_replaced_whole(plan: Plan, tmp_path: Path, quick: bytes) -> None:
    target = tmp_path / "report.pdf"
    target.write_bytes(b"old" * 10_000)
    with target.open("rb") as reading:
        export(target)
        # Whoever had it open goes on reading the old one to its end.
        assert reading.read() == b"old" * 10_000
    assert target.read_bytes() == quick
    assert list(tmp_path.iterdir()) == [target]


def test_a_name_may_be_as_long_as_names_can_be(plan: Plan, tmp_path: Path, quick: bytes) -> None:
    target = tmp_path / ("ก" * 83 + ".pdf")
    export(target)
    assert target.read_bytes() == quick


def test_a_pipe_is_written_to_and_stays_a_pipe(plan: Plan, tmp_path: Path, quick: bytes) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    export(pipe)
    reader.join(timeout=WITHOUT_END)
    assert read == [quick]
    assert pipe.is_fifo()


# --- When it cannot ---------------------------------------------------------------------------------


def test_nothing_is_left_when_something_is_not_installed(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(document: Any) -> Rendered:
        raise RendererUnavailable("ติดตั้งด้วย apt-get install libpango-1.0-0")

    monkeypatch.setitem(FORMATS, "pdf", replace(FORMATS["pdf"], make=make))
    target = tmp_path / "report.pdf"
    target.write_bytes(b"old")
    assert refusal(target) == "ติดตั้งด้วย apt-get install libpango-1.0-0"
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_nothing_is_left_when_the_disk_is_full(
    plan: Plan, tmp_path: Path, quick: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    target = tmp_path / "report.pdf"
    target.write_bytes(b"old")
    assert f"เขียน {target} ไม่ได้ (No space left on device)" in refusal(target)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_missing_folder_is_named_and_not_made(plan: Plan, tmp_path: Path, quick: bytes) -> None:
    target = tmp_path / "none" / "report.pdf"
    said = refusal(target)
    assert str(target) in said
    assert "โฟลเดอร์" in said
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_not_a_file(plan: Plan, tmp_path: Path, quick: bytes) -> None:
    (tmp_path / "folder").mkdir()
    assert "ไม่ได้" in refusal(tmp_path / "folder")
    assert list(tmp_path.iterdir()) == [tmp_path / "folder"]
    assert list((tmp_path / "folder").iterdir()) == []


@pytest.mark.parametrize("folder", ["/proc", "/dev/null"])
def test_a_folder_that_takes_no_files(plan: Plan, folder: str, quick: bytes) -> None:
    assert f"เขียน {folder}/report.pdf ไม่ได้" in refusal(f"{folder}/report.pdf")


def test_an_unknown_agency_or_one_without_a_plan(plan: Plan, tmp_path: Path) -> None:
    make_agency("planless")
    for slug in ("nowhere", "planless", "", "'; --"):
        said = refusal(tmp_path / "report.pdf", agency=slug)
        assert f"“{slug}”" in said
        assert "--agency" in said
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_year_names_those_there_are(plan: Plan, tmp_path: Path) -> None:
    Plan.objects.create(agency=plan.agency, fiscal_year=2565)
    assert refusal(tmp_path / "report.pdf", year=2570) == "“here” ไม่มีแผนปีงบประมาณ 2570: ปีที่มีคือ 2565, 2566"


def test_a_round_that_was_not_opened(plan: Plan, tmp_path: Path) -> None:
    """It names those there are; no page can open one alone."""
    said = "แผนปี 2566 ของ “here” ไม่มีรอบ 12 เดือน: รอบที่มีคือ"
    Round.objects.filter(months=12).delete()
    assert refusal(tmp_path / "report.pdf", months=12) == f"{said} 6 เดือน"
    Round.objects.all().delete()
    assert refusal(tmp_path / "report.pdf", months=12) == f"{said} ไม่มี"


COMMANDS: Final = sorted(ROOT.glob("*/management/commands/[a-z]*.py"))


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_commands_and_addresses_that_a_command_names_exist(path: Path) -> None:
    """In its messages and in its help."""
    said = path.read_text(encoding="utf-8")
    for command in re.findall(r"manage\.py ([a-z_]+)", said):
        assert command in get_commands()
    for address in re.findall(r"https?://[^\s/]*(/[^\s\"]*)", said):
        resolve(address)


@pytest.mark.parametrize(("option", "value"), [("months", 9), ("year", "ปีนี้"), ("format", "exe")])
def test_what_is_no_round_year_or_format_is_refused_by_its_option(
    tmp_path: Path, option: str, value: object
) -> None:
    options = {"agency": "here", "year": 2566, "months": 6, "output": str(tmp_path / "report.pdf")}
    arguments = [f"--{name}={given}" for name, given in {**options, option: value}.items()]
    with pytest.raises(CommandError, match=f"--{option}"):
        call_command("export_report", *arguments)


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_left_when_a_format_cannot_be_made(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def make(document: Any) -> Rendered:
        raise RendererUnavailable("ติดตั้งบางอย่าง")

    monkeypatch.setitem(FORMATS, name, replace(FORMATS[name], make=make))
    target = tmp_path / f"report.{name}"
    assert refusal(target, format=name) == "ติดตั้งบางอย่าง"
    assert list(tmp_path.iterdir()) == []
    target.write_bytes(b"old")
    assert refusal(target, format=name) == "ติดตั้งบางอย่าง"
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_left_when_a_renderer_breaks(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A defect is not said in one line: it is for who mends it. But no part of a file is there."""

    def make(document: Any) -> Rendered:
        raise ZeroDivisionError

    monkeypatch.setitem(FORMATS, name, replace(FORMATS[name], make=make))
    with pytest.raises(ZeroDivisionError):
        export(tmp_path / f"report.{name}", format=name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("trouble", [OperationalError, ProgrammingError])
@pytest.mark.parametrize("step", ["find_round", "edition_in_force", "document_in_force"])
def test_a_database_that_is_not_ready(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: type[Exception], step: str
) -> None:
    def fail(*args: object) -> None:
        raise trouble('relation "measures_plan" does not exist\nLINE 1: SELECT')

    monkeypatch.setattr(export_report, step, fail)
    assert refusal(tmp_path / "report.pdf") == "ฐานข้อมูลยังไม่พร้อม: เรียก manage.py migrate ก่อน"
    assert list(tmp_path.iterdir()) == []


def test_on_a_machine_without_a_database_one_line_is_all_that_is_said(tmp_path: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "SECRET_KEY"}
    }
    options = ["--agency=kongkoi", "--year=2566", "--months=6", f"--output={tmp_path / 'report.pdf'}"]
    ran = subprocess.run(
        [sys.executable, "manage.py", "export_report", *options],
        cwd=ROOT,
        env={
            **environment,
            "DEBUG": "True",
            "SQLITE_PATH": str(tmp_path / "empty.sqlite3"),
            "PYTHONUTF8": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert ran.stderr == "CommandError: ฐานข้อมูลยังไม่พร้อม: เรียก manage.py migrate ก่อน\n"
    assert not (tmp_path / "report.pdf").exists()
