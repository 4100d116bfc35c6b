"""Jobs that only these tests know."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django import Settings

from accounts.background import kinds
from accounts.background.runs import Run
from accounts.background.services import ask
from accounts.models import BackgroundJob

Do = Callable[[Run], str]
KnownKind = Callable[..., None]


@pytest.fixture
def queue(settings: Settings) -> None:
    """What is queued waits for a worker, as on a site."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def kind() -> Iterator[KnownKind]:
    """kind("name", do, max_tries=2) makes a kind of work known for one test."""
    before = dict(kinds._KINDS)

    def known(name: str, do: Do, **more: Any) -> None:
        kinds.register(name, **more)(do)

    yield known
    kinds._KINDS.clear()
    kinds._KINDS.update(before)


def ask_for(kind: str, subject: str = "1", **more: Any) -> BackgroundJob:
    """A job of nobody."""
    return ask(kind, subject, "งานทดสอบ", agency=None, person=None, **more)
