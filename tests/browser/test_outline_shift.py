"""Nothing jumps while the officer's editing pages load, also on a slow line: layout shift is at most 0.05."""

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page

from measures.models import Measure, Plan
from measures.plan_import.services import take_in
from tests.browser.conftest import DESK, PHONE, OpenPage

pytestmark = pytest.mark.browser

PASTED: Final = Path(__file__).resolve().parents[1] / "data/kongkoi-2566-six-month-report.txt"
MOST: Final = 0.05
OBSERVED: Final = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
# 1.6 Mbit/s with a delay of 150 ms, as on a telephone in the country.
SLOW_LINE: Final = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 200_000,
    "uploadThroughput": 90_000,
}


def shift(page: Page, path: str) -> float:
    """How much the page jumped from its first line to its last font."""
    page.goto(path, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    return float(page.evaluate("shifted"))


@pytest.mark.parametrize("slow", [False, True], ids=["fast", "slow"])
def test_nothing_jumps_while_a_page_loads(open_page: OpenPage, slow: bool) -> None:
    plan = Plan.objects.get()
    measure = Measure.objects.get(indicator__number=2)
    taken = take_in(plan, "", PASTED.read_bytes(), None)
    paths = (
        f"/plans/{plan.fiscal_year}/edit/",
        f"/plans/{plan.fiscal_year}/edit/add/",
        f"/measures/{measure.pk}/edit/",
        f"/plans/import/{taken.pk}/",
        "/divisions/",
    )
    jumped = []
    for size in (DESK, PHONE):
        for path in paths:
            # A new context each time: nothing is at hand from the page before.
            page = open_page("officer", viewport=size)
            page.add_init_script(OBSERVED)
            if slow:
                page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_LINE)
            found = shift(page, path)
            page.context.close()
            if found > MOST:
                jumped.append(f"{size['width']} {path}: {found:.3f}")
    assert jumped == []
