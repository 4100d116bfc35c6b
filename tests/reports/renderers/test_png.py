"""The picture with which a report is shared: always the same, always whole, and its Thai set right."""

import io
from dataclasses import replace

import pytest
from PIL import Image, ImageChops, ImageFont, features

from reports.document.facts import ReportDocument
from reports.renderers import PICTURE, RendererUnavailable
from reports.renderers.png import SEMIBOLD, SIZE, _font
from tests.support.papers import ROW, document, section

DONE = replace(ROW, status="done")
REPORT = document(section(1, DONE, DONE), section(2, ROW), section(3, replace(ROW, status="cancelled")))


def drawn(made: ReportDocument) -> Image.Image:
    return Image.open(io.BytesIO(PICTURE.render(made).content)).convert("RGB")


def test_the_picture_has_the_size_that_messages_want_and_is_small() -> None:
    assert drawn(REPORT).size == SIZE == (1200, 630)
    assert len(PICTURE.render(REPORT).content) < 60_000


def test_the_same_facts_give_the_same_picture() -> None:
    assert PICTURE.render(REPORT).content == PICTURE.render(REPORT).content
    assert PICTURE.render(REPORT).content != PICTURE.render(replace(REPORT, months=12)).content


def test_what_is_invented_says_so() -> None:
    marked = drawn(replace(REPORT, sample_note="ข้อมูลตัวอย่าง"))
    assert ImageChops.difference(marked, drawn(REPORT)).getbbox() is not None


@pytest.mark.parametrize("name", ["ก", "องค์การบริหารส่วนตำบล" * 9, "🙂" * 40, "ที่ปิ้ม" * 60, "กอง\nก้อย\tเอ๋ย"])
def test_a_name_of_any_length_stays_within_the_margins(name: str) -> None:
    picture = drawn(replace(REPORT, agency=name, agency_short=name, province=name))
    plain = drawn(replace(REPORT, agency="", agency_short="", province=""))
    box = ImageChops.difference(picture, plain).point(lambda value: 255 if value > 60 else 0).getbbox()
    assert box is not None
    assert box[2] <= SIZE[0] - 60


@pytest.mark.parametrize("made", [document(), document(section(1, DONE)), document(section(1, ROW))])
def test_a_report_with_nothing_all_or_none_done_can_be_drawn(made: ReportDocument) -> None:
    assert drawn(made).size == SIZE


def test_marks_stand_on_their_letters() -> None:
    """A tone above a vowel is raised: plain layout would print it into the vowel."""
    font = _font(SEMIBOLD, 100)
    plain = ImageFont.truetype(font.path, 100, layout_engine=ImageFont.Layout.BASIC)
    assert font.getbbox("ที่")[1] < plain.getbbox("ที่")[1] or font.getmask("ที่") != plain.getmask("ที่")
    assert font.getlength("ที่") == font.getlength("ท")


def test_without_the_shaper_nothing_wrong_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda name: False)
    with pytest.raises(RendererUnavailable, match="libfribidi0"):
        PICTURE.render(REPORT)
