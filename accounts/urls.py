from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts.agency_settings.views import agency
from accounts.background.views import cancel_job, retry_job, show_job
from accounts.divisions.views import divisions
from accounts.sign_in.views import SignIn

urlpatterns = [
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("agency/", agency, name="agency"),
    path("jobs/<int:pk>/", show_job, name="job"),
    path("jobs/<int:pk>/cancel/", cancel_job, name="cancel_job"),
    path("jobs/<int:pk>/again/", retry_job, name="retry_job"),
    path("divisions/", divisions, name="divisions"),
]
