"""The page of components shows what pages are made of, to nobody but who develops them."""

import re
from pathlib import Path

from django.conf import settings as site
from django.test import Client, RequestFactory
from pytest_django import Settings

from ita_tracker.styleguide import COLOURS, ICONS, styleguide
from tests.support.html import read

ROOT = Path(site.BASE_DIR)
# Documents have sizes in points, and black.
PRINTED = ("paper.css", "paper_fonts.css", "summary.css")
COLOUR_OR_SIZE = re.compile(r":[^;{]*#[0-9a-fA-F]{3,8}\b|font-size: *[\d.]")


def test_every_component_is_shown(rf: RequestFactory, settings: Settings) -> None:
    settings.DEBUG = True
    page = read(styleguide(rf.get("/styleguide/")))
    classes = {name for element in page.walk() for name in (element.get("class") or "").split()}
    missing = {
        "bulk-bar", "button", "chip", "choice", "count-badge", "empty", "errors", "field-wrong", "figure",
        "icon", "list", "menu", "meter", "note", "panel", "pill", "said", "sample-note", "status", "stepper",
        "timeline", "tint", "trend-key",
    } - classes  # fmt: skip
    assert missing == set()


def test_it_shows_every_icon_and_colours_that_exist() -> None:
    sprite = (ROOT / "static/icons.svg").read_text(encoding="utf-8")
    assert re.findall(r'symbol id="([a-z-]+)"', sprite) == ICONS
    tokens = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")
    assert [colour for colour in COLOURS if f"--{colour}:" not in tokens] == []


def test_a_site_in_production_does_not_have_it(client: Client) -> None:
    assert client.get("/styleguide/").status_code == 404


def test_templates_name_only_icons_that_exist() -> None:
    named = {
        name
        for file in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "([^"]+)" %}', file.read_text(encoding="utf-8"))
    }
    assert named - set(ICONS) == set()


def test_only_tokens_name_colours_and_sizes_of_letters() -> None:
    """But in what is given to Django's administration, which has names of its own for its colours."""
    wrong = []
    for file in sorted((ROOT / "static/css").glob("*.css")):
        if file.name in {"tokens.css", "administration.css", *PRINTED}:
            continue
        lines = file.read_text(encoding="utf-8").splitlines()
        wrong += [f"{file.name}: {line.strip()}" for line in lines if COLOUR_OR_SIZE.search(line)]
    assert wrong == []
