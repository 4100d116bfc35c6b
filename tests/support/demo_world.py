"""The demonstration for tests: loaded once for a module, at a fixed moment, without laying out a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from measures.evidence.files import CheckedFile
from reports.demo import DEFAULT_PASSWORD, load_demo, load_real_report, progress
from reports.demo.evidence import file_of
from reports.demo.stage import Stage
from reports.demo.story import ToldEvidence
from reports.renderers import FORMATS
from reports.rounds import edition_files

FAST_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def without_laying_out(patch: pytest.MonkeyPatch) -> None:
    """Editions with their data alone, and one file for all evidence of a kind; no PDF takes its second."""
    patch.setattr(edition_files, "FORMATS", {"json": FORMATS["json"]})
    one = cache(lambda kind: file_of(ToldEvidence(kind, "ก", "ก", ["ก"], "", public=False), date(2026, 1, 1)))

    def file(proof: ToldEvidence, on: object) -> CheckedFile | None:
        found: CheckedFile | None = one("docx" if proof.kind == "pdf" else proof.kind)
        return found

    patch.setattr(progress, "file_of", file)


@contextmanager
def demo_at(now: datetime, media: Path) -> Iterator[Stage]:
    """The demonstration as it is loaded at a moment; all of it is gone afterwards."""
    with (
        pytest.MonkeyPatch.context() as patch,
        override_settings(MEDIA_ROOT=media, PASSWORD_HASHERS=FAST_HASHERS),
        transaction.atomic(),
    ):
        without_laying_out(patch)
        with time_machine.travel(now, tick=False):
            stage = load_demo(DEFAULT_PASSWORD)
        yield stage
        transaction.set_rollback(True)


@contextmanager
def real_report() -> Iterator[None]:
    """The real report and its people alone; all of it is gone afterwards."""
    with override_settings(PASSWORD_HASHERS=FAST_HASHERS), transaction.atomic():
        load_real_report(DEFAULT_PASSWORD)
        yield
        transaction.set_rollback(True)


def every_record() -> dict[str, list[dict[str, Any]]]:
    """All rows of the project's own tables, history included."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for app in ("accounts", "measures", "reports")
        for model in apps.get_app_config(app).get_models()
    }


def run_demo() -> str:
    """What `manage.py demo` prints."""
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()
