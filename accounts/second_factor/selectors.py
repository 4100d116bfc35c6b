"""Who has a second factor, who owes one, and where passkeys work."""

from ipaddress import ip_address

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from accounts.models import User


def has_second_factor(user: User) -> bool:
    """Whether a sign-in asks for more than the password. Recovery codes alone are none."""
    types = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=user, type__in=types).exists())


def owes_second_factor(user: User) -> bool:
    """Whether the agency demands one of this person, who has none yet."""
    demanded = user.agency is not None and user.agency.demands_second_factor
    return demanded and (user.is_officer or user.is_executive) and not has_second_factor(user)


def passkeys_work(request: HttpRequest) -> bool:
    """Browsers keep passkeys for a host name, over HTTPS or on this machine itself."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return request.is_secure() or host == "localhost"
    return False
