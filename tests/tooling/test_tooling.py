"""The promises of the commands themselves: a fresh machine, a port in use, pins that cannot drift."""

import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path

import pytest
from django.core.management import call_command
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ["requirements.txt", "requirements-dev.txt"]
# An address on which packages are served. Hosts of the registries, and the options that name one.
REGISTRY = re.compile(
    r"(?:pypi|pythonhosted|npmjs|yarnpkg)\.(?:org|com)/(?!project/)|(?<![\w-])--(?:extra-)?index-url[ =]|://[^\s\"']*/simple\b",
)


def bash(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a script of .ci as a person would, away from the checkout, and gives what it printed."""
    return subprocess.run(
        [str(ROOT / command[0]), *command[1:]],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={**os.environ, **environment},
        timeout=60,
    )


def tracked_files() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so what is tracked is not known")
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def pinned(name: str) -> dict[str, Requirement]:
    """Package → its line in a requirements file; fails where one is not pinned and hashed."""
    pins: dict[str, Requirement] = {}
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        match = re.fullmatch(r"([^#]+?)((?:\s+--hash=sha256:[0-9a-f]{64})+)\s*", line)
        assert match, f"{name}: not one hashed requirement: {line[:80]}"
        requirement = Requirement(match[1])
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), f"{name}: not pinned: {line[:80]}"
        pins[canonicalize_name(requirement.name)] = requirement
    return pins


# --- Pins --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_requirement_is_pinned_with_hashes(name: str) -> None:
    assert {"django", "weasyprint", "psycopg"} <= set(pinned(name))


def test_what_is_tested_is_what_is_served() -> None:
    served, tested = (pinned(name) for name in REQUIREMENTS)
    assert {name: tested.get(name) for name in served} == served
    assert "pytest" in tested
    assert "pytest" not in served


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_direct_requirement_is_locked(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    if name == "requirements-dev.txt":
        wanted += project["optional-dependencies"]["dev"]
    assert not [line for line in wanted if unmet(Requirement(line), pinned(name))], "run make lock"


def unmet(requirement: Requirement, pins: Mapping[str, Requirement]) -> bool:
    """Whether the lock does not name a requirement in full: the package, a version that fits, every extra.

    An older pip looks for the rest on the network, and stops where it finds what is not pinned.
    """
    pin = pins.get(canonicalize_name(requirement.name))
    if pin is None:
        return True
    version = str(pin.specifier).removeprefix("==")
    fits = requirement.specifier.contains(version, prereleases=True)
    return not (fits and requirement.extras <= pin.extras)


def asked_for(pin: Requirement) -> Iterator[Requirement]:
    """What a locked package asks for on this machine, its extras included, by the installed metadata."""
    for line in metadata.requires(pin.name) or []:
        requirement = Requirement(line)
        if any(
            requirement.marker is None or requirement.marker.evaluate({"extra": extra})
            for extra in ("", *pin.extras)
        ):
            yield requirement


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_the_lock_alone_is_all_that_its_packages_ask_for(name: str) -> None:
    pins = pinned(name)
    here = [pin for pin in pins.values() if pin.marker is None or pin.marker.evaluate()]
    assert len(here) > 20
    missing = [f"{pin}: {wanted}" for pin in here for wanted in asked_for(pin) if unmet(wanted, pins)]
    assert not missing, "run make lock"


@pytest.mark.parametrize(
    ("wanted", "answer"),
    [
        ("coverage>=7.10.6", False),
        ("coverage[toml]>=7.10.6", True),
        ("coverage>=8", True),
        ("Psycopg[pool,binary]", False),
        ("tomli", True),
    ],
)
def test_a_gap_in_a_lock_is_seen(wanted: str, answer: bool) -> None:
    lines = {"coverage": "coverage==7.17.3", "psycopg": "psycopg[binary,pool]==3.3.9"}
    pins = {name: Requirement(line) for name, line in lines.items()}
    assert unmet(Requirement(wanted), pins) is answer


def test_pip_resolves_nothing_on_a_person_s_machine() -> None:
    script = (ROOT / ".ci/bootstrap").read_text(encoding="utf-8").replace("\\\n", " ")
    installs = [line for line in script.splitlines() if " -m pip install" in line]
    assert installs
    for line in installs:
        assert {"--no-deps", "--require-hashes"} <= set(line.split())


def test_what_npm_installs_is_pinned_with_hashes_and_runs_nothing() -> None:
    lock = json.loads((ROOT / ".ci/npm/package-lock.json").read_text(encoding="utf-8"))
    wanted = json.loads((ROOT / ".ci/npm/package.json").read_text(encoding="utf-8"))["dependencies"]
    installed = {
        name: package for name, package in lock["packages"].items() if name and "optional" not in package
    }
    assert {
        name.removeprefix("node_modules/"): package["version"] for name, package in installed.items()
    } == wanted
    assert all(re.match("sha512-", package["integrity"]) for package in installed.values())
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    script = (ROOT / ".ci/npm/install").read_text(encoding="utf-8").replace("\\\n", " ")
    (command,) = [line for line in script.splitlines() if "npm ci " in line]
    assert {"--ignore-scripts", "--omit=optional"} <= set(command.split())


def test_no_tracked_file_names_a_package_registry() -> None:
    files = tracked_files()
    assert ROOT / "pyproject.toml" in files
    found = []
    for path in files:
        # This file holds the pattern and the examples of the next test.
        if path == Path(__file__).resolve():
            continue
        text = path.read_bytes().decode("utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in REGISTRY.finditer(text)]
    assert not found


@pytest.mark.parametrize(
    "line",
    [
        f"https://files.{'python' + 'hosted'}.org/packages/aa/django.whl",
        f"https://{'py' + 'pi'}.org/simple",
        "https://" + ".".join(("registry", "npm" + "js", "org")) + "/axe-core",
        "--index-url https://example.com/",
        "--extra-index-url=https://example.com/",
        "index = 'https://mirror.example.com/pypi/simple/'",
    ],
)
def test_the_registry_pattern_finds_an_address(line: str) -> None:
    assert REGISTRY.search(line)


# --- Commands ----------------------------------------------------------------------------------------


def test_ci_run_is_a_strict_executable_call_of_make_test() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & stat.S_IXUSR
    lines = script.read_text(encoding="utf-8").splitlines()
    assert "set -euo pipefail" in lines
    # The last line that is printed is then the test runner's own.
    assert lines[-2:] == ["make --no-print-directory coverage", "exec make --no-print-directory test"]


def test_ci_run_stays_executable_in_a_clone() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so the recorded mode is not known")
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--stage", ".ci"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    modes = {line.split("\t")[1]: line.split()[0] for line in listed.stdout.splitlines()}
    programs = (
        "audit",
        "bootstrap",
        "check-templates",
        "lock",
        "npm/install",
        "pack-templates",
        "run",
        "web-fonts",
        "with-postgres",
    )
    data = (".ci/npm/package.json", ".ci/npm/package-lock.json")
    wanted = {f".ci/{name}": "100755" for name in programs} | dict.fromkeys(data, "100644")
    assert modes == wanted


def test_make_lists_its_commands() -> None:
    shown = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    listed = [line.split("\t")[0] for line in shown.stdout.splitlines()]
    names = (
        *("help", "run", "dev", "test", "thorough", "fuzz", "coverage", "lint", "format"),
        *("audit", "torture", "bench", "screenshots", "corpus", "manual", "usability", "lock"),
    )
    assert listed == [f"make {name}" for name in names]


def planned(*arguments: str) -> str:
    """The commands that make would run, in one text."""
    return subprocess.run(
        ["make", "--no-print-directory", "--dry-run", *arguments],
        # What the make that runs these tests was given is not for this one.
        env={name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKEOVERRIDES"}},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_one_test_file_is_run_without_lint_workers_or_a_second_database() -> None:
    files = "tests/core/test_thai_calendar.py tests/core/test_row_formset.py"
    commands = planned("test", f"T={files}")
    assert commands.splitlines()[-1].endswith(f"-m pytest {files}")
    for slow in ("mypy", "-n auto", "with-postgres", "--cov"):
        assert slow not in commands


def test_the_whole_suite_is_linted_and_run_on_both_databases() -> None:
    commands = planned("test")
    for part in ("mypy", "check-templates", "lint_imports", "oxlint", "with-postgres", "--second-engine"):
        assert part in commands
    assert "--cov" not in commands
    assert "--cov-fail-under=95" in planned("coverage")


def test_who_changes_the_code_gets_reloading_and_the_trace() -> None:
    assert "READABLE_ERRORS" in planned("run")
    assert "--noreload" in planned("run")
    assert "READABLE_ERRORS" not in planned("dev")
    assert "--noreload" not in planned("dev")


@pytest.mark.parametrize("target", ["run", "dev"])
def test_a_worker_runs_beside_the_server_and_both_end_with_make(target: str) -> None:
    served = planned(target).replace("\\\n", " ").splitlines()[-1]
    assert " keep_worker " in served
    assert served.index("--pdeathsig") < served.index("keep_worker") < served.index("runserver")


@pytest.fixture
def front_end(tmp_path: Path) -> Path:
    """A copy of the stylesheets and scripts, and of what says how they have to look."""
    shutil.copytree(ROOT / "static", tmp_path / "static")
    for name in (".oxfmtrc.json", ".oxlintrc.json"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def run_planned(target: str, folder: Path) -> tuple[int, str]:
    """What a target does to stylesheets and scripts, done in another folder: its exit code and its output."""
    lines = [line for line in planned(target).splitlines() if line.startswith(".venv/bin/ox")]
    assert lines
    done = subprocess.run(
        ["bash", "-ec", "\n".join(lines).replace(".venv/bin/", '"$BIN"/')],
        cwd=folder,
        env={**os.environ, "BIN": str(Path(sys.prefix) / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_stylesheets_and_scripts_pass_lint_without_a_word(front_end: Path) -> None:
    assert run_planned("lint", front_end) == (0, "")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("css/base.css", "p { margin: 0; }\n"),
        ("css/base.css", "p {\n  margin: 0;\n"),
        ("css/paper.css", "p {\n    margin: 0;\n}\n"),
        ("js/copy.js", "document.title = 'x'\n"),
        ("js/copy.js", "document.title = ;\n"),
        ("js/copy.js", "setBusy(document);\n"),
        ("js/copy.js", 'const title = "x";\n'),
    ],
    ids=["one line", "open block", "indent", "quotes", "syntax", "another module's name", "unused"],
)
def test_lint_names_a_stylesheet_or_script_that_is_not_in_order(
    front_end: Path, file: str, text: str
) -> None:
    (front_end / "static" / file).write_text(text, encoding="utf-8")
    code, said = run_planned("lint", front_end)
    assert code != 0
    assert Path(file).name in said


@pytest.mark.parametrize(
    ("file", "text"),
    [("css/base.css", "p { margin: 0 }"), ("js/copy.js", "document . title = 'x'")],
)
def test_format_gives_the_form_that_lint_asks_for(front_end: Path, file: str, text: str) -> None:
    (front_end / "static" / file).write_text(text, encoding="utf-8")
    assert run_planned("format", front_end)[0] == 0
    assert run_planned("lint", front_end) == (0, "")


def test_a_port_in_use_is_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = bash(".ci/bootstrap", "port", str(port))
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr == f"Port {port} is in use. Choose another: make run PORT=8001\n"


def test_make_run_asks_for_the_port_before_anything_slow() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = subprocess.run(
            ["make", "--no-print-directory", "run", f"PORT={port}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert refused.stderr.splitlines()[0] == f"Port {port} is in use. Choose another: make run PORT=8001"


def test_a_free_port_is_let_through() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    allowed = bash(".ci/bootstrap", "port", str(port))
    assert (allowed.returncode, allowed.stdout, allowed.stderr) == (0, "", "")


@pytest.mark.parametrize("port", ["0", "65536", "http", "80 80", "-1", "$(id)"])
def test_a_port_that_is_none_is_one_clear_line(port: str) -> None:
    refused = bash(".ci/bootstrap", "port", port)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"PORT={port} is not a port number.")
    assert refused.stderr.count("\n") == 1


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A checkout on a machine without WeasyPrint's libraries, whose apt-get and sudo only take notes."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/bootstrap", tmp_path / ".ci/bootstrap")
    fakes = tmp_path / "fakes"
    fakes.mkdir()
    for name, lines in {
        "ldconfig": "",
        "sudo": '[ "$1" = -n ] && shift && exec "$@"',
        "apt-get": f'echo "$*" >>"{tmp_path}/apt-calls"; echo "no network"; exit 100',
        "old-python": "exit 1",
    }.items():
        fake = fakes / name
        fake.write_text(f"#!/bin/sh\n{lines}\n")
        fake.chmod(0o755)
    return tmp_path


def bootstrap(fresh: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{fresh / 'fakes'}:{os.environ['PATH']}"
    return bash(str(fresh / ".ci/bootstrap"), "run", PATH=path, PYTHON=sys.executable, **environment)


LIBRARIES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


def test_missing_packages_are_installed_and_a_failure_says_what_to_do(fresh: Path) -> None:
    failed = bootstrap(fresh)
    assert failed.returncode == 1
    update, install = (fresh / "apt-calls").read_text().splitlines()
    assert update.endswith(" update")
    assert install.endswith(f" install --no-install-recommends {LIBRARIES}")
    assert failed.stderr.splitlines()[0] == f"Installing Debian packages: {LIBRARIES}"
    assert "no network" in failed.stderr
    assert failed.stderr.splitlines()[-1].endswith(
        f"By hand: apt-get install --no-install-recommends {LIBRARIES}"
    )
    assert not (fresh / ".venv").exists()


def test_without_root_or_sudo_one_line_names_the_packages(fresh: Path) -> None:
    (fresh / "fakes/sudo").write_text("#!/bin/sh\nexit 1\n")
    if os.geteuid() == 0:
        # Another user cannot look into pytest's folders: a copy of the folder where all can.
        with tempfile.TemporaryDirectory(prefix="ita tracker ") as folder:
            shutil.copytree(fresh, folder, dirs_exist_ok=True)
            for path in [Path(folder), *Path(folder).rglob("*")]:
                os.chown(path, 65534, 65534)
                path.chmod(0o755)
            refused = subprocess.run(
                ["./.ci/bootstrap", "run"],
                cwd=folder,
                user=65534,
                group=65534,
                extra_groups=[],
                # Debian's own Python: one under root's home cannot be read by others.
                env={"PATH": f"{folder}/fakes:/usr/local/bin:/usr/bin:/bin", "HOME": folder},
                capture_output=True,
                text=True,
                check=False,
            )
    else:
        refused = bootstrap(fresh)
    assert refused.returncode == 1
    assert not (fresh / "apt-calls").exists()
    assert refused.stderr.count("\n") == 1
    assert refused.stderr.startswith(
        "Missing Debian packages. Install them as root, then try again: apt-get install"
    )
    assert refused.stderr.endswith(f"{LIBRARIES}\n")


def test_an_unfit_python_is_one_clear_line(fresh: Path) -> None:
    """In a copy, so that a defect here could not touch the checkout's own .venv."""
    old = fresh / "fakes/old-python"
    refused = bash(str(fresh / ".ci/bootstrap"), "run", PYTHON=str(old))
    assert refused.returncode == 1
    assert refused.stderr == f"PYTHON={old} does not run or is older than Python 3.11.\n"
    assert not (fresh / ".venv").exists()


# --- Database ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_no_migration_is_pending() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_with_postgres_gives_a_server_and_takes_it_away() -> None:
    look = (
        "import os, psycopg; url = os.environ['DATABASE_URL']; print(url);"
        "print(psycopg.connect(url).execute('show fsync').fetchone()[0]); raise SystemExit(7)"
    )
    done = bash(".ci/with-postgres", sys.executable, "-c", look)
    assert done.returncode == 7, done.stderr
    url, fsync = done.stdout.splitlines()
    found = re.fullmatch(r"postgres://ita@%2Ftmp%2F(ita-pg-\w+)/ita", url)
    assert found
    assert fsync == "off"
    assert not (Path("/tmp") / found[1]).exists()  # noqa: S108
    commands = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if readable(path)]
    assert commands
    assert not [command for command in commands if found[1].encode() in command]


def readable(path: Path) -> bool:
    """False for a process that has ended since it was listed."""
    try:
        path.read_bytes()
    except OSError:
        return False
    return True


def test_the_fonts_of_the_site_are_what_their_script_makes() -> None:
    checked = subprocess.run(
        [sys.executable, ROOT / ".ci/web-fonts", "--check"], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")
