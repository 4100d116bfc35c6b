from django.contrib.auth.views import LogoutView
from django.urls import path, re_path

from accounts.agency_settings.views import agency, districts, seal
from accounts.divisions.views import divisions
from accounts.set_up.views import start, start_agency, start_divisions, start_people
from accounts.sign_in.views import SignIn

urlpatterns = [
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("agency/", agency, name="agency"),
    path("agency/districts/", districts, name="districts"),
    re_path(r"^seal/(?P<sha256>[0-9a-f]{64})\.(?P<ending>png|webp)$", seal, name="seal"),
    path("divisions/", divisions, name="divisions"),
    path("start/", start, name="start"),
    path("start/agency/", start_agency, name="start_agency"),
    path("start/divisions/", start_divisions, name="start_divisions"),
    path("start/people/", start_people, name="start_people"),
]
