"""The PDF is the same file on every machine, whatever fonts are installed there, under whatever name."""

import os
import subprocess
import sys
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

import fontpkg_sarabun
import pytest
from django.conf import settings as site_settings
from fontTools.ttLib import TTFont
from weasyprint.text.ffi import ffi, fontconfig

from reports.document.facts import ReportDocument, StepLine
from reports.document.serialization import to_json
from reports.renderers import FORMATS, pdf
from reports.renderers.weasy import BundledFiles, Layout
from reports.thai_pdf import renamed
from tests.bench import papers
from tests.bench.peers import only_fonts_of
from tests.support.papers import ROW, document, section
from tests.support.readers import EXACT, lost
from tests.support.thai_pages import HARD

# Layout is slow under the tracer, and the rest of the suite reaches all of the code.
pytestmark = pytest.mark.no_cover

ROOT: Final = Path(__file__).resolve().parents[3]
FILES: Final = fontpkg_sarabun.ROOT / "files"
# Each of them a way to another font: signs that may be asked of an emoji font, spaces and marks of which the
# font has no glyph, letters of other scripts, what stands between Latin letters, weights.
SIGNS: Final = "©\ufe0f ™\ufe0f 1\ufe0f\u20e3 #\ufe0f 👍 漢字 עברית \u2009\u3000\u00ad a\u0301 ก\u200bข ■ ฿ →"

# --- Machines ---------------------------------------------------------------------------------------

NO_FONT: Final = "<fontconfig></fontconfig>"
# Rules for what is asked for, which hold in a process from its start, and for the fonts there are.
RULES: Final = """<fontconfig>
  <dir>{fonts}</dir>
  <match target="pattern">
    <edit name="family" mode="assign" binding="strong"><string>Foreign</string></edit>
    <edit name="weight" mode="assign"><const>black</const></edit>
    <edit name="slant" mode="assign"><const>italic</const></edit>
    <edit name="pixelsize" mode="assign"><times><name>pixelsize</name><double>1.5</double></times></edit>
  </match>
  <match target="scan"><edit name="family" mode="append"><string>ITA Tracker Thai</string></edit></match>
  <match target="font"><edit name="embolden" mode="assign"><bool>true</bool></edit></match>
  <match target="font"><edit name="fontfeatures" mode="append"><string>liga off</string></edit></match>
  <alias binding="strong"><family>emoji</family><prefer><family>Foreign</family></prefer></alias>
</fontconfig>"""
INSTALLED: Final = """<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir>
</fontconfig>"""


def machine(folder: Path, rules: str, fonts: dict[str, bytes]) -> str:
    """The fontconfig file of a machine that has some fonts."""
    (folder / "fonts").mkdir()
    for name, content in fonts.items():
        (folder / "fonts" / f"{name}.ttf").write_bytes(content)
    file = folder / "fonts.conf"
    file.write_text(rules.format(fonts=folder / "fonts"), encoding="utf-8")
    return str(file)


def sarabun(style: str, family: str = "Sarabun") -> bytes:
    return renamed((FILES / f"Sarabun-{style}.ttf").read_bytes(), family)


def installed_sarabun() -> dict[str, bytes]:
    return {style: (FILES / f"Sarabun-{style}.ttf").read_bytes() for style in ("Regular", "Bold")}


# --- The file ---------------------------------------------------------------------------------------


@cache
def paper() -> ReportDocument:
    """A report of hard words, and of signs that the paper's font lacks."""
    steps = tuple(StepLine(f"{n}.", 1, " ".join(HARD[n::3]), None) for n in range(3))
    return document(section(1, replace(ROW, title=SIGNS, steps=steps, result=" ".join(HARD))))


@cache
def here() -> bytes:
    """The file as this machine makes it."""
    return FORMATS["pdf"].render(paper()).content


ELSEWHERE: Final = """
import sys, django
django.setup()
from reports.renderers import FORMATS
from reports.document.serialization import from_json
sys.stdout.buffer.write(FORMATS["pdf"].render(from_json(sys.stdin.buffer.read())).content)
"""


def test_no_word_is_lost_and_nothing_changes_in_a_process_that_knows_only_another_machine(
    tmp_path: Path,
) -> None:
    """Pango keeps the rules for what is asked for as they are when a process first needs them."""
    fonts = {**installed_sarabun(), "Foreign": sarabun("ExtraBold", "Foreign")}
    made = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "ita_tracker.settings",
            "FONTCONFIG_FILE": machine(tmp_path, RULES, fonts),
        },
        input=to_json(paper()),
        capture_output=True,
        check=True,
    ).stdout
    assert {name: lost(HARD, read(made)) for name, read in EXACT.items()} == {name: [] for name in EXACT}
    assert made == here()


@pytest.mark.parametrize(
    ("rules", "fonts"),
    [
        pytest.param(NO_FONT, {}, id="no font at all"),
        pytest.param("", {}, id="a broken configuration"),
        pytest.param(INSTALLED, installed_sarabun(), id="Sarabun"),
        pytest.param(
            INSTALLED,
            {style: sarabun(style, pdf.FAMILY) for style in ("Regular", "Bold", "Light")},
            id="fonts of our name",
        ),
    ],
)
def test_it_is_the_same_file_on_every_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rules: str, fonts: dict[str, bytes]
) -> None:
    """Fontconfig reads a machine's rules and fonts anew for each layout."""
    expected = here()
    monkeypatch.setenv("FONTCONFIG_FILE", machine(tmp_path, rules, fonts))
    made = FORMATS["pdf"].render(paper()).content
    assert {name: lost(HARD, read(made)) for name, read in EXACT.items()} == {name: [] for name in EXACT}
    assert made == expected


def test_a_machine_without_its_configuration_makes_the_same_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    expected = here()
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "none.conf"))
    monkeypatch.setenv("FONTCONFIG_PATH", str(tmp_path))
    assert FORMATS["pdf"].render(paper()).content == expected


def test_without_a_font_nothing_is_laid_out() -> None:
    """Pango ends the whole process where there is no font at all."""
    with pytest.raises(OSError, match="no font"):
        Layout("<p>ก", BundledFiles({}))
    with pytest.raises(OSError, match="cannot read"):
        Layout("<p>ก", BundledFiles({"broken.ttf": (b"\0" * 100, "font/ttf")}))


# --- The name ---------------------------------------------------------------------------------------


def names(font: TTFont) -> dict[tuple[int, int, int], str]:
    """Every record of a font's names, by platform, language and what it is the name of."""
    return {
        (record.platformID, record.langID, record.nameID): record.toUnicode() for record in font["name"].names
    }


@pytest.mark.parametrize(
    ("name", "style"), [(pdf.REGULAR, "Regular"), (pdf.BOLD, "Bold")], ids=["regular", "bold"]
)
def test_the_font_says_its_own_name_and_who_made_it(name: str, style: str) -> None:
    before = names(TTFont(FILES / pdf.FONTS[name]))
    after = names(TTFont(BytesIO(pdf.paper_fonts()[name].data)))
    assert after.keys() == before.keys()
    own = {
        1: "ITA Tracker Thai",
        2: style,
        4: f"ITA Tracker Thai {style}",
        6: f"ITATrackerThai-{style}",
    }
    for (_, _, kind), text in after.items():
        if kind in own:
            assert text == own[kind]
        # Sarabun stands in it only where its makers are named.
        assert kind == 0 or "sarabun" not in text.lower()
    kept = {key for key in before if key[2] in {0, 5, 8, 9, 11, 12, 13, 14}}
    assert {key: after[key] for key in kept} == {key: before[key] for key in kept}


def test_every_record_that_names_the_family_is_renamed_in_every_language() -> None:
    font = TTFont(FILES / "Sarabun-SemiBoldItalic.ttf")
    for kind in (1, 4, 6, 16, 17, 18, 20, 21, 25):
        font["name"].setName("SemiBold Italic" if kind == 17 else "สารบรรณ Sarabun", kind, 3, 1, 0x41E)
        font["name"].setName("SemiBold Italic" if kind == 17 else "Sarabun", kind, 3, 1, 0x409)
    file = BytesIO()
    font.save(file)
    after = names(TTFont(BytesIO(renamed(file.getvalue(), "Our Thai"))))
    for language in (0x41E, 0x409):
        assert {kind: after[3, language, kind] for kind in (1, 4, 6, 16, 17, 18, 20, 21, 25)} == {
            1: "Our Thai SemiBold Italic",
            4: "Our Thai SemiBold Italic",
            6: "OurThai-SemiBoldItalic",
            16: "Our Thai",
            17: "SemiBold Italic",
            18: "Our Thai SemiBold Italic",
            20: "OurThai-SemiBoldItalic",
            21: "Our Thai",
            25: "OurThai",
        }


def test_the_licence_reserves_no_name_that_the_font_would_break() -> None:
    """The OFL's third condition: what is reserved stands beside the copyright, here and in the font."""
    head = (fontpkg_sarabun.ROOT / "LICENSE").read_text(encoding="utf-8").partition("-----")[0]
    held = TTFont(FILES / "Sarabun-Regular.ttf")["name"].getDebugName(0)
    for said in (head, held):
        assert "Copyright 2018 The Sarabun Project Authors" in said
        assert "reserved" not in said.lower()


def test_the_stylesheet_asks_for_that_name_and_for_nothing_else() -> None:
    sheets = ("css/paper.css", "css/paper_fonts.css")
    css = "".join((site_settings.BASE_DIR / "static" / name).read_text(encoding="utf-8") for name in sheets)
    fonts = [line.strip().rstrip(";") for line in css.splitlines() if line.lstrip().startswith("font")]
    families = [line for line in fonts if line.startswith(("font:", "font-family:"))]
    assert len(families) == 8
    # A heading in a cell is written as the cell is.
    asked = [line for line in families if line != "font: inherit"]
    assert [line for line in asked if not line.endswith(f'"{pdf.FAMILY}"')] == []
    # On screen a browser takes the file that the stylesheet names before any font of the machine.
    assert [file for file in pdf.FONTS.values() if f'src: url("../sarabun/{file}")' not in css] == []


# --- What the benchmarks compare with ---------------------------------------------------------------


def fonts_there() -> dict[str, set[str]]:
    """The families that a program now started would find on this machine, each with its files."""
    configuration = ffi.gc(fontconfig.FcInitLoadConfigAndFonts(), fontconfig.FcConfigDestroy)
    fonts = fontconfig.FcConfigGetFonts(configuration, fontconfig.FcSetSystem)
    found: dict[str, set[str]] = {}
    for number in range(fonts.nfont):
        text = ffi.new("FcChar8 **")
        fontconfig.FcPatternGetString(fonts.fonts[number], b"file", 0, text)
        file = ffi.string(text[0]).decode()
        fontconfig.FcPatternGetString(fonts.fonts[number], b"family", 0, text)
        found.setdefault(ffi.string(text[0]).decode(), set()).add(file)
    return found


def test_other_programs_are_measured_with_the_same_fonts_whatever_is_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", machine(tmp_path, INSTALLED, installed_sarabun()))
    assert "Sarabun" in fonts_there()
    written = papers.write(paper(), tmp_path / "paper")
    folder = written.folder / "sarabun"
    monkeypatch.setenv("FONTCONFIG_FILE", only_fonts_of(folder, tmp_path)["FONTCONFIG_FILE"])
    assert fonts_there() == {pdf.FAMILY: {str(folder / file) for file in pdf.FONTS.values()}}
    for name, file in pdf.FONTS.items():
        # They draw as the original, without a glyph for each cluster.
        before, after = TTFont(FILES / file), TTFont(folder / file)
        assert after.getGlyphOrder() == before.getGlyphOrder()
        assert after["name"].getDebugName(6).startswith("ITATrackerThai-"), name
