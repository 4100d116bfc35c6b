"""Every page in every state, opened once each on a site as an office runs it, and measured in every way."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import DESK
from tests.browser.everywhere import wrong_everywhere
from tests.browser.first_visit import TOKEN, Visitor, Weight, context_of, movement_of
from tests.served import ServedVisit, Site, served
from tests.support.sweep import LIKE_ANOTHER
from tests.support.thorough import THOROUGH

pytestmark = pytest.mark.browser

MAX_SHIFT: Final = 0.05
MAX_BYTES: Final = 90_000
MAX_LATER: Final = 15_000
MAX_REQUESTS: Final = 12
MAX_CHAIN: Final = 2
MANUAL: Final = "/help/"
LOCKED_OUT: Final = 429
MAX_WRONG_PASSWORDS: Final = 10


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served("sweep", tmp_path_factory.mktemp("sweep")) as site:
        yield site


def too_heavy(visit: ServedVisit, weight: Weight) -> Iterator[str]:
    """What is too much of a page; pictures are the manual's business."""
    if not visit.path.startswith(MANUAL):
        if weight.bytes > MAX_BYTES:
            yield f"{weight.bytes} bytes"
        if weight.requests > MAX_REQUESTS:
            yield f"{weight.requests} requests"
    if weight.later > MAX_LATER:
        yield f"{weight.later} bytes at a later visit"
    if weight.longest_chain > MAX_CHAIN:
        yield f"a chain of {weight.longest_chain} requests"


def problems_of_visit(visitor: Visitor, visit: ServedVisit, *, seen: bool, examined: bool) -> list[str]:
    """What is wrong with a page; of one that another role has been shown already, less is looked at.

    As the suite runs, each page is opened for the first role alone, every third is examined for what people
    need, on a desk, and a state is not opened that is made of what others show. `make thorough` opens all for
    every role and examines each, also on a phone in the dark.
    """
    visitor.page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
    visitor.visit(visit)
    movement = movement_of(visitor.page)
    found = list(too_heavy(visit, visitor.line.weight))
    if movement.shift > MAX_SHIFT:
        found.append(f"moves by {movement.shift:.3f}: {', '.join(movement.moved[:3])}")
    if examined:
        found += wrong_everywhere(visitor.page, on_desk=not seen, on_phone=THOROUGH)
    return found


def lock_out(browser: Browser, site: Site, visit: ServedVisit) -> None:
    """Try wrong passwords until the next one is not even looked at."""
    with context_of(browser, site, visit.role) as context:
        form = {"csrfmiddlewaretoken": TOKEN, **(visit.data or {})}
        for _ in range(MAX_WRONG_PASSWORDS):
            context.request.post(visit.path, form=form)


def test_every_page_is_light_still_and_for_everybody(browser: Browser, site: Site) -> None:
    first = {visit.name: visit.role for visit in reversed(site.visits)}
    assert first.keys() > LIKE_ANOTHER
    problems: dict[str, list[str]] = {}
    opened_before = 0
    visitors: dict[str, Visitor] = {}
    for visit in site.visits:
        seen = first[visit.name] != visit.role
        if not THOROUGH and (seen or visit.name in LIKE_ANOTHER):
            continue
        opened_before += 1
        examined = THOROUGH or opened_before % 3 == 0
        if visit.role not in visitors:
            visitors[visit.role] = Visitor(browser, site, visit.role)
        if visit.status == LOCKED_OUT:
            lock_out(browser, site, visit)
        for problem in problems_of_visit(visitors[visit.role], visit, seen=seen, examined=examined):
            problems.setdefault(problem, []).append(f"{visit.name} ({visit.role})")
    for visitor in visitors.values():
        visitor.close()
    assert not problems, "\n".join(f"{what}: {', '.join(where)}" for what, where in problems.items())
