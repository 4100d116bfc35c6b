"""The site's settings, with what is collected in the folder of one run."""

import os
from pathlib import Path

from ita_tracker.settings import *  # noqa: F403

_folder = Path(os.environ["SERVED_FOLDER"])
STATIC_ROOT = _folder / "static"
# What cannot be made smaller, or is not measured: compressing the administrator's files takes longest.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["ttf", "woff2", "png", "webp", "svg.map"]
# In the world of the sweep nobody signs in with a password, which Argon2 makes slow on purpose.
if os.environ.get("SERVED_WORLD") == "sweep":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# No worker runs beside the site of one run: what is queued is done before the page answers.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
