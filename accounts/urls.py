from django.contrib.auth.views import LogoutView
from django.urls import path, re_path

from accounts.agency_settings.views import agency, districts, seal
from accounts.divisions.views import divisions
from accounts.sign_in.views import SignIn

urlpatterns = [
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("agency/", agency, name="agency"),
    path("agency/districts/", districts, name="districts"),
    re_path(r"^seal/(?P<sha256>[0-9a-f]{64})\.(?P<ending>png|webp)$", seal, name="seal"),
    path("divisions/", divisions, name="divisions"),
]
