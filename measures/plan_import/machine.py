"""What an import would do, as JSON: the shape that `import_plan --json` prints and README describes.

Names and meanings stay; new names may be added. VERSION changes where that cannot be held.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from measures.plan_import.copied import ADD, REPLACE
from measures.plan_import.model import Field, Finding, ImportedMeasure
from measures.plan_import.parsing import Choices
from measures.plan_import.preview import Prepared, Preview

VERSION: Final = 1

READY: Final = "ready"
STORED: Final = "stored"
STOPPED: Final = "stopped"
UNREADABLE: Final = "unreadable"


def facts_of(found: Preview, choices: Choices, outcome: str) -> Mapping[str, Any]:
    """An import as JSON can say it; outcome is "ready" (a rehearsal), "stored" or "stopped"."""
    return {
        "version": VERSION,
        "outcome": outcome,
        "message": "",
        "counts": dict(found.counts),
        "measures": [_measure(each) for each in found.measures],
        "marks": [
            *(_mark(finding) for finding in found.general),
            *(_mark(finding, each.place) for each in found.measures for finding in each.findings),
        ],
        "questions": _questions(found, choices),
        "left_out": [
            {"table": each.table, "row": each.row, "cells": list(each.cells), "reason": each.reason}
            for each in found.plan.left_out
        ],
    }


def refused(message: str) -> Mapping[str, Any]:
    """A file that cannot be read, with the sentence why."""
    return {
        "version": VERSION,
        "outcome": UNREADABLE,
        "message": message,
        "counts": {},
        "measures": [],
        "marks": [],
        "questions": [],
        "left_out": [],
    }


def _measure(each: Prepared) -> Mapping[str, Any]:
    imported: ImportedMeasure = each.imported
    return {
        "key": imported.key,
        "table": imported.table,
        "row": imported.row,
        "is_new": each.existing is None,
        "keeps_report": each.keeps_report,
        "indicator": imported.indicator,
        "title": imported.title,
        "steps": [{"label": step.label, "level": step.level, "text": step.text} for step in imported.steps],
        "parties": [
            {"name": party.name, "division": party.division.name if party.division else None}
            for party in each.parties
        ],
        "due_text": imported.due_text,
        "due_on": imported.due_on.isoformat() if imported.due_on else None,
        "status": imported.status,
        "result": imported.result,
        "obstacle": imported.obstacle,
    }


def _mark(finding: Finding, place: int | None = None) -> Mapping[str, Any]:
    return {
        "severity": finding.severity.value,
        # Its place in "measures".
        "measure": place,
        "field": finding.field.value if isinstance(finding.field, Field) else None,
        "table": finding.table,
        "row": finding.row,
        "column": finding.column,
        "text": finding.text,
        "message": finding.message,
    }


def _questions(found: Preview, choices: Choices) -> Sequence[Mapping[str, Any]]:
    """What the officer is asked, with the option of the command that answers it."""
    asked: list[Mapping[str, Any]] = []
    if found.plan.year:
        answers = [0, found.plan.year.years]
        asked.append({"option": "--years", "answers": answers, "answer": choices.years})
    if found.copied:
        asked.append({"option": "--copied", "answers": [ADD, REPLACE], "answer": choices.copied or None})
    return asked
