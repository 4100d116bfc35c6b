"""Whatever shape an office keeps its plan in, the same plan is understood."""

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pytest

from measures.plan_import.parsing import parse
from tests.measures.plan_import import corpus
from tests.measures.plan_import.corpus import SHAPES, YEAR, Shape, facts
from tests.reports.renderers.test_office_resave import pytestmark as needs_office

BY_NAME: Final = {shape.name: shape for shape in SHAPES}
# Through LibreOffice, as one format and back: tables are drawn anew, styles and lists renamed.
THROUGH: Final = {
    "odt": [
        *("plain.docx", "indicator column.docx", "automatic numbers.docx", "row per step, merged.docx"),
        *("nested tables.docx", "ragged grid.docx", "continued without head.docx"),
    ],
    "doc": [
        *("plain.docx", "indicator column.docx", "automatic numbers.docx", "row per step, merged.docx"),
        *("two-row head.docx", "line breaks.docx"),
    ],
    "xlsx": ["head below a title.xlsx", "dates.xlsx", "merged down.xlsx"],
}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_the_plan_is_the_same(shape: Shape) -> None:
    plan = parse(shape.name, shape.make(), YEAR)
    assert facts(plan) == shape.plan
    assert plan.stops == ()


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(BY_NAME) == len(SHAPES) >= 25


def converted(sources: Iterable[Path], to: str, folder: Path) -> None:
    """Several files at once: starting LibreOffice takes longer than converting."""
    files = sorted(map(str, sources))
    profile = (folder.parent / "profile").as_uri()
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={profile}", "--headless"),
            *("--convert-to", to, "--outdir", str(folder), *files),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )


@pytest.fixture(scope="module")
def resaved(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], bytes]:
    """The files of THROUGH after their journey, by format and name."""
    folder = tmp_path_factory.mktemp("shapes")
    for to, names in THROUGH.items():
        (folder / to).mkdir()
        for name in names:
            # Of one stem in two formats the second would overwrite the first on the way back.
            (folder / to / f"{to} {name}").write_bytes(BY_NAME[name].make())
    (folder / "xlsx" / "formula.xlsx").write_bytes(corpus.xlsx_formulas())
    converted((folder / "odt").iterdir(), "odt", folder / "there")
    converted((folder / "doc").iterdir(), "doc", folder / "there")
    converted((folder / "there").iterdir(), "docx", folder / "back")
    converted((folder / "xlsx").iterdir(), "xlsx", folder / "back")
    found = {
        (to, name): (folder / "back" / f"{to} {name}").read_bytes()
        for to, names in THROUGH.items()
        for name in names
    }
    found["xlsx", "formula"] = (folder / "back" / "formula.xlsx").read_bytes()
    shutil.rmtree(folder)
    return found


@needs_office
@pytest.mark.no_cover
@pytest.mark.parametrize(("to", "name"), [(to, name) for to, names in THROUGH.items() for name in names])
def test_after_libreoffice_it_is_still_the_same(
    resaved: dict[tuple[str, str], bytes], to: str, name: str
) -> None:
    assert facts(parse(name, resaved[to, name], YEAR)) == BY_NAME[name].plan


@needs_office
@pytest.mark.no_cover
def test_a_formula_counts_by_its_last_value(resaved: dict[tuple[str, str], bytes]) -> None:
    assert facts(parse("formula.xlsx", resaved["xlsx", "formula"], YEAR)) == corpus.PLAN
