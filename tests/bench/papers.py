"""The report that is measured: the seed report's, from a database of its own, as HTML and as a folder."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reports.document import ReportDocument

FONT_FILES: Final = ("Sarabun-Regular.ttf", "Sarabun-Bold.ttf")


@dataclass(frozen=True)
class Paper:
    """One report in every form that a program may want it in."""

    document: "ReportDocument"
    html: str
    folder: Path
    """Holds paper.html and what it names: the stylesheet and the fonts."""

    @property
    def page(self) -> Path:
        return self.folder / "paper.html"


def set_up(folder: Path) -> None:
    """Start Django on a new database in a folder and load the demonstration into it."""
    os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "ita_tracker.settings"
    os.environ["SQLITE_PATH"] = str(folder / "bench.sqlite3")

    import django

    django.setup()

    from django.core.management import call_command

    from reports.demo import DEFAULT_PASSWORD, load_demo

    call_command("migrate", verbosity=0)
    load_demo(DEFAULT_PASSWORD)


def seed_paper(folder: Path) -> Paper:
    """The seed report's round of six months."""
    from reports.builder import build_document
    from reports.demo import read_report
    from reports.models import Round

    report = read_report()
    reported = Round.objects.select_related("plan__agency").get(
        plan__agency__slug=report["agency"]["slug"],
        plan__fiscal_year=report["fiscal_year"],
        months=report["reported_months"],
    )
    return write(build_document(reported, as_of=reported.ends_on), folder)


def write(document: "ReportDocument", folder: Path) -> Paper:
    """Make a document's HTML and put it in a folder with all that it names."""
    import fontpkg_sarabun
    from django.conf import settings

    from reports.renderers.pdf import paper_html

    html = paper_html(document)
    (folder / "sarabun").mkdir(parents=True)
    for name in FONT_FILES:
        shutil.copy(fontpkg_sarabun.ROOT / "files" / name, folder / "sarabun" / name)
    shutil.copy(settings.BASE_DIR / "static" / "paper.css", folder / "paper.css")
    paper = Paper(document, html, folder)
    paper.page.write_text(html, encoding="utf-8")
    return paper
