"""What the figures were measured on: sizes and versions, never names."""

import os
import platform
import shutil
import subprocess
import time
from importlib.metadata import version
from typing import Final

# Package, or command with what makes it tell its version.
PACKAGES: Final = ("weasyprint", "pydyf", "fonttools", "uharfbuzz", "pypdfium2", "pymupdf", "pypdf", "typst")
COMMANDS: Final = {
    "Chromium": ["chromium", "--version"],
    "LibreOffice": ["soffice", "--version"],
    "poppler": ["pdftotext", "-v"],
}


def cores_and_memory() -> str:
    """2 cores, 24 GB of memory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{os.cpu_count()} cores, {memory / 1e9:.0f} GB of memory, {platform.system()}"


def seconds_to_add() -> float:
    """How fast the machine is at present, in a unit that anybody can compare with."""
    start = time.perf_counter()
    total = 0
    for number in range(10_000_000):
        total += number
    return time.perf_counter() - start


def busy() -> str:
    """How many programs wanted a processor in the last minute: of more than there are, each takes longer."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "an unknown number of"


def versions() -> dict[str, str]:
    """Of everything that was measured or measured with."""
    found = {"Python": platform.python_version(), "Pango": pango_version()}
    found |= {package: version(package) for package in PACKAGES}
    return found | {name: version_of_command(command) for name, command in COMMANDS.items()}


def pango_version() -> str:
    from weasyprint.text.ffi import pango

    number = pango.pango_version()
    return f"{number // 10_000}.{number // 100 % 100}.{number % 100}"


def version_of_command(command: list[str]) -> str:
    if shutil.which(command[0]) is None:
        return "not installed"
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    words = (ran.stdout or ran.stderr).split()
    return next((word for word in words if word[0].isdigit()), "unknown")
