"""What the plan's editing page asks of the database beside its measures."""

from measures.models import Plan, PlanImport


def last_import(plan: Plan) -> PlanImport | None:
    """The import that was applied to a plan last, if it can be put back; without the file itself. One query."""
    applied = plan.imports.filter(applied_at__isnull=False).exclude(changes={})
    return (
        applied.select_related("applied_by")
        .defer("content", "changes", "edits")
        .order_by("-applied_at")
        .first()
    )
