from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts.agency_settings.views import agency
from accounts.divisions.views import divisions
from accounts.people import actions as people_actions
from accounts.people import views as people
from accounts.sign_in.views import SignIn

urlpatterns = [
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("agency/", agency, name="agency"),
    path("divisions/", divisions, name="divisions"),
    path("people/", people.people, name="people"),
    path("people/add/", people.new_person, name="add_person"),
    path("people/acting/", people_actions.acting, name="acting"),
    path("people/acting/<int:pk>/end/", people_actions.stop_acting, name="end_acting"),
    path("people/log/", people.log, name="people_log"),
    path("people/news/<int:pk>/", people_actions.read_news, name="read_news"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/password/", people_actions.person_password, name="person_password"),
    path("people/<int:pk>/active/", people_actions.person_active, name="person_active"),
]
