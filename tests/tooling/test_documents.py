"""What the documents name is there: linked files, paths, tests and make's commands."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    [*(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY")), *ROOT.glob("docs/**/*.md")]
)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
NAMED = re.compile(r"`([^`\n]+)`")
# An address of the site begins with a slash; a path of the project does not.
PATH = re.compile(r"[\w.][\w./-]*/(?:[\w-]+\.(?:py|html|css|js|json|md|toml))?")
ARGUMENT = re.compile(r"`make test T=([\w./]+)`")
TEST = re.compile(r"test_\w+")
TEST_FILE = re.compile(r"test_\w+\.py")
BEGINNINGS = (
    "",
    "docs",
    "templates",
    "tests",
    "core",
    "accounts",
    "measures",
    "measures/plan_import",
    "operations",
    "reports",
)


def known_tests() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))


def is_there(name: str) -> bool:
    """Whether a path exists (from the root, or from where a part begins) or is made by a command."""
    made = name.startswith("build/")
    return made or any((ROOT / start / name).exists() for start in BEGINNINGS)


def missing(text: str, folder: Path, tests: str) -> list[str]:
    """Everything that a document names and that there is not."""
    wrong = [link for link in LINK.findall(text) if not (folder / link).exists()]
    wrong += [path for path in ARGUMENT.findall(text) if not (ROOT / path).exists()]
    for name in NAMED.findall(text):
        if TEST.fullmatch(name) and f"def {name}(" not in tests:
            wrong.append(name)
        if TEST_FILE.fullmatch(name) and not list((ROOT / "tests").rglob(name)):
            wrong.append(name)
        if PATH.fullmatch(name) and not is_there(name):
            wrong.append(name)
    return wrong


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_names_is_there(document: Path) -> None:
    assert missing(document.read_text(encoding="utf-8"), document.parent, known_tests()) == []


@pytest.mark.parametrize(
    "text",
    [
        "[x](docs/nowhere.md)",
        "`core/nowhere.py`",
        "`measures/nowhere/`",
        "`test_nobody_wrote_this`",
        "`test_nowhere.py`",
        "`make test T=tests/nowhere.py`",
    ],
)
def test_what_is_not_there_is_noticed(text: str) -> None:
    assert missing(text, ROOT, known_tests())


def test_every_decision_is_in_the_index() -> None:
    index = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    decisions = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert decisions == re.findall(r"\(decisions/([^)]+)\)", index)


def test_every_command_of_make_that_is_named_is_one() -> None:
    commands = set(
        re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    for document in DOCUMENTS:
        named = re.findall(r"`make ([a-z]+)", document.read_text(encoding="utf-8"))
        assert set(named) <= commands, document.name
