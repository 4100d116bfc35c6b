"""Settings of signing in: what allauth is to do, its limits, a provider of OpenID Connect if there is one."""

from django.core.exceptions import ImproperlyConfigured
from environs import Env

env = Env()

PASSWORD_HASHERS = [
    "accounts.passwords.hashers.BoundedArgon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "accounts.passwords.validators.UnlikeThePerson",
        "OPTIONS": {"user_attributes": ["username", "full_name", "email"]},
    },
    {"NAME": "accounts.passwords.validators.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.passwords.validators.Uncommon"},
    {"NAME": "accounts.passwords.validators.NotOnlyDigits"},
]
# A link with which a person sets a new password is good for a day, and once.
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60

ACCOUNT_ADAPTER = "accounts.sign_in.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
# An address is not unique, because offices share a mailbox; it is User.email and nothing beside it.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_METHODS = {"password"}
# For so long after a sign-in, or after the password was asked for again, it is not asked for once more before
# approving and changing people. One's own e-mail and second factor ask each time, for five minutes.
PASSWORD_AGAIN_MINUTES = env.int("PASSWORD_AGAIN_MINUTES", default=15)
# Passwords of strangers that one process looks at at once, and for how long another one waits for its turn.
PASSWORDS_AT_ONCE = env.int("PASSWORDS_AT_ONCE", default=2)
PASSWORD_TURN_SECONDS = 3
# An office day: who is away for longer, or was signed in for so long, signs in again.
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=120)
SESSION_HOURS = env.int("SESSION_HOURS", default=12)
for _name in ("PASSWORD_AGAIN_MINUTES", "PASSWORDS_AT_ONCE", "SESSION_IDLE_MINUTES", "SESSION_HOURS"):
    if globals()[_name] < 1:
        raise ImproperlyConfigured(f"{_name} must be a number from 1 on.")
SESSION_ENGINE = "accounts.sessions.store"
SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
# tries / minutes / counted by: the address (ip), the person (user), or what the code names (key). Of wrong
# passwords at a sign-in: accounts/sign_in/limits.py.
ACCOUNT_RATE_LIMITS = {
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
