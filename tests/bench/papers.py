"""The reports that are measured: the seed report and longer ones of its rows, as HTML and in a folder."""

import os
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reports.document.facts import MeasureRow, ReportDocument

# As the stylesheets name it. Not asked of the renderer, which puts its own functions in WeasyPrint's place.
FAMILY: Final = "ITA Tracker Thai"
FONT_FILES: Final = ("Sarabun-Regular.ttf", "Sarabun-Bold.ttf")


@dataclass(frozen=True)
class Paper:
    """One report in every form that a program may want it in."""

    document: "ReportDocument"
    html: str
    folder: Path
    """Holds paper.html and what it names: the stylesheet and the fonts, under the name that the stylesheet
    has for them and no machine has, so that every program takes these."""

    @property
    def page(self) -> Path:
        return self.folder / "paper.html"


def start_django(folder: Path) -> None:
    """Start Django with a database of its own in a folder, which need not be made."""
    os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "ita_tracker.settings"
    os.environ["SQLITE_PATH"] = str(folder / "bench.sqlite3")

    import django

    django.setup()


def seed_document() -> "ReportDocument":
    """The seed report's round of six months, by way of the database."""
    from django.core.management import call_command

    from reports.demo import DEFAULT_PASSWORD, load_real_report, read_report
    from reports.document.builder import build_document
    from reports.models import Round

    call_command("migrate", verbosity=0)
    load_real_report(DEFAULT_PASSWORD)
    report = read_report()
    reported = Round.objects.select_related("plan__agency").get(
        plan__agency__slug=report["agency"]["slug"],
        plan__fiscal_year=report["fiscal_year"],
        months=report["reported_months"],
    )
    return build_document(reported, as_of=reported.ends_on)


def rich_document() -> "ReportDocument":
    """The report of the demonstration's own year: results of several lines, late measures, evidence."""
    from reports.demo import DEFAULT_PASSWORD, load_demo
    from reports.document.builder import build_document
    from reports.models import Round

    load_demo(DEFAULT_PASSWORD)
    rounds = Round.objects.select_related("plan__agency").filter(plan__measures__evidence__isnull=False)
    newest = rounds.order_by(
        "-plan__fiscal_year", "-plan__measures__evidence__effective_on", "months"
    ).first()
    assert newest is not None
    return build_document(newest, as_of=newest.ends_on)


def grown(document: "ReportDocument", times: int) -> "ReportDocument":
    """The document with its measures several times over, under the same indicators.

    What a plan says of a measure alone ends with the number of the copy: no text comes twice that would not
    in a real plan, so that what was laid out once is of no use for another.
    """
    indicators = tuple(
        replace(
            indicator,
            measures=tuple(
                _numbered(row, number) for number in range(1, times + 1) for row in indicator.measures
            ),
        )
        for indicator in document.indicators
    )
    return replace(document, indicators=indicators)


def _numbered(row: "MeasureRow", number: int) -> "MeasureRow":
    if number == 1:
        return row
    steps = tuple(replace(step, text=f"{step.text} {number}") for step in row.steps)
    result = f"{row.result} {number}" if row.result else ""
    return replace(row, title=f"{row.title} {number}", steps=steps, result=result)


# --- The baseline -----------------------------------------------------------------------------------

BASELINE: Final = Path(__file__).parent / "baseline"
BODY: Final = re.compile(r'(<tr class="paper-indicator">.*?</tr>)(.*?)(?=</tbody>)', re.DOTALL)
TYPED: Final = re.compile(r'(<p class="paper-typed[^>]*>[^<]*(?:<span[^>]*>[^<]*</span>[^<]*)?)</p>')
# What is a measure's own: its title, its steps, its result.
OWN_CELLS: Final = (1, 2, 5)


def write_baseline(folder: Path, times: int) -> Path:
    """The seed report as it was on 2026-11-29, its measures several times over as grown() has them.

    It stays as it is, with its stylesheets, so that what is measured against it can be compared.

    Returns:
        The page, beside which lies all that it names.
    """
    html = (BASELINE / "paper.html").read_text(encoding="utf-8")
    page = folder / "paper.html"
    shutil.copytree(BASELINE, folder)
    page.write_text(BODY.sub(lambda body: body[1] + _copies(body[2], times), html), encoding="utf-8")
    _write_fonts(folder)
    return page


def _copies(rows: str, times: int) -> str:
    return "".join(_numbered_html(rows, number) for number in range(1, times + 1))


def _numbered_html(rows: str, number: int) -> str:
    if number == 1:
        return rows
    made = []
    for row in re.split(r"(?=<tr)", rows):
        cells = row.split("<td")
        for place in OWN_CELLS if len(cells) > max(OWN_CELLS) else ():
            cells[place] = TYPED.sub(rf"\1 {number}</p>", cells[place])
        made.append("<td".join(cells))
    return "".join(made)


def _write_fonts(folder: Path) -> None:
    (folder / "sarabun").mkdir()
    for name, font in original_fonts().items():
        (folder / "sarabun" / name).write_bytes(font)


def write(document: "ReportDocument", folder: Path) -> Paper:
    """Make a document's HTML and put it in a folder with all that it names."""
    from django.conf import settings

    from reports.renderers.pdf import STYLESHEETS, paper_html

    html = paper_html(document)
    (folder / "css").mkdir(parents=True)
    _write_fonts(folder)
    for name in STYLESHEETS:
        shutil.copy(settings.BASE_DIR / "static" / name, folder / name)
    paper = Paper(document, html, folder)
    paper.page.write_text(html, encoding="utf-8")
    return paper


def original_fonts() -> dict[str, bytes]:
    """The fonts as they come but for their name, by the names of their files."""
    import fontpkg_sarabun

    from reports.thai_pdf import renamed

    folder = fontpkg_sarabun.ROOT / "files"
    return {name: renamed((folder / name).read_bytes(), FAMILY) for name in FONT_FILES}
