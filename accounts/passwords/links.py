"""The link with which a person sets a new password: good once, and for a day."""

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import User


def password_link(person: User) -> str:
    """The path of a new link; over with the next password or sign-in of the person, or after a day."""
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    return reverse("set_password", args=[uid, default_token_generator.make_token(person)])
