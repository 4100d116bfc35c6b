"""How a Word document looks: typeface, sizes, headings, lists, and the language of each script.

All of it replaces what python-docx's template brings, which is English, blue and larger than the reports.
"""

from collections.abc import Iterator
from typing import Any, Final

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from reports.document.facts import TextSize
from reports.renderers.office_font import ALTERNATIVE, FONT
from reports.renderers.word_parts import remove_parts

# Names of styles as python-docx looks them up; Word knows its own by these in every language.
TITLE, HEADLINE, HEADING_1, HEADING_2, SMALL = "Title", "Headline", "Heading 1", "Heading 2", "Small"
# Parts of the template, with a picture of its own first page, that say what is said here, or nothing at all.
NOT_NEEDED: Final = ("thumbnail", "stylesWithEffects", "customXml", "webSettings")

STEPS, PARTIES, BULLETS = 1, 2, 3
# How far a list's text is set in, and its number before it.
STEP_INDENT: Final = Mm(6)
SUBSTEP_INDENT: Final = Mm(15)
SUBSTEP_HANGING: Final = Mm(9)
PARTY_INDENT: Final = Mm(5)

_THAI: Final = '<w:lang w:val="en-US" w:eastAsia="en-US" w:bidi="th-TH"/>'
_FONTS: Final = (
    f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'  # One for each script.
)


def set_styles(word: Any, size: TextSize) -> None:
    """Give a new document its styles, fonts and lists.

    Args:
        size: of the text, in points of TH Sarabun New.
    """
    remove_parts(word, NOT_NEEDED)
    styles = word.styles.element
    for child in list(styles):
        if child.tag != qn("w:latentStyles"):
            styles.remove(child)
    made = _parsed("w:styles", "".join(_styles(size)))
    styles.insert(0, made[0])
    styles.extend(list(made))
    _set_numbering(word)
    _set_fonts(word)
    _set_settings(word)


def _styles(size: int) -> Iterator[str]:
    """The document's defaults, then its styles."""
    yield (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_FONTS}{_size(size)}{_THAI}</w:rPr></w:rPrDefault>"
        '<w:pPrDefault><w:pPr><w:widowControl/><w:spacing w:after="0" w:line="240" w:lineRule="auto"/>'
        "</w:pPr></w:pPrDefault></w:docDefaults>"
    )
    # Written out once more: python-docx and some readers look at Normal alone.
    yield _style("Normal", "Normal", run=f"{_FONTS}{_size(size)}{_THAI}", based="", default=True)
    yield (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    )
    yield (
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
    )
    yield _table_style("TableNormal", "Normal Table", "", default=True)
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    yield _table_style("TableGrid", "Table Grid", f"<w:tblBorders>{lines}</w:tblBorders>")
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
        for side in ("top", "bottom", "insideH")
    )
    yield _table_style("TableLines", "Table Lines", f"<w:tblBorders>{lines}</w:tblBorders>")
    centred = '<w:jc w:val="center"/>'
    bold = "<w:b/><w:bCs/>"
    yield _style("Title", "Title", centred, f"{bold}{_size(size + 3)}")
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="8" w:space="4" w:color="auto"/>' for side in ("top", "bottom")
    )
    apart = f'<w:pBdr>{lines}</w:pBdr><w:spacing w:before="160" w:after="160"/>{centred}'
    yield _style("Headline", "Headline", apart, _size(size + 3))
    before = '<w:keepNext/><w:spacing w:before="120" w:after="60"/><w:outlineLvl w:val="0"/>'
    yield _style("Heading1", "heading 1", before, f"{bold}{_size(size + 1)}")
    yield _style("Heading2", "heading 2", '<w:keepNext/><w:outlineLvl w:val="1"/>', bold)
    yield _style("Header", "header", '<w:jc w:val="right"/>', f"{bold}{_size(size + 1)}")
    line = _lines("top", 'w:sz="4" w:space="3" w:color="808080"')
    yield _style("Footer", "footer", f"<w:pBdr>{line}</w:pBdr>", _size(size - 2))
    yield _style("ListParagraph", "List Paragraph")
    yield _style("Small", "Small", "", _size(size - 2))
    yield (
        '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
        '<w:basedOn w:val="DefaultParagraphFont"/>'
        '<w:rPr><w:color w:val="0B3F86"/><w:u w:val="single"/></w:rPr></w:style>'
    )


def _style(
    name: str, title: str, paragraph: str = "", run: str = "", *, based: str = "Normal", default: bool = False
) -> str:
    chosen = ' w:default="1"' if default else ""
    parent = f'<w:basedOn w:val="{based}"/>' if based else ""
    following = '<w:next w:val="Normal"/>' if based else ""
    return (
        f'<w:style w:type="paragraph"{chosen} w:styleId="{name}"><w:name w:val="{title}"/>{parent}{following}'
        f"<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _table_style(name: str, title: str, borders: str, *, default: bool = False) -> str:
    chosen = ' w:default="1"' if default else ""
    parent = "" if default else '<w:basedOn w:val="TableNormal"/>'
    margins = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in _CELL_MARGINS)
    return (
        f'<w:style w:type="table"{chosen} w:styleId="{name}"><w:name w:val="{title}"/>{parent}<w:tblPr>'
        f'<w:tblInd w:w="0" w:type="dxa"/>{borders}<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr></w:style>'
    )


_CELL_MARGINS: Final = (("top", 20), ("left", 100), ("bottom", 20), ("right", 100))


def _lines(sides: str, look: str) -> str:
    return "".join(f'<w:{side} w:val="single" {look}/>' for side in sides.split())


def _size(points: int) -> str:
    """A size for both kinds of script, which Word counts in half points."""
    return f'<w:sz w:val="{2 * points}"/><w:szCs w:val="{2 * points}"/>'


def _set_numbering(word: Any) -> None:
    """The three kinds of lists. Each list of a kind counts on its own: word_lists.py."""
    numbering = word.part.numbering_part.element
    for child in list(numbering):
        numbering.remove(child)
    step = _level(0, "thaiNumbers", "%1.", STEP_INDENT, STEP_INDENT)
    substep = _level(1, "thaiNumbers", "%1.%2", SUBSTEP_INDENT, SUBSTEP_HANGING)
    kinds = {
        STEPS: ("multilevel", step + substep),
        PARTIES: ("singleLevel", _level(0, "thaiNumbers", "%1.", PARTY_INDENT, PARTY_INDENT)),
        BULLETS: ("singleLevel", _level(0, "bullet", "•", PARTY_INDENT, PARTY_INDENT)),
    }
    for kind, (levels, content) in kinds.items():
        inside = f'<w:multiLevelType w:val="{levels}"/>{content}'
        numbering.append(_parsed("w:abstractNum", inside, f' w:abstractNumId="{kind}"'))


def _level(depth: int, numbers: str, text: str, indent: Mm, hanging: Mm) -> str:
    stop = f'<w:tabs><w:tab w:val="num" w:pos="{indent.twips}"/></w:tabs>'
    set_in = f'<w:ind w:left="{indent.twips}" w:hanging="{hanging.twips}"/>'
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{numbers}"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/><w:pPr>{stop}{set_in}</w:pPr>'
        f"<w:rPr>{_FONTS}</w:rPr></w:lvl>"
    )


def _set_fonts(word: Any) -> None:
    """The table of fonts, which says what stands in for the one that is not installed."""
    part = next(rel.target_part for rel in word.part.rels.values() if rel.reltype.endswith("/fontTable"))
    part._blob = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {nsdecls("w")}>'
        f'<w:font w:name="{FONT}"><w:altName w:val="{ALTERNATIVE}"/><w:charset w:val="DE"/>'
        '<w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>'
        f'<w:font w:name="{ALTERNATIVE}"><w:charset w:val="DE"/><w:family w:val="swiss"/>'
        '<w:pitch w:val="variable"/></w:font></w:fonts>'
    ).encode()


def _set_settings(word: Any) -> None:
    """What Word asks for besides: the languages, and that this is not a file of an older Word."""
    settings = word.settings.element
    language = settings.find(qn("w:themeFontLang"))
    language.attrib.clear()
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:bidi"), "th-TH")
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def _parsed(tag: str, content: str, attributes: str = "") -> Any:
    return parse_xml(f"<{tag} {nsdecls('w')}{attributes}>{content}</{tag}>")
