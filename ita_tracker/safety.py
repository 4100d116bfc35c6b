"""What browsers are told besides the policy of contents, and who may reach the administration."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.sign_in.client_address import client_address
from ita_tracker.errors import forbidden

# The site uses none of these, and neither may what a page is made to show.
NOT_USED: Final = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS: Final = ", ".join(f"{name}=()" for name in NOT_USED)


class SafetyHeaders:
    """Permissions-Policy, and Cross-Origin-Resource-Policy: no other site puts what is here into its pages.

    What is published is for everybody, so also for the pages of other sites.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            # Of pages alone: with each stylesheet and script it would be a kilobyte of a first visit.
            response.headers["Permissions-Policy"] = PERMISSIONS
        is_public = request.path_info.startswith(reverse("public"))
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin" if is_public else "same-origin"
        return response


class AdministrationFromListedNetworks:
    """Where ADMIN_NETWORKS names networks, Django's administration answers nobody from elsewhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.ADMIN_NETWORKS and request.path_info.startswith(reverse("admin:index")):
            address = ip_address(client_address(request))
            if not any(address in network for network in settings.ADMIN_NETWORKS):
                return forbidden(request, PermissionDenied())
        return self.get_response(request)
