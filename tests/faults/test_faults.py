"""Nothing that was answered is lost, and nothing is left by half: the short form of `make torture`."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from tests.faults.faults import Torture
from tests.faults.site import site_at
from tests.faults.world import lay_out
from tests.support.thorough import THOROUGH
from tests.support.workers import environment

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = 20 if THOROUGH else 2
# When something happens; on a busy machine it is another moment all the same.
SEED = 13


@pytest.fixture
def torture(settings: Settings, tmp_path: Path) -> Iterator[Torture]:
    """A server and a worker on the database of the test."""
    world = lay_out()
    connection.close()
    found = {name: value for name, value in environment().items() if name not in ("DEBUG", "SECRET_KEY")}
    found |= {"MEDIA_ROOT": str(settings.MEDIA_ROOT), "CACHE_DIR": str(tmp_path / "cache")}
    found |= {"PYTHONWARNINGS": "ignore", "READABLE_ERRORS": "on"}
    with site_at(found, tmp_path) as site:
        site.start()
        yield Torture(site, world, SEED)


def test_what_was_answered_outlives_kills_wrong_clocks_and_two_approvals_at_once(torture: Torture) -> None:
    kinds: Counter[str] = Counter()
    for row in (torture.kills(KILLS), torture.clocks(1), torture.approvals(1)):
        print(row.fault, row.requests, row.kinds, row.unanswered)
        assert row.lost + row.half + row.errors == []
        kinds.update(row.kinds)
    # Of what nobody was told that it is stored nothing is proven.
    assert {"save", "upload", "approve"} <= set(kinds)
