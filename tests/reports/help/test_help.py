"""The manual: for everybody, true to the program's words, on one sheet where it hangs on a wall."""

import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Final

import pypdfium2
import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Agency, Role, User
from ita_tracker.menu import ROOMS
from measures.models import Plan
from reports.help import paper
from reports.help.contents import BOOK, PARTS, TASKS, ManualPart
from reports.help.pictures import path_of, pictures
from reports.help.views import help_address
from reports.renderers import Rendered
from tests.conftest import SignIn
from tests.support.html import Element, read
from tests.support.thorough import THOROUGH

SITE: Final = "https://ita.example.go.th"
TEXTS: Final = settings.BASE_DIR / "templates" / "reports" / "help"
# What the administrator's pages say is Django's.
BY_DJANGO: Final = {"หน่วยงาน", "ผู้ใช้"}
MAX_PICTURE: Final = 25 * 1024


def text_of(part: ManualPart) -> str:
    return (settings.BASE_DIR / "templates" / part.template).read_text(encoding="utf-8")


# --- What it says ------------------------------------------------------------------------------------


@cache
def sources() -> str:
    """Every word of the program itself: templates, Python and scripts, without the manual."""
    kinds = ("templates/**/*.html", "*/**/*.py", "static/js/*.js")
    paths = {path for kind in kinds for path in settings.BASE_DIR.glob(kind) if ".venv" not in path.parts}
    return "\n".join(
        path.read_text(encoding="utf-8")
        for path in sorted(paths)
        if TEXTS not in path.parents and "tests" not in path.parts
    )


@pytest.mark.parametrize("path", sorted(TEXTS.glob("_*.html")), ids=lambda path: path.name)
def test_every_button_and_link_that_it_names_is_there(path: Path) -> None:
    """Bold is what a person reads on the screen: once the screen says something else, the manual has to."""
    named = {unescape(words) for words in re.findall(r"<b>(.*?)</b>", path.read_text(encoding="utf-8"))}
    there = sources()
    assert {words for words in named - BY_DJANGO if words not in there} == set()


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.role.value)
def test_a_task_has_an_address_of_its_own_and_says_what_to_press(part: ManualPart) -> None:
    tasks = read(text_of(part)).all("section")
    assert len({task["id"] for task in tasks}) == len(tasks) >= 3
    for task in tasks:
        assert task["id"].startswith(f"{part.role.value}-")
        assert task.one("h2").text
        assert 2 <= len(task.all("li")) <= 5


def test_every_role_has_a_part() -> None:
    assert [part.role for part in PARTS] == list(Role)


# --- The context link --------------------------------------------------------------------------------


def test_the_tasks_that_pages_lead_to_are_there() -> None:
    for part in PARTS:
        ids = set(re.findall(r'id="([\w-]+)"', text_of(part)))
        assert set(TASKS.get(part.role, {}).values()) <= ids
        assert set(TASKS.get(part.role, {})) <= set(ROOMS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "feature", "address"),
    [
        ("staff", "measures.measure_page", "/help/staff/#staff-report"),
        ("officer", "measures.plan_import", "/help/officer/#officer-import"),
        ("executive", "reports.rounds", "/help/executive/#executive-approve"),
        ("overseer", "reports.overview", "/help/overseer/#overseer-overview"),
        ("executive", "accounts.divisions", "/help/executive/"),
        ("admin", "", "/help/admin/"),
    ],
)
def test_a_page_leads_to_what_the_manual_says_of_it(
    people: dict[str, User], role: str, feature: str, address: str
) -> None:
    request = RequestFactory().get("/")
    request.user = people[role]
    assert help_address(request, feature) == address


def test_who_is_not_signed_in_is_led_to_the_beginning() -> None:
    request = RequestFactory().get("/")
    assert help_address(request, "accounts.sign_in") == "/help/"
    request.user = AnonymousUser()
    assert help_address(request, "accounts.sign_in") == "/help/"


# --- On screen ---------------------------------------------------------------------------------------


def links(page: Element) -> set[str]:
    return {link["href"] for link in page.one("main").all("a")}


@pytest.mark.django_db
def test_everybody_chooses_a_part_or_takes_a_sheet(client: Client) -> None:
    page = read(client.get(reverse("help")))
    wanted = {reverse(name, args=[part.role.value]) for part in PARTS for name in ("help_part", "help_file")}
    assert wanted | {reverse("help_file", args=[BOOK])} <= links(page)


@pytest.mark.django_db
def test_ones_own_part_comes_first(sign_in: SignIn, plan: Plan) -> None:
    page = read(sign_in("executive").get(reverse("help")))
    assert page.one("main").one("a", class_="primary")["href"] == "/help/executive/"


@pytest.mark.django_db
def test_a_part_that_there_is_not_is_not_found(client: Client, agency: Agency) -> None:
    assert client.get("/help/nobody/").status_code == 404
    assert client.get("/help/nobody.pdf").status_code == 404


@pytest.mark.django_db
def test_pictures_keep_their_place_and_wait_until_they_are_near(client: Client) -> None:
    shown = 0
    for part in PARTS:
        for picture in read(client.get(reverse("help_part", args=[part.role.value]))).all("img"):
            assert picture["loading"] == "lazy"
            assert int(picture["width"]) > 0
            assert int(picture["height"]) > 0
            assert picture["alt"]
            shown += 1
    assert shown >= min(8, len(pictures()))


# --- On paper ----------------------------------------------------------------------------------------


# The longest part, and all of it; `make thorough` and `make manual` lay out every sheet.
SHEETS: Final = [part.role.value for part in PARTS] + [BOOK] if THOROUGH else ["officer", BOOK]


@pytest.fixture(scope="module", params=SHEETS)
def made(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    name = request.param
    parts = PARTS if name == BOOK else [part for part in PARTS if part.role == name]
    return name, paper.make_pdf(name, parts, SITE).content


def test_a_sheet_for_the_wall_is_one_sheet_and_says_every_task(made: tuple[str, bytes]) -> None:
    name, content = made
    with pypdfium2.PdfDocument(content) as document:
        text = "".join(page.get_textpage().get_text_bounded() for page in document)
        assert (len(document) == 1) == (name != BOOK)
        width, height = document[0].get_size()
    assert width < height
    for part in PARTS:
        if name in (part.role.value, BOOK):
            for task in read(text_of(part)).all("h2"):
                assert "".join(task.text.split()) in "".join(text.split())
    assert SITE in text


@pytest.mark.django_db
def test_a_file_is_laid_out_once_and_not_sent_twice(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PUBLIC_URL = SITE
    made: list[str] = []

    def counted(name: str, parts: list[ManualPart], site: str) -> Rendered:
        made.append(name)
        return Rendered(f"%PDF- {name} {len(parts)} {site}".encode(), pages=1)

    monkeypatch.setattr(paper, "make_pdf", counted)
    first, second = (client.get("/help/overseer.pdf") for _ in range(2))
    assert first.content.startswith(b"%PDF-")
    assert first.content == second.content
    assert made == ["overseer"]
    again = client.get("/help/overseer.pdf", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


# --- Pictures ----------------------------------------------------------------------------------------


def test_every_picture_is_named_in_the_text_and_every_name_has_a_picture() -> None:
    named = set()
    for path in TEXTS.glob("_*.html"):
        named |= set(re.findall(r'{% picture "([\w-]+)"', path.read_text(encoding="utf-8")))
    assert named == set(pictures())


def test_a_picture_is_small() -> None:
    assert {name for name in pictures() if path_of(name).stat().st_size > MAX_PICTURE} == set()
