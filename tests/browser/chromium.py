"""How Chromium is started, and how large its window is; knows nothing of Django."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Browser, sync_playwright

ARGUMENTS: Final = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # What the page asks for elsewhere is reported by Watch; this makes sure that it does not get there.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
]
# Letters are drawn alike on every machine.
FOR_PICTURES: Final = ["--font-render-hinting=none", "--force-color-profile=srgb", "--disable-lcd-text"]
DESK: Final = {"width": 1280, "height": 800}
PHONE: Final = {"width": 390, "height": 844}


def program() -> str | None:
    """Where Debian's Chromium is."""
    return shutil.which("chromium")


def lighter() -> str | None:
    """The same engine without the parts of a window, of which a new page costs several times as much; the
    whole browser where a machine has no other.
    """
    return shutil.which("chromium-headless-shell") or program()


@contextmanager
def launched(arguments: list[str] | None = None) -> Iterator[Browser]:
    """The browser for a command of its own.

    Raises:
        SystemExit: it is not installed.
    """
    found = program()
    if found is None:
        raise SystemExit("chromium was not found. Install the Debian package chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*ARGUMENTS, *(arguments or [])])
        yield browser
        browser.close()
