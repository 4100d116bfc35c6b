"""What every page has to be, however it is looked at; run inside the page, where the browser knows it."""

from dataclasses import dataclass
from typing import Final, Literal

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Page

from tests.browser.chromium import DESK, PHONE
from tests.support.thorough import in_turn

ALL_RULES: Final = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
# preload: only a rule that is not asked for reads stylesheets, and axe puts them into the page inline.
# ignorePseudo: a text's contrast is measured also where CSS alone puts something beside it; to look whether
# it does took longer than to measure.
RUN_AXE: Final = """async (asked) => {
  axe._audit.checks["color-contrast"].options.ignorePseudo = true;
  const found = await axe.run({...asked, resultTypes: ["violations"], preload: false});
  return found.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id} (${rule.help}): ${node.target} ${node.failureSummary}`));
}"""

# WCAG 1.4.10: what a desk shows at 400 % is 320 CSS pixels wide.
NARROWEST: Final = 320
TOO_WIDE: Final = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > width + 1)
    .map((element) => element.outerHTML.slice(0, 80)).slice(0, 3);
}"""
# Each element that Tab reaches gets the focus in turn; a key was pressed before, so the browser shows it.
# A radio button, and the link of a card, show their focus on the card around them.
FOCUS_UNSEEN: Final = """() => {
  const kinds = "a[href], button, input, select, textarea, summary, [tabindex]";
  const reached = [...document.querySelectorAll(kinds)]
    .filter((element) => element.tabIndex >= 0 && !element.disabled && element.checkVisibility());
  const shown = (element) => {
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return outlined || style.boxShadow !== "none";
  };
  return reached.filter((element) => {
    element.focus();
    if (document.activeElement !== element) return true;
    return !(shown(element) || shown(element.closest(".choice, .task") ?? element));
  }).map((element) => element.outerHTML.slice(0, 80));
}"""
# What has the focus must not be under the line with the button, which stays at the bottom on a phone.
FOCUS_COVERED: Final = """() => {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 20)];
  const top = document.elementFromPoint(x, y);
  const label = top?.closest("label");
  const own = top && (element.contains(top) || top.contains(element) || label?.control === element);
  return own ? "" : element.outerHTML.slice(0, 80);
}"""
STATUSES: Final = """() => [...document.querySelectorAll(".status")].map((badge) => [
  [...badge.classList].find((name) => name.startsWith("status-")),
  badge.textContent.trim(),
  badge.querySelector("svg.shape")?.innerHTML ?? "",
])"""

Look = tuple[dict[str, int], Literal["light", "dark"]]
LOOKS: Final[tuple[Look, ...]] = ((DESK, "light"), (PHONE, "dark"))


@dataclass(frozen=True)
class Badge:
    """A status as it stands on a page: what it says and which shape stands beside it."""

    status: str
    word: str
    shape: str


def problems_of(page: Page, narrowest: int = NARROWEST, place: int | None = None) -> list[str]:
    """Everything wrong with the page that is open: wide and light, narrow and dark.

    Args:
        place: of a page among several that have the two looks in turn; `make thorough` gives each both.
    """
    problems: list[str] = []
    page.evaluate(AXE_SCRIPT)
    # Colours do not depend on the width, so two looks see both schemes and both widths.
    for size, scheme in LOOKS if place is None else in_turn(LOOKS, place, len(LOOKS)):
        # As high as the page: what a line that stays at the bottom lies over is a matter of scrolling.
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": height})
        page.emulate_media(color_scheme=scheme)
        problems += [f"{size['width']} {scheme}: {found}" for found in page.evaluate(RUN_AXE, ALL_RULES)]
    for width in (PHONE["width"], narrowest):
        page.set_viewport_size({"width": width, "height": PHONE["height"]})
        problems += [f"{width}: too wide: {element}" for element in page.evaluate(TOO_WIDE)]
    page.keyboard.press("Tab")
    problems += [f"focus cannot be seen: {element}" for element in page.evaluate(FOCUS_UNSEEN)]
    return problems


def badges_of(page: Page) -> set[Badge]:
    """Every status on the page that is open."""
    return {Badge(*found) for found in page.evaluate(STATUSES)}
