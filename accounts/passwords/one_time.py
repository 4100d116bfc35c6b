"""Passwords that are handed over on paper and are good for one sign-in."""

import secrets
from typing import Final

# Without letters and digits that are taken for one another on paper.
LETTERS: Final = "abcdefghjkmnpqrtuvwxyz346789"
GROUPS: Final = 3
LETTERS_IN_GROUP: Final = 4


def one_time_password() -> str:
    """Twelve signs that can be read out and typed, more than 57 bits: mdk4-9zpc-r8tw."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(LETTERS_IN_GROUP)) for _ in range(GROUPS))
    return "-".join(groups)
