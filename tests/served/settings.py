"""The site's settings, with what is collected in the folder of one run."""

import os
from pathlib import Path

from ita_tracker.settings import *  # noqa: F403

_folder = Path(os.environ["SERVED_FOLDER"])
STATIC_ROOT = _folder / "static"
# What cannot be made smaller, or is not measured: compressing the administrator's files takes longest.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["ttf", "woff2", "png", "webp", "svg.map"]
# No worker runs beside the site of one run: what is queued is done before the page answers.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
