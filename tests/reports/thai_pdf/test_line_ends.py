"""Where lines end: between words as a dictionary knows them, and never inside what belongs together."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import pytest

from reports.renderers import pdf, unbroken
from reports.thai_pdf import dictionary
from reports.thai_pdf.dictionary import NAME, VARIABLE, NoDictionary, folder_with_words, words
from reports.thai_pdf.kept import keeping, kept, names_to_keep
from tests.support.papers import ROW, document, section, squeezed
from tests.support.readers import READERS
from tests.support.thai_pages import laid_out, made, page_of
from tests.support.thorough import THOROUGH

# Layout is slow under the tracer, and the rest of the suite reaches all of the code.
pytestmark = pytest.mark.no_cover

ROOT: Final = Path(__file__).resolve().parents[3]
AGENCY: Final = "องค์การบริหารส่วนตำบลกองก้อย"
DIVISION: Final = "กองการศึกษา ศาสนา และวัฒนธรรม"
NARROW, WIDE = 105, 290
# On one page, however long.
WRAPPED: Final = (
    "@page {{ size: 210mm 9000mm }} div {{ white-space: normal; overflow-wrap: anywhere; width: {width}pt }}"
)


def paragraphs(texts: Iterable[str], width: int) -> list[list[str]]:
    """The lines of each text in a column of some points; those of one line are left out."""
    found = []
    for page in laid_out(page_of(texts, css=WRAPPED.format(width=width))).pages:
        for box in page._page_box.descendants():
            lines = [child for child in getattr(box, "children", ()) if type(child).__name__ == "LineBox"]
            if len(lines) > 1:
                found.append([text_of_line(line) for line in lines])
    return found


def text_of_line(line: Any) -> str:
    return "".join(part.text for part in line.descendants() if hasattr(part, "text"))


def lines(text: str, width: int) -> list[str]:
    return lines_of_each([text], width)[0]


def lines_of_each(texts: Sequence[str], width: int) -> list[list[str]]:
    """The lines of each text in a column of some points; a page is laid out as fast for many as for one."""
    found = {squeezed("".join(each)): [line.strip() for line in each] for each in paragraphs(texts, width)}
    # Where nothing is found a text would be one line, of which no end could be wrong.
    assert found.keys() <= {squeezed(text) for text in texts}
    return [found.get(squeezed(text), [text]) for text in texts]


# --- Words ------------------------------------------------------------------------------------------


def thai_strings(value: Any) -> Iterator[str]:
    """Every long text with Thai in a tree of JSON."""
    if isinstance(value, str):
        if len(re.findall("[\u0e01-\u0e5b]", value)) > 25:
            yield " ".join(value.split())
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from thai_strings(item)


def texts_of_the_demonstration() -> list[str]:
    """What its plan and its story say: the list of words was made with an eye on them."""
    files = sorted((ROOT / "fixtures").glob("*.json"))
    return list(
        dict.fromkeys(text for file in files for text in thai_strings(json.loads(file.read_text("utf-8"))))
    )


def texts_of_the_manual() -> list[str]:
    """What the manual says, of which the list of words knows nothing."""
    found = []
    for file in sorted((ROOT / "templates/reports/help").glob("*.html")):
        without_code = re.sub(r"\{[#%{].*?[#%}]\}", " ", file.read_text("utf-8"), flags=re.DOTALL)
        by_line = re.sub(r"</?(?:p|li|h\d|dd|dt|td)\b[^>]*>", "\n\n", without_code)
        found += re.sub(r"<[^>]*>", "", by_line).split("\n\n")
    return list(dict.fromkeys(text for part in found for text in thai_strings(part)))


def ends_inside_words(texts: list[str], width: int) -> tuple[Counter[str], int]:
    """The words that lines end inside, and how many ends of lines there are.

    Judged by PyThaiNLP, with its own larger dictionary.
    """
    tokenize = pytest.importorskip("pythainlp.tokenize", reason="make test installs it").word_tokenize
    whole = {squeezed(text): text for text in texts}
    cut, ends = Counter[str](), 0
    for found in paragraphs(texts, width):
        text = whole[squeezed("".join(found))]
        tokens = [squeezed(token) for token in tokenize(text, engine="newmm", keep_whitespace=False)]
        places = list(accumulate(map(len, tokens), initial=0))
        for end in list(accumulate(len(squeezed(line)) for line in found))[:-1]:
            ends += 1
            if end not in places:
                cut[
                    next(
                        token
                        for token, start in zip(tokens, places, strict=False)
                        if start + len(token) > end
                    )
                ] += 1
    return cut, ends


@pytest.mark.parametrize("texts", [texts_of_the_demonstration, texts_of_the_manual])
def test_few_lines_end_inside_a_word(texts: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Where it would keep what it downloads; nothing is.
    monkeypatch.setenv("PYTHAINLP_DATA", str(tmp_path))
    cut, ends = Counter[str](), 0
    with keeping([AGENCY, DIVISION]):
        for width in (NARROW, 130, 160, WIDE) if THOROUGH else (NARROW, WIDE):
            of_width, number = ends_inside_words(texts(), width)
            cut, ends = cut + of_width, ends + number
    assert ends > 300
    assert cut.total() / ends <= 0.08, cut.most_common(20)


def test_compounds_that_libthai_takes_apart_stay_whole() -> None:
    compounds = "ส่วนราชการ ผู้รับผิดชอบ หน่วยงาน ประพฤติมิชอบ อินโฟกราฟิก เว็บไซต์ ข้อเสนอแนะ ผู้เข้าร่วม".split()
    for width in range(NARROW, WIDE, 20):
        found = lines_of_each([f"การ{word}" * 6 for word in compounds], width)
        for word, of_word in zip(compounds, found, strict=True):
            for line in of_word[:-1]:
                assert line.endswith((word, "การ")), (word, line)


# --- What belongs together --------------------------------------------------------------------------

KEPT: Final = (
    *(AGENCY, DIVISION, "สำนักปลัด"),
    *(
        "๙ หมู่บ้าน",
        "ร้อยละ ๗๕",
        "พ.ศ. ๒๕๖๖",
        "๖ เดือน",
        "ร้อยละ 12.5",
        "๑,๒๐๐ บาท",
        "ข้อ ๕",
        "มาตรา ๗",
        "รอบ ๖ เดือน",
    ),
    *("๓๑ มีนาคม ๒๕๖๖", "ตุลาคม พ.ศ. ๒๕๖๕", "๙ ม.ค. ๒๕๖๖", "ครั้งที่ ๑/๒๕๖๖"),
    *("e-Service", "no-gift-policy", "ขั้นตอน/วิธีการปฏิบัติ", "อยู่ระหว่างดำเนินการ"),
)


def test_no_line_ends_inside_what_belongs_together() -> None:
    cut_without = set()
    texts = [f"จัดให้มีการประชุมของ {part} เพื่อทบทวน {part} และแจ้งเวียน{part}ให้ทราบทั่วกัน" for part in KEPT]
    for width in range(180, WIDE, 10 if THOROUGH else 22):
        with keeping([AGENCY, DIVISION, "สำนักปลัด"]):
            whole = lines_of_each(texts, width)
        for part, found in zip(KEPT, whole, strict=True):
            assert sum(line.count(part) for line in found) == 3, found
        anywhere = zip(KEPT, lines_of_each(texts, width), strict=True)
        cut_without |= {part for part, found in anywhere if sum(line.count(part) for line in found) < 3}
    # Not every one: a dictionary keeps many of them at these widths.
    assert {part for part in KEPT if len(part) >= 15} <= cut_without


def test_what_a_line_has_no_room_for_is_kept_in_parts() -> None:
    with keeping([DIVISION]):
        assert lines(DIVISION, 100) == ["กองการศึกษา", "ศาสนา และวัฒนธรรม"]
        assert lines("๓๑ มีนาคม พ.ศ. ๒๕๖๖", 70) == ["๓๑ มีนาคม", "พ.ศ. ๒๕๖๖"]
        assert lines("ภายในวันที่ ๑๕ พฤศจิกายน ๒๕๖๘", 80) == ["ภายในวันที่", "๑๕ พฤศจิกายน", "๒๕๖๘"]
        assert lines("ภายใน ๖ เดือน", 45) == ["ภายใน", "๖ เดือน"]


def test_nothing_stands_out_of_its_column() -> None:
    """What is kept whole is never wider than what it stands in."""
    texts = [f"{AGENCY}และ{part}และ{DIVISION}" for part in KEPT]
    with keeping([AGENCY, DIVISION]):
        for width in (80, NARROW, 140):
            for page in laid_out(page_of(texts, css=WRAPPED.format(width=width))).pages:
                boxes = [box for box in page._page_box.descendants() if type(box).__name__ == "LineBox"]
                assert boxes
                # Points are three quarters of a pixel.
                assert max(sum(child.width for child in box.children) for box in boxes) <= width / 0.75 + 0.5


def test_only_what_is_kept_is_named() -> None:
    def parts(text: str, *names: str) -> list[str]:
        return [text[start:end] for start, end in kept(text, names, lambda part: True)]

    assert parts("พบ ๙ หมู่บ้าน และ ๓ แห่ง") == ["๙ หมู่บ้าน", "๓ แห่ง"]
    assert parts("ปี พ.ศ. ๒๕๖๖ ใน ก-ข หรือ a - b") == ["พ.ศ. ๒๕๖๖", "-ข"]
    assert parts("กองช่าง\n กองคลัง", "กองช่าง กองคลัง") == ["กองช่าง\n กองคลัง"]
    assert parts("ไม่มีอะไร 12 x") == []


def test_names_are_kept_while_asked_for() -> None:
    assert names_to_keep() is None
    with keeping(["ข", " ก  ก ", ""]), keeping(["ค"]):
        assert names_to_keep() == ("ก ก", "ข", "ค")
    assert names_to_keep() is None


def test_a_report_keeps_the_names_that_stand_in_it() -> None:
    made_document = document(section(1, ROW))
    assert {"เทศบาลเมืองกองก้อย", "ทม.กองก้อย", "กองคลัง", "กองช่าง"} <= pdf.names_in(made_document)


def test_a_reader_gets_back_the_text_without_an_added_character() -> None:
    text = f"{AGENCY} ๙ หมู่บ้าน e-Service พ.ศ. ๒๕๖๖ no-gift-policy"
    with keeping([AGENCY]):
        content = made(page_of([text], css=WRAPPED.format(width=120)))
    for name, reader in READERS.items():
        read = reader(content)
        assert set(read) <= set(text) | set("\r\n\f"), name
        assert squeezed(read) == squeezed(text), name


# --- On other machines ------------------------------------------------------------------------------


def test_the_dictionary_is_made_once_and_again_where_it_is_damaged(tmp_path: Path) -> None:
    folder = folder_with_words(tmp_path)
    file = folder / NAME
    made_first = file.read_bytes()
    assert [path.name for path in folder.iterdir()] == [NAME]
    before = file.stat().st_mtime_ns
    assert folder_with_words(tmp_path) == folder
    assert file.stat().st_mtime_ns == before
    file.write_bytes(made_first[:1000])
    assert folder_with_words(tmp_path) == folder
    assert file.read_bytes() == made_first


def test_without_libthai_s_dictionary_it_is_said_and_lines_still_break(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(dictionary, "PLACES", (str(tmp_path / "nowhere"),))
    with pytest.raises(NoDictionary, match=NAME):
        folder_with_words(tmp_path)
    monkeypatch.delenv(VARIABLE, raising=False)
    unbroken.use_words(tmp_path)
    assert "libthai's own dictionary" in caplog.text
    assert VARIABLE not in os.environ


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NoDictionary):
        folder_with_words(tmp_path / "file")


def test_a_dictionary_that_the_process_was_given_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(VARIABLE, str(ROOT))
    unbroken.use_words(tmp_path)
    assert os.environ[VARIABLE] == str(ROOT)
    assert list(tmp_path.iterdir()) == []


def test_programs_that_are_started_do_not_get_the_dictionary(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    unbroken.use_words(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    assert VARIABLE not in os.environ


@pytest.mark.parametrize(
    ("weasyprint", "pango", "known"),
    [("70.0", 15012, True), ("70.1", 14400, True), ("71.0", 15012, False), ("70.0", 14306, False)],
)
def test_it_steps_aside_for_versions_that_it_does_not_know(weasyprint: str, pango: int, known: bool) -> None:
    assert unbroken.fits(weasyprint, pango) is known


def test_the_words_are_words(tmp_path: Path) -> None:
    assert len(words()) > 1000
    assert [word for word in words() if not re.fullmatch("[\u0e01-\u0e4e]{2,}", word)] == []
