"""The manual's pictures show the pages as they are."""

import json
from collections.abc import Iterator
from typing import Final

import pytest
from pytest_django import DjangoDbBlocker, Settings
from time_machine import TimeMachineFixture

from reports.demo.stage import Stage
from reports.help.pictures import RECORD
from tests.manual import fingerprints as of_pages
from tests.manual.fingerprints import fingerprint, fingerprints
from tests.manual.pictures import SUBJECTS
from tests.served import MOMENT
from tests.support.demo_world import demo_at
from tests.support.html import read

pytestmark = pytest.mark.django_db

PAGE: Final = (
    '<html><body><h1 class="a">ภาพรวม</h1><p>เหลือ 12 วัน</p><input type="hidden" value="x"></body></html>'
)


@pytest.fixture(scope="module")
def demonstration(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    with django_db_blocker.unblock(), demo_at(MOMENT, tmp_path_factory.mktemp("media")) as stage:
        yield stage


def test_no_picture_is_stale(
    demonstration: Stage, settings: Settings, time_machine: TimeMachineFixture
) -> None:
    """A picture that is named here shows a page as it was: make manual."""
    settings.ALLOWED_HOSTS = ["localhost"]
    time_machine.move_to(MOMENT, tick=False)
    taken = {name: about["shows"] for name, about in json.loads(RECORD.read_text(encoding="utf-8")).items()}
    now = fingerprints()
    assert set(taken) == set(SUBJECTS)
    stale = sorted(name for name in now if now[name] != taken[name])
    assert stale == [], (
        f"the pages of these pictures have changed: {', '.join(stale)}. Take them anew: make manual"
    )


@pytest.mark.parametrize(
    ("change", "noticed"),
    [
        (("ภาพรวม", "สรุป"), True),
        (('class="a"', 'class="b"'), True),
        (("12", "7"), False),
        (("12", "๗๘"), False),
        (('value="x"', 'value="y"'), False),
    ],
)
def test_a_fingerprint_is_of_what_a_reader_sees(change: tuple[str, str], noticed: bool) -> None:
    other = PAGE.replace(*change)
    assert (fingerprint(read(other)) != fingerprint(read(PAGE))) == noticed


def test_a_new_colour_makes_every_picture_stale(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tokens = tmp_path_factory.mktemp("look") / "tokens.css"
    tokens.write_text(of_pages.TOKENS.read_text(encoding="utf-8") + ":root { --ink: red }", encoding="utf-8")
    before = fingerprint(read(PAGE))
    monkeypatch.setattr(of_pages, "TOKENS", tokens)
    assert fingerprint(read(PAGE)) != before
