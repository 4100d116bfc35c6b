"""PostgreSQL stopped, hung and started again under a running site: every answer comes soon, and says so."""

from collections.abc import Iterator
from time import monotonic
from typing import Final

import pytest

from tests.support.postgres_cluster import Answered, Cluster, OtherSite, cluster, site_on

SOON: Final = 3.0
# Each asks who is signed in, or more.
PAGES: Final = [
    *("/", "/plans/", "/dashboard/", "/work/", "/public/", "/admin/", "/login/"),
    *("/healthz", "/readyz"),
]
# They ask nothing but who is signed in.
GO_ON: Final = ["/privacy/", "/accessibility/", "/help/"]


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    with cluster() as made:
        yield made


@pytest.fixture(scope="module", params=["8", "0"], ids=["with a pool", "without a pool"])
def site(
    request: pytest.FixtureRequest, server: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OtherSite]:
    with site_on(server.url, tmp_path_factory.mktemp("site"), DATABASE_POOL_SIZE=request.param) as made:
        yield made


def away(answer: Answered) -> None:
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.seconds < SOON


def test_while_the_server_is_away_every_page_says_so_soon_and_afterwards_all_is_well(
    server: Cluster, site: OtherSite
) -> None:
    assert site.get("/").status == 302
    server.stop()
    try:
        # A crowd, more than the pool has connections.
        answers = site.get_all(PAGES * 2)
        posted = site.get_all(["/login/", "/"], method="POST")
        static = site.get_all(GO_ON)
        one_by_one = [site.get(path) for path in ("/plans/", "/healthz")]
    finally:
        server.start()
    for answer in (*answers, *one_by_one):
        away(answer)
    pages = [each.text for each in answers if each.headers["Content-Type"].startswith("text/html")]
    assert len(pages) == 2 * (len(PAGES) - 2)
    assert all("ฐานข้อมูลไม่ตอบ" in page and "รหัสอ้างอิง" in page for page in pages)
    assert all("อาจยังไม่ได้บันทึก" in each.text for each in posted if each.status == 503)
    assert [each.status for each in static] == [200] * len(GO_ON)
    assert max(each.seconds for each in static) < SOON
    # A process asks again after a second; nothing of the server before it is used any more.
    site.get("/healthz")
    answers = wait_for_well(site.get_all(["/"] * 12), site)
    assert {answer.status for answer in answers} == {302}


def wait_for_well(answers: list[Answered], site: OtherSite) -> list[Answered]:
    """Again, until a second has passed since the last failure."""
    until = monotonic() + 2 * SOON
    while any(each.status == 503 for each in answers) and monotonic() < until:
        answers = site.get_all(["/"] * 12)
    return answers


@pytest.mark.parametrize("site", ["0"], ids=["without a pool"], indirect=True)
def test_a_server_that_takes_calls_and_does_not_answer_is_away_too(server: Cluster, site: OtherSite) -> None:
    assert site.get("/").status == 302
    with server.hanging():
        for answer in site.get_all(["/", "/plans/", "/healthz"]):
            away(answer)
    assert {each.status for each in wait_for_well(site.get_all(["/"] * 12), site)} == {302}
