"""What the plan's editing page asks of the database beside its measures."""

from measures.models import Plan, PlanImport


def last_import(plan: Plan) -> PlanImport | None:
    """The import of a plan that was applied last, if it can be put back; without the file, one query."""
    applied = plan.imports.filter(applied_at__isnull=False).exclude(changes={})
    found = applied.select_related("applied_by").defer("content", "changes", "edits")
    return found.order_by("-applied_at", "-id").first()
