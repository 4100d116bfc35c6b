"""Which file a draft has, as long as no row that it is made from changes.

Kept in the memory of the process: an entry is found by the version of the rows themselves, so that none is
ever out of date, and a process that begins anew builds each document once more.
"""

from collections import OrderedDict
from threading import Lock
from typing import Final

from reports.document.facts import ReportDocument
from reports.models import Round

# The version of the rows, whether private evidence is in it, and the format.
Asked = tuple[str, bool, str]

MOST: Final = 2_000

_keys: Final[OrderedDict[Asked, str]] = OrderedDict()
_lock: Final = Lock()


def known_key(asked: Asked) -> str | None:
    """What content_key() gave for it before."""
    with _lock:
        if asked in _keys:
            _keys.move_to_end(asked)
        return _keys.get(asked)


def keep_key(asked: Asked, key: str) -> None:
    """Remember it; of too many the one that nobody asked for goes."""
    with _lock:
        _keys[asked] = key
        while len(_keys) > MOST:
            _keys.popitem(last=False)


def has_its_seal(document: ReportDocument, round_: Round) -> bool:
    """Whether the agency's seal, which is a file beside the rows, could be read when it was made."""
    return bool(document.seal) or not round_.plan.agency.seal_hash
