from django.urls import path

from measures.views import bulk, editing, evidence, intake, measure, plan, sheets

urlpatterns = [
    path("work/", plan.work, name="work"),
    path("plans/", plan.latest_plan, name="plans"),
    path("plans/import/", intake.start, name="import_plan"),
    path("plans/import/<int:pk>/", intake.show, name="import_preview"),
    path("plans/import/<int:pk>/columns/", intake.columns, name="import_columns"),
    path("plans/import/<int:pk>/measures/<int:place>/", intake.mend_measure, name="import_measure"),
    path("plans/import/<int:pk>/apply/", intake.apply_import, name="import_apply"),
    path("plans/<int:year>/", plan.plan_list, name="plan"),
    path("plans/<int:year>/sheet/", sheets.sheet, name="sheet"),
    path("plans/<int:year>/sheet.xlsx", sheets.workbook_file, name="plan_workbook"),
    path("plans/<int:year>/change/", bulk.change_many, name="change_many"),
    path("plans/<int:year>/edit/", editing.edit_plan, name="edit_plan"),
    path("plans/<int:year>/edit/add/", editing.add_measure, name="add_measure"),
    path("measures/<int:pk>/", measure.measure, name="measure"),
    path("measures/<int:pk>/edit/", editing.edit_measure, name="edit_measure"),
    path("measures/<int:pk>/move/", editing.move, name="move_measure"),
    path("measures/<int:pk>/delete/", editing.delete_measure, name="delete_measure"),
    path("measures/<int:pk>/evidence/", evidence.add_evidence, name="add_evidence"),
    path("evidence/<int:pk>/remove/", evidence.remove_evidence, name="remove_evidence"),
    path("evidence/<int:pk>/public/", evidence.publish_evidence, name="publish_evidence"),
    path("evidence/<int:pk>/file/", evidence.evidence_file, name="evidence_file"),
    path("steps/<int:pk>/tick/", measure.tick, name="tick_step"),
]
