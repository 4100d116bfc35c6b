"""An agency's files of evidence take as much room together as they may, and not more."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connections
from django.urls import reverse
from pytest_django import Settings

from accounts.agency_settings.usage import usage_of
from accounts.models import User
from measures.evidence.files import examine
from measures.evidence.quota import FULL
from measures.evidence.services import NewEvidence, NotStored, reuse_evidence, store_evidence
from measures.models import Evidence, Measure, Plan
from tests.conftest import SignIn
from tests.support.factories import PDF, make_measure
from tests.support.html import read
from tests.support.work import WITHOUT_END

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("looked_at_here")]


def piece(title: str = "ก") -> NewEvidence:
    return NewEvidence(title, date(2023, 1, 1), public=False, file=examine("a.pdf", PDF))


def test_what_would_be_too_much_is_not_stored(
    plan: Plan, measure: Measure, people: dict[str, User], settings: Settings, folder_of_files: Path
) -> None:
    settings.AGENCY_QUOTA = 2 * len(PDF)
    first, _ = store_evidence(measure, [piece(), piece()], people["staff"])
    assert usage_of(plan.agency).used == 2 * len(PDF)
    with pytest.raises(NotStored) as refused:
        store_evidence(measure, [piece()], people["staff"])
    assert str(refused.value) == FULL.format(0)
    assert (Evidence.objects.count(), len(list(folder_of_files.rglob("*.pdf")))) == (2, 2)
    # An address takes no room, and a file that proves two measures takes it once.
    named = NewEvidence("ข", date(2023, 1, 1), public=False, address="https://x.go.th/")
    store_evidence(measure, [named], people["staff"])
    assert reuse_evidence(first, [make_measure(plan, position=2).pk], people["staff"]) == 1
    assert usage_of(plan.agency).used == 2 * len(PDF)


def test_of_two_at_once_only_what_fits_is_stored(
    measure: Measure, people: dict[str, User], settings: Settings
) -> None:
    settings.AGENCY_QUOTA = len(PDF)
    together = Barrier(2)

    def store(title: str) -> str:
        try:
            new, mine = piece(title), Measure.objects.get(pk=measure.pk)
            together.wait(timeout=WITHOUT_END)
            store_evidence(mine, [new], people["staff"])
        except NotStored as refused:
            return str(refused)
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(store, "กข")) == ["", FULL.format(0)]
    assert Evidence.objects.count() == 1


def test_the_page_of_the_agency_says_how_much(sign_in: SignIn, measure: Measure, settings: Settings) -> None:
    Evidence.objects.create(
        measure=measure,
        title="ก",
        file="x",
        file_name="x.pdf",
        content_type="application/pdf",
        size=3_000_000,
        sha256="0" * 64,
        effective_on=date(2023, 1, 1),
    )
    page = reverse("agency")
    assert "ไฟล์ของหน่วยงานใช้พื้นที่ 3 MB" in read(sign_in("officer").get(page)).text
    settings.AGENCY_QUOTA = 12 * 1024 * 1024
    assert "ไฟล์ของหน่วยงานใช้พื้นที่ 3 MB จาก 12 MB (24%)" in read(sign_in("officer").get(page)).text
