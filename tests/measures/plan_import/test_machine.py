"""`import_plan --json` says all that the page shows, in a shape that programs may rely on."""

import io
import json
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.management import CommandError, call_command

from measures.models import Measure, Plan
from tests.support.factories import YEAR
from tests.support.json_schema import Draft202012Validator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

HEAD: Final = "ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\tผู้รับผิดชอบ\tกำหนดแล้วเสร็จ\tผลการดำเนินงาน\n"
GOOD: Final = f"{HEAD}1\tก\t1. ข\tกองที่ 1\t31 มีนาคม {YEAR}\tแล้วเสร็จ"
OTHER_YEAR: Final = GOOD.replace(str(YEAR), str(YEAR - 2))


def strict(**names: Any) -> dict[str, Any]:
    return {"type": "object", "properties": names, "required": [*names], "additionalProperties": False}


def each(shape: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": shape}


TEXT: Final = {"type": "string"}
TEXT_OR_NOT: Final = {"type": ["string", "null"]}
NUMBER: Final = {"type": "integer"}
SCHEMA: Final = strict(
    version={"const": 1},
    outcome={"enum": ["ready", "stored", "stopped", "unreadable"]},
    message=TEXT,
    counts={"type": "object", "additionalProperties": NUMBER},
    measures=each(
        strict(
            key=TEXT,
            table=TEXT,
            row=NUMBER,
            is_new={"type": "boolean"},
            keeps_report={"type": "boolean"},
            indicator={"type": ["integer", "null"]},
            title=TEXT,
            steps=each(strict(label=TEXT, level=NUMBER, text=TEXT)),
            parties=each(strict(name=TEXT, division=TEXT_OR_NOT)),
            due_text=TEXT,
            due_on=TEXT_OR_NOT,
            status=TEXT_OR_NOT,
            result=TEXT,
            obstacle=TEXT,
        )
    ),
    marks=each(
        strict(
            severity={"enum": ["stop", "guess", "note"]},
            measure={"type": ["integer", "null"]},
            field=TEXT_OR_NOT,
            table=TEXT,
            row=NUMBER,
            column=TEXT,
            text=TEXT,
            message=TEXT,
        )
    ),
    questions=each(strict(option=TEXT, answers={"type": "array"}, answer={})),
    left_out=each(strict(table=TEXT, row=NUMBER, cells=each(TEXT), reason=TEXT)),
)


def run(tmp_path: Path, content: str, **options: Any) -> tuple[int, dict[str, Any]]:
    """The exit code and the answer, which is one line and of the shape that is promised."""
    file, said, code = tmp_path / "แผน.tsv", io.StringIO(), 0
    file.write_text(content, "utf-8")
    try:
        call_command(
            "import_plan", str(file), **{"agency": "here", "year": YEAR, "json": True, **options}, stdout=said
        )
    except CommandError as error:
        code = error.returncode
    (line,) = said.getvalue().splitlines()
    facts = json.loads(line)
    Draft202012Validator(SCHEMA).validate(facts)
    return code, facts


def test_a_rehearsal_and_an_import_are_told(plan: Plan, tmp_path: Path) -> None:
    code, facts = run(tmp_path, GOOD, dry_run=True)
    assert (code, facts["outcome"], Measure.objects.count()) == (0, "ready", 0)
    code, facts = run(tmp_path, GOOD)
    assert (code, facts["outcome"], Measure.objects.count()) == (0, "stored", 1)
    (measure,) = facts["measures"]
    assert (measure["indicator"], measure["title"], measure["status"]) == (1, "ก", "done")
    assert measure["steps"] == [{"label": "1.", "level": 1, "text": "ข"}]
    assert measure["due_on"] == f"{YEAR - 543}-03-31"


def test_what_stops_it_is_a_question_with_its_option(plan: Plan, tmp_path: Path) -> None:
    code, facts = run(tmp_path, OTHER_YEAR)
    assert (code, facts["outcome"]) == (1, "stopped")
    assert facts["questions"] == [{"option": "--years", "answers": [0, 2], "answer": None}]
    assert [mark["severity"] for mark in facts["marks"] if mark["measure"] is None] == ["stop"]
    code, facts = run(tmp_path, OTHER_YEAR, years=2)
    assert (code, facts["outcome"]) == (0, "stored")


@pytest.mark.parametrize(("content", "options"), [(" ", {}), (GOOD, {"agency": "nowhere"})])
def test_what_cannot_be_read_is_told_too(
    plan: Plan, tmp_path: Path, content: str, options: dict[str, Any]
) -> None:
    code, facts = run(tmp_path, content, **options)
    assert (code, facts["outcome"], bool(facts["message"])) == (2, "unreadable", True)
