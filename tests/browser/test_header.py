"""The top of the page is the same everywhere and for everybody: nobody has to look for the way out."""

from typing import Final

import pytest

from accounts.models import Agency, User
from measures.models import Measure
from tests.browser.conftest import DESK, PHONE, OpenPage

pytestmark = pytest.mark.browser

PAGES: Final = {
    "staff": ["/work/", "/plans/", "/measures/{measure}/", "/dashboard/", "/reports/"],
    "officer": [
        "/plans/2566/edit/",
        "/plans/2566/edit/add/",
        "/divisions/",
        "/agency/",
        "/plans/new/",
        "/reports/2566/6/",
        "/plans/import/",
    ],
    "executive": ["/dashboard/", "/reports/2566/6/"],
    "overseer": ["/overview/", "/dashboard/?agency={agency}", "/plans/2566/?agency={agency}"],
}
# Where it ends at the right and begins at the top, seen from the window.
PLACE: Final = """() => {
  const button = document.querySelector('.masthead .person summary');
  const box = button.getBoundingClientRect();
  const overlapping = [...document.querySelectorAll('.masthead-owner, .masthead select')].filter(other => {
    const its = other.getBoundingClientRect();
    return its.left < box.right && its.right > box.left && its.top < box.bottom && its.bottom > box.top;
  });
  return [innerWidth - box.right, box.top, box.height, overlapping.length,
          document.documentElement.scrollWidth - document.documentElement.clientWidth];
}"""


LONG_NAMES: Final = (
    "/work/",
    "/plans/2566/edit/",
    "/plans/new/",
    "/overview/",
    "/dashboard/?agency={agency}",
)


def test_the_menu_with_sign_out_stands_at_one_place(open_page: OpenPage) -> None:
    names = {"measure": Measure.objects.all()[0].pk, "agency": Agency.objects.all()[0].slug}
    seen: dict[int, dict[str, list[float]]] = {DESK["width"]: {}, PHONE["width"]: {}}
    pages = {role: open_page(role) for role in PAGES}
    pages["without script"] = open_page("officer", java_script_enabled=False)

    def look(role: str, path: str, named: str) -> None:
        pages[role].goto(path.format(**names))
        for size in (DESK, PHONE):
            pages[role].set_viewport_size({"width": size["width"], "height": size["height"]})
            seen[size["width"]][f"{role} {path} {named}"] = pages[role].evaluate(PLACE)

    visits = [(role, path) for role, paths in PAGES.items() for path in paths]
    for role, path in visits:
        look(role, path, "as they are")
    # There the choice of a year has a button of its own.
    look("without script", "/plans/2566/edit/", "")
    Agency.objects.update(name="องค์การบริหารส่วนตำบล" + "กองก้อย" * 25)
    User.objects.update(full_name="นางสาว" + "ก่อเกียรติ" * 14)
    for role, path in visits:
        if path in LONG_NAMES:
            look(role, path, "as long as they may be")
    for width, places in seen.items():
        assert len(places) == 18 + len(LONG_NAMES)
        different = {tuple(place) for place in places.values()}
        assert len(different) == 1, (width, places)
        right, top, height, overlapping, too_wide = different.pop()
        assert overlapping == 0
        assert too_wide <= 0
        assert 0 <= right <= 80
        assert top < 20
        assert height < 60
