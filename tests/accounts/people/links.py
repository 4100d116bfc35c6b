"""The site's addresses with a stand-in for the page behind a mailed link."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def set_password(request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("", include("ita_tracker.urls")),
    path("set-password/<uidb64>/<token>/", set_password, name="set_password"),
]
