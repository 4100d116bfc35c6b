"""Plans that offices already have, read from Word, Excel, CSV or pasted text.

A room of its own: no Django, no database, no clock. `parse` and `parse_text` are the way in; whatever the
input, they return an ImportedPlan or raise Unreadable with a Thai sentence.
"""

from collections.abc import Mapping
from typing import Final

from measures.plan_import.choices import Choices, ImportedHeading, ImportedTable, LeftOut, Words, YearQuestion
from measures.plan_import.model import (
    Column,
    Field,
    Finding,
    ImportedMeasure,
    ImportedParty,
    ImportedPlan,
    ImportedStep,
    Severity,
    Unreadable,
)
from measures.plan_import.tables.reading import read, read_pasted
from measures.plan_import.tables.table import Table
from measures.plan_import.understanding.division_names import KnownNames, matching
from measures.plan_import.understanding.plan import understand

DEFECT: Final = "อ่านไฟล์ได้แต่ทำความเข้าใจตารางไม่สำเร็จ กรุณาคัดลอกเฉพาะตารางมาตรการมาวาง หรือแจ้งผู้ดูแลระบบพร้อมแนบไฟล์นี้"

__all__: Final = [
    "DEFECT",
    "Choices",
    "Column",
    "Field",
    "Finding",
    "ImportedHeading",
    "ImportedMeasure",
    "ImportedParty",
    "ImportedPlan",
    "ImportedStep",
    "ImportedTable",
    "KnownNames",
    "LeftOut",
    "Severity",
    "Unreadable",
    "Words",
    "YearQuestion",
    "matching",
    "parse",
    "parse_text",
    "plan_in",
    "read",
    "read_pasted",
    "understand",
]


NOTHING_CHOSEN: Final = Choices()


def parse(
    name: str,
    content: bytes,
    fiscal_year: int,
    mapping: Mapping[int, Field] | None = None,
    choices: Choices = NOTHING_CHOSEN,
) -> ImportedPlan:
    """Read a file and understand it as a plan.

    Args:
        name: as it was uploaded; only shown, the kind of a file is known by its content.
        fiscal_year: of the plan, Buddhist era.
        mapping: what the columns hold, by their place from 0; None to go by the headings.
        choices: what else the officer has said about it.

    Raises:
        Unreadable: a Thai sentence why not, and what to do.
    """
    return plan_in(read(name, content), fiscal_year, mapping, choices)


def parse_text(
    text: str,
    fiscal_year: int,
    mapping: Mapping[int, Field] | None = None,
    choices: Choices = NOTHING_CHOSEN,
) -> ImportedPlan:
    """Understand pasted text as a plan.

    Raises:
        Unreadable: there is nothing in it, or too much.
    """
    return plan_in(read_pasted(text), fiscal_year, mapping, choices)


def plan_in(
    tables: list[Table],
    fiscal_year: int,
    mapping: Mapping[int, Field] | None,
    choices: Choices = NOTHING_CHOSEN,
) -> ImportedPlan:
    """Understand tables that were read, as parse() does.

    Raises:
        Unreadable: there is too much of it, or no sense in it.
    """
    try:
        return understand(tables, fiscal_year, mapping, choices)
    except Unreadable:
        raise
    # A defect of ours: the tests see that none is known, and a person is told what to do all the same.
    except Exception as error:
        raise Unreadable(DEFECT) from error
