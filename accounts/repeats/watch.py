"""Stores the key of a form with the first thing that the form stores, in the same transaction."""

import logging
import re
from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import SavedForm

logger = logging.getLogger(__name__)

WRITE: Final = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
# Written whatever a form does: who is signed in, counts of tries, and these keys themselves.
NOT_A_SAVE: Final = frozenset(
    {
        "accounts_sitesession",
        "accounts_signincount",
        "accounts_signinrefusal",
        "shared_cache",
        "accounts_savedform",
    }
)


class SavedBefore(Exception):
    """Another request has stored the same form; nothing of this one is stored."""


class Watch:
    """Looks at what a request writes, to store its form's key with it.

    Whatever undoes the save, a rolled back transaction or savepoint, undoes the key too, and what is written
    afterwards brings it again.
    """

    def __init__(self) -> None:
        self.person = 0
        self.digest = ""
        self.attempt = uuid4().hex
        self._is_committed = False

    def watch(self, person: int, digest: str) -> None:
        """Begin, for a form with this digest of a person."""
        self.person, self.digest = person, digest

    @property
    def has_stored(self) -> bool:
        """Whether the key is stored, or will be with the transaction that goes on."""
        # Django forgets what waits for a commit together with the savepoint or transaction that is undone.
        return self._is_committed or any(
            waiting[1] == self._committed for waiting in connection.run_on_commit
        )

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """The connection asks this instead of running a statement.

        Raises:
            SavedBefore: another request was faster.
        """
        found = WRITE.match(sql) if self.digest else None
        if found is None or found[1] in NOT_A_SAVE or self.has_stored:
            return execute(sql, params, many, context)
        if connection.in_atomic_block:
            self._store()
            return execute(sql, params, many, context)
        if " RETURNING " in sql:
            # Its row is read after it has run, and until then SQLite commits nothing.
            logger.error("A form is stored outside of a transaction and would be stored again: %s", found[1])
            return execute(sql, params, many, context)
        with transaction.atomic():
            self._store()
            return execute(sql, params, many, context)

    def _store(self) -> None:
        row = SavedForm(
            person_id=self.person, digest=self.digest, attempt=self.attempt, stored_at=timezone.now()
        )
        # Waits for another request that stores the same at this moment; does nothing if that has stored it.
        SavedForm.objects.bulk_create([row], ignore_conflicts=True)
        stored = SavedForm.objects.filter(person=self.person, digest=self.digest)
        if stored.values_list("attempt", flat=True).first() != self.attempt:
            raise SavedBefore
        transaction.on_commit(self._committed)

    def _committed(self) -> None:
        self._is_committed = True
