"""What holds on every page, however a person sees it, reads it or points at it; run inside the page."""

from typing import Any, Final

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Page

from tests.browser.chromium import DESK, PHONE
from tests.browser.looks import ALL_RULES, FOCUS_UNSEEN, NARROWEST, RUN_AXE, TOO_WIDE

# WCAG 1.4.12: with this much space around letters, words and lines nothing is cut off and nothing overlaps.
SPACED: Final = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
# A box that hides what does not fit, though not one hidden from sight on purpose, nor a scrolling one.
CUT_OFF: Final = """() => [...document.querySelectorAll("body *")].filter((element) => {
  if (!element.checkVisibility() || Math.min(element.clientWidth, element.clientHeight) <= 2) return false;
  if (element.closest("input, select, textarea, svg")) return false;
  const style = getComputedStyle(element);
  const hides = (value) => value === "hidden" || value === "clip";
  const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  return text && ((hides(style.overflowX) && element.scrollWidth > element.clientWidth + 1)
    || (hides(style.overflowY) && element.scrollHeight > element.clientHeight + 1));
}).map((element) => element.outerHTML.slice(0, 80)).slice(0, 3)"""
# WCAG 2.5.8 leaves out links in a sentence; a box that belongs to a label is as large as the label.
TOO_SMALL: Final = """(least) => {
  const kinds = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]";
  const found = new Set();
  for (const element of document.querySelectorAll(kinds)) {
    const seen = element.checkVisibility({visibilityProperty: true, opacityProperty: true});
    if (element.disabled || !seen) continue;
    if (getComputedStyle(element).display === "inline" && element.tagName === "A") continue;
    const boxes = [element, ...(element.labels ?? [])].map((each) => each.getBoundingClientRect());
    const width = Math.max(...boxes.map((box) => box.width));
    const height = Math.max(...boxes.map((box) => box.height));
    if (width <= 2 || height <= 2) continue;
    // Of words that are a link the width is that of the words.
    const wide = element.matches("a:not(.button)") ? 24 : least;
    if (width < wide - 0.5 || height < least - 0.5) {
      const name = element.tagName.toLowerCase() + [...element.classList].map((each) => "." + each).join("");
      const words = element.labels?.[0]?.textContent ?? element.textContent ?? "";
      const said = words.split(/[\\n ]+/).filter(Boolean).join(" ").slice(0, 20);
      found.add(`${name} “${said}” ${Math.round(width)}×${Math.round(height)}`);
    }
  }
  return [...found];
}"""
LEAST_ON_A_DESK: Final = 24
LEAST_ON_A_PHONE: Final = 44


def wrong_everywhere(page: Page, *, briefly: bool = False) -> list[str]:
    """Everything wrong with the page that is open, which is left as no person would see it.

    Args:
        briefly: without what was seen of the same page before: how it looks in the light and on a desk.
    """
    found = [] if page.locator("h1").count() == 1 else [f"{page.locator('h1').count()} h1"]
    page.evaluate(AXE_SCRIPT)
    if not briefly:
        found += [f"desk: {each}" for each in _axe(page, DESK, "light", ALL_RULES)]
        found += [f"desk, target: {each}" for each in page.evaluate(TOO_SMALL, LEAST_ON_A_DESK)]
    found += [f"phone: {each}" for each in _axe(page, PHONE, "dark", ALL_RULES)]
    found += [f"phone, target: {each}" for each in page.evaluate(TOO_SMALL, LEAST_ON_A_PHONE)]
    page.set_viewport_size({"width": NARROWEST, "height": PHONE["height"]})
    found += [f"too wide at {NARROWEST}: {each}" for each in page.evaluate(TOO_WIDE)]
    page.keyboard.press("Tab")
    found += [f"focus cannot be seen: {each}" for each in page.evaluate(FOCUS_UNSEEN)]
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    page.evaluate(SPACED)
    found += [f"too wide with more space: {each}" for each in page.evaluate(TOO_WIDE)]
    found += [f"cut off with more space: {each}" for each in page.evaluate(CUT_OFF)]
    return found


def _axe(page: Page, size: dict[str, int], scheme: Any, rules: dict[str, Any]) -> list[str]:
    # As high as the page: what a line that stays at the bottom lies over is a matter of scrolling.
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": height})
    problems: list[str] = page.evaluate(RUN_AXE, rules)
    return problems
