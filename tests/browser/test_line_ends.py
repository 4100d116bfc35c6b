"""Where lines end on the screen: Chromium itself ends them between a number and what it counts."""

import re
from typing import Final

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from reports.templatetags.unbroken import unbroken

pytestmark = pytest.mark.browser

TEXT: Final = "ประชุมร่วมกับ ๙ หมู่บ้าน ได้ ร้อยละ ๗๕ ของแผน พ.ศ. ๒๕๖๖ รอบ ๖ เดือน เมื่อ ๓๑ มีนาคม ๒๕๖๖ " * 3
# Whether a line ends inside it, for each of the parts, at every width from 180 to 400.
COUNT: Final = """() => {
  const block = document.querySelector("p");
  let cut = 0;
  for (let width = 180; width <= 400; width += 20) {
    block.style.width = `${width}px`;
    for (const part of block.querySelectorAll("span")) cut += part.getClientRects().length > 1;
  }
  return cut;
}"""


def test_no_line_ends_inside_what_belongs_together(browser: Browser) -> None:
    css = (settings.BASE_DIR / "static/css/base.css").read_text(encoding="utf-8")
    (rule,) = re.findall(r"\.whole \{[^}]*\}", css)
    page = browser.new_page()
    try:
        page.set_content(f'<html lang="th"><p>{unbroken(TEXT)}</p></html>')
        assert page.evaluate(COUNT) > 10
        page.add_style_tag(content=rule)
        assert page.evaluate(COUNT) == 0
    finally:
        page.close()
