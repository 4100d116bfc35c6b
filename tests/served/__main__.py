"""python -m tests.served demo|sweep: lay out a world in SERVED_FOLDER and write down what there is in it.

Runs with DEBUG, as the demonstration asks for, before the site is served without.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import django
import time_machine

django.setup()

from django.conf import settings  # noqa: E402  (all of these need Django)
from django.core.management import call_command  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from tests.served import worlds  # noqa: E402

# Nobody opens the administrator's pages in the sweep, and no page asks for htmx in its other forms; to make
# their files smaller takes longer than all others.
NOT_IN_THE_SWEEP: Final = ["admin", "htmax-*", "htmx-4*", "htmx-2.js", "hx-*"]


def session_of(person: User) -> str:
    """The session of a person who has signed in."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def collect(ignored: list[str]) -> None:
    """Static files as on a production site."""
    storage = {"BACKEND": "ita_tracker.static_files.JoiningStaticFilesStorage"}
    with override_settings(DEBUG=False, STORAGES={**settings.STORAGES, "staticfiles": storage}):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=ignored)


def main(world: str) -> None:
    call_command("migrate", verbosity=0)
    collect(NOT_IN_THE_SWEEP if world == "sweep" else [])
    made = worlds.WORLDS[world]()
    # A session ends by the clock of the site.
    with time_machine.travel(made.now or timezone.now(), tick=made.now is None):
        sessions = {person.username: session_of(person) for person in made.people}
    about: dict[str, Any] = {
        "sessions": sessions,
        "visits": [asdict(visit) for visit in made.visits],
        "places": made.places,
    }
    file = Path(os.environ["SERVED_FOLDER"]) / "site.json"
    file.write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
