"""Every address of the site; each app keeps its own."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from ita_tracker.administration import furnish
from ita_tracker.styleguide import styleguide
from ita_tracker.views import accessibility, healthz, home, privacy, year
from operations.health.views import readyz

handler400 = "ita_tracker.errors.bad_request"
handler403 = "ita_tracker.errors.forbidden"
handler404 = "ita_tracker.errors.not_found"
handler500 = "ita_tracker.errors.server_error"
# The administrator comes in by the same door as everybody, with its limits and second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
furnish(admin.site)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("year/", year, name="year"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("privacy/", privacy, name="privacy"),
    path("accessibility/", accessibility, name="accessibility"),
    path("styleguide/", styleguide, name="styleguide"),
    path("", include("accounts.urls")),
    path("", include("measures.urls")),
    path("", include("reports.urls")),
    path("admin/", admin.site.urls),
]
