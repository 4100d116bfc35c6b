"""manage.py import_plan that is killed in the middle leaves nothing."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from measures.models import Measure, Plan, PlanImport
from tests.support.workers import ROOT, environment

pytestmark = pytest.mark.django_db(transaction=True)

TABLE: Final = "ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\tผู้รับผิดชอบ\n1\tจัดทำคู่มือ\t1. ร่าง\tสำนักปลัด\n"
# At the first step that is stored, when the import and a measure are in the transaction already.
KILLED: Final = """
import os, signal
import django
django.setup()
from django.core.management import call_command
from django.db import connection
def execute(execute, sql, *more):
    if sql.startswith('INSERT INTO "measures_step"'):
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, *more)
connection.execute_wrappers.append(execute)
call_command("import_plan", {path!r}, agency={slug!r}, year={year})
"""


def test_an_import_that_is_killed_leaves_nothing(plan: Plan, tmp_path: Path) -> None:
    (path := tmp_path / "plan.tsv").write_text(TABLE)
    before = set(tmp_path.iterdir())
    code = KILLED.format(path=str(path), slug=plan.agency.slug, year=plan.fiscal_year)
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**environment(), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stdout + ended.stderr
    assert not PlanImport.objects.exists()
    assert not Measure.objects.exists()
    assert set(tmp_path.iterdir()) == before
