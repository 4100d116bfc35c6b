"""A device and a place in a few words: enough to know one's own, too little to follow anybody."""

from ipaddress import IPv4Address, ip_address
from typing import Final

from django.http import HttpRequest

from accounts.sign_in.client_address import client_address

# The first that is named counts: browsers name those that they are built on behind themselves.
BROWSERS: Final = (
    ("Line/", "LINE"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def device_in_words(request: HttpRequest) -> str:
    """Chrome บน Windows; what names itself otherwise is another device."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    return f"{browser} บน {system}" if browser and system else browser or system or "อุปกรณ์อื่น"


def place_in_words(request: HttpRequest) -> str:
    """The first half of an address: of IPv4 203.0.113.x, of IPv6 its first 48 bits."""
    address = ip_address(client_address(request))
    if isinstance(address, IPv4Address):
        return f"{str(address).rpartition('.')[0]}.x"
    return ":".join(address.exploded.split(":")[:3]) + ":…"
