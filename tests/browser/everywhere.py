"""What holds on every page, however a person sees it, reads it or points at it; run inside the page."""

from typing import Any, Final

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Page

from tests.browser.chromium import DESK, PHONE
from tests.browser.looks import ALL_RULES, FOCUS_UNSEEN, NARROWEST, RUN_AXE, TOO_WIDE
from tests.support.thorough import THOROUGH

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
# WCAG 2.5.8 leaves out links in a sentence, and what stands so far from others that a circle of the size
# meets none. What counts is where a press arrives: a label, or a row over which its link is stretched, is
# part of the target. Controls of a form and buttons on a phone have no such excuse.
TOO_SMALL: Final = """([least, strict]) => {
  const kinds = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]";
  const seen = {visibilityProperty: true, opacityProperty: true};
  const targets = [...document.querySelectorAll(kinds)].filter((each) => {
    const box = each.getBoundingClientRect();
    return !each.disabled && each.checkVisibility(seen) && box.width > 2 && box.height > 2;
  });
  const arrives = (element, x, y) => {
    const top = document.elementFromPoint(x, y);
    return Boolean(top) && (element.contains(top) || top.closest("label")?.control === element);
  };
  const extent = (element, x, y, dx, dy) => {
    let size = 1;
    for (const way of [-1, 1]) {
      let far = way;
      while (Math.abs(far) < least && arrives(element, x + far * dx, y + far * dy)) far += way;
      size += Math.abs(far) - 1;
    }
    return size;
  };
  const middle = (element) => {
    const box = element.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  };
  const alone = (element) => {
    const [x, y] = middle(element);
    return targets.every((other) => {
      if (other === element || element.contains(other) || other.contains(element)) return true;
      const box = other.getBoundingClientRect();
      const aside = Math.max(box.left - x, 0, x - box.right);
      return Math.hypot(aside, Math.max(box.top - y, 0, y - box.bottom)) >= least / 2;
    });
  };
  const found = new Set();
  for (const element of targets) {
    const link = element.matches("a:not(.button)");
    if (link && getComputedStyle(element).display === "inline") continue;
    const [x, y] = middle(element);
    if (!arrives(element, x, y)) continue;
    const width = extent(element, x, y, 1, 0);
    const height = extent(element, x, y, 0, 1);
    if (width >= least - 1 && height >= least - 1) continue;
    if ((link || !strict) && alone(element)) continue;
    const name = element.tagName.toLowerCase() + [...element.classList].map((each) => "." + each).join("");
    const words = element.labels?.[0]?.textContent ?? element.textContent ?? "";
    const said = words.split(/[\\n ]+/).filter(Boolean).join(" ").slice(0, 20);
    found.add(`${name} “${said}” ${width}×${height}`);
  }
  return [...found];
}"""
# In short without axe's own look for small targets, which takes long and of which TOO_SMALL asks nearly all.
OTHER_RULES: Final = ALL_RULES if THOROUGH else {**ALL_RULES, "rules": {"target-size": {"enabled": False}}}
LEAST_ON_A_DESK: Final = 24
LEAST_ON_A_PHONE: Final = 44


def wrong_everywhere(page: Page, *, on_desk: bool = True, on_phone: bool = True) -> list[str]:
    """Everything wrong with the page that is open, which is left as no person would see it.

    Args:
        on_desk: look at it in the light and on a desk.
        on_phone: look at it in the dark and on a phone, on the narrowest screen, with more space in its text.
    """
    headings = page.evaluate("document.querySelectorAll('h1').length")
    found = [] if headings == 1 else [f"{headings} h1"]
    page.evaluate(AXE_SCRIPT)
    if on_desk:
        found += [f"desk: {each}" for each in _axe(page, DESK, "light")]
        found += [f"desk, target: {each}" for each in page.evaluate(TOO_SMALL, [LEAST_ON_A_DESK, False])]
    if not on_phone:
        return found
    found += [f"phone: {each}" for each in _axe(page, PHONE, "dark")]
    found += [f"phone, target: {each}" for each in page.evaluate(TOO_SMALL, [LEAST_ON_A_PHONE, True])]
    page.set_viewport_size({"width": NARROWEST, "height": PHONE["height"]})
    found += [f"too wide at {NARROWEST}: {each}" for each in page.evaluate(TOO_WIDE)]
    page.keyboard.press("Tab")
    found += [f"focus cannot be seen: {each}" for each in page.evaluate(FOCUS_UNSEEN)]
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    page.evaluate(SPACED)
    found += [f"too wide with more space: {each}" for each in page.evaluate(TOO_WIDE)]
    found += [f"cut off with more space: {each}" for each in page.evaluate(CUT_OFF)]
    return found


def _axe(page: Page, size: dict[str, int], scheme: Any) -> list[str]:
    # As high as the page: what a line that stays at the bottom lies over is a matter of scrolling.
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": height})
    problems: list[str] = page.evaluate(RUN_AXE, OTHER_RULES)
    return problems
