"""Messages of what was done, kept until the next page in a cookie of the site's own name."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookie(CookieStorage):
    """Django's, under the name that the setting MESSAGE_COOKIE_NAME says."""

    cookie_name = settings.MESSAGE_COOKIE_NAME


class HostMessages(FallbackStorage):
    """In a cookie; what does not fit there, in the session."""

    storage_classes = (HostCookie, SessionStorage)
