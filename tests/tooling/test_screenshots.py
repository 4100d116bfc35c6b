"""No page of the site is forgotten by `make screenshots`."""

from typing import Final

import pytest
from django.urls import resolve

from accounts.models import User
from measures.models import Plan
from tests.screenshots.pages import LEFT_OUT, SHOTS
from tests.support.sweep import furnish, visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february")]

ERRORS: Final = (403, 404, 410)


def test_every_page_of_the_sweep_is_pictured_or_left_out_with_a_reason(
    plan: Plan, people: dict[str, User]
) -> None:
    pages = {
        (str(resolve(visit.path.split("?")[0]).url_name), visit.role)
        for visit in visits(furnish(plan, people))
        if visit.data is None and not visit.htmx and visit.status not in ERRORS
    }
    pictured = {(shot.route, shot.role) for shot in SHOTS}
    assert pages - pictured - set(LEFT_OUT) == set()
    assert set(LEFT_OUT) <= pages - pictured
    assert all(LEFT_OUT.values())


def test_an_error_of_each_kind_is_pictured() -> None:
    assert {"not-found", "forbidden", "public-not-found"} <= {shot.name for shot in SHOTS}


def test_no_two_pictures_have_one_name() -> None:
    names = [(shot.role, shot.name) for shot in SHOTS]
    assert len(set(names)) == len(names)
