"""Settings of signing in: what allauth is to do, its limits, a provider of OpenID Connect if there is one."""

from django.core.exceptions import ImproperlyConfigured
from environs import Env

env = Env()

ACCOUNT_ADAPTER = "accounts.sign_in.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
# An address is not unique, because offices share a mailbox; it is User.email and nothing beside it.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_METHODS = {"password"}
# tries / minutes / counted by: the address (ip), the person (user), or what the code names (key).
ACCOUNT_RATE_LIMITS = {
    # Wrong passwords for one name from one address; what is tried while it is closed does not make it longer.
    "wrong_password": "10/15m/key",
    # A whole office is often behind one address; so many wrong passwords within the time are no slips.
    "wrong_password_of_address": "100/15m/ip",
    # Wrong codes of the second factor of one person.
    "login_failed": "5/15m/key",
    "login": None,
    "reauthenticate": "20/15m/user",
    "change_password": "20/15m/user",
    "reset_password": "30/15m/ip,3/15m/key",
}
MFA_ADAPTER = "accounts.second_factor.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "ITA Tracker"
# The clock of a telephone may be half a minute wrong.
MFA_TOTP_TOLERANCE = 1

# A provider of OpenID Connect, with which people sign in who have been added here. Unset: there is none.
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="").rstrip("/")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_NAME = env.str("OIDC_NAME", default="บัญชีขององค์กร")
if OIDC_SERVER_URL and not (OIDC_CLIENT_ID and OIDC_CLIENT_SECRET):
    raise ImproperlyConfigured("OIDC_SERVER_URL needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET (see README.md).")
SOCIALACCOUNT_ADAPTER = "accounts.sign_in.openid.OpenIdAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True
OIDC_PROVIDER = {
    "provider_id": "office",
    "name": OIDC_NAME,
    "client_id": OIDC_CLIENT_ID,
    "secret": OIDC_CLIENT_SECRET,
    # Who it is says the ID token, whose signature is looked at; nothing else is asked for.
    "settings": {"server_url": OIDC_SERVER_URL, "fetch_userinfo": False},
}
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [OIDC_PROVIDER] if OIDC_SERVER_URL else [],
    }
}
