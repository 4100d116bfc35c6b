"""The sample and the blank form that the import page offers are read without a question."""

import io
from typing import Final

import docx
import openpyxl
import pytest
from django.urls import reverse

from core.file_kinds import DOCX
from measures.models import Plan
from measures.plan_import.parsing import parse
from measures.plan_import.samples import BLANK_ROWS, HEAD, SAMPLES, sample_file, sample_rows
from measures.plan_import.understanding.plan import NO_MEASURES
from tests.conftest import SignIn
from tests.support.html import read

YEAR: Final = 2570
KINDS: Final = ("docx", "xlsx")


@pytest.mark.parametrize("kind", KINDS)
def test_the_sample_is_understood_and_nothing_is_marked(kind: str) -> None:
    plan = parse(kind, sample_file(SAMPLES[f"sample.{kind}"], YEAR), YEAR)
    assert plan.findings == ()
    found = [
        (
            str(each.indicator),
            each.title,
            "\n".join(f"{step.label} {step.text}" for step in each.steps),
            "\n".join(party.name for party in each.parties),
            each.due_text,
        )
        for each in plan.measures
    ]
    assert found == [row[:5] for row in sample_rows(YEAR)]
    assert [each.status for each in plan.measures] == ["not_started", "in_progress", "done"]
    assert all(each.due_on for each in plan.measures)


@pytest.mark.parametrize("kind", KINDS)
def test_the_blank_form_is_one_and_is_understood_once_it_is_filled(kind: str) -> None:
    sample = SAMPLES[f"form.{kind}"]
    content = sample_file(sample, YEAR)
    assert [each.message for each in parse(kind, content, YEAR).stops] == [NO_MEASURES]
    file = io.BytesIO()
    if sample.kind is DOCX:
        document = docx.Document(io.BytesIO(content))
        (table,) = document.tables
        assert len(table.rows) == 1 + BLANK_ROWS
        for row, values in zip(table.rows[1:], sample_rows(YEAR), strict=False):
            for cell, value in zip(row.cells, values, strict=True):
                cell.text = value
        document.save(file)
    else:
        book = openpyxl.load_workbook(io.BytesIO(content))
        sheet = book.worksheets[0]
        for number, values in enumerate(sample_rows(YEAR), 4):
            for column, value in enumerate(values, 1):
                sheet.cell(number, column, value)
        book.save(file)
    plan = parse(kind, file.getvalue(), YEAR)
    assert plan.findings == ()
    assert [each.title for each in plan.measures] == [row[1] for row in sample_rows(YEAR)]


@pytest.mark.django_db
@pytest.mark.usefixtures("february")
def test_the_import_page_offers_them_for_its_year(sign_in: SignIn, plan: Plan) -> None:
    officer = sign_in("officer")
    links = [
        a.get("href") for a in read(officer.get(reverse("import_plan"))).all("a") if "files" in a.get("href")
    ]
    assert len(links) == len(SAMPLES)
    for link in links:
        answer = officer.get(link)
        assert answer.status_code == 200
        assert str(plan.fiscal_year) in answer["Content-Disposition"]
        assert parse("", answer.content, plan.fiscal_year).columns[1].heading == HEAD[1]
    assert officer.get(reverse("import_sample", args=["other.exe"])).status_code == 404
