"""Questions about the papers round an edition and about agencies' own templates of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum
from django.db.models.functions import Length

from accounts.agency_settings.usage import counts
from accounts.models import Agency
from reports.models import Edition, EditionPaper, PaperKind, PaperTemplate


@dataclass(frozen=True)
class KeptPack:
    """The papers of one making."""

    version: int
    made_at: datetime
    made_by: str
    papers: Sequence[EditionPaper]
    """Without their content; each has its size."""


def packs_of(edition: Edition) -> Sequence[KeptPack]:
    """Every making of an edition's papers, newest first; one query."""
    found = edition.papers.select_related("made_by", "template").defer("content", "template__content")
    by_version: dict[int, list[EditionPaper]] = {}
    for paper in found.annotate(size=Length("content")).order_by("-version", "id"):
        by_version.setdefault(paper.version, []).append(paper)
    return [
        KeptPack(version, papers[0].made_at, papers[0].made_by.get_full_name(), papers)
        for version, papers in by_version.items()
    ]


def newest_papers(edition: Edition) -> Sequence[EditionPaper]:
    """The papers of the newest making, with their content; none where none was made."""
    newest = edition.papers.order_by("-version").values("version")[:1]
    return list(edition.papers.filter(version__in=newest).order_by("id"))


@counts
def room_of_papers(agency: Agency) -> int:
    """Bytes of the agency's papers and of its own templates, old ones too: none goes again."""
    papers = EditionPaper.objects.filter(edition__round__plan__agency=agency).order_by()
    templates = PaperTemplate.objects.filter(agency=agency).order_by()
    sums = (rows.aggregate(total=Sum(Length("content")))["total"] for rows in (papers, templates))
    return sum(total or 0 for total in sums)


def templates_in_force(agency: Agency) -> Mapping[str, PaperTemplate]:
    """By kind, the agency's newest choice where it is a template of its own; with its content."""
    newest = _newest(PaperTemplate.objects.filter(agency=agency))
    return {kind: template for kind, template in newest.items() if template.is_own}


def template_choices(agency: Agency) -> Mapping[str, PaperTemplate | None]:
    """By kind, the agency's newest choice, also of the system's again; None where it never chose."""
    chosen = PaperTemplate.objects.filter(agency=agency).select_related("added_by").defer("content")
    newest = _newest(chosen)
    return {kind: newest.get(kind) for kind in PaperKind.values}


def _newest(templates: Iterable[PaperTemplate]) -> Mapping[str, PaperTemplate]:
    return {each.kind: each for each in sorted(templates, key=lambda each: each.version)}
