"""Every address of the site; each app keeps its own."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from accounts.forms import AdminSignInForm

handler404 = "ita_tracker.errors.not_found"
admin.site.login_form = AdminSignInForm
admin.site.site_header = admin.site.site_title = "ITA Tracker: ผู้ดูแลระบบ"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("accounts.urls")),
    path("", include("measures.urls")),
    path("", include("reports.urls")),
    path("admin/", admin.site.urls),
]
