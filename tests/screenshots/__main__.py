"""python -m tests.screenshots: pictures of every page at three widths, light and dark, into a folder.

The site stands still at one moment, so that two runs of one program give the same pictures.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser

from tests.browser.chromium import FOR_PICTURES, launched
from tests.screenshots.camera import opened
from tests.screenshots.pages import SHOTS, Shot
from tests.served import ROOT, Site, served

WIDTHS: Final = {390: 844, 768: 1024, 1280: 800}
FOLDER: Final = ROOT / "build" / "screenshots"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="made anew (build/screenshots)")
    parser.add_argument("--only", default="", help="only files with this in their name: officer-report")
    options = parser.parse_args()
    shots = [shot for shot in SHOTS if options.only in f"{shot.role}-{shot.name}"]
    if not options.only:
        shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="ita-screenshots-") as name,
        served("demo", Path(name)) as site,
        launched(FOR_PICTURES) as browser,
    ):
        failed = take(browser, site, shots, options.folder)
    count = len(list(options.folder.iterdir()))
    print(f"{count} pictures in {options.folder}, {time.monotonic() - begun:.0f} s")
    if failed:
        raise SystemExit("\n".join(failed))


def take(browser: Browser, site: Site, shots: Iterable[Shot], folder: Path) -> list[str]:
    """Every picture of every shot; what could not be brought into its state is said at the end."""
    failed = []
    for shot in shots:
        try:
            take_one(browser, site, shot, folder)
        except Exception as error:  # The other pages are pictured all the same.
            failed.append(f"{shot.role}-{shot.name}: {str(error).splitlines()[0]}")
    return failed


def take_one(browser: Browser, site: Site, shot: Shot, folder: Path) -> None:
    # Opened anew for each width: what a page does at the start may depend on it.
    for width, height in WIDTHS.items():
        with opened(browser, site, shot, {"width": width, "height": height}) as page:
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                file = folder / f"{shot.role}-{shot.name}-{width}-{scheme}.png"
                page.screenshot(path=file, full_page=True)


if __name__ == "__main__":
    main()
