from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts.agency_settings.views import agency
from accounts.divisions.views import divisions
from accounts.sign_in.views import SignIn

urlpatterns = [
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("agency/", agency, name="agency"),
    path("divisions/", divisions, name="divisions"),
]
