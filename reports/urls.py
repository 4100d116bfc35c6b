from django.urls import path, register_converter

from measures.thai import RoundMonths
from reports.views import dashboard, overview, public, report, rounds, start


class Months:
    """The two lengths of a round in an address; any other number is not found."""

    regex = "6|12"

    def to_python(self, value: str) -> RoundMonths:
        return 6 if value == "6" else 12

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(Months, "months")

urlpatterns = [
    path("", start.home, name="home"),
    path("year/", start.year, name="year"),
    path("plans/new/", start.no_plan, name="no_plan"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("overview/", overview.overview, name="overview"),
    path("reports/", report.reports, name="reports"),
    path("reports/<int:year>/<months:months>/", report.preview, name="report"),
    path("reports/<int:year>/<months:months>/report.<str:ending>", report.download, name="download"),
    path(
        "reports/<int:year>/<months:months>/editions/<int:revision>/report.<str:ending>",
        report.edition_download,
        name="edition",
    ),
    path("reports/<int:year>/<months:months>/submit/", rounds.submit_round, name="submit_round"),
    path("reports/<int:year>/<months:months>/approve/", rounds.approve_round, name="approve_round"),
    path("reports/<int:year>/<months:months>/return/", rounds.return_round, name="return_round"),
    path("reports/<int:year>/<months:months>/reopen/", rounds.reopen_round, name="reopen_round"),
    path("reports/<int:year>/<months:months>/publish/", rounds.publish_round, name="publish_round"),
    path("reports/<int:year>/<months:months>/unpublish/", rounds.unpublish_round, name="unpublish_round"),
    path("reports/<int:year>/<months:months>/oit/", rounds.answer_oit, name="answer_oit"),
    path("reports/<int:year>/<months:months>/history/", report.round_history, name="round_history"),
    path("public/", public.agencies, name="public"),
    path("public/feed.xml", public.feed, name="public_feed"),
    path("public/data-dictionary/", public.data_dictionary, name="data_dictionary"),
    path("public/<slug:slug>/", public.agency, name="public_agency"),
    path("public/<slug:slug>/feed.xml", public.feed, name="public_agency_feed"),
    path("public/<slug:slug>/<int:year>/<months:months>/", public.report, name="public_report"),
    path(
        "public/<slug:slug>/<int:year>/<months:months>/report.<str:ending>",
        public.download,
        name="public_download",
    ),
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
    path("public/<slug:slug>/evidence/<int:pk>/", public.evidence, name="public_evidence"),
    path("sitemap.xml", public.site_map, name="sitemap"),
    path("healthz", start.healthz, name="healthz"),
]
