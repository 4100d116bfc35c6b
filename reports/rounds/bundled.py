"""The files of the approved rounds of a plan, for the bundle of its evidence."""

from collections.abc import Iterator

from measures.bundle.extras import Extra, adds_files
from measures.models import Plan
from reports.models import EditionFile, Round, SignedScan
from reports.renderers import FORMATS
from reports.rounds.selectors import edition_in_force
from reports.signatures.selectors import newest_copy


@adds_files
def files_in_force(plan: Plan) -> Iterator[Extra]:
    """Each file of the edition that holds in each round, with the newest copy to which a signature was added,
    and its newest signed scan, one at a time."""
    for round_ in Round.objects.filter(plan=plan).order_by("months"):
        edition = edition_in_force(round_)
        if edition is None or edition.withdrawn:
            continue
        for file in EditionFile.objects.filter(edition=edition).order_by("format").iterator(chunk_size=1):
            ending = FORMATS[file.format].extension if file.format in FORMATS else f".{file.format}"
            name = f"รายงาน/รอบ {round_.months} เดือน ฉบับที่ {edition.revision}"
            yield Extra(f"{name}{ending}", bytes(file.content))
            if copy := newest_copy(edition.pk, file.format):
                yield Extra(f"{name} สำเนาที่เพิ่มลายมือชื่อ{ending}", copy.content)
        if scan := SignedScan.objects.filter(edition=edition).order_by("-id").first():
            name = f"รายงาน/รอบ {round_.months} เดือน ฉบับที่ {edition.revision} สำเนาที่ลงนาม.{scan.kind.ending}"
            yield Extra(name, bytes(scan.content))
