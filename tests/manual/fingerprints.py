"""A fingerprint of what each picture shows, by which a stale picture is found without taking it anew.

It is of the page's HTML, without what a reader of the manual does not mind: numbers, dates, addresses and
names that only programs read. What is written, which parts there are, how they are nested and their classes
count, and so do the tokens of the look, which every page has. A change of another stylesheet does not: it
moves a part or draws its edge, and would make every picture stale at each of them.

    python -m tests.manual.fingerprints FILE   writes them as JSON; needs a database that may be filled
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.support.html import Element

ROOT: Final = Path(__file__).resolve().parents[2]
TOKENS: Final = ROOT / "static" / "css" / "tokens.css"
# Numbers, and what is drawn by lot or computed: the code of an edition, a hash.
NUMBERS: Final = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b|\b[0-9a-f]{12,}\b|[0-9๐-๙]+")
SHOWN_ATTRIBUTES: Final = ("class", "type", "placeholder", "aria-label", "aria-current", "open")
NOT_SHOWN: Final = frozenset({"script", "svg", "template"})


def lines(element: "Element", depth: int = 0) -> Iterator[str]:
    """A page as its reader sees it, a line for each element and text."""
    if element.tag in NOT_SHOWN or element.get("type") == "hidden" or "hidden" in element.attributes:
        return
    attributes = [
        f"{name}={NUMBERS.sub('0', element.get(name))}" for name in SHOWN_ATTRIBUTES if element.get(name)
    ]
    yield " " * depth + " ".join([element.tag, *attributes])
    for child in element.children:
        if isinstance(child, str):
            if words := " ".join(child.split()):
                yield " " * depth + NUMBERS.sub("0", words)
        else:
            yield from lines(child, depth + 1)


def fingerprint(page: "Element") -> str:
    """Of a page and of the look of all pages."""
    digest = hashlib.sha256(TOKENS.read_bytes())
    digest.update("\n".join(lines(page.one("body"))).encode())
    return digest.hexdigest()[:16]


def fingerprints() -> dict[str, str]:
    """Of every picture, in the demonstration that is in the database, at this moment."""
    from django.test import Client

    from accounts.models import User
    from tests.manual.pictures import SUBJECTS
    from tests.served.worlds import places
    from tests.support.html import read

    found, where = {}, places()
    for name, subject in SUBJECTS.items():
        # By a name that a site without settings answers to.
        client = Client(SERVER_NAME="localhost")
        if subject.person != "anonymous":
            person = User.objects.get(username=subject.person)
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        path = subject.path.format(**where)
        sent = subject.sent
        response = client.get(path) if sent is None else client.post(path, dict(sent), follow=True)
        assert response.status_code == 200, f"{name}: {response.status_code}"
        found[name] = fingerprint(read(response))
    return found


def main(file: str) -> None:
    import tempfile

    import django
    import time_machine

    django.setup()

    from django.core.management import call_command
    from django.test import override_settings

    from tests.served import MOMENT
    from tests.support.demo_world import demo_at

    call_command("migrate", verbosity=0)
    with (
        tempfile.TemporaryDirectory(prefix="ita-manual-") as media,
        demo_at(MOMENT, Path(media)),
        time_machine.travel(MOMENT, tick=False),
        override_settings(DEBUG=True),
    ):
        Path(file).write_text(json.dumps(fingerprints()), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
