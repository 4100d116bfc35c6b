"""The reports that are measured: the seed report and longer ones of its rows, as HTML and in a folder."""

import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reports.document.facts import ReportDocument

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


def grown(document: "ReportDocument", times: int) -> "ReportDocument":
    """The document with its measures several times over, under the same indicators."""
    indicators = tuple(
        replace(indicator, measures=indicator.measures * times) for indicator in document.indicators
    )
    return replace(document, indicators=indicators)


def write(document: "ReportDocument", folder: Path) -> Paper:
    """Make a document's HTML and put it in a folder with all that it names."""
    from django.conf import settings

    from reports.renderers.pdf import STYLESHEETS, paper_html

    html = paper_html(document)
    for part in ("css", "sarabun"):
        (folder / part).mkdir(parents=True)
    for name, font in original_fonts().items():
        (folder / "sarabun" / name).write_bytes(font)
    for name in STYLESHEETS:
        shutil.copy(settings.BASE_DIR / "static" / name, folder / name)
    paper = Paper(document, html, folder)
    paper.page.write_text(html, encoding="utf-8")
    return paper


def original_fonts() -> dict[str, bytes]:
    """The fonts as they come but for their name, by the names of their files."""
    import fontpkg_sarabun

    from reports.renderers.pdf import FAMILY
    from reports.thai_pdf import renamed

    folder = fontpkg_sarabun.ROOT / "files"
    return {name: renamed((folder / name).read_bytes(), FAMILY) for name in FONT_FILES}
