"""A report that did not change is made once and sent once."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.cache import caches
from django.test import Client

from measures.models import Measure, Plan
from reports import stored
from reports.renderers import FORMATS, Format, Rendered, RendererUnavailable
from tests.conftest import SignIn, make_measure
from tests.papers import document

pytestmark = pytest.mark.django_db

ADDRESS = "/reports/2566/6/report.pdf"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each time that a PDF is made, its agency; the making itself is replaced."""
    agencies: list[str] = []

    def make(facts: object) -> Rendered:
        agencies.append(facts.agency)  # type: ignore[attr-defined]
        return Rendered(f"%PDF {len(agencies)}".encode(), pages=1)

    monkeypatch.setitem(FORMATS, "pdf", replace(FORMATS["pdf"], make=make))
    return agencies


@pytest.fixture
def officer(measure: Measure, sign_in: SignIn) -> Client:
    return sign_in("officer")


def test_it_is_made_once(officer: Client, made: list[str]) -> None:
    first, second = officer.get(ADDRESS), officer.get(ADDRESS)
    assert first.content == second.content == b"%PDF 1"
    assert len(made) == 1


def test_whoever_has_it_is_told_so_without_its_content(officer: Client, made: list[str]) -> None:
    etag = officer.get(ADDRESS)["ETag"]
    again = officer.get(ADDRESS, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == etag
    other = officer.get(ADDRESS, headers={"If-None-Match": '"another"'})
    assert (other.status_code, other.content) == (200, b"%PDF 1")


@pytest.mark.parametrize(
    "change",
    [
        lambda measure: Measure.objects.filter(pk=measure.pk).update(result="จัดประชุมแล้ว"),
        lambda measure: measure.steps.first().delete(),
        lambda measure: measure.responsibilities.all().delete(),
        lambda measure: measure.evidence.create(
            title="ภาพถ่าย", address="https://example.go.th/1", effective_on="2023-01-31"
        ),
        lambda measure: make_measure(measure.plan, "อีกมาตรการ", indicator=2),
        lambda measure: type(measure.plan.agency).objects.update(name="ชื่อใหม่"),
    ],
    ids=["result", "step", "party", "evidence", "measure", "agency"],
)
def test_any_change_of_its_facts_makes_it_anew(
    officer: Client, measure: Measure, made: list[str], change: Callable[[Measure], object]
) -> None:
    etag = officer.get(ADDRESS)["ETag"]
    change(measure)
    response = officer.get(ADDRESS, headers={"If-None-Match": etag})
    assert (response.status_code, response.content) == (200, b"%PDF 2")
    assert response["ETag"] != etag


def test_each_format_and_each_round_has_its_own(officer: Client, plan: Plan) -> None:
    addresses = [
        f"/reports/2566/{months}/report.{ending}" for months in (6, 12) for ending in ("csv", "json")
    ]
    assert len({officer.get(address)["ETag"] for address in addresses}) == 4


def test_a_new_version_of_the_program_does_not_serve_what_an_old_one_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = stored.content_key(document(), FORMATS["pdf"])
    monkeypatch.setattr(stored, "look", lambda: "another stylesheet")
    assert stored.content_key(document(), FORMATS["pdf"]) != before


def test_the_look_is_that_of_every_file_it_comes_from(settings: pytest.FixtureRequest) -> None:
    root = settings.BASE_DIR  # type: ignore[attr-defined]
    assert all(list(root.glob(pattern)) for pattern in stored.SOURCES)
    assert stored.look.__wrapped__() == stored.look()


def test_what_could_not_be_made_is_not_kept() -> None:
    def fail(facts: object) -> Rendered:
        raise RendererUnavailable("ไม่พบ Pango")

    broken = Format("pdf", "PDF", "application/pdf", fail)
    with pytest.raises(RendererUnavailable):
        stored.stored_rendering("key", document(), broken)
    assert caches["reports"].get("key") is None
