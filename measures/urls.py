from django.urls import path

from measures.bulk_update import views as bulk_update
from measures.bundle import views as bundle
from measures.evidence import views as evidence
from measures.measure_page import comment_actions, evidence_actions
from measures.measure_page import views as measure_page
from measures.outline import views as outline
from measures.plan_import import mending_views as import_mending
from measures.plan_import import views as plan_import
from measures.plan_list import views as plan_list
from measures.work import views as work
from measures.workbook import views as workbook

urlpatterns = [
    path("work/", work.work, name="work"),
    path("plans/", plan_list.latest_plan, name="plans"),
    path("plans/import/", plan_import.start, name="import_plan"),
    path("plans/import/files/<str:name>/", plan_import.sample, name="import_sample"),
    path("plans/import/<int:pk>/", plan_import.show, name="import_preview"),
    path("plans/import/<int:pk>/read/", plan_import.read_import, name="import_read"),
    path("plans/import/<int:pk>/columns/", import_mending.columns, name="import_columns"),
    path("plans/import/<int:pk>/year/", import_mending.choose_year, name="import_year"),
    path("plans/import/<int:pk>/copied/", import_mending.choose_copied, name="import_copied"),
    path("plans/import/<int:pk>/choose/", import_mending.choose, name="import_choose"),
    path("plans/import/<int:pk>/forget/", import_mending.forget_word, name="import_forget"),
    path("plans/import/<int:pk>/measures/<int:place>/", import_mending.mend_measure, name="import_measure"),
    path("plans/import/<int:pk>/apply/", plan_import.apply_import, name="import_apply"),
    path("plans/import/<int:pk>/undo/", plan_import.undo_import, name="import_undo"),
    path("plans/<int:year>/", plan_list.plan_list, name="plan"),
    path("plans/<int:year>/filters/", plan_list.keep_filter, name="keep_filter"),
    path("plans/<int:year>/filters/<int:pk>/remove/", plan_list.drop_filter, name="drop_filter"),
    path("plans/<int:year>/sheet/", workbook.sheet, name="sheet"),
    path("plans/<int:year>/sheet.xlsx", workbook.workbook_file, name="plan_workbook"),
    path("plans/<int:year>/files/", bundle.bundle, name="bundle"),
    path("plans/<int:year>/change/", bulk_update.change_many, name="change_many"),
    path("plans/<int:year>/edit/", outline.edit_plan, name="edit_plan"),
    path("plans/<int:year>/edit/add/", outline.add_measure, name="add_measure"),
    path("measures/<int:pk>/", measure_page.measure, name="measure"),
    path("parts/<int:pk>/", measure_page.part, name="part"),
    path("measures/<int:pk>/edit/", outline.edit_measure, name="edit_measure"),
    path("measures/<int:pk>/move/", outline.move, name="move_measure"),
    path("measures/<int:pk>/delete/", outline.delete_measure, name="delete_measure"),
    path("measures/<int:pk>/put-back/", measure_page.put_back, name="put_back"),
    path("measures/<int:pk>/evidence/", evidence_actions.add_evidence, name="add_evidence"),
    path("measures/<int:pk>/comments/", comment_actions.add_comment, name="add_comment"),
    path("evidence/<int:pk>/remove/", evidence_actions.remove_evidence, name="remove_evidence"),
    path("evidence/<int:pk>/public/", evidence_actions.publish_evidence, name="publish_evidence"),
    path("evidence/<int:pk>/file/", evidence.evidence_file, name="evidence_file"),
    path("evidence/<int:pk>/thumbnail/", evidence.thumbnail, name="evidence_thumbnail"),
    path("evidence/<int:pk>/reuse/", evidence.reuse, name="reuse_evidence"),
    path("steps/<int:pk>/tick/", measure_page.tick, name="tick_step"),
]
