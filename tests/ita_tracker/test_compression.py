"""Pages are compressed on their way, in a way that does not tell their length; files are left alone."""

import gzip

import pytest
from django.urls import reverse

from accounts.models import User
from measures.models import Plan
from tests.conftest import SignIn
from tests.support.factories import YEAR, make_measure
from tests.support.sweep import furnish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]
GZIP = {"Accept-Encoding": "gzip, br"}


def test_a_page_is_a_fraction_of_its_size(sign_in: SignIn, plan: Plan, people: dict[str, User]) -> None:
    furnish(plan, people)
    for place in range(2, 12):
        make_measure(plan, f"มาตรการที่ {place}", position=place)
    officer = sign_in("officer")
    whole = officer.get(reverse("plan", args=[YEAR]))
    sent = officer.get(reverse("plan", args=[YEAR]), headers=GZIP)
    assert "Content-Encoding" not in whole.headers
    assert sent["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in sent["Vary"]
    assert 5 * len(sent.content) < len(whole.content)
    assert "มาตรการที่ 11" in gzip.decompress(sent.content).decode()


def test_the_length_of_one_page_is_not_always_the_same(sign_in: SignIn, plan: Plan) -> None:
    officer = sign_in("executive")
    page = reverse("reports")
    same = {len(gzip.decompress(officer.get(page, headers=GZIP).content)) for _ in range(10)}
    lengths = {len(officer.get(page, headers=GZIP).content) for _ in range(10)}
    assert len(same) == 1
    assert len(lengths) > 1


def test_a_part_of_a_page_is_compressed_too(sign_in: SignIn, plan: Plan) -> None:
    for place in range(1, 6):
        make_measure(plan, position=place)
    part = sign_in("staff").get(reverse("plan", args=[YEAR]), headers={**GZIP, "HX-Request": "true"})
    assert part["Content-Encoding"] == "gzip"
    assert "<html" not in gzip.decompress(part.content).decode()


@pytest.mark.parametrize("ending", ["json", "csv", "xlsx"])
def test_a_file_is_sent_as_it_is(sign_in: SignIn, plan: Plan, ending: str) -> None:
    make_measure(plan)
    sent = sign_in("officer").get(reverse("download", args=[YEAR, 6, ending]), headers=GZIP)
    assert sent.status_code == 200
    assert "Content-Encoding" not in sent.headers
    assert not sent["ETag"].startswith("W/")
