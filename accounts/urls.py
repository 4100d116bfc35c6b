from django.urls import path, re_path

from accounts.agency_settings.views import agency, districts, seal
from accounts.background.views import cancel_job, job_file, retry_job, show_job
from accounts.divisions.views import divisions
from accounts.kept.views import kept, kept_file
from accounts.own_account.views import account, sign_out_everywhere
from accounts.passwords.views import ChangePassword, ForgottenPassword, SetPassword
from accounts.people import actions as people_actions
from accounts.people import refused
from accounts.people import views as people
from accounts.second_factor.views import (
    AddApp,
    AddPasskey,
    ConfirmPassword,
    NewRecoveryCodes,
    RecoveryCodes,
    RecoveryCodesFile,
    RemoveApp,
    RemovePasskey,
    SecondFactors,
    SecondStep,
)
from accounts.sessions.views import sessions, sign_out_device
from accounts.set_up.views import start, start_agency, start_divisions, start_people
from accounts.sign_in.openid import back_from_elsewhere, sign_in_elsewhere
from accounts.sign_in.views import SignIn, SignOut

# Names with account_, mfa_ and openid_connect_ are those by which allauth finds its pages.
urlpatterns = [
    path("login/", SignIn.as_view(), name="login"),
    path("login/", SignIn.as_view(), name="account_login"),
    path("login/step/", SecondStep.as_view(), name="mfa_authenticate"),
    path("login/<slug:provider_id>/", sign_in_elsewhere, name="openid_connect_login"),
    path("login/<slug:provider_id>/back/", back_from_elsewhere, name="openid_connect_callback"),
    path("logout/", SignOut.as_view(), name="logout"),
    path("password/forgotten/", ForgottenPassword.as_view(), name="account_reset_password"),
    path("password/new/<uidb64>/<token>/", SetPassword.as_view(), name="set_password"),
    path("account/", account, name="account"),
    path("account/devices/", sign_out_everywhere, name="sign_out_everywhere"),
    path("account/sessions/", sessions, name="sessions"),
    path("account/sessions/<slug:mark>/end/", sign_out_device, name="sign_out_device"),
    path("account/data/", kept, name="kept"),
    path("account/data/file/", kept_file, name="kept_file"),
    path("account/password/", ChangePassword.as_view(), name="account_change_password"),
    path("account/confirm/", ConfirmPassword.as_view(), name="account_reauthenticate"),
    path("account/second/", SecondFactors.as_view(), name="mfa_index"),
    path("account/second/app/", AddApp.as_view(), name="mfa_activate_totp"),
    path("account/second/app/remove/", RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("account/second/codes/", RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("account/second/codes/new/", NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("account/second/codes/file/", RecoveryCodesFile.as_view(), name="mfa_download_recovery_codes"),
    path("account/second/passkey/", AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("account/second/passkey/<int:pk>/remove/", RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("agency/", agency, name="agency"),
    path("agency/districts/", districts, name="districts"),
    re_path(r"^seal/(?P<sha256>[0-9a-f]{64})\.(?P<ending>png|webp)$", seal, name="seal"),
    path("jobs/<int:pk>/", show_job, name="job"),
    path("jobs/<int:pk>/file/", job_file, name="job_file"),
    path("jobs/<int:pk>/cancel/", cancel_job, name="cancel_job"),
    path("jobs/<int:pk>/again/", retry_job, name="retry_job"),
    path("divisions/", divisions, name="divisions"),
    path("people/", people.people, name="people"),
    path("people/add/", people.new_person, name="add_person"),
    path("people/acting/", people_actions.acting, name="acting"),
    path("people/acting/<int:pk>/confirm/", people_actions.acting_confirmation, name="confirm_acting"),
    path("people/acting/<int:pk>/end/", people_actions.stop_acting, name="end_acting"),
    path("people/log/", people.log, name="people_log"),
    path("people/log/sign-ins/", refused.refusals, name="refused_sign_ins"),
    path("people/news/<int:pk>/", people_actions.read_news, name="read_news"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/password/", people_actions.person_password, name="person_password"),
    path("people/<int:pk>/executive/", people_actions.executive, name="executive"),
    path("people/<int:pk>/active/", people_actions.person_active, name="person_active"),
    path("start/", start, name="start"),
    path("start/agency/", start_agency, name="start_agency"),
    path("start/divisions/", start_divisions, name="start_divisions"),
    path("start/people/", start_people, name="start_people"),
]
