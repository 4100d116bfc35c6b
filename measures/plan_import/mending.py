"""What the officer says of a whole original: what its headings and names mean, and what is left out."""

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction

from measures.models import PlanImport
from measures.plan_import.choices import Choices, Words
from measures.plan_import.model import ImportedPlan
from measures.plan_import.preview import plan_of
from measures.plan_import.services import store_choices
from measures.plan_import.state import held


@transaction.atomic
def store_reading(
    plan_import: PlanImport, said: Words, mapping: Mapping[str, str] | None, seen: str = ""
) -> None:
    """Keep what the officer says that headings, names and columns mean.

    Args:
        said: beside what was said before.
        mapping: of other columns than before, and then what was mended goes: it is of another reading. None
            leaves the columns.
        seen: as of store_choices.

    Raises:
        Unreadable: it cannot be read so; nothing is stored.
        StaleEdit: the import is another one by now.
    """
    stored = held(plan_import, seen)
    before = Choices.of(stored.choices)
    both = Words(
        {**before.said.columns, **said.columns},
        {**before.said.indicators, **said.indicators},
        {**before.said.divisions, **said.divisions},
    )
    stored.choices = replace(before, said=both).facts
    if mapping is not None:
        stored.mapping, stored.edits = dict(mapping), {}
        plan_of(stored)
    stored.save(update_fields=["choices", "mapping", "edits"])
    for name in ("choices", "mapping", "edits"):
        setattr(plan_import, name, getattr(stored, name))


def leave_out(plan_import: PlanImport, plan: ImportedPlan, key: str, seen: str = "") -> bool:
    """Leave out a measure or a table (its key); False where the original has none.

    Raises:
        StaleEdit: as of store_choices.
    """
    tables = [table.key for table in plan.tables if not table.reason]
    choices = Choices.of(plan_import.choices)
    if key not in {*tables, *choices.brought_in, *(measure.key for measure in plan.measures)}:
        return False
    # What the reading had proposed to leave out is so again.
    left_out = choices.left_out if key in choices.brought_in else choices.left_out | {key}
    store_choices(plan_import, seen, left_out=left_out, brought_in=choices.brought_in - {key})
    return True


def bring_in(plan_import: PlanImport, plan: ImportedPlan, key: str, seen: str = "") -> bool:
    """Take in a row or a table that is left out; False where none of this key is.

    Raises:
        StaleEdit: as of store_choices.
    """
    rows, tables = {row.key for row in plan.left_out}, {table.key for table in plan.tables if table.reason}
    if key not in rows | tables:
        return False
    choices = Choices.of(plan_import.choices)
    brought_in = choices.brought_in if key in choices.left_out else choices.brought_in | {key}
    store_choices(plan_import, seen, left_out=choices.left_out - {key}, brought_in=brought_in)
    return True


def split(plan_import: PlanImport, plan: ImportedPlan, key: str, seen: str = "") -> bool:
    """Take a measure apart whose cell holds several; False where none of this key can be.

    Raises:
        StaleEdit: as of store_choices.
    """
    if key not in {measure.key for measure in plan.measures if measure.parts}:
        return False
    store_choices(plan_import, seen, split=Choices.of(plan_import.choices).split | {key})
    return True


def put_together(plan_import: PlanImport, key: str, seen: str = "") -> bool:
    """Undo split(); False where it was not done.

    Raises:
        StaleEdit: as of store_choices.
    """
    before = Choices.of(plan_import.choices).split
    if key in before:
        store_choices(plan_import, seen, split=before - {key})
    return key in before
