"""What a line of the log says: canonical JSON, its hash, and salted hashes of what is personal.

    {"afterwards":false,"at":…,"facts":{…},"kind":…,"noted":…,"number":…,"personal":{…},"previous":…,
     "subject":…,"version":1}

`at` is when it happened, `noted` when the line was written, both UTC; `afterwards` says that it happened
before the log was there. Knows nothing of Django, and nothing of what the facts mean.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

VERSION: Final = 1
BEFORE_THE_FIRST: Final = "0" * 64
"""What the first line has in place of the hash of a line before."""


@dataclass(frozen=True)
class LogDraft:
    """What is to be noted."""

    kind: str
    subject: str
    at: datetime
    """When it happened."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Numbers, texts, lists and dictionaries; nothing that names or describes a person."""
    personal: Mapping[str, str] = field(default_factory=dict)
    """What names or describes a person or is not public, by field: only its salted hash is noted."""


def canonical(value: Any) -> str:
    """JSON with keys in order and no white space."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def in_utc(moment: datetime) -> str:
    """A moment as the log writes it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def salted(salt: str, name: str, value: str) -> str:
    """The hash of a personal field of a line with its salt (hexadecimal)."""
    return hmac.new(bytes.fromhex(salt), f"{name}\0{value}".encode(), hashlib.sha256).hexdigest()


def entry(
    draft: LogDraft, number: int, previous: str, salt: str, noted: datetime, *, afterwards: bool
) -> str:
    """The text of a line."""
    return canonical(
        {
            "version": VERSION,
            "number": number,
            "previous": previous,
            "kind": draft.kind,
            "subject": draft.subject,
            "at": in_utc(draft.at),
            "noted": in_utc(noted),
            "afterwards": afterwards,
            "facts": draft.facts,
            "personal": {name: salted(salt, name, value) for name, value in draft.personal.items()},
        }
    )


def sha256_of(text: str) -> str:
    """The hash of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
