"""make corpus: how many cells of each kind of document are right, marked, stopped, or wrong in silence."""

from collections import defaultdict

from tests.measures.plan_import.looks import DOCUMENTS
from tests.measures.plan_import.looks.scoring import Score, score


def main() -> int:
    """Print the report; 1 where a cell is wrong in silence or an expected mark is missing."""
    kinds: defaultdict[str, list[Score]] = defaultdict(list)
    for document in DOCUMENTS:
        found = score(document)
        kinds[document.kind].append(found)
        for wrong in found.wrong:
            print("SILENT", wrong)
        for missing in sorted(found.missing):
            print("NOT MARKED", document.name, *missing)
    every = Score()
    print(f"{'right':>7} {'marked':>7} {'stopped':>7} {'SILENT':>7} {'documents':>9}  kind")
    for kind, scores in kinds.items():
        total = Score()
        for each in scores:
            total.add(each)
        every.add(total)
        print(_line(total, len(scores), kind))
    print(_line(every, len(DOCUMENTS), "ทั้งหมด"))
    shown = every.cells - every.stopped
    print(
        f"{every.right / shown:.1%} right, {every.more_marked / every.right:.1%} of them marked all the same"
    )
    return int(bool(every.silent))


def _line(of: Score, documents: int, kind: str) -> str:
    return f"{of.right:>7} {of.marked:>7} {of.stopped:>7} {of.silent:>7} {documents:>9}  {kind}"


raise SystemExit(main())
