"""Files of the old Word and Excel are read where LibreOffice is installed, within limits, and by a worker."""

import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import BackgroundJob
from measures.models import Plan
from measures.plan_import.parsing import Unreadable, parse
from measures.plan_import.samples import SAMPLES, sample_file, sample_rows
from measures.plan_import.tables import legacy
from measures.plan_import.tables.package import MACROS
from measures.plan_import.tables.reading import OLD_EXCEL
from measures.plan_import.weight import is_for_a_worker
from tests.conftest import SignIn
from tests.support.thorough import THOROUGH

YEAR: Final = 2570
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
OLD_XLS: Final = OLE + "Workbook".encode("utf-16-le")
# Stands in for LibreOffice: takes its arguments, and does what its second half says.
STAND_IN: Final = """#!{python}
import pathlib, sys, time
folder = pathlib.Path(sys.argv[sys.argv.index("--outdir") + 1])
assert sys.argv[-1].endswith("/plan.xls"), sys.argv
assert sys.argv[1].startswith("-env:UserInstallation=file:///"), sys.argv
"""


def stand_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, does: str) -> None:
    file = tmp_path / "soffice"
    file.write_text(STAND_IN.format(python=sys.executable) + does, "utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(legacy, "program", lambda: str(file))


def test_an_old_file_is_converted_and_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = tmp_path / "made.xlsx"
    made.write_bytes(sample_file(SAMPLES["sample.xlsx"], YEAR))
    stand_in(
        monkeypatch,
        tmp_path,
        f"folder.mkdir(); (folder / 'plan.xlsx').write_bytes(pathlib.Path({str(made)!r}).read_bytes())",
    )
    plan = parse("../../แผน; rm -rf.xls", OLD_XLS, YEAR)
    assert [each.title for each in plan.measures] == [row[1] for row in sample_rows(YEAR)]


@pytest.mark.parametrize("does", ["sys.exit(1)", "pass", "folder.mkdir(); (folder / 'other.xlsx').touch()"])
def test_one_that_cannot_be_converted_has_its_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, does: str
) -> None:
    stand_in(monkeypatch, tmp_path, does)
    with pytest.raises(Unreadable, match=legacy.NOT_CONVERTED):
        parse("", OLD_XLS, YEAR)


def test_a_program_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(legacy, "SECONDS", 0.5)
    stand_in(monkeypatch, tmp_path, "time.sleep(600)")
    begun = time.monotonic()
    with pytest.raises(Unreadable, match=legacy.NOT_CONVERTED):
        parse("", OLD_XLS, YEAR)
    assert time.monotonic() - begun < 60


def test_macros_are_refused_before_any_program_sees_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stand_in(monkeypatch, tmp_path, "sys.exit(1)")
    with pytest.raises(Unreadable) as refused:
        parse("", OLD_XLS + "_VBA_PROJECT".encode("utf-16-le"), YEAR)
    assert str(refused.value) == MACROS


@pytest.mark.django_db
@pytest.mark.usefixtures("february")
def test_it_is_work_for_a_worker_and_without_the_program_a_sentence(
    sign_in: SignIn, plan: Plan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    officer = sign_in("officer")

    def sent() -> dict[str, object]:
        return {"year": plan.fiscal_year, "file": SimpleUploadedFile("แผน.xls", OLD_XLS)}

    monkeypatch.setattr(legacy, "program", lambda: None)
    assert not is_for_a_worker(OLD_XLS)
    answer = officer.post(reverse("import_plan"), sent())
    assert (answer.status_code, OLD_EXCEL in answer.content.decode()) == (422, True)
    stand_in(monkeypatch, tmp_path, "sys.exit(1)")
    answer = officer.post(reverse("import_plan"), sent())
    assert answer["Location"] == reverse("job", args=[BackgroundJob.objects.get().pk])


@pytest.mark.skipif(not THOROUGH or not shutil.which("soffice"), reason="LibreOffice, in the long form")
@pytest.mark.parametrize(("new", "old"), [("docx", "doc"), ("xlsx", "xls")])
def test_files_of_the_real_program_are_read(tmp_path: Path, new: str, old: str) -> None:
    file = tmp_path / f"plan.{new}"
    file.write_bytes(sample_file(SAMPLES[f"sample.{new}"], YEAR))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", old, "--outdir", str(tmp_path), str(file)]
    subprocess.run(command, check=True, capture_output=True)
    plan = parse("", (tmp_path / f"plan.{old}").read_bytes(), YEAR)
    assert [each.title for each in plan.measures] == [row[1] for row in sample_rows(YEAR)]
    assert plan.findings == ()
