"""collectstatic makes one file of the parts of a stylesheet or script, and a page asks for that alone."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings as site
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.test import Client, override_settings
from pytest_django import Settings

from ita_tracker.static_files import KINDS, Collected, joined, without_comments
from tests.support.html import read

# All in one group with the test that asks the database, so that what they look at is collected once.
pytestmark = pytest.mark.django_db

STORAGE: Final = "ita_tracker.static_files.JoiningStaticFilesStorage"
SHEET: Final = "css/site.css"
SCRIPT: Final = "js/site.js"
# No test here asks for Django's own administration, nor a page for another htmx than this.
NOT_ASKED_FOR: Final = ["admin", "htmax-*", "htmx-4*", "htmx-2.js"]
AS_THEY_ARE: Final = ["ttf", "woff2", "png", "webp", "svg.map"]
HASHED: Final = r"/static/{}\.[0-9a-f]{{12}}\.{}"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What collectstatic has made on a production site; twice, as after an upgrade.

    Fonts and pictures are not compressed, and of htmx there is what pages ask for: to compress takes longer
    than all the rest.
    """
    root = tmp_path_factory.mktemp("collected")
    storages = {**site.STORAGES, "staticfiles": {"BACKEND": STORAGE}}
    with override_settings(
        STATIC_ROOT=root, STORAGES=storages, WHITENOISE_SKIP_COMPRESS_EXTENSIONS=AS_THEY_ARE
    ):
        for _ in range(2):
            call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=NOT_ASKED_FOR)
        yield root


def hashed(name: str) -> str:
    """The name under which pages ask for a file."""
    return staticfiles_storage.url(name).removeprefix(site.STATIC_URL)


def collected(root: Path, name: str) -> str:
    """The text of a file under the name that pages ask for."""
    return (root / hashed(name)).read_text(encoding="utf-8")


def parts(name: str) -> list[Path]:
    """The parts of a file, in the order in which it imports them."""
    file = site.BASE_DIR / "static" / name
    lines = file.read_text(encoding="utf-8").splitlines()
    return [file.parent / line.split('"')[1] for line in lines if line.lstrip("@").startswith("import ")]


def without_hashes(text: str) -> str:
    return re.sub(r"\.[0-9a-f]{12}(?=\.\w+\")", "", text)


@pytest.mark.parametrize("name", [SHEET, SCRIPT])
def test_every_file_of_the_folder_is_a_part(name: str) -> None:
    file = site.BASE_DIR / "static" / name
    # Those of paper, that of Django's administration, and what a few pages alone ask for.
    others = ["paper.css", "paper_fonts.css", "summary.css", "administration.css"]
    others += ["plan_import.css", "set_up.css", "people.css", "own_account.css", "overview.css"]
    others += ["passkeys.js", "paste_table.js"]
    alone = {file, *map(file.with_name, others)}
    assert sorted(parts(name)) == sorted(set(file.parent.iterdir()) - alone)


@pytest.mark.parametrize("name", [SHEET, SCRIPT])
def test_what_is_collected_holds_each_part_once_and_in_order(root: Path, name: str) -> None:
    text = without_hashes(collected(root, name))
    assert not re.search(r"^\s*@?import\b", text, re.MULTILINE)
    pieces = [without_comments(part.read_text(encoding="utf-8"), KINDS[name]).strip() for part in parts(name)]
    assert [text.count(piece) for piece in pieces] == [1] * len(pieces)
    between = r"\s*\}\s*\{\s*" if name == SCRIPT else r"\s*"
    assert re.search(between.join(map(re.escape, pieces)), text)


def test_comments_are_for_who_changes_the_code() -> None:
    sheet = "/* Why. */\n\n.a {\n  margin: 0;\n}\n\n/* A rule\n   of two lines */\n.b {\n  top: 0;\n}\n"
    bare = ".a {\nmargin: 0;\n}\n.b {\ntop: 0;\n}\n"
    assert without_comments(sheet, KINDS[SHEET]) == bare
    script = "// Why.\n\nconst a = 'https://b';\n  // So that.\n  go(a);\n"
    assert without_comments(script, KINDS[SCRIPT]) == "const a = 'https://b';\n  go(a);\n"


def test_an_address_in_a_part_leads_to_the_hashed_file(root: Path) -> None:
    addresses = set(re.findall(r'url\("([^"#]+)"\)', collected(root, SHEET)))
    assert len(addresses) == 2
    for address in addresses:
        assert re.search(r"\.[0-9a-f]{12}\.woff2$", address)
        assert (root / "css" / address).resolve().is_file()


def test_the_joined_script_is_a_module_without_an_error(root: Path, tmp_path: Path) -> None:
    (tmp_path / "site.mjs").write_text(collected(root, SCRIPT), encoding="utf-8")
    # Inside a block the rule asks for functions outside of it, which is what the block is there against.
    options = "--format unix --allow unicorn/consistent-function-scoping --config".split()
    done = subprocess.run(
        [Path(sys.prefix) / "bin" / "oxlint", *options, site.BASE_DIR / ".oxlintrc.json", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("ending", ["gz", "br"])
@pytest.mark.parametrize("name", [SHEET, SCRIPT, "css/paper.css"])
def test_the_joined_file_is_there_compressed(root: Path, name: str, ending: str) -> None:
    assert (root / f"{hashed(name)}.{ending}").is_file()


def test_a_part_has_no_address_of_its_own(root: Path) -> None:
    assert root.is_dir()
    with pytest.raises(ValueError, match=r"Missing staticfiles manifest entry for 'css/tokens\.css'"):
        staticfiles_storage.url("css/tokens.css")


def test_a_page_asks_for_one_stylesheet_and_one_script_of_ours(root: Path, client: Client) -> None:
    assert root.is_dir()
    page = read(client.get("/login/"))
    (sheet,) = [link["href"] for link in page.all("link", rel="stylesheet")]
    assert re.fullmatch(HASHED.format("css/site", "css"), sheet)
    _, script = page.all("script")
    assert re.fullmatch(HASHED.format("js/site", "js"), script["src"])
    assert script["type"] == "module"


# --- What cannot be joined ---------------------------------------------------------------------------


def files(folder: Path, **texts: str) -> Collected:
    """Files in a folder of their own, as collectstatic names them: css__site is css/site.css."""
    for key, text in texts.items():
        path = folder / named(key)
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return {named(key): (FileSystemStorage(folder), named(key)) for key in texts}


def named(key: str) -> str:
    kind, _, name = key.partition("__")
    return f"{kind}/{name}.{kind}"


@pytest.mark.parametrize(
    ("name", "texts", "reason"),
    [
        (
            SHEET,
            {"css__site": "p { margin: 0 }"},
            r"css/site\.css may only import .*: p \{ margin: 0 \}",
        ),
        (SHEET, {"css__site": '@import "a.css" print;'}, r"not say: @import \"a\.css\" print;"),
        (SHEET, {"css__site": '@import "../a.css";'}, "files of its own folder"),
        (SHEET, {"css__site": '@import url("https://example.com/a.css");'}, "files of its own folder"),
        (SHEET, {"css__site": '@import "a.css";'}, r"css/site\.css imports css/a\.css, which does not exist"),
        (
            SHEET,
            {"css__site": '@import "a.css";\n@import "a.css";', "css__a": ""},
            r"css/site\.css imports css/a\.css twice",
        ),
        (
            SHEET,
            {"css__site": '@import "a.css";', "css__a": '@import "b.css";', "css__b": ""},
            r"css/a\.css cannot become a part of css/site\.css, because it says @import",
        ),
        (SHEET, {"css__site": '@import "a.css";', "css__a": '@charset "utf-8";'}, "because it says @charset"),
        (SCRIPT, {"js__site": 'import { a } from "./a.js";', "js__a": ""}, r"js/site\.js may only import"),
        (SCRIPT, {"js__site": 'document.title = "x";'}, "not say: document.title"),
        (
            SCRIPT,
            {"js__site": 'import "./a.js";', "js__a": 'import "./b.js";', "js__b": ""},
            r"js/a\.js cannot become a part of js/site\.js, because it says import",
        ),
        (SCRIPT, {"js__site": 'import "./a.js";', "js__a": "export const a = 1;"}, "because it says export"),
        (SCRIPT, {"js__site": 'import "./a.js";', "js__a": 'await import("./b.js");'}, r"it says import\("),
    ],
)
def test_what_cannot_be_joined_is_refused_with_the_reason(
    tmp_path: Path, name: str, texts: dict[str, str], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        joined(name, KINDS[name], files(tmp_path, **texts))


def test_a_part_without_a_last_line_end_is_joined_whole(tmp_path: Path) -> None:
    texts = {
        "js__site": '// All.\nimport "./a.js";\nimport "./b.js";\n',
        "js__a": "let a; // first",
        "js__b": "let a;\n",
    }
    made = joined(SCRIPT, KINDS[SCRIPT], files(tmp_path, **texts))
    assert made.content == "{\nlet a; // first\n}\n\n{\nlet a;\n}\n"
    assert made.parts == ("js/a.js", "js/b.js")


def test_the_web_server_reads_what_somebody_careful_has_collected(tmp_path: Path, settings: Settings) -> None:
    """With a mask that keeps everything from others."""
    (tmp_path / "from" / "css").mkdir(parents=True)
    (tmp_path / "from" / "css" / "paper.css").write_text("a { color: red }\n" * 100)
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [tmp_path / "from"], tmp_path / "to"
    options = settings.STORAGES["staticfiles"].get("OPTIONS", {})
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": STORAGE, "OPTIONS": options}}
    before = os.umask(0o077)
    try:
        call_command("collectstatic", interactive=False, verbosity=0)
    finally:
        os.umask(before)
    made = [tmp_path / "to", *(tmp_path / "to").rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in made if path.is_dir()} == {0o755}
    assert {path.stat().st_mode & 0o777 for path in made if path.is_file()} == {0o644}
    assert any(path.suffix == ".gz" for path in made)
