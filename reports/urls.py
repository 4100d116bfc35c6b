from django.urls import path, register_converter

from core.thai_calendar import RoundMonths
from reports.dashboard import views as dashboard
from reports.help import views as manual
from reports.new_year import views as new_year
from reports.new_year.start import start_plan
from reports.overview import views as overview
from reports.public import check_views as public_check
from reports.public import views as public
from reports.public_log import views as public_log
from reports.publication_pack import template_views as paper_templates
from reports.publication_pack import views as papers
from reports.reminders import views as reminders
from reports.rounds import actions, changes_file, downloads, edition_progress, scans
from reports.rounds import views as rounds
from reports.site_admin.views import agencies_template, site_admin


class Months:
    """The two lengths of a round in an address; any other number is not found."""

    regex = "6|12"

    def to_python(self, value: str) -> RoundMonths:
        return 6 if value == "6" else 12

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(Months, "months")

urlpatterns = [
    path("plans/new/", new_year.no_plan, name="no_plan"),
    path("start/plan/", start_plan, name="start_plan"),
    path("site/", site_admin, name="site_admin"),
    path("site/agencies.xlsx", agencies_template, name="agencies_template"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/summary.pdf", dashboard.summary_pdf, name="dashboard_pdf"),
    path("overview/", overview.overview, name="overview"),
    path("overview/agencies.csv", overview.agencies_csv, name="overview_csv"),
    path("reports/", rounds.reports, name="reports"),
    path("reports/<int:year>/<months:months>/", rounds.preview, name="report"),
    path("reports/<int:year>/<months:months>/report.<str:ending>", downloads.download, name="download"),
    path(
        "reports/<int:year>/<months:months>/editions/<int:revision>/report.<str:ending>",
        downloads.edition_download,
        name="edition",
    ),
    path(
        "reports/<int:year>/<months:months>/changes.<str:ending>",
        changes_file.round_changes,
        name="round_changes",
    ),
    path("reports/<int:year>/<months:months>/editions/<int:revision>/papers/", papers.papers, name="papers"),
    path(
        "reports/<int:year>/<months:months>/editions/<int:revision>/papers/pack.zip",
        papers.pack_zip,
        name="pack_zip",
    ),
    path(
        "reports/<int:year>/<months:months>/editions/<int:revision>/papers/<int:version>/<slug:kind>.<str:ending>",
        papers.paper,
        name="paper",
    ),
    path("reports/templates/", paper_templates.paper_templates, name="paper_templates"),
    path("reports/templates/<slug:kind>.docx", paper_templates.template_file, name="paper_template_file"),
    path("reports/<int:year>/<months:months>/submit/", actions.submit_round, name="submit_round"),
    path("reports/<int:year>/<months:months>/withdraw/", actions.withdraw_round, name="withdraw_round"),
    path("reports/<int:year>/<months:months>/approve/", actions.approve_round, name="approve_round"),
    path("reports/<int:year>/<months:months>/return/", actions.return_round, name="return_round"),
    path("reports/<int:year>/<months:months>/reopen/", actions.reopen_round, name="reopen_round"),
    path("reports/<int:year>/<months:months>/publish/", actions.publish_round, name="publish_round"),
    path("reports/<int:year>/<months:months>/unpublish/", actions.unpublish_round, name="unpublish_round"),
    path("reports/<int:year>/<months:months>/oit/", actions.answer_oit, name="answer_oit"),
    path("reports/<int:year>/<months:months>/files/", edition_progress.edition_files, name="edition_files"),
    path("reports/<int:year>/<months:months>/scan/", scans.attach, name="attach_scan"),
    path("reports/<int:year>/<months:months>/scan/public/", scans.show, name="show_scan"),
    path("reports/<int:year>/<months:months>/scans/<int:pk>/", scans.download_scan, name="scan_file"),
    path("reports/<int:year>/<months:months>/history/", rounds.round_history, name="round_history"),
    path("reminders/", reminders.reminders, name="reminders"),
    path("reminders/switch/", reminders.reminder_switch, name="reminder_switch"),
    path("reminders/calendar/", reminders.own_calendar, name="own_calendar"),
    path("reminders/line/", reminders.line_group, name="line_group"),
    path("reminders/<int:pk>/repeat/", reminders.repeat_reminder, name="repeat_reminder"),
    path("reminders/stop/<str:token>/", reminders.stop_reminders, name="stop_reminders"),
    path("calendar/<str:key>.ics", reminders.calendar_feed, name="calendar_feed"),
    path("public/", public.agencies, name="public"),
    path("public/feed.xml", public.feed, name="public_feed"),
    path("public/data-dictionary/", public.data_dictionary, name="data_dictionary"),
    path(
        "public/data-dictionary/report-<int:version>.schema.json", public.report_schema, name="report_schema"
    ),
    path("public/check/", public_check.check, name="public_check"),
    path("public/log/", public_log.public_log, name="public_log"),
    path("public/log/heads.txt", public_log.heads_text, name="public_log_heads"),
    path("public/log/heads.json", public_log.heads_json, name="public_log_heads_json"),
    path("public/log/consistency.json", public_log.consistency_json, name="public_log_consistency"),
    path("public/log/<int:number>/", public_log.line, name="public_log_line"),
    path("public/log/<int:number>.json", public_log.inclusion_json, name="public_log_inclusion"),
    path("public/<slug:slug>/", public.agency, name="public_agency"),
    path("public/<slug:slug>/feed.xml", public.feed, name="public_agency_feed"),
    path("public/<slug:slug>/<int:year>/<months:months>/", public.report, name="public_report"),
    path(
        "public/<slug:slug>/<int:year>/<months:months>/report.<str:ending>",
        public.download,
        name="public_download",
    ),
    path("public/<slug:slug>/<int:year>/12/changes.<str:ending>", public.changes, name="public_changes"),
    path(
        "public/<slug:slug>/<int:year>/<months:months>/<int:revision>/",
        public.report,
        name="public_edition",
    ),
    path(
        "public/<slug:slug>/<int:year>/<months:months>/<int:revision>/report.<str:ending>",
        public.download,
        name="public_edition_download",
    ),
    path(
        "public/<slug:slug>/<int:year>/<months:months>/<int:revision>/signed/",
        public.signed_scan,
        name="public_scan",
    ),
    path("public/<slug:slug>/<int:year>/<months:months>/share.png", public.picture, name="public_picture"),
    path(
        "public/<slug:slug>/<int:year>/<months:months>/<int:revision>/share.png",
        public.picture,
        name="public_edition_picture",
    ),
    path("public/<slug:slug>/evidence/<int:pk>/", public.evidence, name="public_evidence"),
    path("help/", manual.manual, name="help"),
    path("help/<slug:role>/", manual.manual_part, name="help_part"),
    path("help/<slug:name>.pdf", manual.manual_file, name="help_file"),
    path("sitemap.xml", public.site_map, name="sitemap"),
]
