from django.urls import path, register_converter

from measures.thai import RoundMonths
from reports.views import dashboard, overview, report, start


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
    path("healthz", start.healthz, name="healthz"),
]
