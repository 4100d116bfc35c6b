"""What an import was when a form of its preview was shown: by it a form of an old page is known."""

import hashlib
import json
from typing import Any

from core.locking import StaleEdit
from measures.models import PlanImport


def state_of(plan_import: PlanImport, key: str | None = None) -> str:
    """What a form was shown with, as short text.

    Args:
        key: of the measure that the form mends, what was mended of the others does not matter to it; None for
            a form that is about all of them.
    """
    edits = plan_import.edits if key is None else plan_import.edits.get(key)
    applied_at = plan_import.applied_at and plan_import.applied_at.isoformat()
    undone_at = plan_import.undone_at and plan_import.undone_at.isoformat()
    told: list[Any] = [plan_import.mapping, plan_import.choices, edits, applied_at, undone_at]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def held(plan_import: PlanImport, seen: str, key: str | None = None) -> PlanImport:
    """The stored import, held to the end of the transaction, if it still is what a form was shown with.

    Args:
        seen: state_of() as it was then; empty asks for nothing.

    Raises:
        StaleEdit: it was changed, applied or put back since.
    """
    stored = PlanImport.objects.select_for_update().get(pk=plan_import.pk)
    if seen and seen != state_of(stored, key):
        raise StaleEdit
    return stored
