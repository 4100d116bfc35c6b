"""python -m tests.manual: take the manual's pictures of the demonstration and lay its files out.

Pictures are committed (static/manual/, with reports/help/pictures.json); the files are not: the site makes
them itself, and those in build/manual/ are for printing.
"""

import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from itertools import product
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import Browser

from tests.browser.chromium import FOR_PICTURES, launched
from tests.manual.pictures import SUBJECTS
from tests.screenshots.camera import opened
from tests.screenshots.pages import Shot
from tests.served import ROOT, Site, served

PICTURES: Final = ROOT / "static" / "manual"
RECORD: Final = ROOT / "reports" / "help" / "pictures.json"
FILES: Final = ROOT / "build" / "manual"
MAX_BYTES: Final = 25 * 1024
# What covers one part of so many of a picture is an area.
AREAS: Final = 200
# From the clearest to the smallest; the first that is small enough is taken. A picture is smallest at the
# size in which it was drawn: what is made smaller has edges of many shades. How many colours at most, and by
# how much two have to differ (the sum of red, green and blue).
COLOURS: Final = ((64, 16), (48, 24), (32, 28), (20, 28))
# Of a page that shows much, the upper part alone.
PARTS: Final = (1, 0.85, 0.7, 0.55)
SHARPNESS: Final[dict[bool, tuple[float, ...]]] = {True: (1.5, 1), False: (1,)}
SITE: Final = "https://ita.example.go.th"


Colour = tuple[int, int, int]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ita-manual-") as name:
        folder = Path(name)
        shows = fingerprints(folder)
        world = folder / "world"
        world.mkdir()
        with served("demo", world) as site, launched(FOR_PICTURES) as browser:
            taken = {subject: take(browser, site, subject) for subject in SUBJECTS}
    write_down(taken, shows)
    lay_out()


def fingerprints(folder: Path) -> dict[str, str]:
    """What the pictures will show, as the test computes it."""
    file = folder / "fingerprints.json"
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "ita_tracker.settings",
        "SQLITE_PATH": str(folder / "fingerprints.sqlite3"),
    }
    command = [sys.executable, "-m", "tests.manual.fingerprints", str(file)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return found


def take(browser: Browser, site: Site, name: str) -> bytes:
    """A picture, small enough.

    Raises:
        SystemExit: the page shows too much for that.
    """
    about = SUBJECTS[name]
    shot = Shot("", about.person, name, about.path, about.prepare)
    for sharpness in SHARPNESS[about.narrow]:
        with opened(browser, site, shot, about.viewport, scroll=False, device_scale_factor=sharpness) as page:
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        for part, (number, alike) in product(PARTS, COLOURS):
            upper = picture.crop((0, 0, picture.width, round(picture.height * part)))
            made = with_colours(upper, number, alike)
            if len(made) <= MAX_BYTES:
                return made
    raise SystemExit(f"The picture {name} is too large: its page shows too much.")


def with_colours(picture: Image.Image, number: int, alike: int) -> bytes:
    """A WebP without loss, of so many colours of the picture's own: letters stay sharp."""
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in chosen_colours(picture, number, alike) for part in colour])
    few = picture.quantize(palette=palette, dither=Image.Dither.NONE)
    file = io.BytesIO()
    few.convert("RGB").save(file, "WEBP", lossless=True, method=6)
    return file.getvalue()


def chosen_colours(picture: Image.Image, number: int, alike: int) -> list[Colour]:
    """The colours of which there is most, no two alike; a bright one counts for more than a grey.

    What fills an area is kept as it is: two greys of the page stay two. Pillow's own ways mix
    colours of which there is little: a mark's red, the line of gold.
    """
    area = picture.width * picture.height / AREAS
    found: Sequence[tuple[int, Any]] = picture.getcolors(picture.width * picture.height) or ()
    by_weight = sorted(found, key=lambda each: -each[0] * (1 + (max(each[1]) - min(each[1])) / 16))
    chosen: list[Colour] = []
    for count, colour in by_weight:
        if count >= area or all(distance(colour, other) > alike for other in chosen):
            chosen.append(colour)
            if len(chosen) == number:
                break
    return chosen


def distance(one: Colour, other: Colour) -> int:
    return sum(abs(before - after) for before, after in zip(one, other, strict=True))


def write_down(taken: dict[str, bytes], shows: dict[str, str]) -> None:
    from reports.help.pictures import ENDING, Picture

    PICTURES.mkdir(parents=True, exist_ok=True)
    for old in PICTURES.glob(f"*{ENDING}"):
        old.unlink()
    record = {}
    for name, content in taken.items():
        (PICTURES / f"{name}{ENDING}").write_bytes(content)
        width, height = Image.open(io.BytesIO(content)).size
        record[name] = asdict(Picture(width, height, shows[name], SUBJECTS[name].narrow))
        print(f"{name}: {width}×{height}, {len(content) / 1024:.1f} KB")
    RECORD.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def lay_out() -> None:
    """The files for printing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ita_tracker.settings")
    import django

    django.setup()

    from reports.help import contents
    from reports.help.paper import make_pdf

    FILES.mkdir(parents=True, exist_ok=True)
    for name in (contents.BOOK, *contents.PART_OF):
        parts = contents.PARTS if name == contents.BOOK else (contents.PART_OF[name],)
        made = make_pdf(name, parts, SITE)
        (FILES / f"{name}.pdf").write_bytes(made.content)
        print(f"build/manual/{name}.pdf: {made.pages} pages, {len(made.content) / 1024:.0f} KB")


if __name__ == "__main__":
    main()
